"""The stack's master secret: its versions, and which of them signs.

What the stack signs or derives a key from depends on one secret. It is replaced in two steps: a version is added, and
what is new is signed with it while the versions before are still accepted; later the oldest is ended, and what only
it had signed ends with it.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from darkroom.domain.errors import Unavailable
from darkroom.domain.times import utc_text

FIRST_VERSION = 1
ANNOUNCED = timedelta(minutes=15)
"""How long a version is accepted before it signs: until every process has surely read it."""
LONGEST_ADDRESS = timedelta(days=7)
"""How long the longest-lived of what expires is good: a signed address of an image."""


@dataclass(frozen=True, slots=True)
class MasterSecret:
    """The accepted versions of the secret at one moment. ``current`` is the one that signs."""

    versions: Mapping[int, bytes]
    current: int

    @classmethod
    def only(cls, secret: bytes) -> MasterSecret:
        """A secret that was never rotated."""
        return cls({FIRST_VERSION: secret}, FIRST_VERSION)

    @property
    def key(self) -> bytes:
        """What new things are signed with."""
        return self.versions[self.current]

    @property
    def accepted(self) -> tuple[bytes, ...]:
        """What signatures may have been made with, the likeliest first."""
        others = sorted((version for version in self.versions if version != self.current), reverse=True)
        return (self.key, *(self.versions[version] for version in others))

    def signed(self, signature: str, sign: Callable[[bytes], str]) -> bool:
        """Whether ``sign`` made the signature with a version that is still accepted."""
        given = signature.encode()
        return any(hmac.compare_digest(given, sign(key).encode()) for key in self.accepted)

    def of(self, version: int) -> bytes:
        """What was derived from a version: from the current one instead, once that version has ended.

        Raises
        ------
        Unavailable
            It is newer than what this process has read so far.
        """
        if version > max(self.versions):
            raise Unavailable("A newer version of the master secret has not been read yet.")
        return self.versions.get(version, self.key)


def read_master_secret(text: str, now: datetime) -> MasterSecret:
    """The secret at ``now`` as Secrets Manager keeps it: a document of versions, or one that was never rotated."""
    if not text.startswith("{"):
        return MasterSecret.only(text.encode())
    versions = _versions(text)
    signing = [one["version"] for one in versions if _signs(one, now)]
    return MasterSecret({one["version"]: one["secret"].encode() for one in versions}, max(signing))


def with_new_version(text: str, secret: str, now: datetime) -> str:
    """The document with one version more, which signs once every process has read it.

    Raises
    ------
    ValueError
        The version added before does not sign yet.
    """
    versions = _versions(text)
    if not all(_signs(one, now) for one in versions):
        raise ValueError(
            f"version {versions[-1]['version']} signs from {versions[-1]['signs_from']}; wait for it"
        )
    added = {
        "version": versions[-1]["version"] + 1,
        "secret": secret,
        "signs_from": utc_text(now + ANNOUNCED),
    }
    return json.dumps({"versions": [*versions, added]})


def without_oldest_version(text: str, now: datetime, *, early: bool = False) -> str:
    """The document without its oldest version.

    Raises
    ------
    ValueError
        The next one does not sign yet. Or, unless it is ``early``, what the oldest signed has not all expired.
    """
    versions = _versions(text)
    if len(versions) == 1 or not _signs(versions[1], now):
        raise ValueError("no newer version signs yet; add one first")
    until = _signs_from(versions[1]) + LONGEST_ADDRESS
    if now < until and not early:
        raise ValueError(f"addresses of images that it signed are good until {utc_text(until)}")
    return json.dumps({"versions": versions[1:]})


def oldest_version(text: str) -> int:
    """The number of the oldest version that is still accepted."""
    version: int = _versions(text)[0]["version"]
    return version


def _versions(text: str) -> list[dict[str, Any]]:
    """The versions, oldest first."""
    if not text.startswith("{"):
        return [{"version": FIRST_VERSION, "secret": text}]
    versions: list[dict[str, Any]] = json.loads(text)["versions"]
    return sorted(versions, key=lambda one: one["version"])


def _signs(version: Mapping[str, Any], now: datetime) -> bool:
    return "signs_from" not in version or _signs_from(version) <= now


def _signs_from(version: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(version["signs_from"])
