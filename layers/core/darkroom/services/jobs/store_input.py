"""Storing a caller's own bytes, so that a job can refer to them."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.assets import EXTENSIONS
from darkroom.domain.jobs.spec import Input
from darkroom.domain.media.sniffing import Media
from darkroom.ports.storage import Blobs
from darkroom.ports.system import Ids


@dataclass(frozen=True, slots=True)
class StoreInput:
    """Puts checked media into the bucket, which deletes inputs (``tmp/``) after a day."""

    blobs: Blobs
    ids: Ids

    def __call__(self, owner: Owner, role: str, data: bytes, media: Media) -> Input:
        """Store ``data``, which was recognised as ``media``; returns a job's input."""
        key = f"tmp/{owner.workspace_id}/{self.ids.new()}.{EXTENSIONS[media.mime]}"
        self.blobs.put(key, data, media.mime)
        return Input(role, key, stored=True)
