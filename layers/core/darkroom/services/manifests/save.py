"""Saving a manifest's next version, with whatever belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.writes import SaveManifest, Write, WriteRefused

if TYPE_CHECKING:
    from darkroom.domain.manifests.manifest import Manifest
    from darkroom.ports.storage import Store


class StaleManifest(Exception):
    """Somebody else has changed the manifest meanwhile; nothing was written."""


@dataclass(frozen=True, slots=True)
class SaveNext:
    """Saves manifests on condition that they are as they were read."""

    store: Store

    def __call__(self, stored: Manifest, after: Manifest, *writes: Write) -> Manifest:
        """Write what follows ``stored``; returns it as it is stored.

        Raises
        ------
        StaleManifest
        WriteRefused
            One of the other writes was refused.
        """
        following = after.next_to(stored)
        try:
            self.store.commit(SaveManifest(following), *writes)
        except WriteRefused as refusal:
            if isinstance(refusal.write, SaveManifest):
                raise StaleManifest from refusal
            raise
        return following
