"""The body that announces an upload, in every API that takes files."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from darkroom.http.request_models import Body, Checksum
from darkroom.services.files.request_upload import NewFile

type ContentType = Literal[
    "image/png",
    "image/jpeg",
    "image/webp",
    "image/gif",
    "image/bmp",
    "audio/mpeg",
    "audio/wav",
    "audio/ogg",
    "audio/mp4",
]


class UploadBody(Body):
    """Body of ``POST /files``: what will be uploaded, to the byte. ``size`` is in bytes."""

    content_type: ContentType
    size: Annotated[int, Field(ge=1, le=50 * 1024 * 1024)]
    checksum_sha256: Checksum
    filename: Annotated[str, Field(max_length=255)] = ""

    def announced(self) -> NewFile:
        """The file as the service takes it."""
        return NewFile(self.filename, self.content_type, self.size, self.checksum_sha256)
