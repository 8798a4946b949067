"""A wallet that is not what its entries add up to is found, and one that moves is not taken for such."""

from __future__ import annotations

from darkroom.domain.reconcile.books import Discrepancy
from tests.harness.reconcile import BookedHarness, Busy


def test_a_wallet_that_is_not_its_entries(stack: BookedHarness) -> None:
    stack.wallet_becomes(available=stack.wallet.available + 7, granted=stack.wallet.granted + 7)
    granted, available = stack.wallet.granted, stack.wallet.available
    assert stack.found() == [
        (Discrepancy.WALLET, "granted", granted - 7, granted),
        (Discrepancy.WALLET, "available", available - 7, available),
    ]
    assert stack.meter.counted["ReconciliationDifference"] == 2
    result = stack.book_reader.last()
    assert result is not None
    assert {one.rows for one in result.differences} == {(stack.owner.key,)}


def test_a_wallet_that_does_not_balance(stack: BookedHarness) -> None:
    stack.wallet_becomes(spent=stack.wallet.spent + 1)
    assert [what for kind, what, *_ in stack.found() if kind is Discrepancy.WALLET] == ["spent", "invariant"]


def test_an_entry_that_is_lost(stack: BookedHarness) -> None:
    del stack.memory.entries[stack.owner, f"{stack.done[0].id}#settle"]
    kinds = {kind for kind, *_ in stack.found()}
    assert kinds == {Discrepancy.WALLET, Discrepancy.HOLD, Discrepancy.CHARGE}


def test_a_wallet_that_never_stands_still_is_told_as_undecided(stack: BookedHarness) -> None:
    Busy(stack, always=True)
    result = stack.turns()
    assert (result.found, result.undecided) == (0, 1)
