"""Blobs in memory."""

from __future__ import annotations

from urllib.parse import quote

from darkroom.domain.errors import NotFound


class FakeBlobs:
    """Keeps bytes and their type by key."""

    def __init__(self) -> None:
        self.objects: dict[str, tuple[bytes, str]] = {}

    def put(self, key: str, data: bytes, mime: str) -> None:
        self.objects[key] = (data, mime)

    def get(self, key: str) -> bytes:
        if key not in self.objects:
            raise NotFound("There is no such file.")
        return self.objects[key][0]

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    def presigned_get(self, key: str, *, expires_seconds: int) -> str:
        return f"https://blobs.test/{quote(key)}?X-Amz-Expires={expires_seconds}"
