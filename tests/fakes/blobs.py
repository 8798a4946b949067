"""Blobs in memory."""

from __future__ import annotations

import base64
from typing import IO
from urllib.parse import quote

from darkroom.domain.errors import NotFound
from darkroom.domain.files.uploads import PresignedUpload


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

    def presigned_put(
        self, key: str, *, mime: str, size: int, checksum: str, expires_seconds: int
    ) -> PresignedUpload:
        digest = base64.b64encode(bytes.fromhex(checksum)).decode()
        signed = "content-length%3Bcontent-type%3Bhost%3Bx-amz-checksum-sha256"
        url = f"https://blobs.test/{quote(key)}?X-Amz-Expires={expires_seconds}&X-Amz-SignedHeaders={signed}"
        headers = {"Content-Type": mime, "Content-Length": str(size), "x-amz-checksum-sha256": digest}
        return PresignedUpload(url, "PUT", headers)
