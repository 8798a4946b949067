"""Writes to the accounts table: workspaces, keys, credits, the ledger, idempotency records, rate counters."""

from __future__ import annotations

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of, update
from darkroom.adapters.dynamodb.marshal import to_epoch
from darkroom.adapters.dynamodb.parts import EXISTS, NEW, Part, change, put
from darkroom.adapters.dynamodb.rows import code_row, entry_row, key_row, remembered_row, workspace_row
from darkroom.domain.accounts.api_keys import Token
from darkroom.domain.accounts.one_time_passwords import MAX_ATTEMPTS
from darkroom.domain.accounts.rate_limits import WINDOW_SECONDS, RateWindow
from darkroom.domain.serialization import to_document
from darkroom.domain.writes import (
    AppendEntry,
    ClaimIdentity,
    CountRequest,
    CountVisit,
    CreateKey,
    CreateWorkspace,
    GrantCredits,
    HoldCredits,
    RevokeKey,
    SaveIdempotencyRecord,
    SaveOneTimePassword,
    SetAutoReload,
    SettleCredits,
    UseOneTimePassword,
)

_COUNTERS_KEPT_SECONDS = 300


def create_workspace(table: str, write: CreateWorkspace) -> Part:
    return put(table, workspace_row(write.workspace), condition=NEW)


def create_key(table: str, write: CreateKey) -> Part:
    return put(table, key_row(write.key), condition=NEW)


def claim_identity(table: str, write: ClaimIdentity) -> Part:
    row = keys.identity(write.provider, write.subject) | {"workspace_id": write.workspace_id}
    return put(table, row, condition=NEW)


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


def remember(table: str, write: SaveIdempotencyRecord) -> Part:
    x = Placeholders()
    expired = f"{x.path('until')} <= {x.value(to_epoch(write.now))}"
    return put(table, remembered_row(write.record), condition=f"{NEW} OR {expired}", holders=x)


def count_request(table: str, write: CountRequest) -> Part:
    token = Token(write.owner.workspace_id, write.key_id)
    return _count(table, keys.rate(token, write.window.policy, write.window.minute), write.window)


def count_visit(table: str, write: CountVisit) -> Part:
    key = keys.visit_rate(write.subject, write.window.policy.name, write.window.minute)
    return _count(table, key, write.window)


def save_code(table: str, write: SaveOneTimePassword) -> Part:
    if write.replaces is None:
        return put(table, code_row(write.code), condition=NEW)
    x = Placeholders()
    seen = f"{x.path('id')} = {x.value(write.replaces)}"
    return put(table, code_row(write.code), condition=f"{NEW} OR {seen}", holders=x)


def use_code(table: str, write: UseOneTimePassword) -> Part:
    x = Placeholders()
    attempts = x.path("attempts")
    the_one = f"{x.path('id')} = {x.value(write.code_id)}"
    some_left = f"{attempts} < {x.value(MAX_ATTEMPTS)}"
    return change(
        table,
        keys.one_time_code(write.address),
        update(add=[f"{attempts} {x.value(write.attempts)}"]),
        condition=all_of(the_one, some_left),
        holders=x,
    )


def set_auto_reload(table: str, write: SetAutoReload) -> Part:
    key = keys.auto_reload(write.owner)
    # Switched off is a row without settings: no function needs the right to delete accounts' rows for it.
    return put(table, key | (to_document(write.settings) if write.settings else {}))


def _count(table: str, key: keys.Key, window: RateWindow) -> Part:
    x = Placeholders()
    counted = x.path("n")
    room_left = f"{counted} < {x.value(window.ceiling)}"
    first_of_minute = f"attribute_not_exists({counted})"
    window_open = f"{first_of_minute} OR {room_left}" if window.ceiling > 0 else room_left

    kept_until = (window.minute + 1) * WINDOW_SECONDS + _COUNTERS_KEPT_SECONDS
    return change(
        table,
        key,
        update(set_=[f"{x.path('expires_at')} = {x.value(kept_until)}"], add=[f"{counted} {x.value(1)}"]),
        condition=window_open,
        holders=x,
    )
