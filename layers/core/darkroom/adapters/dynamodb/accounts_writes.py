"""Writes to the accounts table: workspaces, keys, credits, the ledger, idempotency records, rate counters."""

from __future__ import annotations

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of, update
from darkroom.adapters.dynamodb.marshal import to_epoch
from darkroom.adapters.dynamodb.parts import EXISTS, NEW, Part, change, put
from darkroom.adapters.dynamodb.rows import entry_row, key_row, remembered_row, workspace_row
from darkroom.domain.accounts import Token
from darkroom.domain.limits import WINDOW_SECONDS
from darkroom.domain.writes import (
    AppendEntry,
    CountRequest,
    CreateKey,
    CreateWorkspace,
    GrantCredits,
    HoldCredits,
    Remember,
    RevokeKey,
    SettleCredits,
)

_COUNTERS_KEPT_SECONDS = 300


def create_workspace(table: str, write: CreateWorkspace) -> Part:
    return put(table, workspace_row(write.workspace), condition=NEW)


def create_key(table: str, write: CreateKey) -> Part:
    return put(table, key_row(write.key), condition=NEW)


def revoke_key(table: str, write: RevokeKey) -> Part:
    x = Placeholders()
    revoked_at = x.path("revoked_at")
    first_stays = f"{revoked_at} = if_not_exists({revoked_at}, {x.value(write.at.isoformat())})"
    key = keys.api_key(write.owner.workspace_id, write.key_id)
    return change(table, key, update(set_=[first_stays]), condition=EXISTS, holders=x)


def append_entry(table: str, write: AppendEntry) -> Part:
    return put(table, entry_row(write.entry), condition=NEW)


def grant_credits(table: str, write: GrantCredits) -> Part:
    x = Placeholders()
    granted, nothing = x.value(write.credits), x.value(0)
    moves = [f"{x.path(column)} {granted}" for column in ("granted", "available")]
    moves += [f"{x.path(column)} {nothing}" for column in ("held", "spent")]
    return change(table, keys.wallet(write.owner), update(add=moves), holders=x)


def hold_credits(table: str, write: HoldCredits) -> Part:
    x = Placeholders()
    available, held = x.path("available"), x.path("held")
    counter = x.path(keys.counter(write.feature, write.day))

    # A wallet that does not exist has no `available`, so nothing covers even a hold of nothing.
    covered = f"{available} >= {x.value(write.credits)}"
    room_left = f"{counter} <= {x.value(write.day_ceiling - write.units)}"
    first_of_day = f"attribute_not_exists({counter})"
    within_allowance = f"({first_of_day} OR {room_left})" if write.units <= write.day_ceiling else room_left

    moves = [
        f"{available} {x.value(-write.credits)}",
        f"{held} {x.value(write.credits)}",
        f"{counter} {x.value(write.units)}",
    ]
    today = (write.feature, write.day)
    dropped = [x.path(keys.counter(*stale)) for stale in dict.fromkeys(write.stale) if stale != today]
    return change(
        table,
        keys.wallet(write.owner),
        update(add=moves, remove=dropped),
        condition=all_of(covered, within_allowance),
        holders=x,
    )


def settle_credits(table: str, write: SettleCredits) -> Part:
    x = Placeholders()
    held = x.path("held")
    covers_the_hold = f"{held} >= {x.value(write.held)}"
    moves = [
        f"{held} {x.value(-write.held)}",
        f"{x.path('spent')} {x.value(write.charged)}",
        f"{x.path('available')} {x.value(write.held - write.charged)}",
    ]
    given_back = []
    if write.returned:
        counter, returned = x.path(keys.counter(write.feature, write.day)), x.value(write.returned)
        # A counter that has been dropped meanwhile starts from what is returned, so that it ends at nothing.
        given_back = [f"{counter} = if_not_exists({counter}, {returned}) - {returned}"]
    return change(
        table,
        keys.wallet(write.owner),
        update(set_=given_back, add=moves),
        condition=covers_the_hold,
        holders=x,
    )


def remember(table: str, write: Remember) -> Part:
    x = Placeholders()
    expired = f"{x.path('until')} <= {x.value(to_epoch(write.now))}"
    return put(table, remembered_row(write.record), condition=f"{NEW} OR {expired}", holders=x)


def count_request(table: str, write: CountRequest) -> Part:
    x = Placeholders()
    counted = x.path("n")
    room_left = f"{counted} < {x.value(write.window.ceiling)}"
    first_of_minute = f"attribute_not_exists({counted})"
    window_open = f"{first_of_minute} OR {room_left}" if write.window.ceiling > 0 else room_left

    kept_until = (write.window.minute + 1) * WINDOW_SECONDS + _COUNTERS_KEPT_SECONDS
    return change(
        table,
        keys.rate(
            Token(write.owner.workspace_id, write.key_id), write.window.policy.name, write.window.minute
        ),
        update(set_=[f"{x.path('expires_at')} = {x.value(kept_until)}"], add=[f"{counted} {x.value(1)}"]),
        condition=window_open,
        holders=x,
    )
