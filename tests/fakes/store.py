"""The store in memory: every condition as its write's docstring states it."""

from __future__ import annotations

from darkroom.domain.writes import Write, WriteRefused
from tests.fakes.memory import Memory
from tests.fakes.writes import EFFECTS


class FakeStore:
    """Commits to a :class:`Memory`. ``commits`` keeps what was committed, refused commits left out."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.commits: list[tuple[Write, ...]] = []

    def commit(self, *commit: Write) -> None:
        if not commit:
            return
        rows = [EFFECTS[type(write)].row(write) for write in commit]
        if len(rows) > 100 or len(set(rows)) < len(rows):
            raise ValueError("a transaction takes a hundred writes, and one per row")
        with self._memory.lock:
            refusals, effects = [], []
            for write in commit:
                try:
                    effects.append(EFFECTS[type(write)].plan(self._memory, write))
                except WriteRefused as refusal:
                    refusals.append(refusal)
            if refusals:
                raise min(refusals, key=lambda refusal: refusal.write.precedence)
            for effect in effects:
                effect()
            self.commits.append(commit)
