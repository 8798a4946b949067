"""``Memes-Version``: which dated versions there are and which one a request gets."""

from __future__ import annotations

from darkroom.domain.errors import UnsupportedVersion
from darkroom.http.api import RequestContext

HEADER = "Memes-Version"
VERSIONS = ("2026-06-18",)
LATEST = VERSIONS[-1]


def check(current: RequestContext) -> None:
    """Refuse a version that does not exist.

    Raises
    ------
    UnsupportedVersion
    """
    asked = current.header(HEADER)
    if asked is not None and asked not in VERSIONS:
        raise UnsupportedVersion(f"{HEADER} must be one of {', '.join(VERSIONS)}.", param=HEADER)


def headers(current: RequestContext) -> dict[str, str]:
    """The version that holds for a request: asked for, else the workspace's, else the latest."""
    pinned = current.caller.workspace.api_version if current.caller else None
    effective = next((v for v in (current.header(HEADER), pinned) if v in VERSIONS), LATEST)
    return {HEADER: effective or LATEST}
