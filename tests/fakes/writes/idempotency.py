"""Idempotency records."""

from __future__ import annotations

from dataclasses import replace

from darkroom.domain import writes
from darkroom.domain.writes import WriteRefused
from tests.fakes.memory import Memory
from tests.fakes.writes.registry import Effect, effect


@effect(writes.SaveIdempotencyRecord, row=lambda write: ("remembered", write.record.owner, write.record.key))
def save_idempotency_record(memory: Memory, write: writes.SaveIdempotencyRecord) -> Effect:
    place = (write.record.owner, write.record.key)
    earlier = memory.idempotency_record.get(place)
    if earlier is not None and earlier.expires_at > write.now:
        raise WriteRefused(write, earlier)
    return lambda: memory.idempotency_record.update({place: write.record})


@effect(writes.ReplaceResponse, row=lambda write: ("remembered", write.owner, write.key))
def replace_response(memory: Memory, write: writes.ReplaceResponse) -> Effect:
    place = (write.owner, write.key)
    record = memory.idempotency_record.get(place)
    if record is None or record.fingerprint != write.fingerprint:
        raise WriteRefused(write, record)
    return lambda: memory.idempotency_record.update({place: replace(record, response=write.response)})
