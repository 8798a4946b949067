"""The still operations of the sandbox, each from a task request to an output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from darkroom.domain.jobs.engine import Output, TaskRequest
from darkroom.domain.jobs.engine_failures import Rejected
from darkroom.domain.jobs.spec import CarouselSpec, ImageSpec, StoryboardSpec
from darkroom_sandbox.brief import Painting
from darkroom_sandbox.editing.edits import edit
from darkroom_sandbox.markers import parse
from darkroom_sandbox.painter import paint
from darkroom_sandbox.ratios import AUTO
from darkroom_sandbox.reframing import reframe
from darkroom_sandbox.scenery import MAX_AREA, MAX_SIDE, MIN_SIDE
from darkroom_sandbox.storyboards import paint_storyboard
from darkroom_sandbox.task_requests import Maker, brief_of, input_file, references_of, seed_of
from darkroom_sandbox.upscaling import upscale


def _paint(request: TaskRequest, prompt: str) -> Output:
    return _output(paint(brief_of(request, prompt, size=_size(request))))


def _edit(request: TaskRequest, prompt: str) -> Output:
    ratio = request.job.spec.aspect_ratio
    return _output(
        edit(
            _source(request),
            prompt,
            seed=seed_of(request),
            mask=input_file(request, "mask"),
            references=references_of(request),
            aspect_ratio=None if ratio in ("", AUTO) else ratio,
            size=_size(request),
            watermark=not request.job.owner.livemode,
        )
    )


def _reframe(request: TaskRequest, prompt: str) -> Output:  # noqa: ARG001
    return _output(
        reframe(
            _source(request),
            request.job.spec.aspect_ratio,
            seed=seed_of(request),
            watermark=not request.job.owner.livemode,
        )
    )


def _upscale(request: TaskRequest, prompt: str) -> Output:  # noqa: ARG001
    factor = request.job.spec_as(ImageSpec).factor or 2
    return _output(upscale(_source(request), factor, watermark=not request.job.owner.livemode))


def _slide(request: TaskRequest, prompt: str) -> Output:  # noqa: ARG001
    slide = request.job.spec_as(CarouselSpec).slides[request.task.index]
    shown, said = parse(slide.visual_direction)[1], parse(slide.on_image_text)[1]
    return _output(
        paint(replace(brief_of(request, shown or said), title=said or shown, headline=said or None))
    )


def _storyboard(request: TaskRequest, prompt: str) -> Output:
    return _output(paint_storyboard(request.job.spec_as(StoryboardSpec), brief_of(request, prompt)))


STILLS: Final[Mapping[str, Maker]] = {
    "image": _paint,
    "meme": _paint,
    "storyboard": _storyboard,
    "carousel": _slide,
    "edit": _edit,
    "reframe": _reframe,
    "upscale": _upscale,
}


def _output(painting: Painting) -> Output:
    return Output(painting.data, painting.mime, painting.aspect_ratio)


def _source(request: TaskRequest) -> bytes:
    source = input_file(request, "source")
    if source is None:
        raise Rejected(f"{request.job.kind} needs a source picture")
    return source


def _size(request: TaskRequest) -> tuple[int, int] | None:
    """The exact size in pixels that is asked for."""
    size = request.job.spec_as(ImageSpec).size
    if size is None:
        return None
    width, height = (int(side) for side in size)
    if min(width, height) < MIN_SIDE or max(width, height) > MAX_SIDE or width * height > MAX_AREA:
        raise Rejected(f"a picture of {width} by {height} pixels cannot be made")
    return width, height
