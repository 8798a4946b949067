"""Renders and batches as they are answered."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.renders.rendered import RenderWarning


@dataclass(frozen=True, slots=True)
class RowView:
    """One row of a batch. ``status`` is ``queued``, ``running``, ``completed`` or ``failed``.

    ``progress`` is percent. ``image_key`` is where a completed row's picture is; ``from_cache`` says that it was
    there before, or was made for an identical row, so that this one cost nothing.
    """

    id: str
    status: str
    progress: int = 0
    image_key: str | None = None
    from_cache: bool = False
    failed_reason: str | None = None
    attempts: int = 0
    warnings: tuple[RenderWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class BatchView:
    """How a batch stands: ``total`` is always the sum of the four counts."""

    id: str
    results: tuple[RowView, ...]
    created_at: datetime

    @property
    def total(self) -> int:
        """All rows."""
        return len(self.results)

    @property
    def queued(self) -> int:
        """Rows that nobody works on yet."""
        return self._count("queued")

    @property
    def running(self) -> int:
        """Rows a worker has."""
        return self._count("running")

    @property
    def completed(self) -> int:
        """Rows with a picture."""
        return self._count("completed")

    @property
    def failed(self) -> int:
        """Rows that ended without one."""
        return self._count("failed")

    @property
    def done(self) -> bool:
        """Whether nothing will change any more."""
        return self.queued == 0 and self.running == 0

    def _count(self, status: str) -> int:
        return sum(row.status == status for row in self.results)


@dataclass(frozen=True, slots=True)
class BatchAccepted:
    """An accepted batch and the ids of its rows, in the order of its payloads."""

    batch_id: str
    row_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RenderOutcome:
    """A single render as it is answered.

    ``key`` is where its bytes are, ``size`` how many, ``render_ms`` how long it took when it was made, which for one
    ``from_cache`` was earlier. ``credits_remaining`` are the sender's, after this.
    """

    key: str
    fields_hash: str
    from_cache: bool
    render_ms: int
    size: int
    credits_remaining: int
    preview: bool = False
    warnings: tuple[RenderWarning, ...] = ()
