"""The sandbox as an engine: real pictures without a vendor, and a test bench through markers in the prompt.

What the markers do is documented for users in ``docs/sandbox.md``; here they become the outcomes a vendor has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from darkroom.domain.catalog import SANDBOX
from darkroom.domain.engine import Blocked, Broken, Finished, Order, OutcomeUnknown, Output, Pending, Rejected
from darkroom.ports import Clock
from darkroom_media.sandbox.brief import Brief, Reference
from darkroom_media.sandbox.images import BadImage
from darkroom_media.sandbox.markers import Markers, parse
from darkroom_media.sandbox.painter import paint
from darkroom_media.sandbox.words import enhance_prompt

MAX_CAPTION = 120
REFERENCE_ROLES = frozenset({"ref", "template", "logo", "style", "character"})


@dataclass(frozen=True, slots=True)
class SandboxEngine:
    """Paints orders. It costs nobody anything and always paints the same order the same way."""

    clock: Clock
    name: str = SANDBOX
    resubmit_safe: bool = True

    def start(self, order: Order) -> Finished | Pending:
        """Paint, or do what the prompt's markers ask for.

        Raises
        ------
        Blocked, Broken, Rejected, OutcomeUnknown
        """
        markers, prompt = parse(order.job.spec.prompt)
        _refuse(markers, order.task.index)
        ready_at = self.clock.now() + timedelta(seconds=markers.slow_seconds)
        if markers.lose:
            raise OutcomeUnknown("the answer was lost, as asked", handle=_handle(order, ready_at))
        if markers.slow_seconds:
            return Pending(_handle(order, ready_at), ready_at)
        return Finished(_painted(order, prompt))

    def poll(self, order: Order, handle: str) -> Finished | Pending:
        """Look the work up: done once its time has come.

        Raises
        ------
        Rejected
        """
        ready_at = datetime.fromisoformat(handle.partition("@")[2])
        if self.clock.now() < ready_at:
            return Pending(handle, ready_at)
        return Finished(_painted(order, parse(order.job.spec.prompt)[1]))

    def cancel(self, handle: str) -> None:
        """Nothing runs between polls, so there is nothing to stop."""

    def callback(self, headers: Mapping[str, str], body: bytes) -> str | None:  # noqa: ARG002
        """Prove nothing: the sandbox never calls back."""
        return None


def _refuse(markers: Markers, index: int) -> None:
    if markers.block:
        raise Blocked("blocked, as asked")
    if markers.fail_all or index in markers.fail_indexes:
        raise Broken("failed, as asked")


def _handle(order: Order, ready_at: datetime) -> str:
    return f"{order.reference}@{ready_at.isoformat()}"


def _painted(order: Order, prompt: str) -> Output:
    try:
        painting = paint(_brief(order, prompt))
    except BadImage as error:
        raise Rejected(f"unusable reference image: {error}") from error
    return Output(painting.data, painting.mime, painting.aspect_ratio)


def _brief(order: Order, prompt: str) -> Brief:
    spec, index = order.job.spec, order.task.index
    brand, settings = spec.brand, spec.settings
    wished = " ".join(part for part in (prompt, str(settings.get("template_prompt") or "")) if part)
    return Brief(
        prompt=_enhanced(wished, brand, spec.aspect_ratio) if settings.get("enhance") else wished,
        seed=f"{settings.get('seed', order.job.id)}:{index}",
        aspect_ratio=spec.aspect_ratio,
        style=spec.quality,
        references=tuple(
            Reference(material.role, material.data)
            for material in order.materials
            if material.role in REFERENCE_ROLES
        ),
        palette=tuple(str(colour) for colour in brand.get("brand_colors") or ()),
        caption=prompt[:MAX_CAPTION] if settings.get("format") == "meme" else None,
        brand=str(brand["company_name"]) if brand.get("company_name") else None,
        watermark=not order.job.owner.livemode,
    )


def _enhanced(prompt: str, brand: Mapping[str, Any], aspect_ratio: str) -> str:
    known = {name: value for name, value in brand.items() if isinstance(value, str)}
    return enhance_prompt(prompt, brand=known, aspect_ratio=aspect_ratio)
