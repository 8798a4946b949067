"""Taking money for credits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.billing.packs import Purchase


class Payments(Protocol):
    """Takes money for credits."""

    def checkout(self, purchase: Purchase) -> str:
        """Start a checkout; returns the address of the page where the purchase is paid.

        Raises
        ------
        Unavailable
            This stack sells nothing, or the payment service does not answer.
        """
        ...
