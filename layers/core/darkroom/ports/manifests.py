"""Reads of manifests, and of the files their rows are in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.manifests.manifest import Manifest
    from darkroom.domain.manifests.messages import ManifestMessage
    from darkroom.domain.paging import Due, Page, PageRequest, RowKey


class SourceChanged(Exception):
    """A manifest's file is gone, or another was put in its place."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it lies in the bucket. ``metadata`` is what was said of it when it was put, by lower-case names."""

    etag: str
    size: int
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Upload:
    """How a client puts a file where it is expected: an HTTP request with the file as its body."""

    url: str
    method: str
    headers: Mapping[str, str]
    expires_at: datetime


class Manifests(Protocol):
    """Reads of manifests."""

    def get(self, owner: Owner, manifest_id: str) -> Manifest | None: ...

    def list(self, owner: Owner, page: PageRequest) -> Page[Manifest]:
        """Manifests by time.

        Raises
        ------
        InvalidParam
            There is no manifest of the id that the page is to begin after.
        """
        ...

    def parked(self, owner: Owner, limit: int) -> Sequence[Manifest]:
        """The owner's manifests that wait for credits."""
        ...

    def due(self, now: datetime, limit: int) -> Due[Manifest]:
        """Open manifests whose ``check_at`` has passed, most overdue first."""
        ...

    def set_aside(self, row: RowKey, until: datetime) -> None:
        """Have a manifest that could not be read not be due before ``until``."""
        ...


class ManifestFiles(Protocol):
    """The files of manifests, each upload of one known by its ETag."""

    def describe(self, key: str) -> SourceFile | None:
        """The file as it is now; ``None`` if there is none."""
        ...

    def read(self, key: str, etag: str, offset: int, length: int) -> bytes:
        """At most ``length`` bytes of that upload from ``offset`` on, which is inside it.

        Raises
        ------
        SourceChanged
        """
        ...

    def upload(self, key: str, mime: str, size: int, *, now: datetime, expires_seconds: int) -> Upload:
        """How to put a file of exactly ``size`` bytes under ``key``, once: not over another one."""
        ...


class ManifestQueue(Protocol):
    """Sends messages to the worker of manifests."""

    def send(self, messages: Sequence[ManifestMessage], *, delay_seconds: int = 0) -> None: ...
