"""Blobs in memory."""

from __future__ import annotations

from typing import IO
from urllib.parse import quote

from darkroom.domain.errors import NotFound


class FakeBlobs:
    """Keeps bytes and their type by key."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}

    def put(self, key: str, data: bytes | IO[bytes], mime: str) -> None:
        self.objects[key] = (data if isinstance(data, bytes) else data.read(), mime)

    def get(self, key: str) -> bytes:
        if key not in self.objects:
            raise NotFound("There is no such file.")
        return self.objects[key][0]

    def get_range(self, key: str, offset: int, length: int) -> bytes:
        return self.get(key)[offset : offset + length]

    def get_within(self, key: str, max_bytes: int) -> bytes | None:
        data = self.get(key)
        return data if len(data) <= max_bytes else None

    def exists(self, key: str) -> bool:
        return key in self.objects

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    def presigned_get(self, key: str, *, expires_seconds: int) -> str:
        return f"https://blobs.test/{quote(key)}?X-Amz-Expires={expires_seconds}"
