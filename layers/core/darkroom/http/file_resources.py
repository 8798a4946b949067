"""The File object, which several APIs answer with and webhooks carry, and how to upload one."""

from __future__ import annotations

from typing import Literal

from darkroom.domain.files.file import FileStatus, Rejection
from darkroom.http.resource import Resource, Time


class FileError(Resource):
    """Why a file was rejected."""

    code: Rejection
    message: str


class File(Resource):
    """An uploaded file. Once it is ready, its id is good wherever an asset's id is.

    ``content_type`` and ``size`` are what was announced, and of a ready file what is kept of it. Pictures have
    ``width``, ``height`` and ``aspect_ratio``, sounds a ``duration`` in seconds. ``expires_at`` is when a pending
    file can no longer be uploaded. A font is one in events alone.
    """

    id: str
    object: Literal["file"]
    type: Literal["image", "audio", "font"]
    status: FileStatus
    filename: str
    content_type: str
    size: int
    checksum_sha256: str
    url: str | None
    width: int | None
    height: int | None
    aspect_ratio: str | None
    duration: float | None
    error: FileError | None
    created_at: Time
    expires_at: Time | None
    settled_at: Time | None


class Upload(Resource):
    """The request that uploads a file, with all these headers, until ``expires_at``."""

    url: str
    method: Literal["PUT"]
    headers: dict[str, str]
    expires_at: Time


class FileAnswer(Resource):
    """One file."""

    file: File


class UploadAnswer(FileAnswer):
    """A new file and how to upload it."""

    upload: Upload


class FileDeleted(Resource):
    """A file that was deleted."""

    deleted: Literal[True]
    id: str
