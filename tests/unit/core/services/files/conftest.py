"""A workspace that uploads files."""

from __future__ import annotations

import hashlib

import pytest

from darkroom.domain.files.file import File
from darkroom.domain.files.uploads import FileUpload, upload_key
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.files.ingest_upload import Ingested
from darkroom.services.files.request_upload import NewFile
from darkroom.services.idempotency import IdempotencyContext
from tests.fakes import FakeFontInspector, FakeInspector
from tests.harness.core import POLICY, TenantHarness

DATA = b"a picture"


class FilesHarness(TenantHarness):
    """A workspace, and the function that judges its uploads."""

    def __init__(self) -> None:
        super().__init__(credits=100, plan="pro")
        self.inspector, self.font_inspector = FakeInspector(), FakeFontInspector()

    def caller(self, idempotency_key: str | None = None) -> Caller:
        return self.authenticate(self.token, POLICY, idempotency_key=idempotency_key)

    def announce(
        self,
        data: bytes = DATA,
        mime: str = "image/png",
        idempotency: IdempotencyContext[FileUpload] | None = None,
    ) -> File:
        """Announce a file of ``data``."""
        new = NewFile("hero.png", mime, len(data), hashlib.sha256(data).hexdigest())
        key = idempotency.key if idempotency else None
        return self.core.request_upload(self.caller(key), new, idempotency).file

    def upload(self, file: File, data: bytes = DATA) -> str:
        """Put ``data`` where the file's upload goes; returns the key."""
        key = upload_key(file)
        self.blobs.put(key, data, file.mime)
        return key

    def ingest(self, key: str) -> Ingested:
        return self.core.ingest_upload(self.inspector, self.font_inspector)(key)

    def file(self, file: File) -> File:
        """The file as it now is."""
        return self.memory.files[file.owner, file.id]


@pytest.fixture
def harness() -> FilesHarness:
    return FilesHarness()
