"""What a run adds up: entries from before the cutoff, in whatever pages; what is still held by whom."""

from __future__ import annotations

from datetime import timedelta

from darkroom.domain.billing.ledger import Wallet, grant_entry, hold_entry, settle_entry
from darkroom.domain.reconcile.books import Books, Discrepancy, added, differences_of, still_held
from tests.contract.examples import NOW, OWNER

GRANT = grant_entry(OWNER, "g", 10, NOW)
HOLD, OTHER = hold_entry(OWNER, "a", 4, NOW), hold_entry(OWNER, "b", 3, NOW)
SETTLE = settle_entry(OWNER, "a", held=4, charged=1, at=NOW)
ALL = (GRANT, HOLD, OTHER, SETTLE)
RIGHT = Wallet(OWNER, granted=10, available=6, held=3, spent=1)


def test_pages_add_up_to_the_whole() -> None:
    books = Books(OWNER, NOW + timedelta(seconds=1))
    for entry in ALL:
        books = books.plus([entry], entry.id)
    assert books.sums == added({}, ALL)
    assert books.held == still_held({}, ALL) == {"b": 3}
    assert books.after == SETTLE.id


def test_what_is_too_new_is_left_to_the_end() -> None:
    assert not any(Books(OWNER, NOW).plus(ALL, "x").sums.values())


def test_a_wallet_is_compared_column_by_column() -> None:
    assert differences_of(RIGHT, added({}, ALL)) == []
    (spent, invariant) = differences_of(Wallet(OWNER, granted=10, available=6, held=3), added({}, ALL))
    assert (spent.kind, spent.what, spent.expected, spent.found) == (Discrepancy.WALLET, "spent", 1, 0)
    assert invariant.what == "invariant"


def test_what_is_owed_is_a_balance_below_nothing() -> None:
    owing = Wallet(OWNER, granted=10, spent=10, reversed=4, owed=4)
    sums = {"granted": 10, "available": -4, "spent": 10, "reversed": 4}
    assert differences_of(owing, sums) == []
