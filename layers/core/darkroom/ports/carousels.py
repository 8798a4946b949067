"""Reads of carousels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner


class Slides(Protocol):
    """Whose slides are whose."""

    def job_of(self, owner: Owner, slide_id: str) -> str | None:
        """The id of the job that a slide is a task of."""
        ...
