"""What `docs/templates.md` shows and says holds."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from darkroom.catalog_data.starters import starters
from darkroom.domain.templates.definition import json_schema, parse_definition
from darkroom.domain.templates.payload import parse_payload
from tools.paths import ROOT

GUIDE = (ROOT / "docs/templates.md").read_text("utf-8")
SCHEMA = json_schema()
KINDS = [name for name, it in SCHEMA["$defs"].items() if "id" in it.get("properties", {})]
EXAMPLES = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)]


def test_its_examples_are_accepted() -> None:
    document, payload, *others = EXAMPLES
    assert all(parse_definition(other) for other in others)
    assert set(parse_payload(parse_definition(document), payload)) == {
        it["id"] for it in document["elements"]
    }


@pytest.mark.parametrize("definition", ["Canvas", *KINDS])
def test_it_names_every_field(definition: str) -> None:
    fields: dict[str, Any] = SCHEMA["$defs"][definition]["properties"]
    headings = {"Canvas": "Canvas", "TextRun": "Runs"}
    heading = f"## {headings.get(definition) or definition.removesuffix('Element').lower()}\n"
    section = GUIDE.split(heading)[1].split("\n## ")[0]
    common = GUIDE.split("## What every element has\n")[1].split("\n## ")[0]
    assert {field for field in fields if f"`{field}`" not in section + common} == set()


def test_its_pictures_are_of_every_starter() -> None:
    assert re.findall(r"images/templates/([a-z-]+)\.png", GUIDE) == [starter.slug for starter in starters()]


@pytest.mark.parametrize("starter", starters(), ids=lambda starter: starter.slug)
def test_the_picture_of_a_starter_is_there_and_light(starter: Any) -> None:
    picture = ROOT / f"docs/images/templates/{starter.slug}.png"
    assert picture.read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"
    assert picture.stat().st_size <= 150_000
