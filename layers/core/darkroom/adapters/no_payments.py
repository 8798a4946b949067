"""A stack that sells nothing."""

from __future__ import annotations

from darkroom.domain.billing.packs import Purchase
from darkroom.domain.errors import Unavailable


class NoPayments:
    """Stands where no payment provider is configured."""

    def checkout(self, purchase: Purchase) -> str:  # noqa: ARG002 - the port's
        raise Unavailable("Credits cannot be bought on this stack; ask its operator.", retry_after=3600)
