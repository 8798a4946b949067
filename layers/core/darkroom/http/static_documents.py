"""Serves a dialect's own documents, which lie beside its code: OpenAPI, generated, and plain text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from darkroom.http.request_context import RequestContext


def openapi(folder: Path, request: RequestContext) -> Response[str]:
    """The OpenAPI document in ``folder``, its ``servers`` at the stack's public address."""
    return _response(_openapi(folder, request.public_base_url, request.dialect.prefixes), "application/json")


def text(path: Path) -> Response[str]:
    """A plain text."""
    return _response(_read(path), "text/plain; charset=utf-8")


def _response(document: str, content_type: str) -> Response[str]:
    """The same for everybody until the next deployment."""
    return Response(200, content_type, document, headers={"Cache-Control": "public, max-age=300"})


@cache
def _openapi(folder: Path, base_url: str, prefixes: tuple[str, ...]) -> str:
    """The stored document names its servers by path alone; replacing text spares the parsing of JSON."""
    document = _read(folder / "openapi.json")
    for prefix in prefixes:
        document = document.replace(f'"url": "{prefix}"', f'"url": "{base_url}{prefix}"', 1)
    return document


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
