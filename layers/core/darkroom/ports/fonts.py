"""Reads of a workspace's own fonts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.fonts.font import Font


class Fonts(Protocol):
    """Reads of fonts that are ready, as they are now."""

    def get(self, owner: Owner, font_id: str) -> Font | None: ...

    def list(self, owner: Owner) -> tuple[Font, ...]:
        """All of an owner's, the oldest first; there is a limit to how many there can be."""
        ...
