"""``Memes-Version``: which dated versions exist and which one a request gets."""

from __future__ import annotations

from darkroom.domain.errors import UnsupportedVersion
from darkroom.http.request_context import RequestContext

HEADER = "Memes-Version"
VERSIONS = ("2026-06-18",)
LATEST = VERSIONS[-1]


def check(request: RequestContext) -> None:
    """Refuse a version that does not exist.

    Raises
    ------
    UnsupportedVersion
    """
    requested = request.header(HEADER)
    if requested is not None and requested not in VERSIONS:
        raise UnsupportedVersion(f"{HEADER} must be one of {', '.join(VERSIONS)}.", param=HEADER)


def headers(request: RequestContext) -> dict[str, str]:
    """The version that applies to a request: the requested one, else the workspace's, else the latest."""
    pinned = request.caller.workspace.api_version if request.caller else None
    effective = next((v for v in (request.header(HEADER), pinned) if v in VERSIONS), LATEST)
    return {HEADER: effective or LATEST}
