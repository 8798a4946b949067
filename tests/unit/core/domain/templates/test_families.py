"""Families: what ships is known to all, what a workspace has to its templates, what these have to payloads."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.errors import InvalidParam
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.families import own_families
from darkroom.domain.templates.payload import parse_payload
from tests.harness.template_making import document, element


def never() -> frozenset[str]:
    raise AssertionError("nobody needs to know")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"fontFamily": "Anton"},
        {"fontFamily": ["Anton", "Inter"]},
        {"runs": [{"text": "a", "fontFamily": "Inter"}]},
    ],
)
def test_what_ships_needs_nobody_asked(fields: dict[str, Any]) -> None:
    assert own_families(parse_definition(document(element(**fields)), never).elements) == {}


@pytest.mark.parametrize(
    ("fields", "path"),
    [
        ({"fontFamily": "Mine"}, "elements.it.fontFamily"),
        ({"fontFamily": ["Inter", "Mine"]}, "elements.it.fontFamily"),
        ({"runs": [{"text": "a"}, {"text": "b", "fontFamily": "Mine"}]}, "elements.it.runs.1.fontFamily"),
        ({"runs": [{"text": "a", "fontFamily": ["Mine", "Inter"]}]}, "elements.it.runs.0.fontFamily"),
    ],
)
def test_a_workspaces_own_must_be_known(fields: dict[str, Any], path: str) -> None:
    known = parse_definition(document(element(**fields)), lambda: {"Mine"})
    assert own_families(known.elements) == {"Mine": path}
    with pytest.raises(InvalidParam, match="or a font of the workspace's own") as refusal:
        parse_definition(document(element(**fields)), lambda: {"mine"})
    assert refusal.value.param == path


@pytest.mark.parametrize("family", [3, "", [], ["a"] * 6, ["Inter", 3], "x" * 65, {"a": 1}])
def test_what_is_no_family_is_refused(family: object) -> None:
    with pytest.raises(InvalidParam) as refusal:
        parse_definition(document(element(fontFamily=family)))
    assert (refusal.value.param or "").startswith("elements.it.fontFamily")


def test_a_payload_names_what_ships_and_what_the_template_was_made_with() -> None:
    template = parse_definition(document(element(fontFamily=["Inter", "Mine"])), lambda: {"Mine", "Other"})
    for family in ("Anton", "Mine", ["Mine", "Anton"]):
        assert parse_payload(template, {"it": {"runs": [{"text": "a", "fontFamily": family}]}})
    with pytest.raises(InvalidParam) as refusal:
        parse_payload(template, {"it": {"runs": [{"text": "a"}, {"text": "b", "fontFamily": "Other"}]}})
    assert refusal.value.param == "payload.it.runs.1.fontFamily"
