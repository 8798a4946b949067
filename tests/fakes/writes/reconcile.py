"""Reconciliations."""

from __future__ import annotations

from darkroom.domain import writes
from tests.fakes.memory import Memory, as_stored
from tests.fakes.writes.registry import Effect, effect


@effect(writes.SaveReconciliation, row=lambda _: ("reconciliation",))
def save_reconciliation(memory: Memory, write: writes.SaveReconciliation) -> Effect:
    result = as_stored(write.result)
    return lambda: setattr(memory, "reconciliation", result)
