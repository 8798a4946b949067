"""Whose slides are whose, in memory."""

from __future__ import annotations

from darkroom.domain.accounts.workspaces import Owner
from tests.fakes.memory import Memory


class FakeSlides:
    """Reads a :class:`Memory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def job_of(self, owner: Owner, slide_id: str) -> str | None:
        return self._memory.slides.get((owner, slide_id))
