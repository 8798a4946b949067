"""Manifests, their files and their queue, in memory."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.adapters import queue_messages as wire
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import Unavailable
from darkroom.domain.manifests.manifest import Manifest, ManifestStatus
from darkroom.domain.manifests.messages import ManifestMessage
from darkroom.domain.paging import Due, Page, PageRequest, RowKey, unknown_cursor
from darkroom.ports.manifests import SourceChanged, SourceFile, Upload
from tests.fakes.blobs import FakeBlobs
from tests.fakes.memory import Memory, page_of


class FakeManifests:
    """Reads a :class:`Memory`. ``unreadable`` has rows that cannot be read, and from when on they are due."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.unreadable: dict[RowKey, datetime] = {}

    def get(self, owner: Owner, manifest_id: str) -> Manifest | None:
        return self._memory.manifests.get((owner, manifest_id))

    def list(self, owner: Owner, page: PageRequest) -> Page[Manifest]:
        last_seen = self.get(owner, page.after) if page.after is not None else None
        if page.after is not None and last_seen is None:
            raise unknown_cursor()
        mine = [manifest for (o, _), manifest in self._memory.manifests.items() if o == owner]
        return page_of(mine, page, _position, _position(last_seen) if last_seen else None)

    def parked(self, owner: Owner, limit: int) -> Sequence[Manifest]:
        mine = (manifest for (o, _), manifest in self._memory.manifests.items() if o == owner)
        return [manifest for manifest in mine if manifest.status is ManifestStatus.PARKED][:limit]

    def due(self, now: datetime, limit: int) -> Due[Manifest]:
        overdue = [it for it in self._memory.manifests.values() if not it.terminal and it.check_at <= now]
        unreadable = tuple(key for key, until in self.unreadable.items() if until <= now)
        return Due(tuple(sorted(overdue, key=lambda manifest: manifest.check_at)[:limit]), unreadable)

    def set_aside(self, row: RowKey, until: datetime) -> None:
        self.unreadable[row] = until


def _position(manifest: Manifest) -> tuple[datetime, str]:
    return manifest.created_at, manifest.id


class FakeManifestFiles:
    """The files among the objects of :class:`FakeBlobs`. ``metadata`` is by key; ``read_bytes`` counts."""

    def __init__(self, blobs: FakeBlobs) -> None:
        self._blobs = blobs
        self.metadata: dict[str, Mapping[str, str]] = {}
        self.largest_read = 0

    def put(self, key: str, data: bytes, metadata: Mapping[str, str] | None = None) -> SourceFile:
        """Put a file, as its uploader does."""
        self._blobs.objects[key] = (data, "text/csv")
        self.metadata[key] = metadata or {}
        return SourceFile(_etag(data), len(data), self.metadata[key])

    def describe(self, key: str) -> SourceFile | None:
        if key not in self._blobs.objects:
            return None
        data = self._blobs.objects[key][0]
        return SourceFile(_etag(data), len(data), self.metadata.get(key, {}))

    def read(self, key: str, etag: str, offset: int, length: int) -> bytes:
        data, _ = self._blobs.objects.get(key, (b"", ""))
        if _etag(data) != etag or offset >= len(data):
            raise SourceChanged(key)
        self.largest_read = max(self.largest_read, length)
        return data[offset : offset + length]

    def upload(self, key: str, mime: str, size: int, *, now: datetime, expires_seconds: int) -> Upload:
        headers = {"Content-Type": mime, "Content-Length": str(size), "If-None-Match": "*"}
        return Upload(f"https://blobs.test/{key}", "PUT", headers, now + timedelta(seconds=expires_seconds))


@dataclass(frozen=True, slots=True)
class SentManifest:
    """A message on the manifests' queue."""

    message: ManifestMessage
    delay_seconds: int


class FakeManifestQueue:
    """Keeps what was sent, as it would arrive. With ``busy`` set it takes nothing."""

    def __init__(self) -> None:
        self.sent: list[SentManifest] = []
        self.busy = False

    def send(self, messages: Sequence[ManifestMessage], *, delay_seconds: int = 0) -> None:
        if not 0 <= delay_seconds <= 900:
            raise ValueError(f"a delay of {delay_seconds} seconds is not possible")
        if self.busy:
            raise Unavailable("The queue is busy.")
        arriving = [wire.manifest_from_json(wire.manifest_to_json(it)) for it in messages]
        self.sent += [SentManifest(message, delay_seconds) for message in arriving]


def _etag(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
