"""Slides seen one by one: each in a state of its own, charged with the set."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from darkroom.domain.carousels.slide_view import slide_views
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, TaskState
from darkroom.domain.jobs.spec import CarouselSpec, Slide
from tests.contract.examples import MINUTE, NOW, asset, job


def carousel(**changes: Any) -> Job:
    slides = tuple(Slide("", str(number), "") for number in range(3))
    return job(
        tasks=3, kind="carousel", spec=CarouselSpec("c", "4:5", slides=slides), unit_price=1, **changes
    )


def test_each_slide_is_a_job_of_one_task_in_its_own_state() -> None:
    fresh = carousel()
    made = asset(created_at=NOW + MINUTE)
    mixed = transitions.task_succeeded(fresh, 0, made, NOW)
    mixed = transitions.task_failed(mixed, 1, FailureCode.CONTENT_BLOCKED, NOW)
    running = replace(mixed.tasks[2], state=TaskState.RUNNING)
    mixed = replace(mixed, tasks=(*mixed.tasks[:2], running))
    views = slide_views(mixed)
    assert [view.id for view in views] == [task.id for task in fresh.tasks]
    assert [view.status for view in views] == [JobStatus.SUCCEEDED, JobStatus.FAILED, JobStatus.PROCESSING]
    assert [view.failure for view in views] == [None, FailureCode.CONTENT_BLOCKED, None]
    assert [view.completed_at for view in views] == [NOW + MINUTE, None, None]
    assert [view.charged for view in views] == [0, 0, 0], "nothing is charged before the set ends"

    ended = transitions.task_failed(mixed, 2, FailureCode.FAILED, NOW + 2 * MINUTE)
    assert [view.charged for view in slide_views(ended)] == [1, 0, 0]
    assert [view.completed_at for view in slide_views(ended)] == [NOW + MINUTE, *[NOW + 2 * MINUTE] * 2]


def test_what_was_canceled_is_canceled() -> None:
    stopped = transitions.canceled(carousel(), NOW)
    assert {view.status for view in slide_views(stopped)} == {JobStatus.CANCELED}
    waiting = replace(carousel().tasks[0], state=TaskState.WAITING)
    assert slide_views(replace(carousel(), tasks=(waiting,)))[0].status is JobStatus.PROCESSING
    assert slide_views(carousel())[0].status is JobStatus.QUEUED
