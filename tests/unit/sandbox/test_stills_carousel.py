"""A carousel's slides in the sandbox: each shows its words, and each another picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from darkroom.domain.jobs.engine import Finished, Output
from darkroom.domain.jobs.job import new_tasks
from darkroom.domain.jobs.spec import Slide
from darkroom_sandbox.engine import SandboxEngine
from darkroom_sandbox.stills import STILLS
from tests.fakes import FakeClock
from tests.unit.sandbox.pictures import decoded, difference
from tests.unit.sandbox.task_requests import task_request

SLIDES = (
    Slide("hook", "5 cold brew myths", "a lake at dawn"),
    Slide("myth", "Myth 1: it is weak", "a lake at dawn"),
    Slide("cta", "", "a lake at dawn"),
)


def made(index: int, **settings: Any) -> Output:
    request = task_request("carousel", "Myths", ratio="4:5", slides=SLIDES, **settings)
    job = replace(request.job, tasks=new_tasks(request.job.id, len(SLIDES)))
    outcome = SandboxEngine(FakeClock(), STILLS).start(replace(request, job=job, task=job.tasks[index]))
    assert isinstance(outcome, Finished)
    assert isinstance(outcome.output, Output)
    return outcome.output


def test_every_slide_is_a_picture_of_its_own_in_the_sets_ratio() -> None:
    slides = [made(index) for index in range(len(SLIDES))]
    assert {slide.aspect_ratio for slide in slides} == {"4:5"}
    assert len({slide.data for slide in slides}) == len(SLIDES)
    assert made(0).data == slides[0].data


def test_a_slides_words_are_on_it() -> None:
    silent = (Slide("hook", "", SLIDES[0].visual_direction), *SLIDES[1:])
    request = task_request("carousel", "Myths", ratio="4:5", slides=silent)
    outcome = SandboxEngine(FakeClock(), STILLS).start(request)
    assert isinstance(outcome, Finished)
    assert isinstance(outcome.output, Output)
    said, unsaid = decoded(made(0).data), decoded(outcome.output.data)
    half = said.shape[0] // 2
    assert difference(said[half:], unsaid[half:]) > 1
    assert difference(said[: half // 2], unsaid[: half // 2]) < 0.5
