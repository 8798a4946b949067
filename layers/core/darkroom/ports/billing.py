"""Taking money for credits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Named in signatures only, so whoever implements or calls a port loads what it needs itself.
    from darkroom.domain.billing.packs import Purchase


class Payments(Protocol):
    """Takes money for credits."""

    def checkout(self, purchase: Purchase) -> str:
        """The address of a page where the purchase can be paid.

        Raises
        ------
        Unavailable
            Nothing can be bought on this stack, or not just now.
        """
        ...
