"""A template's version remembers the fonts it was made with, whatever is uploaded afterwards."""

from __future__ import annotations

import pytest

from darkroom.domain.errors import InvalidParam, Unavailable
from darkroom.domain.fonts.font import MAX_PINNED, pinned
from darkroom.domain.writes import DeleteFont
from tests.unit.core.services.fonts.conftest import FontsHarness


def users(harness: FontsHarness, *fonts: object) -> list[int]:
    return [len(getattr(harness.stored(font), "users", ())) for font in fonts]  # type: ignore[arg-type]


def test_a_template_has_the_newest_of_the_families_it_names(harness: FontsHarness) -> None:
    old, new = harness.font(), harness.font()
    bold, other = harness.font(lightest=700, heaviest=700), harness.font("Other")
    template = harness.template(["Mine", "Inter"], "Anton")
    assert template.fonts == pinned([new, bold])
    assert users(harness, old, new, bold, other) == [0, 1, 1, 0]
    assert harness.core.manage_templates.get(harness.owner, template.id) == template


def test_an_upload_changes_no_template_that_is_there(harness: FontsHarness) -> None:
    old = harness.font()
    template = harness.template("Mine")
    new = harness.font()
    renamed = harness.change(template, name="Other name")
    assert renamed.fonts == template.fonts == pinned([old])
    changed = harness.change(renamed, "Mine", "Mine")
    assert changed.fonts == pinned([new])
    assert users(harness, old, new) == [0, 1]
    before = harness.core.templates.version(harness.owner, template.id, 1)
    assert before is not None
    assert before.fonts == pinned([old])


def test_a_template_without_the_family_lets_it_go(harness: FontsHarness) -> None:
    font = harness.font()
    template = harness.template("Mine")
    assert harness.change(template, "Inter").fonts == ()
    assert users(harness, font) == [0]


def test_a_family_that_is_not_ready_or_not_ours_is_refused(harness: FontsHarness) -> None:
    harness.announce("Pending")
    for family in ("Pending", "Nobodys"):
        with pytest.raises(InvalidParam) as refusal:
            harness.template("Inter", family)
        assert refusal.value.param == "elements.t1.fontFamily"


def test_a_template_has_so_many_fonts_and_no_more(harness: FontsHarness) -> None:
    for weight in range(MAX_PINNED + 1):
        harness.font(lightest=100 + weight, heaviest=100 + weight)
    with pytest.raises(InvalidParam) as refusal:
        harness.template("Mine")
    assert refusal.value.param == "document"


def test_a_font_deleted_while_a_template_is_made_with_it(harness: FontsHarness) -> None:
    font = harness.font()
    fonts = harness.fonts.list

    def meanwhile(owner: object) -> object:
        harness.fonts.list = fonts  # type: ignore[method-assign]
        found = fonts(owner)  # type: ignore[arg-type]
        harness.store.commit(DeleteFont(harness.owner, font.id))
        return found

    harness.fonts.list = meanwhile  # type: ignore[method-assign, assignment]
    with pytest.raises(Unavailable):
        harness.template("Mine")
    assert harness.memory.templates == {}


def test_templates_without_own_fonts_read_none(harness: FontsHarness) -> None:
    harness.calls.made.clear()
    harness.template("Inter", ["Anton", "Inter"])
    assert "fonts.list" not in harness.calls.made
