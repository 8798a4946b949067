"""Writes to the assets table: brand kits."""

from __future__ import annotations

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders
from darkroom.adapters.dynamodb.parts import EXISTS, NEW, Part, delete, put
from darkroom.adapters.dynamodb.writes.registry import column, spelled
from darkroom.domain.serialization import to_document
from darkroom.domain.writes import DeleteBrandKit, SaveBrandKit, SetDefaultBrandKit


@spelled(SaveBrandKit, "assets", current=column("version"))
def save_brand_kit(table: str, write: SaveBrandKit) -> Part:
    kit, x = write.kit, Placeholders()
    in_turn = NEW if kit.version == 1 else f"{x.path('version')} = {x.value(kit.version - 1)}"
    row = keys.brand_kit(kit.owner, kit.id) | to_document(kit)
    row |= {"gsi1pk": keys.brand_kits_partition(kit.owner), "gsi1sk": kit.id}
    return put(table, row, condition=in_turn, holders=x)


@spelled(DeleteBrandKit, "assets", current=column("version"))
def delete_brand_kit(table: str, write: DeleteBrandKit) -> Part:
    return delete(table, keys.brand_kit(write.owner, write.kit_id), condition=EXISTS)


@spelled(SetDefaultBrandKit, "assets")
def set_default_brand_kit(table: str, write: SetDefaultBrandKit) -> Part:
    return put(table, keys.default_brand_kit(write.owner) | {"kit_id": write.kit_id})
