"""Usage."""

from __future__ import annotations

from darkroom.domain import writes
from darkroom.domain.usage.measures import Measures
from tests.fakes.memory import Memory
from tests.fakes.writes.registry import Effect, effect, refuse_if_there


@effect(writes.NoteUsage, row=lambda write: ("fact", write.fact.owner, write.fact.day, write.fact.id))
def note_usage(memory: Memory, write: writes.NoteUsage) -> Effect:
    place = (write.fact.owner, write.fact.day, write.fact.id)
    stored = memory.facts.get(place)
    refuse_if_there(write, stored and stored.id)
    return lambda: memory.facts.update({place: write.fact})


@effect(writes.AddUsage, row=lambda write: ("usage", write.place))
def add_usage(memory: Memory, write: writes.AddUsage) -> Effect:
    added = memory.usage.get(write.place, Measures()).plus(write.added)
    return lambda: memory.usage.update({write.place: added})
