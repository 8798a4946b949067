from __future__ import annotations

import pytest

from darkroom.catalog_data import memes
from darkroom.domain.jobs.job import FailureCode, JobStatus, TaskState
from darkroom.domain.jobs.messages import TaskBusy, TaskMessage, TaskStep
from darkroom.domain.jobs.spec import ImageSpec, Input
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
    job = harness.submit("[[slow:500]]")
    ((message, _),) = harness.take_messages()
    harness.execute_task(message)
    assert harness.job(job.id).tasks[0].state is TaskState.WAITING
    assert [delay for _, delay in harness.take_messages()] == [500]


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
