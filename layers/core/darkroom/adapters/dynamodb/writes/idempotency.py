"""Writes to the accounts table: idempotency records."""

from __future__ import annotations

from darkroom.adapters.dynamodb.expressions import Placeholders
from darkroom.adapters.dynamodb.marshal import to_epoch
from darkroom.adapters.dynamodb.parts import NEW, Part, put
from darkroom.adapters.dynamodb.rows import remembered_from_row, remembered_row
from darkroom.adapters.dynamodb.writes.registry import spelled
from darkroom.domain.writes import SaveIdempotencyRecord


@spelled(SaveIdempotencyRecord, "accounts", current=remembered_from_row)
def save_idempotency_record(table: str, write: SaveIdempotencyRecord) -> Part:
    x = Placeholders()
    expired = f"{x.path('until')} <= {x.value(to_epoch(write.now))}"
    return put(table, remembered_row(write.record), condition=f"{NEW} OR {expired}", holders=x)
