"""Shows files as the File object."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from darkroom.domain.times import utc_text

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Literal

    from darkroom.domain.files.file import File
    from darkroom.domain.files.uploads import FileUpload
    from darkroom.http import file_resources as resources
    from darkroom.http.links import Links


def file(shown: File, links: Links, now: datetime) -> resources.File:
    """A file as a File object, always with all its members."""
    return {
        "id": shown.id,
        "object": "file",
        "type": cast("Literal['image', 'audio', 'font']", shown.mime.partition("/")[0]),
        "status": shown.status_at(now),
        "filename": shown.filename,
        "content_type": shown.stored_mime or shown.mime,
        "size": shown.stored_size or shown.size,
        "checksum_sha256": shown.checksum,
        "url": links.file(shown.storage_key) if shown.storage_key else None,
        "width": shown.width,
        "height": shown.height,
        "aspect_ratio": shown.aspect_ratio or None,
        "duration": shown.seconds,
        "error": _error(shown),
        "created_at": utc_text(shown.created_at),
        "expires_at": None if shown.settled else utc_text(shown.upload_until),
        "settled_at": utc_text(shown.settled_at),
    }


def upload_answer(requested: FileUpload, links: Links, now: datetime) -> resources.UploadAnswer:
    """A new file and the request that uploads it."""
    upload = requested.upload
    return {
        "file": file(requested.file, links, now),
        "upload": {
            "url": upload.url,
            "method": "PUT",
            "headers": dict(upload.headers),
            "expires_at": utc_text(requested.file.upload_until),
        },
    }


def _error(shown: File) -> resources.FileError | None:
    if shown.rejection is None:
        return None
    return {"code": shown.rejection, "message": f"The file {shown.detail}."}
