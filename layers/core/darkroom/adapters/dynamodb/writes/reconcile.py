"""Writes of reconciliations, to the usage table."""

from __future__ import annotations

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.parts import Part, put
from darkroom.adapters.dynamodb.writes.registry import spelled
from darkroom.domain.serialization import to_document
from darkroom.domain.writes import SaveReconciliation


@spelled(SaveReconciliation, "usage")
def save_reconciliation(table: str, write: SaveReconciliation) -> Part:
    return put(table, keys.reconciliation() | to_document(write.result))
