"""Serves rendered images: finished ones at public addresses, others at signed ones that expire."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger

from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.renders.names import media_of
from darkroom.http import serving
from darkroom.http.links import IMAGES_PATH
from darkroom.http.pipeline import loggable
from darkroom.http.serving import FOREVER, MAX_INLINE_BYTES, NO_STORE, File, HttpResponse
from darkroom.wiring import container

REDIRECT_SECONDS = 300

logger = Logger()


class _NotSigned(Exception):
    """The address was not signed by us, or it has expired."""


def serve(event: dict[str, Any]) -> HttpResponse:
    """Answer a request for ``/pixeldrive/img/…``; no key is needed."""
    path = str(event.get("rawPath", ""))
    response = _respond(event, path.removeprefix(f"{IMAGES_PATH}/"))
    logger.info("request", path=loggable(path), status=response["statusCode"])
    return response


def _respond(event: dict[str, Any], path: str) -> HttpResponse:
    try:
        return serving.serve(event, lambda: _file(path))
    except NotFound:
        return serving.empty(404, NO_STORE)
    except _NotSigned:
        return serving.empty(403, NO_STORE)
    except Unavailable as error:
        return serving.empty(503, {**NO_STORE, "Retry-After": str(error.retry_after)})
    except Exception:
        logger.exception("an image could not be served")
        return serving.empty(500, NO_STORE)


def _file(path: str) -> File:
    if path.startswith("s/"):
        key, seconds = _verified(path.removeprefix("s/"))
        return _stored(key, f"private, max-age={seconds}", max(min(seconds, REDIRECT_SECONDS), 1))
    public = container().image_links.public_key(path)
    if public is None:
        raise NotFound("No such image.")
    return _stored(public, FOREVER, REDIRECT_SECONDS)


def _verified(path: str) -> tuple[str, int]:
    """The object behind a signed address, and the whole seconds until it expires.

    Raises
    ------
    _NotSigned
    """
    verified = container().image_links.opened(path)
    now = container().clock.now().timestamp()
    if verified is None or verified[1] <= now:
        raise _NotSigned
    return verified[0], int(verified[1] - now)


def _stored(key: str, cache: str, redirect_seconds: int) -> File:
    """An image, or the bucket's address of one that is too large for an answer."""
    data: bytes | str | None = container().blobs.get_within(key, MAX_INLINE_BYTES)
    if data is None:
        data = container().blobs.presigned_get(key, expires_seconds=redirect_seconds)
    name, _, _ = key.rpartition("/")[2].rpartition(".")  # says what is in it, or is used once
    return File(data, media_of(key), f'"{name}"', cache)
