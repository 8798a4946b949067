"""Brand kits."""

from __future__ import annotations

from darkroom.domain import writes
from darkroom.domain.writes import WriteRefused
from tests.fakes.memory import Memory, as_stored
from tests.fakes.writes.registry import Effect, effect


@effect(writes.SaveBrandKit, row=lambda write: ("kit", write.kit.owner, write.kit.id))
def save_brand_kit(memory: Memory, write: writes.SaveBrandKit) -> Effect:
    kit = as_stored(write.kit)
    place = (kit.owner, kit.id)
    stored = memory.brand_kits.get(place)
    at = stored.version if stored else 0
    if at != kit.version - 1:
        raise WriteRefused(write, at)
    return lambda: memory.brand_kits.update({place: kit})


@effect(writes.DeleteBrandKit, row=lambda write: ("kit", write.owner, write.kit_id))
def delete_brand_kit(memory: Memory, write: writes.DeleteBrandKit) -> Effect:
    place = (write.owner, write.kit_id)
    if place not in memory.brand_kits:
        raise WriteRefused(write, 0)
    return lambda: memory.brand_kits.pop(place, None)


@effect(writes.SetDefaultBrandKit, row=lambda write: ("default kit", write.owner))
def set_default_brand_kit(memory: Memory, write: writes.SetDefaultBrandKit) -> Effect:
    return lambda: memory.default_kits.update({write.owner: write.kit_id})
