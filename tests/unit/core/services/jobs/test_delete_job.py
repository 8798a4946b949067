"""Deleting jobs: canceled while under way, refunded once when delivered, within the day's limit."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkroom.domain.errors import NotFound, RateLimited, Unavailable
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.writes import AppendEntry, CountRequest, DeleteJob, RefundCredits, Write, WriteRefused
from darkroom.services.jobs.delete_job import Deletion, Refund
from tests.harness.container import SETTINGS
from tests.harness.core import CoreHarness


def delete(harness: CoreHarness, job: Job, *, refundable: bool = True) -> Deletion:
    return harness.core.delete_job(harness.caller(), job, refundable=refundable)


def delivered(harness: CoreHarness, prompt: str = "a red kite", count: int = 1) -> Job:
    job = harness.submit(prompt, count=count)
    harness.work()
    return harness.job(job.id)


def test_one_under_way_is_canceled_and_what_it_had_delivered_stays_paid() -> None:
    harness = CoreHarness()
    job = harness.submit(count=2)
    (message, _), _ = harness.take_messages()
    harness.execute_task(message)
    deletion = delete(harness, harness.job(job.id))
    assert (deletion.refund, deletion.credits) == (Refund.NONE, 0)
    gone = harness.job(job.id)
    assert (gone.status, gone.charged, gone.deleted_at) == (JobStatus.CANCELED, 1, harness.clock.now())
    assert [asset.deleted_at for asset in harness.memory.assets.values()] == [harness.clock.now()]
    harness.work()
    harness.check_books()


def test_one_that_is_not_refundable_is_deleted_and_stays_paid() -> None:
    harness = CoreHarness()
    deletion = delete(harness, delivered(harness), refundable=False)
    assert (deletion.refund, deletion.credits, harness.wallet.spent) == (Refund.NONE, 0, 1)
    harness.check_books()


def test_only_what_was_charged_is_refunded() -> None:
    harness = CoreHarness()
    job = delivered(harness, "[[fail:1]]", count=2)
    assert (job.status, delete(harness, job).credits) == (JobStatus.PARTIAL, 1)
    assert harness.wallet.spent == 0
    harness.check_books()


def test_a_deletion_sent_again_finds_nothing() -> None:
    harness = CoreHarness()
    job = delivered(harness)
    delete(harness, job)
    for version in (job, harness.job(job.id)):
        with pytest.raises(NotFound):
            delete(harness, version)
    harness.check_books()


def test_the_end_that_came_first_is_refunded() -> None:
    harness = CoreHarness()
    before = harness.submit()
    harness.work()
    assert delete(harness, before).refund is Refund.REFUNDED
    harness.check_books()


@pytest.mark.parametrize("ended", [True, False])
@pytest.mark.parametrize(
    ("write", "error"), [(CountRequest, RateLimited), (RefundCredits, None), (AppendEntry, Unavailable)]
)
def test_a_refusal_of_another_write_is_told_for_what_it_is(
    ended: bool, write: type[Write], error: type[Exception] | None
) -> None:
    harness = CoreHarness()
    job = delivered(harness) if ended else harness.submit()
    commit = harness.store.commit
    caller = harness.caller()

    def refuse(*writes: Any) -> None:
        for one in writes:
            if isinstance(one, write):
                raise WriteRefused(one, None)
        commit(*writes)

    harness.store.commit = refuse  # type: ignore[method-assign]
    service = replace(harness.core.delete_job, store=harness.store)
    service = replace(service, advance_and_settle=replace(service.advance_and_settle, store=harness.store))
    if error is None:
        refund = service(caller, job, refundable=True).refund
        assert refund is (Refund.LIMIT_REACHED if ended else Refund.NOT_CHARGED)
    else:
        with pytest.raises(error):
            service(caller, job, refundable=True)
    assert (harness.job(job.id).deleted_at is not None) == (error is None)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_whatever_is_deleted_in_whatever_order_the_books_balance(data: st.DataObject) -> None:
    harness = CoreHarness(settings=replace(SETTINGS, refunds_per_day="3"))
    prompts = ["a kite", "[[fail:0]]", "[[fail:1]]", "[[slow:600]]"]
    jobs: list[Job] = []
    for _ in range(data.draw(st.integers(1, 12))):
        match data.draw(st.sampled_from(["submit", "work", "delete", "tomorrow"])):
            case "submit":
                prompt, count = data.draw(st.sampled_from(prompts)), data.draw(st.integers(1, 2))
                jobs.append(harness.submit(prompt, count=count))
            case "work":
                for message, _ in harness.take_messages():
                    harness.execute_task(message)
            case "delete" if jobs:
                with suppress(NotFound):
                    delete(harness, data.draw(st.sampled_from(jobs)))
            case _:
                harness.clock.advance(86_400)
        assert max(harness.wallet.refunded.values(), default=0) <= 3
        harness.check_books()


def test_the_events_of_a_deletion_are_those_of_the_cancel() -> None:
    """A job that ended before is only marked, which is no news for subscribers."""
    from darkroom.services.webhooks.announce import Change, event_of  # noqa: PLC0415

    harness = CoreHarness()
    job = delivered(harness)
    delete(harness, job)
    assert event_of(Change("1", job, harness.job(job.id))) is None
    under_way = harness.submit()
    delete(harness, under_way)
    event = event_of(Change("2", under_way, harness.job(under_way.id)))
    assert event is not None
    assert event.type == "generation.canceled"


def test_the_write_of_a_deletion_is_told_before_all_that_comes_with_it() -> None:
    assert DeleteJob.precedence < min(RefundCredits.precedence, AppendEntry.precedence)
