"""Stored files under signed addresses: bytes while they fit a Lambda's answer, a short redirect beyond that."""

from __future__ import annotations

import base64
import mimetypes
from typing import Any

from darkroom.domain.errors import NotFound
from darkroom.wiring import container

MAX_INLINE_BYTES = 4 * 1024 * 1024  # base64 makes a third more of it, and an answer may have 6 MB
REDIRECT_SECONDS = 300
STREAMED = ("video/", "audio/")  # players want ranges, which S3 serves

type Answer = dict[str, Any]


def serve(event: dict[str, Any]) -> Answer:
    """Answer a request for ``/files/<signature>/<path>``. Files never change, so caches may keep them."""
    method = event["requestContext"]["http"]["method"]
    if method not in ("GET", "HEAD"):
        return _answer(405, {"Allow": "GET, HEAD"})
    signature, _, path = event["rawPath"].removeprefix("/files/").partition("/")
    try:
        key = container().links.storage_key(signature, path)
        return _file(event, method, key, f'"{signature}"')
    except NotFound:
        return _answer(404, {"Cache-Control": "no-store"})


def _file(event: dict[str, Any], method: str, key: str, etag: str) -> Answer:
    mime = mimetypes.guess_type(key)[0] or "application/octet-stream"
    headers = {
        "Cache-Control": "public, max-age=31536000, immutable",
        "Content-Type": mime,
        "ETag": etag,
        "X-Content-Type-Options": "nosniff",
    }
    if etag in event.get("headers", {}).get("if-none-match", ""):
        return _answer(304, headers)
    if mime.startswith(STREAMED):
        return _redirect(key)
    data = container().blobs.get(key)
    if len(data) > MAX_INLINE_BYTES:
        return _redirect(key)
    body = "" if method == "HEAD" else base64.b64encode(data).decode()
    return {**_answer(200, headers), "body": body, "isBase64Encoded": method != "HEAD"}


def _redirect(key: str) -> Answer:
    location = container().blobs.presigned_get(key, expires_seconds=REDIRECT_SECONDS)
    return _answer(302, {"Location": location, "Cache-Control": "no-store"})


def _answer(status: int, headers: dict[str, str]) -> Answer:
    return {"statusCode": status, "headers": headers, "body": ""}
