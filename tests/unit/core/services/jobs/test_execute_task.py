from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.catalog_data import memes
from darkroom.domain.errors import AlreadyFinished, NotFound
from darkroom.domain.jobs.job import FailureCode, JobStatus, TaskState
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.jobs.spec import ImageSpec, Input
from darkroom.services.jobs.claim_task import TaskBusy
from darkroom.services.jobs.submit_job import Submission
from tests.harness.core import LEASE, CoreHarness


def test_one_image_costs_three_calls() -> None:
    harness = CoreHarness()
    harness.submit()
    harness.calls.made.clear()
    harness.work()
    assert harness.calls.made == ["jobs.claim", "blobs.put", "store.commit"]


def test_outputs_are_stored_listed_and_charged() -> None:
    harness = CoreHarness(credits=10)
    job = harness.submit(count=4)
    harness.work()
    done = harness.job(job.id)
    assert (done.status, done.charged) == (JobStatus.SUCCEEDED, 4)
    assert set(harness.blobs.objects) == {t.asset.storage_key for t in done.tasks if t.asset}
    assert len(harness.memory.assets) == 4
    assert (harness.wallet.available, harness.wallet.spent) == (6, 4)
    harness.check_books()


@pytest.mark.parametrize(
    ("prompt", "count", "status", "charged", "failure"),
    [
        ("[[block]]", 2, JobStatus.FAILED, 0, FailureCode.CONTENT_BLOCKED),
        ("[[fail]]", 2, JobStatus.FAILED, 0, FailureCode.FAILED),
        ("[[fail:1]]", 3, JobStatus.PARTIAL, 2, FailureCode.FAILED),
        ("[[slow:30]]", 2, JobStatus.SUCCEEDED, 2, None),
        ("[[lose]]", 1, JobStatus.SUCCEEDED, 1, None),
        ("[[lose]] [[slow:20]]", 1, JobStatus.SUCCEEDED, 1, None),
        ("[[slow:20]] [[fail:0]]", 2, JobStatus.PARTIAL, 1, FailureCode.FAILED),
    ],
)
def test_every_marker_ends_as_documented(
    prompt: str, count: int, status: JobStatus, charged: int, failure: FailureCode | None
) -> None:
    harness = CoreHarness()
    job = harness.submit(prompt, count)
    harness.work()
    done = harness.job(job.id)
    assert (done.status, done.charged, done.failure) == (status, charged, failure)
    assert harness.wallet.spent == charged
    harness.check_books()


def test_a_lost_answer_is_looked_up_and_never_sent_again() -> None:
    harness = CoreHarness(resubmit_safe=False)
    harness.submit("[[lose]]")
    harness.work()
    assert list(harness.engine.starts.values()) == [1]
    assert sum(harness.engine.polls.values()) >= 1


def test_what_cannot_be_looked_up_is_sent_twice_at_most_and_charged_once() -> None:
    harness = CoreHarness(resubmit_safe=False)
    harness.engine.lose_without_trace = 99
    job = harness.submit()
    harness.work()
    assert list(harness.engine.starts.values()) == [2]
    assert harness.job(job.id).status is JobStatus.FAILED
    assert harness.wallet.spent == 0
    harness.check_books()


def test_an_unknown_outcome_may_still_turn_out_well() -> None:
    harness = CoreHarness(resubmit_safe=False)
    harness.engine.lose_without_trace = 1
    job = harness.submit()
    harness.work()
    assert (harness.job(job.id).status, harness.wallet.spent) == (JobStatus.SUCCEEDED, 1)


def test_a_busy_engine_is_asked_again_when_it_says_and_costs_no_attempt() -> None:
    harness = CoreHarness(resubmit_safe=False)
    harness.engine.busy = 5
    job = harness.submit()
    ((message, _),) = harness.take_messages()
    harness.execute_task(message)
    ((_, delay),) = harness.take_messages()
    assert 7 <= delay <= 9
    assert harness.job(job.id).tasks[0].attempts == 0
    harness.execute_task(message)
    assert not harness.engine.starts
    harness.clock.advance(delay)
    harness.execute_task(message)
    harness.work()
    assert harness.job(job.id).status is JobStatus.SUCCEEDED


def test_a_blocked_prompt_is_not_sent_for_the_other_variants() -> None:
    harness = CoreHarness()
    harness.submit("[[block]]", count=4)
    harness.work()
    assert sum(harness.engine.starts.values()) == 1


def test_a_slow_task_is_polled_by_delayed_messages_and_never_waited_for() -> None:
    harness = CoreHarness()
    job = harness.submit("[[slow:900]]")
    ((message, _),) = harness.take_messages()
    harness.execute_task(message)
    assert harness.job(job.id).tasks[0].state is TaskState.WAITING
    assert [delay for _, delay in harness.take_messages()] == [900]


def test_an_input_that_cannot_be_fetched_fails_the_job_and_refunds() -> None:
    harness = CoreHarness()
    spec = ImageSpec("x", "1:1", inputs=(Input("ref", "https://gone.example/x.png"),))
    job = harness.submit_job(harness.caller(), Submission(memes.IMAGE, spec))
    harness.work()
    assert harness.job(job.id).failure is FailureCode.INPUT_REJECTED
    assert harness.wallet.spent == 0


def test_inputs_reach_the_engine() -> None:
    harness = CoreHarness()
    harness.fetcher.pages["https://there.example/x.png"] = b"bytes"
    spec = ImageSpec("x", "1:1", inputs=(Input("ref", "https://there.example/x.png"),))
    job = harness.submit_job(harness.caller(), Submission(memes.IMAGE, spec))
    harness.work()
    assert harness.job(job.id).status is JobStatus.SUCCEEDED
    assert harness.engine.taken == [("ref", b"bytes")]


def test_a_task_under_a_lease_is_left_alone_until_it_runs_out() -> None:
    harness = CoreHarness()
    job = harness.submit()
    ((message, _),) = harness.take_messages()
    now = harness.clock.now()
    harness.jobs.claim(harness.owner, job.id, 0, now=now, lease_until=now + LEASE)
    with pytest.raises(TaskBusy):
        harness.execute_task(message)
    harness.clock.advance(LEASE)
    harness.execute_task(message)
    assert harness.job(job.id).status is JobStatus.SUCCEEDED


def test_a_message_about_nothing_is_dropped() -> None:
    harness = CoreHarness()
    job_id, commits = "01950000-0000-7000-8000-00000000ffff", len(harness.store.commits)
    harness.execute_task(TaskMessage(harness.owner, job_id, 0))
    assert harness.calls.made == ["jobs.claim"]
    harness.execute_task(TaskMessage(harness.owner, job_id, 0, TaskStep.CANCEL))
    assert not harness.queues.tasks
    assert len(harness.store.commits) == commits
    assert not harness.engine.starts
    assert not harness.engine.canceled


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


class TestSweep:
    def test_a_queued_job_nobody_took_is_queued_again(self) -> None:
        harness = CoreHarness()
        job = harness.submit(count=2)
        harness.take_messages()
        harness.clock.advance(timedelta(minutes=3))
        assert harness.sweep().requeued == 1
        harness.work()
        assert harness.job(job.id).status is JobStatus.SUCCEEDED

    def test_a_running_task_whose_worker_died_is_taken_over(self) -> None:
        harness = CoreHarness()
        job = harness.submit()
        harness.take_messages()
        now = harness.clock.now()
        harness.jobs.claim(harness.owner, job.id, 0, now=now, lease_until=now + LEASE)
        harness.clock.advance(timedelta(minutes=4))
        harness.sweep()
        harness.work()
        assert harness.job(job.id).status is JobStatus.SUCCEEDED

    def test_a_waiting_task_whose_poll_was_lost_is_polled(self) -> None:
        harness = CoreHarness()
        job = harness.submit("[[slow:30]]")
        harness.execute_task(harness.take_messages()[0][0])
        harness.take_messages()
        harness.clock.advance(timedelta(minutes=4))
        harness.sweep()
        harness.work()
        assert harness.job(job.id).status is JobStatus.SUCCEEDED

    def test_past_its_deadline_a_job_ends_and_its_hold_expires(self) -> None:
        harness = CoreHarness(credits=10)
        job = harness.submit(count=2)
        (first, _), *_ = harness.take_messages()
        harness.execute_task(first)
        harness.clock.advance(timedelta(minutes=11))
        assert harness.sweep().timed_out == 1
        done = harness.job(job.id)
        assert (done.status, done.failure, done.charged) == (JobStatus.PARTIAL, FailureCode.TIMED_OUT, 1)
        assert (harness.wallet.available, harness.wallet.held, harness.wallet.spent) == (9, 0, 1)
        harness.check_books()

    def test_a_worker_that_is_still_at_it_is_not_cut_off(self) -> None:
        harness = CoreHarness()
        job = harness.submit()
        harness.clock.advance(timedelta(minutes=9, seconds=50))
        now = harness.clock.now()
        harness.jobs.claim(harness.owner, job.id, 0, now=now, lease_until=now + LEASE)
        harness.clock.advance(timedelta(seconds=30))
        harness.sweep()
        assert not harness.job(job.id).terminal

    def test_one_that_cannot_be_queued_holds_up_no_other_and_ends_at_its_deadline(self) -> None:
        harness = CoreHarness()
        stuck = [harness.submit(), harness.submit()]
        harness.take_messages()
        harness.clock.advance(timedelta(minutes=3))
        harness.queues.busy = True  # or a queue this stack no longer has
        assert (harness.sweep().requeued, harness.calls.made.count("queues.send_tasks")) == (0, 4)
        harness.clock.advance(timedelta(minutes=8))
        assert harness.sweep().timed_out == 2
        assert {harness.job(job.id).charged for job in stuck} == {0}
        harness.check_books()

    def test_sweeping_twice_changes_nothing_more(self) -> None:
        harness = CoreHarness()
        harness.submit()
        harness.clock.advance(timedelta(minutes=11))
        harness.sweep()
        spent = harness.wallet
        assert harness.sweep().timed_out == 0
        assert harness.wallet == spent
        harness.check_books()
