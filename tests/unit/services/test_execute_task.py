from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.catalog_data import memes
from darkroom.domain.errors import AlreadyFinished, NotFound
from darkroom.domain.jobs import FailureCode, Input, JobStatus, Spec, TaskState
from darkroom.ports import TaskMessage
from darkroom.services.execute_task import TaskBusy
from darkroom.services.submit_job import Submission
from tests.fakes.world import LEASE, World


def test_one_image_costs_three_calls() -> None:
    world = World()
    world.submit()
    world.calls.made.clear()
    world.work()
    assert world.calls.made == ["jobs.claim", "blobs.put", "store.commit"]


def test_outputs_are_stored_listed_and_charged() -> None:
    world = World(credits=10)
    job = world.submit(count=4)
    world.work()
    done = world.job(job.id)
    assert (done.status, done.charged) == (JobStatus.SUCCEEDED, 4)
    assert set(world.fake_blobs.objects) == {t.asset.storage_key for t in done.tasks if t.asset}
    assert len(world.memory.assets) == 4
    assert (world.wallet.available, world.wallet.spent) == (6, 4)
    world.check_books()


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
    world = World()
    job = world.submit(prompt, count)
    world.work()
    done = world.job(job.id)
    assert (done.status, done.charged, done.failure) == (status, charged, failure)
    assert world.wallet.spent == charged
    world.check_books()


def test_a_lost_answer_is_looked_up_and_never_sent_again() -> None:
    world = World(resubmit_safe=False)
    world.submit("[[lose]]")
    world.work()
    assert list(world.engine.starts.values()) == [1]
    assert sum(world.engine.polls.values()) >= 1


def test_what_cannot_be_looked_up_is_sent_twice_at_most_and_charged_once() -> None:
    world = World(resubmit_safe=False)
    world.engine.lose_without_trace = 99
    job = world.submit()
    world.work()
    assert list(world.engine.starts.values()) == [2]
    assert world.job(job.id).status is JobStatus.FAILED
    assert world.wallet.spent == 0
    world.check_books()


def test_an_unknown_outcome_may_still_turn_out_well() -> None:
    world = World(resubmit_safe=False)
    world.engine.lose_without_trace = 1
    job = world.submit()
    world.work()
    assert (world.job(job.id).status, world.wallet.spent) == (JobStatus.SUCCEEDED, 1)


def test_a_busy_engine_is_asked_again_when_it_says_and_costs_no_attempt() -> None:
    world = World(resubmit_safe=False)
    world.engine.busy = 5
    job = world.submit()
    ((message, _),) = world.take_messages()
    world.execute_task(message)
    ((_, delay),) = world.take_messages()
    assert 7 <= delay <= 9
    assert world.job(job.id).tasks[0].attempts == 0
    world.execute_task(message)
    assert not world.engine.starts
    world.clock.advance(delay)
    world.execute_task(message)
    world.work()
    assert world.job(job.id).status is JobStatus.SUCCEEDED


def test_a_blocked_prompt_is_not_sent_for_the_other_variants() -> None:
    world = World()
    world.submit("[[block]]", count=4)
    world.work()
    assert sum(world.engine.starts.values()) == 1


def test_a_slow_task_is_polled_by_delayed_messages_and_never_waited_for() -> None:
    world = World()
    job = world.submit("[[slow:900]]")
    ((message, _),) = world.take_messages()
    world.execute_task(message)
    assert world.job(job.id).tasks[0].state is TaskState.WAITING
    assert [delay for _, delay in world.take_messages()] == [900]


def test_an_input_that_cannot_be_fetched_fails_the_job_and_refunds() -> None:
    world = World()
    spec = Spec("x", "1:1", inputs=(Input("ref", "https://gone.example/x.png"),))
    job = world.submit_job(world.caller(), Submission(memes.IMAGE, spec))
    world.work()
    assert world.job(job.id).failure is FailureCode.INPUT_REJECTED
    assert world.wallet.spent == 0


def test_inputs_reach_the_engine() -> None:
    world = World()
    world.fetcher.pages["https://there.example/x.png"] = b"bytes"
    spec = Spec("x", "1:1", inputs=(Input("ref", "https://there.example/x.png"),))
    job = world.submit_job(world.caller(), Submission(memes.IMAGE, spec))
    world.work()
    assert world.job(job.id).status is JobStatus.SUCCEEDED
    assert world.engine.taken == [("ref", b"bytes")]


def test_a_task_under_a_lease_is_left_alone_until_it_runs_out() -> None:
    world = World()
    job = world.submit()
    ((message, _),) = world.take_messages()
    now = world.clock.now()
    world.jobs.claim(world.owner, job.id, 0, now=now, lease_until=now + LEASE)
    with pytest.raises(TaskBusy):
        world.execute_task(message)
    world.clock.advance(LEASE)
    world.execute_task(message)
    assert world.job(job.id).status is JobStatus.SUCCEEDED


def test_a_message_about_nothing_is_dropped() -> None:
    world = World()
    world.execute_task(TaskMessage(world.owner, "01950000-0000-7000-8000-00000000ffff", 0))
    world.execute_task(TaskMessage(world.owner, "01950000-0000-7000-8000-00000000ffff", 0, "cancel"))


def test_canceling_refunds_tells_the_engine_and_drops_the_late_result() -> None:
    world = World()
    job = world.submit("[[slow:60]]", count=2)
    messages = world.take_messages()
    for message, _ in messages:
        world.execute_task(message)
    polls = world.take_messages()
    world.cancel_job(world.caller(), job.id)
    assert (world.job(job.id).status, world.wallet.held, world.wallet.spent) == (JobStatus.CANCELED, 0, 0)
    world.work()
    assert len(world.engine.canceled) == 2
    world.clock.advance(60)
    for message, _ in polls:
        world.execute_task(message)
    assert not world.fake_blobs.objects
    assert not world.memory.assets
    world.check_books()


def test_a_result_that_comes_after_the_cancel_is_deleted_and_not_charged() -> None:
    world = World()
    job = world.submit()
    ((message, _),) = world.take_messages()
    paint = world.engine.start

    def cancel_meanwhile(order: object) -> object:
        world.cancel_job(world.caller(), job.id)
        return paint(order)  # type: ignore[arg-type]

    world.engine.start = cancel_meanwhile  # type: ignore[assignment,method-assign]
    world.execute_task(message)
    assert world.job(job.id).status is JobStatus.CANCELED
    assert not world.fake_blobs.objects
    assert world.wallet.spent == 0
    world.check_books()


def test_cancel_refuses_what_has_ended_and_what_is_not_there() -> None:
    world = World()
    job = world.submit()
    world.work()
    with pytest.raises(AlreadyFinished):
        world.cancel_job(world.caller(), job.id)
    with pytest.raises(NotFound):
        world.cancel_job(world.caller(), "01950000-0000-7000-8000-00000000ffff")


def test_canceling_between_outputs_charges_what_exists() -> None:
    world = World()
    job = world.submit("a kite", count=3)
    (first, _), *_ = world.take_messages()
    world.execute_task(first)
    world.cancel_job(world.caller(), job.id)
    done = world.job(job.id)
    assert (done.status, done.charged, world.wallet.spent, world.wallet.held) == (JobStatus.CANCELED, 1, 1, 0)


class TestSweep:
    def test_a_queued_job_nobody_took_is_queued_again(self) -> None:
        world = World()
        job = world.submit(count=2)
        world.take_messages()
        world.clock.advance(timedelta(minutes=3))
        assert world.sweep().requeued == 1
        world.work()
        assert world.job(job.id).status is JobStatus.SUCCEEDED

    def test_a_running_task_whose_worker_died_is_taken_over(self) -> None:
        world = World()
        job = world.submit()
        world.take_messages()
        now = world.clock.now()
        world.jobs.claim(world.owner, job.id, 0, now=now, lease_until=now + LEASE)
        world.clock.advance(timedelta(minutes=4))
        world.sweep()
        world.work()
        assert world.job(job.id).status is JobStatus.SUCCEEDED

    def test_a_waiting_task_whose_poll_was_lost_is_polled(self) -> None:
        world = World()
        job = world.submit("[[slow:30]]")
        world.execute_task(world.take_messages()[0][0])
        world.take_messages()
        world.clock.advance(timedelta(minutes=4))
        world.sweep()
        world.work()
        assert world.job(job.id).status is JobStatus.SUCCEEDED

    def test_past_its_deadline_a_job_ends_and_its_hold_expires(self) -> None:
        world = World(credits=10)
        job = world.submit(count=2)
        (first, _), *_ = world.take_messages()
        world.execute_task(first)
        world.clock.advance(timedelta(minutes=11))
        assert world.sweep().timed_out == 1
        done = world.job(job.id)
        assert (done.status, done.failure, done.charged) == (JobStatus.PARTIAL, FailureCode.TIMED_OUT, 1)
        assert (world.wallet.available, world.wallet.held, world.wallet.spent) == (9, 0, 1)
        world.check_books()

    def test_a_worker_that_is_still_at_it_is_not_cut_off(self) -> None:
        world = World()
        job = world.submit()
        world.clock.advance(timedelta(minutes=9, seconds=50))
        now = world.clock.now()
        world.jobs.claim(world.owner, job.id, 0, now=now, lease_until=now + LEASE)
        world.clock.advance(timedelta(seconds=30))
        world.sweep()
        assert not world.job(job.id).terminal

    def test_sweeping_twice_changes_nothing_more(self) -> None:
        world = World()
        world.submit()
        world.clock.advance(timedelta(minutes=11))
        world.sweep()
        spent = world.wallet
        assert world.sweep().timed_out == 0
        assert world.wallet == spent
        world.check_books()
