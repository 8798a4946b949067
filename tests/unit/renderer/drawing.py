"""Draws small templates in tests."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.payload import parse_payload
from darkroom.domain.templates.template import Template
from darkroom_renderer.renderer import PngRenderer

URL = "https://pictures.example/one"
WHEN = datetime(2026, 1, 1, tzinfo=UTC)


def template(*elements: Mapping[str, Any], version: int = 1, **canvas: Any) -> Template:
    """A template of these elements on a canvas of 240 by 160 px, if nothing else is said."""
    document = parse_definition(
        {"canvas": {"width": 240, "height": 160} | canvas, "elements": list(elements)}
    )
    return Template("6f3f8a1e", Owner("studio", True), "Card", version, document, WHEN, WHEN)


def element(kind: str, **fields: Any) -> dict[str, Any]:
    """An element in the middle of that canvas, named after its type."""
    return {"id": kind, "type": kind, "x": 20, "y": 20, "width": 200, "height": 120} | fields


def rendered(
    drawn: Template,
    payload: Mapping[str, Any] | None = None,
    pictures: Mapping[str, bytes] | None = None,
    *,
    ratio: float = 1,
    watermark: bool = False,
    renderer: PngRenderer | None = None,
) -> bytes:
    """The PNG of a template, by a renderer that has drawn nothing before if none is given."""
    filled = parse_payload(drawn.document, dict(payload or {}))
    return (renderer or PngRenderer()).render(drawn, filled, pictures or {}, ratio, watermark=watermark).data
