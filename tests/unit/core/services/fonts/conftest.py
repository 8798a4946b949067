"""A workspace that uploads fonts, makes templates with them and deletes them."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.files.file import File
from darkroom.domain.files.uploads import upload_key
from darkroom.domain.fonts.font import Font
from darkroom.domain.templates.template import Template
from darkroom.services.files.ingest_upload import Ingested
from darkroom.services.files.request_upload import NewFile
from tests.fakes import FakeFontInspector, FakeInspector
from tests.harness.core import POLICY, TenantHarness
from tests.harness.template_making import document, element

DATA = b"a font"


class FontsHarness(TenantHarness):
    """A workspace, and the function that judges its uploads."""

    def __init__(self) -> None:
        super().__init__(credits=100, plan="pro")
        self.inspector = FakeFontInspector()

    def caller(self) -> Any:
        return self.authenticate(self.token, POLICY)

    def announce(self, family: str | None = None, mime: str = "font/woff2") -> File:
        new = NewFile("mine.woff2", mime, len(DATA), hashlib.sha256(DATA).hexdigest(), family)
        return self.core.manage_fonts.request(self.caller(), new).file

    def ingest(self, file: File) -> Ingested:
        self.blobs.put(upload_key(file), DATA, file.mime)
        return self.core.ingest_upload(FakeInspector(), self.inspector)(upload_key(file))

    def font(self, family: str | None = None, **facts: Any) -> Font:
        """A font that is ready."""
        self.inspector.facts = replace(self.inspector.facts, **facts)
        file = self.announce(family)
        assert self.ingest(file) is Ingested.READY
        return self.memory.fonts[self.owner, file.id]

    def stored(self, font: Font) -> Font | None:
        return self.memory.fonts.get((self.owner, font.id))

    def template(self, *families: Any) -> Template:
        texts = [element("text", f"t{at}", fontFamily=family) for at, family in enumerate(families)]
        return self.core.manage_templates.create(self.caller(), "Card", document(*texts))

    def change(self, template: Template, *families: Any, name: str | None = None) -> Template:
        texts = [element("text", f"t{at}", fontFamily=family) for at, family in enumerate(families)]
        made = document(*texts) if families else None
        return self.core.manage_templates.update(self.caller(), template.id, name=name, document=made)


@pytest.fixture
def harness() -> FontsHarness:
    return FontsHarness()


STRANGER = Owner("01950000-0000-7000-8000-00000000ffff", True)
