"""Where uploads go before they are checked, and how much of that one owner may have."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.files.file import FOLDER, MAX_BYTES, UPLOAD_GRACE, File
from darkroom.domain.jobs.assets import storage_key

PREFIX = "uploads/"

MAX_PENDING = 50
MAX_STORED_BYTES = 10 * 1024**3

_UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_KEY = re.compile(rf"{PREFIX}({_UUID})/(live|test)/({_UUID})", re.ASCII)


@dataclass(frozen=True, slots=True)
class PresignedUpload:
    """A request that puts a file into the bucket: exactly the bytes that were declared, until its URL ends."""

    url: str
    method: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FileUpload:
    """A new file and how to upload it."""

    file: File
    upload: PresignedUpload


@dataclass(frozen=True, slots=True)
class FileUsage:
    """What an owner uses: places of uploads that were not settled yet, and the bytes of ready files."""

    places: frozenset[str] = frozenset()
    stored_bytes: int = 0

    def stale(self, now: datetime) -> frozenset[str]:
        """The places of uploads whose time is over."""
        return frozenset(place for place in self.places if place < _moment(now))


def upload_key(file: File) -> str:
    """The object a client uploads to."""
    owner = file.owner
    return f"{PREFIX}{owner.workspace_id}/{'live' if owner.livemode else 'test'}/{file.id}"


def uploaded(key: str) -> tuple[Owner, str] | None:
    """The owner and the file's id that an upload's key is of; ``None`` if it is nobody's."""
    found = _KEY.fullmatch(key)
    return (Owner(found[1], found[2] == "live"), found[3]) if found else None


def possible_keys(key: str) -> Iterator[str]:
    """Where the bytes of the file that an upload's key is of may have been stored; its type is not known here."""
    if named := uploaded(key):
        owner, file_id = named
        for mime in MAX_BYTES:
            yield storage_key(owner, FOLDER, file_id, mime)


def place_of(file: File) -> str:
    """The place a pending file takes. Places sort by when they become free by themselves."""
    return f"{_moment(file.upload_until + UPLOAD_GRACE)}#{file.id}"


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")
