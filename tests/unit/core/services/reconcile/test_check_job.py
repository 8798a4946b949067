"""Holds and charges that are not what their jobs say, each by the rows it shows in."""

from __future__ import annotations

from dataclasses import replace

from darkroom.domain.reconcile.books import Discrepancy
from tests.harness.reconcile import BookedHarness


def test_a_hold_whose_job_has_ended(stack: BookedHarness) -> None:
    (job,) = stack.open
    stack.job_becomes(job, status="canceled", completed_at=stack.clock.now())
    assert (Discrepancy.HOLD, "held", 0, 2) in stack.found()


def test_a_hold_whose_job_is_gone(stack: BookedHarness) -> None:
    del stack.memory.jobs[stack.owner, stack.open[0].id]
    assert stack.found() == [(Discrepancy.HOLD, "held", 0, 2)]


def test_an_open_job_that_holds_nothing(stack: BookedHarness) -> None:
    job = replace(stack.open[0], id="01950000-0000-7000-8000-00000000ffff")
    stack.memory.jobs[stack.owner, job.id] = job
    assert stack.found() == [(Discrepancy.HOLD, "held", 2, 0)]


def test_a_charge_that_is_not_what_the_job_says(stack: BookedHarness) -> None:
    job = stack.done[0]
    stack.job_becomes(job, charged=1)
    assert stack.found() == [(Discrepancy.CHARGE, "charged", 1, 2), (Discrepancy.CHARGE, "outputs", 2, 1)]


def test_a_charge_for_outputs_that_are_not_there(stack: BookedHarness) -> None:
    (asset, _) = (task.asset for task in stack.done[0].tasks)
    assert asset is not None
    del stack.memory.assets[stack.owner, asset.id]
    assert stack.found() == [(Discrepancy.CHARGE, "stored outputs", 2, 1)]


def test_a_refund_of_another_sum(stack: BookedHarness) -> None:
    place = (stack.owner, f"{stack.deleted.id}#refund")
    entry = stack.memory.entries[place]
    stack.memory.entries[place] = replace(entry, available=2, spent=-2)
    assert (Discrepancy.CHARGE, "refunded", 1, 2) in stack.found()
