"""Jobs: what follows from the state of their tasks."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.catalog.routes import Queue, Route, Work
from darkroom.domain.jobs.job import (
    OPEN_STATUSES,
    TERMINAL_STATUSES,
    FailureCode,
    Job,
    JobStatus,
    Task,
    TaskState,
    new_tasks,
)
from tests.contract.examples import job


def in_states(*states: TaskState, **changes: object) -> Job:
    tasks = tuple(
        replace(task, state=state) for task, state in zip(new_tasks("j", len(states)), states, strict=True)
    )
    return replace(job(), tasks=tasks, **changes)  # type: ignore[arg-type]


def test_a_job_holds_and_counts_every_task_at_its_own_price() -> None:
    three = replace(job(), tasks=new_tasks("j", 3), unit_price=7, task_units=2)
    assert (three.held, three.units) == (21, 6)


@pytest.mark.parametrize(
    ("price", "units", "nothing"), [(0, 0, True), (1, 0, False), (0, 1, False), (1, 1, False)]
)
def test_what_is_free_and_not_counted_moves_nothing(price: int, units: int, nothing: bool) -> None:
    assert replace(job(), unit_price=price, task_units=units).moves_nothing is nothing


@pytest.mark.parametrize("status", JobStatus)
def test_a_job_is_open_or_terminal(status: JobStatus) -> None:
    assert replace(job(), status=status).terminal == (status in TERMINAL_STATUSES)
    assert (status in OPEN_STATUSES) != (status in TERMINAL_STATUSES)


def test_the_finished_tasks_are_those_that_ended_in_whatever_way() -> None:
    states = list(TaskState)
    finished = {states[index] for index in in_states(*states).finished}
    assert finished == {TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELED}


def test_what_was_delivered_for_nothing_is_not_paid() -> None:
    made = in_states(TaskState.SUCCEEDED, TaskState.SUCCEEDED, TaskState.FAILED, TaskState.CANCELED)
    free = replace(made, tasks=(replace(made.tasks[0], free=True), *made.tasks[1:]))
    assert [task.index for task in free.succeeded_tasks] == [0, 1]
    assert [task.index for task in free.paid_tasks] == [1]
    assert [task.index for task in free.failed_tasks] == [2]


@pytest.mark.parametrize("status", [JobStatus.FAILED, JobStatus.PARTIAL])
def test_the_weightiest_failure_of_an_ended_job_is_told(status: JobStatus) -> None:
    ended = in_states(TaskState.FAILED, TaskState.FAILED, TaskState.CANCELED, status=status)
    codes = (FailureCode.TIMED_OUT, FailureCode.INPUT_REJECTED, FailureCode.CONTENT_BLOCKED)
    tasks = tuple(replace(task, failure=code) for task, code in zip(ended.tasks, codes, strict=True))
    assert replace(ended, tasks=tasks).failure is FailureCode.INPUT_REJECTED
    assert replace(ended, tasks=tasks, status=JobStatus.PROCESSING).failure is None


def test_a_task_takes_the_route_it_is_on_and_never_one_that_is_not_there() -> None:
    routes = (Route("a", Queue.VENDORS), Route("b", Queue.VENDORS))
    routed = replace(job(), routes=routes)
    assert [routed.route_of(Task(0, "t", route=number)).engine for number in (0, 1, 2)] == ["a", "b", "b"]


def test_a_job_of_before_routes_has_the_one_it_names() -> None:
    old = replace(job(), routes=(), engine="a", engine_model="m", queue=Queue.RENDERS)
    assert old.ways == (Route("a", Queue.RENDERS, "m"),)
    assert old.route_of(Task(0, "t", route=3)) == old.ways[0]


@pytest.mark.parametrize(("kind", "text"), [(Work.REFINE, True), (Work.PLAN, True), (Work.IMAGE, False)])
def test_some_jobs_only_write(kind: str, text: bool) -> None:
    assert replace(job(), kind=kind).is_unlisted is text
