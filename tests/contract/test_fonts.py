"""Fonts, and which templates have them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.writes import DeleteFont, ReleaseFont, SaveFont, UseFont, Write, WriteRefused
from tests.contract.conftest import Ports
from tests.contract.examples import OWNER, STRANGER, TEST_OWNER, font, object_id


def refused(ports: Ports, write: Write) -> object:
    with pytest.raises(WriteRefused) as refusal:
        ports.store.commit(write)
    return refusal.value.current


def test_a_font_comes_back_as_it_was_saved_to_its_owner_alone(ports: Ports) -> None:
    ports.store.commit(SaveFont(font(1)))
    assert ports.fonts.get(OWNER, object_id(1)) == font(1)
    assert ports.fonts.get(STRANGER, object_id(1)) is None
    assert ports.fonts.get(TEST_OWNER, object_id(1)) is None
    assert refused(ports, SaveFont(font(1))) == font(1)


def test_fonts_are_listed_the_oldest_first_and_only_ones_own(ports: Ports) -> None:
    for number in (3, 1, 2):
        ports.store.commit(SaveFont(font(number)))
    ports.store.commit(SaveFont(replace(font(4), owner=STRANGER)))
    assert ports.fonts.list(OWNER) == (font(1), font(2), font(3))
    assert ports.fonts.list(TEST_OWNER) == ()


def test_a_font_that_a_template_has_is_not_deleted(ports: Ports) -> None:
    ports.store.commit(SaveFont(font(1)))
    for template in ("a", "b", "a"):
        ports.store.commit(UseFont(OWNER, object_id(1), template))
    used = replace(font(1), users=frozenset({"a", "b"}))
    assert ports.fonts.get(OWNER, object_id(1)) == used
    assert ports.fonts.list(OWNER) == (used,)
    assert refused(ports, DeleteFont(OWNER, object_id(1))) == used
    for template in ("a", "a", "b", "c"):
        ports.store.commit(ReleaseFont(OWNER, object_id(1), template))
    ports.store.commit(DeleteFont(OWNER, object_id(1)))
    assert ports.fonts.list(OWNER) == ()


def test_what_is_not_there_is_neither_used_nor_released_nor_deleted(ports: Ports) -> None:
    for write in (
        UseFont(OWNER, object_id(1), "a"),
        ReleaseFont(OWNER, object_id(1), "a"),
        DeleteFont(OWNER, object_id(1)),
    ):
        assert refused(ports, write) is None
    assert ports.fonts.get(OWNER, object_id(1)) is None
