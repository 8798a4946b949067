"""The starters: whole without anything filled in, and everybody's own once seeded."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.catalog_data.starters import SLUGS, starters
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.templates.payload import parse_payload, sources
from tests.fakes.system import START

OWNER = Owner("w", livemode=True)


def test_there_are_seven_of_different_names_and_sizes() -> None:
    assert len(starters()) == len(SLUGS) == 7
    assert len({starter.name for starter in starters()}) == 7
    assert len({(it.document.canvas.width, it.document.canvas.height) for it in starters()}) == 7


def test_an_owner_has_each_once_however_often_it_is_seeded() -> None:
    ids = [starter.template(OWNER, START).id for starter in starters()]
    assert ids == [starter.template(OWNER, START).id for starter in starters()]
    others = [
        starter.template(owner, START).id
        for starter in starters()
        for owner in (Owner("w", livemode=False), Owner("v", livemode=True))
    ]
    assert len({*ids, *others}) == 21


@pytest.mark.parametrize("starter", starters(), ids=lambda starter: starter.slug)
def test_a_starter_needs_nothing_from_elsewhere(starter: Any) -> None:
    assert sources(starter.document, {}) == ()


@pytest.mark.parametrize("starter", starters(), ids=lambda starter: starter.slug)
def test_what_a_starter_says_can_be_said_by_a_payload(starter: Any) -> None:
    said = {
        element.id: {field: getattr(element, field)}
        for element in starter.document.every()
        for field in ("text", "value")
        if hasattr(element, field)
    }
    assert said
    assert set(parse_payload(starter.document, said)) == set(said)
