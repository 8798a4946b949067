"""Shows the files an answer names: as addresses to fetch and, while they are small, as pictures to look at."""

from __future__ import annotations

import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from darkroom.domain.errors import NotFound, Unavailable
from darkroom.http.mcp import tools

if TYPE_CHECKING:
    from darkroom.http.links import Links
    from darkroom.http.mcp.tools import Json
    from darkroom.ports.storage import Blobs

MAX_INLINE_BYTES = 600 * 1024  # of all pictures of a result: hosts drop results of more than a megabyte
_SEEN_BY_MODELS = frozenset({"image/png", "image/jpeg", "image/webp", "image/gif"})


@dataclass(frozen=True, slots=True)
class StoredFiles:
    """Content blocks for the stored files that an answer names by their addresses."""

    links: Links
    blobs: Blobs

    def blocks(self, answer: Any) -> tuple[Json, ...]:
        """A link for each file, in the answer's order; before it the picture itself while there is room."""
        blocks: list[Json] = []
        room = MAX_INLINE_BYTES
        for url in dict.fromkeys(_texts(answer)):
            key = self._key(url)
            if key is None:
                continue
            mime = mimetypes.guess_type(key)[0] or "application/octet-stream"
            data = self._picture(key, mime, room)
            if data is not None:
                blocks.append(tools.image(data, mime))
                room -= len(data)
            blocks.append(tools.link(url, key.rpartition("/")[2], mime, "A stored file."))
        return tuple(blocks)

    def _key(self, url: str) -> str | None:
        try:
            return self.links.own(url)
        except NotFound:
            return None

    def _picture(self, key: str, mime: str, room: int) -> bytes | None:
        if mime not in _SEEN_BY_MODELS or room <= 0:
            return None
        try:
            return self.blobs.get_within(key, room)
        except (NotFound, Unavailable):
            return None  # the address answers for itself


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for member in value.values():
            yield from _texts(member)
    elif isinstance(value, list):
        for member in value:
            yield from _texts(member)
