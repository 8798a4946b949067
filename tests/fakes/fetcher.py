"""The outside world in memory."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.domain.errors import InvalidParam


class FakeFetcher:
    """Answers the URLs it was given and refuses all others. ``fetched`` keeps what was asked for."""

    def __init__(self, pages: Mapping[str, bytes] | None = None) -> None:
        self.pages = dict(pages or {})
        self.fetched: list[str] = []

    def fetch(self, url: str, *, max_bytes: int) -> bytes:
        self.fetched.append(url)
        if url not in self.pages or len(self.pages[url]) > max_bytes:
            raise InvalidParam("The URL cannot be used.")
        return self.pages[url]
