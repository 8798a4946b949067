"""Fonts are announced, judged once, listed with their versions, and deleted when no template has them."""

from __future__ import annotations

import pytest

from darkroom.domain.errors import FeatureQuotaExceeded, InUse, InvalidParam, NotFound
from darkroom.domain.files.file import FileStatus, Rejection, UnusableFile
from darkroom.domain.files.uploads import upload_key
from darkroom.domain.fonts.font import MAX_FONTS
from darkroom.domain.paging import PageRequest
from darkroom.services.files.ingest_upload import Ingested
from tests.unit.core.services.fonts.conftest import DATA, STRANGER, FontsHarness


def test_an_upload_becomes_a_font_of_its_files_id(harness: FontsHarness) -> None:
    file = harness.announce()
    assert harness.core.manage_fonts.get(harness.owner, file.id).font is None
    assert [harness.ingest(file) for _ in range(2)] == [Ingested.READY, Ingested.SETTLED_BEFORE]
    shown = harness.core.manage_fonts.get(harness.owner, file.id)
    assert shown.font is not None
    assert (shown.file.status, shown.font.facts.family, shown.font.version) == (FileStatus.READY, "Mine", 1)
    assert (shown.font.mime, shown.font.size) == ("font/ttf", len(b"clean " + DATA))
    assert harness.blobs.get(shown.font.storage_key) == b"clean " + DATA
    assert list(harness.blobs.objects) == [shown.font.storage_key]
    assert harness.memory.assets == {}
    assert harness.core.files.usage(harness.owner).stored_bytes == shown.font.size


def test_the_same_family_again_is_its_next_version(harness: FontsHarness) -> None:
    first, bold = harness.font(), harness.font(lightest=700, heaviest=700)
    second = harness.font(lightest=400, heaviest=400)
    assert (first.version, bold.version, second.version) == (1, 1, 2)
    assert harness.core.manage_fonts.list(harness.owner) == (first, second, bold)


def test_a_family_can_be_called_otherwise(harness: FontsHarness) -> None:
    assert harness.font("Acme Sans").facts.family == "Acme Sans"
    assert harness.font("Acme Sans").version == 2


@pytest.mark.parametrize("family", ["", "Inter", "a\nb", "x" * 65])
def test_a_family_that_cannot_be_called_that_is_refused(harness: FontsHarness, family: str) -> None:
    with pytest.raises(InvalidParam) as refusal:
        harness.announce(family)
    assert refusal.value.param == "family"


@pytest.mark.parametrize("family", ["", "Inter"])
def test_a_font_that_calls_itself_so_is_rejected(harness: FontsHarness, family: str) -> None:
    harness.inspector.facts = type(harness.inspector.facts)(family, 400, 400, italic=False, glyphs=9)
    file = harness.announce()
    assert harness.ingest(file) is Ingested.REJECTED
    rejected = harness.memory.files[harness.owner, file.id]
    assert rejected.rejection is Rejection.NOT_ALLOWED
    assert "say another one as family" in (rejected.detail or "")
    assert harness.memory.fonts == {}


def test_a_font_that_cannot_be_used_is_rejected_with_the_reason(harness: FontsHarness) -> None:
    harness.inspector.refusal = UnusableFile(Rejection.NOT_ALLOWED, "may not be embedded")
    file = harness.announce()
    assert harness.ingest(file) is Ingested.REJECTED
    shown = harness.core.manage_fonts.get(harness.owner, file.id)
    assert (shown.file.status, shown.font) == (FileStatus.REJECTED, None)
    harness.core.manage_fonts.delete(harness.caller(), file.id)
    assert harness.memory.files == {}


def test_there_are_so_many_fonts_and_no_more(harness: FontsHarness) -> None:
    early = harness.announce()
    for _ in range(MAX_FONTS):
        harness.font()
    with pytest.raises(FeatureQuotaExceeded):
        harness.announce()
    assert harness.ingest(early) is Ingested.REJECTED
    harness.core.manage_fonts.delete(harness.caller(), harness.core.manage_fonts.list(harness.owner)[0].id)
    assert harness.announce().is_font


def test_a_font_is_in_no_list_of_files_and_no_file_is_a_font(harness: FontsHarness) -> None:
    font = harness.font()
    assert harness.core.manage_files.list(harness.owner, PageRequest()).items == ()
    for use in (harness.core.manage_files.get, harness.core.manage_fonts.get):
        with pytest.raises(NotFound):
            use(STRANGER, font.id)
    with pytest.raises(NotFound):
        harness.core.manage_files.get(harness.owner, font.id)
    with pytest.raises(NotFound):
        harness.core.manage_files.delete(harness.caller(), font.id)
    assert harness.stored(font)


def test_a_font_that_no_template_has_is_deleted_with_its_bytes(harness: FontsHarness) -> None:
    font = harness.font()
    harness.core.manage_fonts.delete(harness.caller(), font.id)
    assert (harness.memory.fonts, harness.memory.files, harness.blobs.objects) == ({}, {}, {})
    assert harness.core.files.usage(harness.owner).stored_bytes == 0
    with pytest.raises(NotFound):
        harness.core.manage_fonts.delete(harness.caller(), font.id)


def test_a_font_that_templates_have_stays_and_they_are_named(harness: FontsHarness) -> None:
    font = harness.font()
    templates = [harness.template("Mine") for _ in range(7)]
    with pytest.raises(InUse) as refusal:
        harness.core.manage_fonts.delete(harness.caller(), font.id)
    assert sum(template.id in refusal.value.detail for template in templates) == 5
    assert "and 2 more" in refusal.value.detail
    assert harness.blobs.get(font.storage_key)
    for template in templates:
        harness.core.manage_templates.delete(harness.caller(), template.id)
    harness.core.manage_fonts.delete(harness.caller(), font.id)


def test_an_upload_that_is_withdrawn_leaves_nothing(harness: FontsHarness) -> None:
    file = harness.announce()
    harness.blobs.put(upload_key(file), DATA, file.mime)
    harness.core.manage_fonts.delete(harness.caller(), file.id)
    assert (harness.memory.files, harness.blobs.objects) == ({}, {})
