"""Usage is rebuilt: what was never told is counted, and sums are made those of their facts."""

from __future__ import annotations

from darkroom.domain.reconcile.books import Discrepancy
from darkroom.domain.usage.measures import measures
from darkroom.domain.usage.places import KeyUsage, WorkspaceUsage
from tests.harness.reconcile import BookedHarness


def test_a_movement_that_was_never_told_is_counted(stack: BookedHarness) -> None:
    before = dict(stack.memory.usage)
    job = stack.done[0]
    stack.memory.facts.clear()
    stack.memory.usage.clear()
    result = stack.turns()
    assert result.recounted == 5
    assert stack.memory.usage == before
    assert any(fact.id == f"{job.id}#settle" for fact in stack.memory.facts.values())
    assert stack.turns().recounted == 0


def test_sums_that_are_not_their_facts_are_told_and_made_right(stack: BookedHarness) -> None:
    before = dict(stack.memory.usage)
    for place, sums in before.items():
        if isinstance(place, KeyUsage | WorkspaceUsage):
            stack.memory.usage[place] = sums.plus(measures({"credits": 5, "jobs": -1}))
    result = stack.turns()
    assert {one.kind for one in result.differences} == {Discrepancy.USAGE}
    assert {one.what for one in result.differences} == {"credits", "jobs"}
    assert stack.memory.usage == before
    assert stack.turns().found == 0
