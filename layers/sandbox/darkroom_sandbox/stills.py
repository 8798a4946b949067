"""The still operations of the sandbox, each from an order to an output."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from darkroom.domain.jobs.engine import Output, TaskRequest
from darkroom.domain.jobs.engine_failures import Rejected
from darkroom_sandbox.brief import Brief, Painting, Reference
from darkroom_sandbox.painter import DETAIL, KINDS, MAX_AREA, MAX_SIDE, MIN_SIDE, edit, paint, reframe
from darkroom_sandbox.ratios import AUTO
from darkroom_sandbox.upscaling import upscale
from darkroom_sandbox.words import enhance_prompt

MAX_CAPTION: Final = 120

# Makes an order's output from the prompt, whose markers are gone. A ValueError means the order cannot be made.
type Maker = Callable[[TaskRequest, str], Output]


def prompt_of(order: TaskRequest) -> str:
    """The task's own prompt: one of ``prompts`` where the settings have them, else the job's."""
    prompts = order.job.spec.settings.get("prompts") or ()
    index = order.task.index
    return str(prompts[index]) if index < len(prompts) else order.job.spec.prompt


def seed_of(order: TaskRequest) -> str:
    """What chance hangs on: the seed asked for, else the job; never the same for two outputs."""
    return f"{order.job.spec.settings.get('seed', order.job.id)}:{order.task.index}"


def input_file(order: TaskRequest, role: str) -> bytes | None:
    """The first input with this role, if there is one."""
    return next((one.data for one in order.input_files if one.role == role), None)


def brief_of(order: TaskRequest, prompt: str, *, size: tuple[int, int] | None = None) -> Brief:
    """What the painter is asked for. A quality it does not know is ``standard``."""
    spec, brand, settings = order.job.spec, order.job.spec.brand, order.job.spec.settings
    wished = " ".join(part for part in (prompt, str(settings.get("template_prompt") or "")) if part)
    return Brief(
        prompt=_enhanced(wished, brand, spec.aspect_ratio) if settings.get("enhance") else wished,
        seed=seed_of(order),
        aspect_ratio=spec.aspect_ratio,
        size=size,
        style=spec.quality if spec.quality in DETAIL else "standard",
        references=_references(order),
        palette=tuple(str(colour) for colour in brand.get("brand_colors") or ()),
        caption=prompt[:MAX_CAPTION] if settings.get("format") == "meme" else None,
        brand=str(brand["company_name"]) if brand.get("company_name") else None,
        watermark=not order.job.owner.livemode,
    )


def _paint(order: TaskRequest, prompt: str) -> Output:
    return _output(paint(brief_of(order, prompt, size=_size(order))))


def _edit(order: TaskRequest, prompt: str) -> Output:
    ratio = order.job.spec.aspect_ratio
    return _output(
        edit(
            _source(order),
            prompt,
            seed=seed_of(order),
            mask=input_file(order, "mask"),
            references=_references(order),
            aspect_ratio=None if ratio in ("", AUTO) else ratio,
            size=_size(order),
            watermark=not order.job.owner.livemode,
        )
    )


def _reframe(order: TaskRequest, prompt: str) -> Output:  # noqa: ARG001
    return _output(
        reframe(
            _source(order),
            order.job.spec.aspect_ratio,
            seed=seed_of(order),
            watermark=not order.job.owner.livemode,
        )
    )


def _upscale(order: TaskRequest, prompt: str) -> Output:  # noqa: ARG001
    factor = order.job.spec.settings.get("factor", 2)
    return _output(upscale(_source(order), factor, watermark=not order.job.owner.livemode))


STILLS: Final[Mapping[str, Maker]] = {
    "image": _paint,
    "meme": _paint,
    "edit": _edit,
    "reframe": _reframe,
    "upscale": _upscale,
}


def _output(painting: Painting) -> Output:
    return Output(painting.data, painting.mime, painting.aspect_ratio)


def _source(order: TaskRequest) -> bytes:
    source = input_file(order, "source")
    if source is None:
        raise Rejected(f"{order.job.kind} needs a source picture")
    return source


def _references(order: TaskRequest) -> tuple[Reference, ...]:
    return tuple(Reference(one.role, one.data) for one in order.input_files if one.role in KINDS)


def _size(order: TaskRequest) -> tuple[int, int] | None:
    """The exact size in pixels that the settings ask for."""
    size = order.job.spec.settings.get("size")
    if size is None:
        return None
    width, height = (int(side) for side in size)
    if min(width, height) < MIN_SIDE or max(width, height) > MAX_SIDE or width * height > MAX_AREA:
        raise Rejected(f"a picture of {width} by {height} pixels cannot be made")
    return width, height


def _enhanced(prompt: str, brand: Mapping[str, Any], aspect_ratio: str) -> str:
    known = {name: value for name, value in brand.items() if isinstance(value, str)}
    return enhance_prompt(prompt, brand=known, aspect_ratio=aspect_ratio)
