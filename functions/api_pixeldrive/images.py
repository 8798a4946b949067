"""Rendered images: finished ones to anybody for good, signed addresses to whoever has one while it lasts."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger

from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.renders.renders import PNG
from darkroom.http import serving
from darkroom.http.links import IMAGES_PATH
from darkroom.http.serving import FOREVER, MAX_INLINE_BYTES, NO_STORE, File, HttpResponse
from darkroom.wiring import container

REDIRECT_SECONDS = 300

logger = Logger()


class _NotSigned(Exception):
    """The address is not one we signed, or its time is up."""


def serve(event: dict[str, Any]) -> HttpResponse:
    """Answer a request for ``/pixeldrive/img/…``; no key is needed."""
    path = str(event.get("rawPath", ""))
    answer = _answer(event, path.removeprefix(f"{IMAGES_PATH}/"))
    logger.info("request", path=path, status=answer["statusCode"])
    return answer


def _answer(event: dict[str, Any], path: str) -> HttpResponse:
    try:
        return serving.serve(event, lambda: _found(path))
    except NotFound:
        return serving.empty(404, NO_STORE)
    except _NotSigned:
        return serving.empty(403, NO_STORE)
    except Unavailable as error:
        return serving.empty(503, {**NO_STORE, "Retry-After": str(error.retry_after)})
    except Exception:
        logger.exception("an image could not be served")
        return serving.empty(500, NO_STORE)


def _found(path: str) -> File:
    if path.startswith("s/"):
        key, seconds = _opened(path.removeprefix("s/"))
        return _file(key, f"private, max-age={seconds}", max(min(seconds, REDIRECT_SECONDS), 1))
    public = container().image_links.public_key(path)
    if public is None:
        raise NotFound("No such image.")
    return _file(public, FOREVER, REDIRECT_SECONDS)


def _opened(path: str) -> tuple[str, int]:
    """The object a signed address is for, and for how many more whole seconds."""
    opened = container().image_links.opened(path)
    now = container().clock.now().timestamp()
    if opened is None or opened[1] <= now:
        raise _NotSigned
    return opened[0], int(opened[1] - now)


def _file(key: str, cache: str, redirect_seconds: int) -> File:
    """An image, or the bucket's address of one that no answer of ours can hold."""
    data: bytes | str | None = container().blobs.get_within(key, MAX_INLINE_BYTES)
    if data is None:
        data = container().blobs.presigned_get(key, expires_seconds=redirect_seconds)
    name = key.rpartition("/")[2].removesuffix(".png")  # says what is in it, or is used once
    return File(data, PNG, f'"{name}"', cache)
