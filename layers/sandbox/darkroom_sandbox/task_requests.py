"""Reads a task request for the makers: its prompt, its seed, its inputs, and the brief a painter works from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from darkroom.domain.jobs.engine import Output, TaskRequest
from darkroom.domain.prompts.rewriting import enhance_prompt
from darkroom_sandbox.brief import Brief, Reference
from darkroom_sandbox.scenery import DETAIL, KINDS

MAX_CAPTION: Final = 120

# Makes a request's output from the prompt, whose markers are gone. A ValueError means that it cannot be made.
type Maker = Callable[[TaskRequest, str], Output]


def prompt_of(request: TaskRequest) -> str:
    """The task's own prompt: one of ``prompts`` where the settings have them, else the job's."""
    prompts = request.job.spec.settings.get("prompts") or ()
    index = request.task.index
    return str(prompts[index]) if index < len(prompts) else request.job.spec.prompt


def seed_of(request: TaskRequest) -> str:
    """The seed of all chance: the one asked for, else the job's id; never the same for two outputs."""
    return f"{request.job.spec.settings.get('seed', request.job.id)}:{request.task.index}"


def input_file(request: TaskRequest, role: str) -> bytes | None:
    """The first input with this role, if there is one."""
    return next((one.data for one in request.input_files if one.role == role), None)


def brief_of(request: TaskRequest, prompt: str, *, size: tuple[int, int] | None = None) -> Brief:
    """The brief for a request's picture. A quality the painter does not know is ``standard``."""
    spec, brand, settings = request.job.spec, request.job.spec.brand, request.job.spec.settings
    words = " ".join(part for part in (prompt, str(settings.get("template_prompt") or "")) if part)
    return Brief(
        prompt=_enhanced(words, brand, spec.aspect_ratio) if settings.get("enhance") else words,
        seed=seed_of(request),
        aspect_ratio=spec.aspect_ratio,
        size=size,
        style=spec.quality if spec.quality in DETAIL else "standard",
        references=references_of(request),
        palette=tuple(str(colour) for colour in brand.get("brand_colors") or ()),
        caption=prompt[:MAX_CAPTION] if settings.get("format") == "meme" else None,
        brand=str(brand["company_name"]) if brand.get("company_name") else None,
        watermark=not request.job.owner.livemode,
    )


def references_of(request: TaskRequest) -> tuple[Reference, ...]:
    """The inputs that are pictures to go by."""
    return tuple(Reference(one.role, one.data) for one in request.input_files if one.role in KINDS)


def _enhanced(prompt: str, brand: Mapping[str, Any], aspect_ratio: str) -> str:
    known = {name: value for name, value in brand.items() if isinstance(value, str)}
    return enhance_prompt(prompt, brand=known, aspect_ratio=aspect_ratio)
