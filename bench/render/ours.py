"""The renderer, as a process like its peers: ``python -m bench.render.ours inputs.json``."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.render.card import AVATAR_URL, DOCUMENT, payload
from bench.render.serving import inputs, serve
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.payload import parse_payload
from darkroom.domain.templates.template import Template
from darkroom_renderer.renderer import PngRenderer


def main() -> None:
    when = datetime(2026, 1, 1, tzinfo=UTC)
    document = parse_definition(DOCUMENT)
    template = Template("bench", Owner("bench", True), "Card", 1, document, when, when)
    pictures = {AVATAR_URL: Path(inputs()["avatar"]).read_bytes()}
    renderer = PngRenderer()

    def draw(card: dict[str, Any], by: PngRenderer = renderer) -> bytes:
        return by.render(template, parse_payload(document, payload(card)), pictures, 1, watermark=False).data

    serve(draw, cold=lambda card: draw(card, PngRenderer()))


if __name__ == "__main__":
    main()
