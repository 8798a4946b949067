from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.assets import Asset, AssetType
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, TaskState, new_tasks, task_id
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.domain.serialization import from_document, to_document

NOW = datetime(2026, 6, 18, 12, 0, 0, 123456, tzinfo=UTC)
OWNER = Owner("018f4e9a-0000-7000-8000-000000000001", True)
JOB_ID = "018f4e9a-0000-7000-8000-000000000002"


def job(count: int = 3, price: int = 2) -> Job:
    return Job(
        id=JOB_ID,
        owner=OWNER,
        key_id="k",
        dialect="memes",
        kind="image",
        offer_id="memes.image",
        model="forge-image",
        collection="image",
        feature=Feature.IMAGES,
        engine="sandbox",
        engine_model="",
        queue=Queue.SANDBOX,
        spec=ImageSpec("a red kite", "1:1"),
        unit_price=price,
        tasks=new_tasks(JOB_ID, count),
        created_at=NOW,
        deadline_at=NOW + timedelta(minutes=10),
        check_at=NOW + timedelta(minutes=2),
    )


def asset(index: int) -> Asset:
    return Asset(
        task_id(JOB_ID, index), OWNER, "image", AssetType.IMAGE, f"media/{index}.png", "image/png", 10,
        "1:1", "forge-image", NOW, JOB_ID,
    )  # fmt: skip


def succeed(current: Job, index: int) -> Job:
    return transitions.task_succeeded(current, index, asset(index), NOW)


def fail(current: Job, index: int, code: FailureCode = FailureCode.FAILED) -> Job:
    return transitions.task_failed(current, index, code, NOW)


@given(st.permutations(range(4)), st.sets(st.integers(0, 3)))
def test_the_end_does_not_depend_on_the_order(order: list[int], bad: set[int]) -> None:
    current = job(4)
    for index in order:
        assert not current.terminal
        current = fail(current, index) if index in bad else succeed(current, index)
    assert current.terminal
    assert current.charged == 2 * (4 - len(bad))
    expected = {0: JobStatus.SUCCEEDED, 4: JobStatus.FAILED}.get(len(bad), JobStatus.PARTIAL)
    assert current.status is expected


def test_a_job_is_processing_between_its_first_and_last_task() -> None:
    assert succeed(job(), 0).status is JobStatus.PROCESSING


def test_canceling_keeps_and_charges_what_exists() -> None:
    ended = transitions.canceled(succeed(job(), 1), NOW)
    assert ended.status is JobStatus.CANCELED
    assert ended.charged == 2
    assert [task.state for task in ended.tasks] == [
        TaskState.CANCELED, TaskState.SUCCEEDED, TaskState.CANCELED
    ]  # fmt: skip


def test_timing_out_charges_only_what_was_delivered() -> None:
    ended = transitions.timed_out(succeed(job(), 0), NOW)
    assert (ended.status, ended.charged, ended.failure) == (JobStatus.PARTIAL, 2, FailureCode.TIMED_OUT)
    assert transitions.timed_out(job(), NOW).status is JobStatus.FAILED


def test_the_weightiest_failure_is_told() -> None:
    current = fail(fail(fail(job(), 0), 1, FailureCode.CONTENT_BLOCKED), 2, FailureCode.TIMED_OUT)
    assert current.failure is FailureCode.CONTENT_BLOCKED


def test_an_open_job_has_no_failure_yet() -> None:
    assert fail(job(), 0).failure is None


def test_task_ids_follow_from_the_job() -> None:
    assert task_id(JOB_ID, 0) == task_id(JOB_ID, 0) != task_id(JOB_ID, 1)


@pytest.mark.parametrize("current", [job(), succeed(job(), 0), transitions.canceled(succeed(job(), 2), NOW)])
def test_a_document_holds_all_of_a_job(current: Job) -> None:
    assert from_document(Job, to_document(current)) == current


def test_parked_tasks_survive_the_document() -> None:
    parked = replace(job().tasks[0], state=TaskState.WAITING, handle="h", poll_at=NOW, attempts=1)
    current = replace(job(), tasks=(parked, *job().tasks[1:]))
    assert from_document(Job, to_document(current)) == current
