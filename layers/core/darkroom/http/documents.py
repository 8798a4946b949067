"""Serving a dialect's OpenAPI document, which is generated and lies beside its code."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from aws_lambda_powertools.event_handler import Response


def openapi(folder: Path) -> Response[str]:
    """The document in ``folder``; the same for everybody until the next deployment."""
    return Response(
        200,
        "application/json",
        _read(folder / "openapi.json"),
        headers={"Cache-Control": "public, max-age=300"},
    )


@cache
def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")
