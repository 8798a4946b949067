"""Reconciling: nothing is found where nothing is wrong, whatever moves meanwhile."""

from __future__ import annotations

import pytest

from darkroom.domain.billing.ledger import settle_entry
from darkroom.domain.reconcile.books import Difference, Discrepancy, Reconciliation
from tests.harness.reconcile import DAY, BookedHarness, Busy


@pytest.mark.parametrize("steps", [1, 3, 10**6])
def test_nothing_is_found_where_nothing_is_wrong(stack: BookedHarness, steps: int) -> None:
    before = dict(stack.memory.usage)
    result = stack.turns(steps=steps)
    assert (result.found, result.undecided, result.recounted) == (0, 0, 0)
    assert result.finished_at is not None
    assert result.owners == len(stack.memory.wallets)
    assert result.entries == len(stack.memory.entries)
    assert result.jobs >= 4
    assert stack.memory.usage == before
    assert stack.meter.counted["ReconciliationFinished"] == 1
    assert not stack.meter.counted["ReconciliationDifference"]


def test_older_charges_are_looked_at_when_it_is_asked_for(stack: BookedHarness) -> None:
    stack.job_becomes(stack.done[0], charged=1)
    stack.clock.advance(5 * DAY)
    assert not stack.turns().found
    assert stack.turns(since=stack.clock.now() - 30 * DAY).found


def test_what_moves_meanwhile_is_no_difference(stack: BookedHarness) -> None:
    """A job is accepted, worked on and settled between any two reads of the run."""
    busy = Busy(stack)
    result = stack.turns()
    assert busy.times > 20
    assert result.found == 0
    stack.check_books()


def test_differences_name_their_rows_and_no_more_than_a_hundred_are_kept() -> None:
    stack = BookedHarness()
    entry = settle_entry(stack.owner, "x", held=1, charged=1, at=stack.clock.now())
    some = [Difference(Discrepancy.HOLD, stack.owner, "held", 1, 0, (entry.id,)) for _ in range(150)]
    result = Reconciliation("r", stack.clock.now(), stack.clock.now()).plus(some)
    assert (result.found, len(result.differences)) == (150, 100)
