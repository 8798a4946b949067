"""Serves bytes over HTTP: validators, ranges and the size limit of a Lambda's answer (RFC 9110)."""

from __future__ import annotations

import base64
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_INLINE_BYTES = 4 * 1024 * 1024  # base64 makes a third more of it, and an answer may have 6 MB
FOREVER = "public, max-age=31536000, immutable"
NO_STORE = {"Cache-Control": "no-store"}

type HttpResponse = dict[str, Any]


@dataclass(frozen=True, slots=True)
class File:
    """One file that never changes. ``etag`` is its strong validator, quoted; ``cache`` its ``Cache-Control``.

    ``data`` is its bytes, or the address of bytes that are too large for an answer. Such an address is presigned for
    GET alone and expires soon, so a HEAD is answered here.
    """

    data: bytes | str
    mime: str
    etag: str
    cache: str

    @property
    def headers(self) -> dict[str, str]:
        """The headers of every answer about it."""
        return {
            "Accept-Ranges": "bytes",
            "Cache-Control": self.cache,
            "Content-Type": self.mime,
            "ETag": self.etag,
            "X-Content-Type-Options": "nosniff",
        }


def serve(event: Mapping[str, Any], load: Callable[[], File]) -> HttpResponse:
    """Answer a GET or HEAD for the file that ``load`` returns."""
    method = event["requestContext"]["http"]["method"]
    if method not in ("GET", "HEAD"):
        return empty(405, {"Allow": "GET, HEAD", **NO_STORE})
    file = load()
    headers: Mapping[str, str] = event.get("headers") or {}
    if not names(headers.get("if-match", "*"), file.etag, strongly=True):
        return empty(412, NO_STORE)
    if names(headers.get("if-none-match", ""), file.etag):
        return empty(304, {name: file.headers[name] for name in ("Cache-Control", "ETag")})
    if isinstance(file.data, str):
        redirect = {"Location": file.data, **NO_STORE}
        return empty(200, file.headers) if method == "HEAD" else empty(302, redirect)
    if method == "HEAD":
        return empty(200, {**file.headers, "Content-Length": str(len(file.data))})
    return _part(file, file.data, headers)


def with_method(event: Mapping[str, Any], method: str) -> dict[str, Any]:
    """The same request with another method: a HEAD is answered as the GET, without its body."""
    context = event["requestContext"]
    return {**event, "requestContext": {**context, "http": {**context["http"], "method": method}}}


def empty(status: int, headers: Mapping[str, str]) -> HttpResponse:
    """An answer without a body."""
    return {"statusCode": status, "headers": dict(headers), "body": "", "isBase64Encoded": False}


def names(condition: str, etag: str, *, strongly: bool = False) -> bool:
    """Whether an ``If-None-Match`` or, ``strongly``, an ``If-Match`` names ``etag``: in a list, or as ``*``."""
    if condition.strip() == "*":
        return True
    listed = re.findall(r'(W/)?("[^"]*")', condition)
    return any(tag == etag and not (weak and strongly) for weak, tag in listed)


def _part(file: File, data: bytes, headers: Mapping[str, str]) -> HttpResponse:
    """The requested range of the file. Without one valid range, the answer is the whole file."""
    size = len(data)
    requested = headers.get("range", "") if headers.get("if-range", file.etag) == file.etag else ""
    bounds = re.fullmatch(
        r"\s*bytes\s*=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*", requested, re.IGNORECASE | re.ASCII
    )
    if bounds is None or bounds[1] == bounds[2] == "":
        return _bytes(200, file.headers, data)
    start, end = _span(bounds[1], bounds[2], size)
    if bounds[1] and bounds[2] and int(bounds[1]) > int(bounds[2]):
        return _bytes(200, file.headers, data)  # not a range
    if start >= end:
        return empty(416, {"Content-Range": f"bytes */{size}", **NO_STORE})
    content_range = {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
    return _bytes(206, {**file.headers, **content_range}, data[start:end])


def _span(first: str, last: str, size: int) -> tuple[int, int]:
    """A range's start and its exclusive end."""
    if not first:
        return max(size - int(last), 0), size
    return int(first), min(int(last) + 1, size) if last else size


def _bytes(status: int, headers: Mapping[str, str], data: bytes) -> HttpResponse:
    body = base64.b64encode(data).decode()
    return {"statusCode": status, "headers": dict(headers), "body": body, "isBase64Encoded": True}
