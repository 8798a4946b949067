"""Manifests."""

from __future__ import annotations

from darkroom.domain import writes
from darkroom.domain.writes import WriteRefused
from tests.fakes.memory import Memory, as_stored
from tests.fakes.writes.registry import Effect, effect


@effect(writes.SaveManifest, row=lambda write: ("manifest", write.manifest.owner, write.manifest.id))
def save_manifest(memory: Memory, write: writes.SaveManifest) -> Effect:
    manifest = as_stored(write.manifest)
    place = (manifest.owner, manifest.id)
    stored = memory.manifests.get(place)
    if (stored.version if stored else 0) != manifest.version - 1:
        raise WriteRefused(write, stored)
    return lambda: memory.manifests.update({place: manifest})
