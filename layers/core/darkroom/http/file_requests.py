"""The body that announces an upload, in every API that takes files."""

from __future__ import annotations

import base64
import binascii
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from darkroom.http.request_models import Body
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

_DIGEST_BYTES = 32


def _hex_digest(text: str) -> str:
    """A SHA-256 as hex digits, from those or from base64, as S3 spells it."""
    try:
        digest = (
            bytes.fromhex(text) if len(text) == 2 * _DIGEST_BYTES else base64.b64decode(text, validate=True)
        )
    except (ValueError, binascii.Error):
        digest = b""
    if len(digest) != _DIGEST_BYTES:
        raise ValueError("must be a SHA-256 as 64 hex digits or as base64")
    return digest.hex()


class UploadBody(Body):
    """Body of ``POST /files``: what will be uploaded, to the byte. ``size`` is in bytes."""

    content_type: ContentType
    size: Annotated[int, Field(ge=1, le=50 * 1024 * 1024)]
    checksum_sha256: Annotated[str, Field(min_length=44, max_length=64), AfterValidator(_hex_digest)]
    filename: Annotated[str, Field(max_length=255)] = ""

    def announced(self) -> NewFile:
        """The file as the service takes it."""
        return NewFile(self.filename, self.content_type, self.size, self.checksum_sha256)
