"""Writes to the jobs table: manifests."""

from __future__ import annotations

from darkroom.adapters.dynamodb.expressions import Placeholders
from darkroom.adapters.dynamodb.manifests import manifest_from_row, manifest_row
from darkroom.adapters.dynamodb.parts import NEW, Part, put
from darkroom.adapters.dynamodb.writes.registry import spelled
from darkroom.domain.writes import SaveManifest


@spelled(SaveManifest, "jobs", current=manifest_from_row)
def save_manifest(table: str, write: SaveManifest) -> Part:
    x, version = Placeholders(), write.manifest.version
    in_turn = NEW if version == 1 else f"{x.path('version')} = {x.value(version - 1)}"
    return put(table, manifest_row(write.manifest), condition=in_turn, holders=x)
