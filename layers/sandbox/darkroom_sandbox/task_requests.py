"""Reads a task request for the makers: its seed, its inputs, and the brief a painter works from."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from darkroom.domain.jobs.engine import Output, TaskRequest
from darkroom.domain.jobs.spec import BrandProfile, ImageSpec, MediaSpec
from darkroom.domain.prompts.rewriting import enhance_prompt
from darkroom.domain.serialization import to_document
from darkroom_sandbox.brief import Brief, Reference
from darkroom_sandbox.scenery import DETAIL, KINDS

MAX_CAPTION: Final = 120

# Makes a request's output from the prompt, whose markers are gone. A ValueError means that it cannot be made.
type Maker = Callable[[TaskRequest, str], Output]


def seed_of(request: TaskRequest) -> str:
    """The seed of all chance: the one asked for, else the job's id; never the same for two outputs."""
    spec = request.job.spec
    seed = spec.seed if isinstance(spec, MediaSpec) and spec.seed is not None else request.job.id
    return f"{seed}:{request.task.index}"


def input_file(request: TaskRequest, role: str) -> bytes | None:
    """The first input with this role, if there is one."""
    return next((one.data for one in request.input_files if one.role == role), None)


def brief_of(request: TaskRequest, prompt: str, *, size: tuple[int, int] | None = None) -> Brief:
    """The brief for a request's picture. A quality the painter does not know is ``standard``."""
    spec = request.job.spec
    picture = spec if isinstance(spec, ImageSpec) else ImageSpec(prompt, spec.aspect_ratio)
    words = " ".join(part for part in (prompt, picture.template_prompt) if part)
    return Brief(
        prompt=_enhanced(words, spec.brand, spec.aspect_ratio) if picture.enhance else words,
        title=prompt.strip() or words,
        seed=seed_of(request),
        aspect_ratio=spec.aspect_ratio,
        size=size,
        style=spec.quality if spec.quality in DETAIL else "standard",
        references=references_of(request),
        palette=spec.brand.brand_colors,
        caption=prompt[:MAX_CAPTION] if picture.format == "meme" else None,
        brand=spec.brand.company_name or None,
        look=seed_of(request).rpartition(":")[0] if request.job.kind == "carousel" else None,
        watermark=not request.job.owner.livemode,
    )


def references_of(request: TaskRequest) -> tuple[Reference, ...]:
    """The inputs that are pictures to go by."""
    return tuple(Reference(one.role, one.data) for one in request.input_files if one.role in KINDS)


def _enhanced(prompt: str, brand: BrandProfile, aspect_ratio: str) -> str:
    known = {name: value for name, value in to_document(brand).items() if isinstance(value, str)}
    return enhance_prompt(prompt, brand=known, aspect_ratio=aspect_ratio)
