"""Serving a dialect's own documents, which lie beside its code: OpenAPI, generated, and plain text."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aws_lambda_powertools.event_handler import Response


def openapi(folder: Path) -> Response[str]:
    """The OpenAPI document in ``folder``."""
    return _served(folder / "openapi.json", "application/json")


def text(path: Path) -> Response[str]:
    """A plain text."""
    return _served(path, "text/plain; charset=utf-8")


def _served(path: Path, content_type: str) -> Response[str]:
    """The same for everybody until the next deployment."""
    return Response(200, content_type, _read(path), headers={"Cache-Control": "public, max-age=300"})


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
