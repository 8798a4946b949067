"""Writes to the accounts table: credits, the ledger and reloading."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of, update
from darkroom.adapters.dynamodb.parts import EXISTS, NEW, Part, change, put
from darkroom.adapters.dynamodb.purchases import purchase_row
from darkroom.adapters.dynamodb.rows import entry_row
from darkroom.adapters.dynamodb.writes.registry import column, spelled, stored
from darkroom.domain.billing.expiring import ExpiringGrants
from darkroom.domain.billing.ledger import LedgerEntry
from darkroom.domain.billing.purchases import Purchase
from darkroom.domain.billing.reloads import ReloadState
from darkroom.domain.serialization import to_document
from darkroom.domain.writes import (
    AppendEntry,
    ExpireCredits,
    GrantCredits,
    HoldCredits,
    MoveCredits,
    RefundCredits,
    ReinstateCredits,
    ReverseCredits,
    SaveExpiringGrants,
    SavePurchase,
    SaveReloadState,
    SaveSpread,
    SetAutoReload,
    SetCustomer,
    SettleCredits,
    SpendCredits,
    WatchWallet,
)

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner

REFUND_DAYS_DROPPED = 14  # counters of so many days before leave the wallet with the next one


@spelled(GrantCredits, "accounts")
def grant_credits(table: str, write: GrantCredits) -> Part:
    x = Placeholders()
    granted, nothing = x.value(write.credits), x.value(0)
    moves = [f"{x.path(column)} {granted}" for column in ("granted", "available")]
    moves += [f"{x.path(column)} {nothing}" for column in ("held", "spent")]
    return change(table, keys.wallet(write.owner), update(add=moves), holders=x)


@spelled(HoldCredits, "accounts", current=column("available"))
def hold_credits(table: str, write: HoldCredits) -> Part:
    x = Placeholders()
    available, held = x.path("available"), x.path("held")
    counter = x.path(keys.counter(write.feature, write.day))

    # A wallet that does not exist has no `available`, so nothing covers even a hold of nothing.
    covered = _covers(x, write.credits)
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
        keys.wallet(write.owner, write.shard),
        update(add=moves, remove=dropped),
        condition=all_of(covered, within_allowance, _spread_over(x, write.shards)),
        holders=x,
    )


@spelled(SettleCredits, "accounts", current=column("held"))
def settle_credits(table: str, write: SettleCredits) -> Part:
    x = Placeholders()
    held = x.path("held")
    covers_the_hold = f"{held} >= {x.value(write.held)}"
    moves = [
        f"{held} {x.value(-write.held)}",
        f"{x.path('spent')} {x.value(write.charged)}",
        f"{x.path('available')} {x.value(write.held - write.charged)}",
    ]
    conditions, dropped = [covers_the_hold], []
    if refund := write.refund:
        counter = x.path(keys.refunded_on(refund.day))
        room_left = f"{counter} <= {x.value(refund.day_limit - refund.credits)}"
        first = f"(attribute_not_exists({counter}) OR {room_left})"
        conditions.append(first if refund.credits <= refund.day_limit else room_left)
        moves.append(f"{counter} {x.value(refund.credits)}")
        old = (refund.day - timedelta(days=days) for days in range(1, REFUND_DAYS_DROPPED + 1))
        dropped = [x.path(keys.refunded_on(day)) for day in old]
    given_back = []
    if write.returned:
        counter, returned = x.path(keys.counter(write.feature, write.day)), x.value(write.returned)
        # A counter that has been dropped meanwhile starts from what is returned, so that it ends at nothing.
        given_back = [f"{counter} = if_not_exists({counter}, {returned}) - {returned}"]
    return change(
        table,
        keys.wallet(write.owner, write.shard),
        update(set_=given_back, add=moves, remove=dropped),
        condition=all_of(*conditions),
        holders=x,
    )


@spelled(SpendCredits, "accounts", current=column("available"))
def spend_credits(table: str, write: SpendCredits) -> Part:
    x = Placeholders()
    available, counter = x.path("available"), x.path(keys.counter(write.feature, write.day))
    covered = _covers(x, write.credits)
    room_left = f"{counter} <= {x.value(write.day_ceiling - write.units)}"
    first_of_day = f"attribute_not_exists({counter})"
    within_allowance = f"({first_of_day} OR {room_left})" if write.units <= write.day_ceiling else room_left
    moves = [
        f"{available} {x.value(-write.credits)}",
        f"{x.path('spent')} {x.value(write.credits)}",
        f"{counter} {x.value(write.units)}",
    ]
    return change(
        table,
        keys.wallet(write.owner, write.shard),
        update(add=moves),
        condition=all_of(covered, within_allowance, _spread_over(x, write.shards)),
        holders=x,
    )


@spelled(RefundCredits, "accounts", current=column("spent"))
def refund_credits(table: str, write: RefundCredits) -> Part:
    x = Placeholders()
    spent, given_back = x.path("spent"), x.value(write.credits)
    conditions = [f"{spent} >= {given_back}"]
    moves = [
        f"{spent} {x.value(-write.credits)}",
        f"{x.path('available')} {given_back}",
        f"{x.path('given_back')} {given_back}",
    ]
    dropped = []
    if write.day_limit is not None:
        counter = x.path(keys.refunded_on(write.day))
        room_left = f"{counter} <= {x.value(write.day_limit - write.credits)}"
        first_of_day = f"attribute_not_exists({counter})"
        within = f"({first_of_day} OR {room_left})" if write.credits <= write.day_limit else room_left
        conditions.append(within)
        moves.append(f"{counter} {given_back}")
        dropped = [x.path(keys.refunded_on(day)) for day in dict.fromkeys(write.stale) if day != write.day]
    return change(
        table,
        keys.wallet(write.owner, write.shard),
        update(add=moves, remove=dropped),
        condition=all_of(*conditions),
        holders=x,
    )


@spelled(ReverseCredits, "accounts", current=column("available"))
def reverse_credits(table: str, write: ReverseCredits) -> Part:
    # Of the balance, not of what is available: nothing that happens meanwhile can make this too much.
    return _reversed(table, write.owner, write.credits, Placeholders(), EXISTS)


@spelled(ReinstateCredits, "accounts", current=column("reversed"))
def reinstate_credits(table: str, write: ReinstateCredits) -> Part:
    x = Placeholders()
    covered = f"{x.path('reversed')} >= {x.value(write.credits)}"
    return _reversed(table, write.owner, -write.credits, x, covered)


@spelled(MoveCredits, "accounts", current=column("available"))
def move_credits(table: str, write: MoveCredits) -> Part:
    x = Placeholders()
    available = x.path("available")
    if write.new:
        conditions = [NEW]
    else:
        conditions = [_spread_over(x, write.before)]
        if write.credits < 0:
            conditions.append(f"{available} >= {x.value(-write.credits)}")
    nothing = x.value(0)
    moves = [f"{available} {x.value(write.credits)}"]
    moves += [f"{x.path(column)} {nothing}" for column in ("held", "spent", "granted")]
    said = [f"{x.path('shards')} = {x.value(write.shards)}", f"{x.path('rows')} = {x.value(write.rows)}"]
    if write.new and write.watched:
        said.append(f"{x.path('watched')} = {x.value(True)}")
    return change(
        table,
        keys.wallet(write.owner, write.shard),
        update(set_=said, add=moves),
        condition=all_of(*conditions),
        holders=x,
    )


@spelled(SaveSpread, "accounts")
def save_spread(table: str, write: SaveSpread) -> Part:
    return put(table, keys.spread(write.owner) | {"owner": to_document(write.owner), "shards": write.shards})


@spelled(ExpireCredits, "accounts", current=column("available"))
def expire_credits(table: str, write: ExpireCredits) -> Part:
    x = Placeholders()
    moves = [
        f"{x.path('available')} {x.value(-write.credits)}",
        f"{x.path('expired')} {x.value(write.credits)}",
    ]
    covered = _covers(x, write.credits)
    return change(table, keys.wallet(write.owner), update(add=moves), condition=covered, holders=x)


@spelled(SaveExpiringGrants, "accounts", current=stored(ExpiringGrants))
def save_expiring_grants(table: str, write: SaveExpiringGrants) -> Part:
    row = keys.expiring_grants(write.grants.owner) | to_document(write.grants)
    if write.grants.version == 1:
        return put(table, row, condition=NEW)
    x = Placeholders()
    unchanged = f"{x.path('version')} = {x.value(write.grants.version - 1)}"
    return put(table, row, condition=unchanged, holders=x)


@spelled(AppendEntry, "accounts", current=stored(LedgerEntry))
def append_entry(table: str, write: AppendEntry) -> Part:
    return put(table, entry_row(write.entry), condition=NEW)


@spelled(SetAutoReload, "accounts")
def set_auto_reload(table: str, write: SetAutoReload) -> Part:
    key = keys.auto_reload(write.owner)
    # Switched off is a row without settings: no function needs the right to delete accounts' rows for it.
    return put(table, key | (to_document(write.settings) if write.settings else {}))


def _covers(x: Placeholders, credits: int) -> str:
    """The condition that the balance covers a number of credits; none at all are free even to who owes some."""
    available = x.path("available")
    return f"{available} >= {x.value(credits)}" if credits else f"attribute_exists({available})"


def _reversed(table: str, owner: Owner, credits: int, x: Placeholders, condition: str) -> Part:
    moves = [f"{x.path('available')} {x.value(-credits)}", f"{x.path('reversed')} {x.value(credits)}"]
    return change(table, keys.wallet(owner), update(add=moves), condition=condition, holders=x)


@spelled(SavePurchase, "accounts", current=stored(Purchase))
def save_purchase(table: str, write: SavePurchase) -> Part:
    x, version = Placeholders(), write.purchase.version
    in_turn = NEW if version == 1 else f"{x.path('version')} = {x.value(version - 1)}"
    return put(table, purchase_row(write.purchase), condition=in_turn, holders=x)


@spelled(SetCustomer, "accounts")
def set_customer(table: str, write: SetCustomer) -> Part:
    return put(table, keys.customer(write.owner) | {"customer_id": write.customer_id})


def _spread_over(x: Placeholders, shards: int) -> str:
    """The condition that the wallet is spread over so many shards: one, where its row says nothing."""
    spread = x.path("shards")
    said = f"{spread} = {x.value(shards)}"
    return f"(attribute_not_exists({spread}) OR {said})" if shards == 1 else said


@spelled(SaveReloadState, "accounts", current=stored(ReloadState))
def save_reload_state(table: str, write: SaveReloadState) -> Part:
    x, version = Placeholders(), write.state.version
    in_turn = NEW if version == 1 else f"{x.path('version')} = {x.value(version - 1)}"
    row = keys.reload_state(write.state.owner) | to_document(write.state)
    return put(table, row, condition=in_turn, holders=x)


@spelled(WatchWallet, "accounts")
def watch_wallet(table: str, write: WatchWallet) -> Part:
    x = Placeholders()
    watched = x.path("watched")  # the filter of worker_billing's stream asks for it
    changed = update(set_=[f"{watched} = {x.value(True)}"]) if write.on else update(remove=[watched])
    return change(table, keys.wallet(write.owner, write.shard), changed, holders=x)
