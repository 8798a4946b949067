"""Messages to the worker of manifests."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner


@dataclass(frozen=True, slots=True)
class ManifestMessage:
    """Go on with a manifest. A message of another ``turn`` than the manifest's is stale."""

    owner: Owner
    manifest_id: str
    turn: int

    @property
    def is_before_the_file(self) -> bool:
        """Whether it is of a manifest that still waited for its file."""
        return self.turn == 0


@dataclass(frozen=True, slots=True)
class SourceArrived:
    """A file is there, under a key and as the upload that ``etag`` names."""

    key: str
    etag: str
    size: int
