"""Uploaded files, and the fonts among them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.ports import Ports

if TYPE_CHECKING:
    from darkroom.ports.files import Inspector
    from darkroom.services.files.ingest_upload import IngestUpload
    from darkroom.services.files.manage_files import ManageFiles
    from darkroom.services.files.request_upload import RequestUpload
    from darkroom.services.fonts.manage_fonts import ManageFonts


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

    @cached_property
    def manage_fonts(self) -> ManageFonts:
        from darkroom.services.fonts.manage_fonts import ManageFonts

        return ManageFonts(self.store, self.files, self.fonts, self.blobs, self.clock, self.request_upload)

    def ingest_upload(self, inspector: Inspector, font_inspector: Inspector) -> IngestUpload:
        """The use case of the function that judges uploads by ``inspector``, and fonts by ``font_inspector``."""
        from darkroom.services.files.ingest_upload import IngestUpload

        return IngestUpload(
            self.store, self.files, self.fonts, self.blobs, inspector, font_inspector, self.clock
        )
