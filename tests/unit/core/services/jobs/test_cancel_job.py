"""Canceling: what exists is kept and charged, the rest refunded, and engines are told to stop."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.catalog.routes import Work
from darkroom.domain.errors import AlreadyFinished, NotFound
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.jobs.messages import TaskStep
from darkroom.domain.renders.names import RENDERER
from tests.harness.core import CoreHarness


def test_canceling_refunds_tells_the_engine_and_drops_the_late_result() -> None:
    harness = CoreHarness()
    job = harness.submit("[[slow:60]]", count=2)
    messages = harness.take_messages()
    for message, _ in messages:
        harness.execute_task(message)
    polls = harness.take_messages()
    harness.cancel_job(harness.caller(), job.id)
    assert (harness.job(job.id).status, harness.wallet.held, harness.wallet.spent) == (
        JobStatus.CANCELED,
        0,
        0,
    )
    harness.work()
    assert len(harness.engine.canceled) == 2
    harness.clock.advance(60)
    for message, _ in polls:
        harness.execute_task(message)
    assert not harness.blobs.objects
    assert not harness.memory.assets
    harness.check_books()


def test_a_result_that_comes_after_the_cancel_is_deleted_and_not_charged() -> None:
    harness = CoreHarness()
    job = harness.submit()
    ((message, _),) = harness.take_messages()
    paint = harness.engine.start

    def cancel_meanwhile(order: object) -> object:
        harness.cancel_job(harness.caller(), job.id)
        return paint(order)  # type: ignore[arg-type]

    harness.engine.start = cancel_meanwhile  # type: ignore[assignment,method-assign]
    harness.execute_task(message)
    assert harness.job(job.id).status is JobStatus.CANCELED
    assert not harness.blobs.objects
    assert harness.wallet.spent == 0
    harness.check_books()


def test_cancel_refuses_what_has_ended_and_what_is_not_there() -> None:
    harness = CoreHarness()
    job = harness.submit()
    harness.work()
    with pytest.raises(AlreadyFinished):
        harness.cancel_job(harness.caller(), job.id)
    with pytest.raises(NotFound):
        harness.cancel_job(harness.caller(), "01950000-0000-7000-8000-00000000ffff")


def test_canceling_between_outputs_charges_what_exists() -> None:
    harness = CoreHarness()
    job = harness.submit("a kite", count=3)
    (first, _), *_ = harness.take_messages()
    harness.execute_task(first)
    harness.cancel_job(harness.caller(), job.id)
    done = harness.job(job.id)
    assert (done.status, done.charged, harness.wallet.spent, harness.wallet.held) == (
        JobStatus.CANCELED,
        1,
        1,
        0,
    )


@pytest.mark.parametrize("change", [{"engine": RENDERER}, {"kind": Work.REFINE}])
def test_what_nobody_offers_to_cancel_is_not_there(change: dict[str, Any]) -> None:
    harness = CoreHarness()
    job = harness.submit()
    harness.memory.jobs[job.owner, job.id] = replace(harness.job(job.id), **change)
    with pytest.raises(NotFound):
        harness.cancel_job(harness.caller(), job.id)
    assert not harness.job(job.id).terminal


def test_canceling_is_counted_as_a_request() -> None:
    harness = CoreHarness()
    job, caller = harness.submit(), harness.caller()
    harness.cancel_job(caller, job.id)
    assert caller.counted
    assert sum(count.total for count in harness.memory.rates.values()) == 2 * 2  # a key's and its workspace's


def test_only_engines_that_have_work_under_way_are_told() -> None:
    harness = CoreHarness()
    job = harness.submit("[[slow:60]] a kite", count=2)
    (first, _), _ = harness.take_messages()
    harness.execute_task(first)
    harness.take_messages()
    harness.cancel_job(harness.caller(), job.id)
    assert [(message.step, message.index) for message, _ in harness.take_messages()] == [(TaskStep.CANCEL, 0)]


def test_a_cancel_holds_also_where_the_engine_cannot_be_told() -> None:
    harness = CoreHarness()
    job = harness.submit("[[slow:60]] a kite")
    harness.execute_task(harness.take_messages()[0][0])
    harness.queues.busy = True
    assert harness.cancel_job(harness.caller(), job.id).status is JobStatus.CANCELED
    assert harness.wallet.held == 0
