"""Writes to the accounts table: idempotency records."""

from __future__ import annotations

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, update
from darkroom.adapters.dynamodb.marshal import to_epoch
from darkroom.adapters.dynamodb.parts import NEW, Part, change, put
from darkroom.adapters.dynamodb.rows import remembered_from_row, remembered_row
from darkroom.adapters.dynamodb.writes.registry import spelled
from darkroom.domain.writes import ReplaceResponse, SaveIdempotencyRecord


@spelled(SaveIdempotencyRecord, "accounts", current=remembered_from_row)
def save_idempotency_record(table: str, write: SaveIdempotencyRecord) -> Part:
    x = Placeholders()
    expired = f"{x.path('until')} <= {x.value(to_epoch(write.now))}"
    return put(table, remembered_row(write.record), condition=f"{NEW} OR {expired}", holders=x)


@spelled(ReplaceResponse, "accounts", current=remembered_from_row)
def replace_response(table: str, write: ReplaceResponse) -> Part:
    x = Placeholders()
    columns = {"status": write.response.status, "body": write.response.body}
    return change(
        table,
        keys.idempotency_record(write.owner, write.key),
        update(set_=[f"{x.path(name)} = {x.value(value)}" for name, value in columns.items()]),
        condition=f"{x.path('fingerprint')} = {x.value(write.fingerprint)}",
        holders=x,
    )
