"""Writes of usage: facts of single movements, and their sums."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from darkroom.domain.usage.facts import UsageFact
    from darkroom.domain.usage.measures import Measures
    from darkroom.domain.usage.places import Place


@dataclass(frozen=True, slots=True)
class NoteUsage(Write):
    """Put a fact. Condition: none of that id exists, so that what comes with it is added once."""

    fact: UsageFact


@dataclass(frozen=True, slots=True)
class AddUsage(Write):
    """Add to the sums of a place. No condition of its own."""

    place: Place
    added: Measures
