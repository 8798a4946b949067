"""What is known of how a task went, for its operator and for the answer: never a prompt, never a key."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from darkroom.domain.renders.rendered import RenderWarning

type Figure = str | int | float


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorFacts:
    """How a task went at a vendor: ours first, then what the vendor said.

    ``started_at`` is when its last start began, in seconds since 1970; ``latency_ms`` is counted from there.
    ``route`` is the number of the route, ``starts`` how many starts were counted. ``error`` is the last failure's
    name, ``error_code`` and ``error_request_id`` the vendor's own words for it. ``figures`` are what the vendor
    counted, by the names its adapter gives: tokens, credits, milliseconds …
    """

    started_at: float | None = None
    vendor: str | None = None
    model: str | None = None
    route: int | None = None
    starts: int | None = None
    latency_ms: int | None = None
    error: str | None = None
    error_code: str | None = None
    error_request_id: str | None = None
    request_id: str | None = None
    figures: Mapping[str, Figure] = field(default_factory=dict)

    def updated(self, newer: VendorFacts) -> VendorFacts:
        """These facts with what ``newer`` says put in place."""
        said = {one: getattr(newer, one) for one in _SINGLE if getattr(newer, one) is not None}
        return replace(self, **said, figures={**self.figures, **newer.figures})


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderFacts:
    """A finished render: what names its content, how many milliseconds it took, its size in bytes, its warnings."""

    fields_hash: str
    render_ms: int
    upload_bytes: int
    warnings: tuple[RenderWarning, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedPayload:
    """What of a request could not be rendered: the path of a parameter."""

    param: str


type Facts = VendorFacts | RenderFacts | RefusedPayload

NO_FACTS = VendorFacts()

_SINGLE = tuple(one.name for one in fields(VendorFacts) if one.name != "figures")


def facts_class(document: Mapping[str, Any]) -> type[Facts]:
    """Which class the facts in a task's document are of."""
    facts = document["facts"]
    return RenderFacts if "hash" in facts else RefusedPayload if "param" in facts else VendorFacts


def updated(facts: Facts, newer: Facts | None) -> Facts:
    """A task's facts with newer ones: a vendor's add up, others replace what was there."""
    if isinstance(facts, VendorFacts) and isinstance(newer, VendorFacts):
        return facts.updated(newer)
    return facts if newer is None else newer
