"""Warnings say enough to act on, and never more than fits the answer of a batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.facts import RenderFacts
from darkroom.domain.renders.rendered import Rendered, RenderWarning
from darkroom.domain.renders.warnings import MOST_CHARACTERS, MOST_WARNINGS, bounded, missing_glyphs
from darkroom.domain.serialization import from_document, to_document

WARNING = missing_glyphs("headline", "\U00012000\ua997\U00012000")


def test_every_character_is_named_once_by_itself_and_by_its_number() -> None:
    assert (
        RenderWarning(
            "headline", "missing_glyphs", "No font has a glyph for U+12000, U+A997.", "\U00012000\ua997"
        )
        == WARNING
    )


def test_of_many_characters_the_first_are_named_and_the_others_counted() -> None:
    warning = missing_glyphs("e", "".join(map(chr, range(0x12000, 0x12400))))
    assert len(warning.characters) == MOST_CHARACTERS
    assert warning.message.endswith(f"U+1200B and {0x400 - MOST_CHARACTERS} more.")


def test_a_picture_has_a_few_warnings_each_once() -> None:
    many = [missing_glyphs(f"e{number}", "\U00012000") for number in range(200)]
    assert bounded([WARNING, WARNING, *many]) == (WARNING, *many[: MOST_WARNINGS - 1])


def test_what_is_remembered_of_a_render_has_its_warnings_and_reads_without() -> None:
    facts = RenderFacts(fields_hash="a", render_ms=1, upload_bytes=2)
    kept = Rendered(Owner("w", True), "t", 1, "p", "a", "k", 2, 1, datetime(2026, 1, 1, tzinfo=UTC))
    for thing in (facts, kept):
        assert "warnings" not in to_document(thing)
        warned = replace(thing, warnings=(WARNING,))
        assert from_document(type(thing), to_document(thing)) == thing
        assert from_document(type(thing), to_document(warned)) == warned
