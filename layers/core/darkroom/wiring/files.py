"""Uploaded files."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.ports import Ports

if TYPE_CHECKING:
    from darkroom.ports.files import Inspector
    from darkroom.services.files.ingest_upload import IngestUpload
    from darkroom.services.files.manage_files import ManageFiles
    from darkroom.services.files.request_upload import RequestUpload


class FileServices(Ports):
    """Uploaded files."""

    @cached_property
    def request_upload(self) -> RequestUpload:
        from darkroom.services.files.request_upload import RequestUpload

        return RequestUpload(self.store, self.blobs, self.clock, self.ids)

    @cached_property
    def manage_files(self) -> ManageFiles:
        from darkroom.services.files.manage_files import ManageFiles

        return ManageFiles(self.store, self.files, self.blobs, self.clock)

    def ingest_upload(self, inspector: Inspector) -> IngestUpload:
        """The use case of the function that judges uploads by ``inspector``."""
        from darkroom.services.files.ingest_upload import IngestUpload

        return IngestUpload(self.store, self.files, self.blobs, inspector, self.clock)
