"""Stored files under signed addresses: bytes while they fit a Lambda's answer, a short redirect beyond that."""

from __future__ import annotations

import mimetypes
from typing import Any

from aws_lambda_powertools import Logger

from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.jobs.assets import kept_until
from darkroom.http import serving
from darkroom.http.serving import FOREVER, MAX_INLINE_BYTES, NO_STORE, File, HttpResponse
from darkroom.wiring import container

logger = Logger()

REDIRECT_SECONDS = 300
STREAMED = ("video/", "audio/")  # players want ranges of what no answer can hold, which S3 serves


def serve(event: dict[str, Any]) -> HttpResponse:
    """Answer a request for ``/files/<signature>/<path>``. Files never change, so caches may keep them."""
    signature, _, path = event["rawPath"].removeprefix("/files/").partition("/")
    try:
        return serving.serve(event, lambda: _file(signature, path))
    except NotFound:
        return serving.empty(404, NO_STORE)
    except Unavailable as error:
        return serving.empty(503, {**NO_STORE, "Retry-After": str(error.retry_after)})
    except Exception:
        logger.exception("a file could not be served")
        return serving.empty(500, NO_STORE)


def _file(signature: str, path: str) -> File:
    key = container().links.storage_key(signature, path)
    mime = mimetypes.guess_type(key)[0] or "application/octet-stream"
    data: bytes | str | None = None
    if not mime.startswith(STREAMED):
        data = container().blobs.get_within(key, MAX_INLINE_BYTES)
    if data is None:
        data = container().blobs.presigned_get(key, expires_seconds=REDIRECT_SECONDS)
    return File(data, mime, f'"{signature}"', _cache(key))


def _cache(key: str) -> str:
    until = kept_until(key)
    if until is None:
        return FOREVER
    return f"public, max-age={int((until - container().clock.now()).total_seconds())}"
