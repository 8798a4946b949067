"""What our payments carry at Stripe, and come back with in its events: whose they are, and for what."""

from __future__ import annotations

from collections.abc import Mapping

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.purchases import Purchase

WORKSPACE, MODE, PURCHASE = "darkroom_workspace", "darkroom_mode", "darkroom_purchase"
AUTOMATIC = "darkroom_automatic"
_LIVE, _TEST = "live", "test"


def of(purchase: Purchase) -> dict[str, str]:
    """The metadata of a purchase's session and of its payment."""
    owner = purchase.owner
    return {
        WORKSPACE: owner.workspace_id,
        MODE: _LIVE if owner.livemode else _TEST,
        PURCHASE: purchase.id,
    }


def of_automatic(purchase: Purchase) -> dict[str, str]:
    """The metadata of a payment that nobody sees a page of."""
    return {**of(purchase), AUTOMATIC: "true"}


def is_automatic(metadata: Mapping[str, str]) -> bool:
    """Whether it is of such a payment."""
    return metadata.get(AUTOMATIC) == "true"


def read(metadata: Mapping[str, str]) -> tuple[Owner, str] | None:
    """The owner and the purchase's id; ``None`` of what is not ours."""
    workspace_id, mode, purchase_id = (metadata.get(name, "") for name in (WORKSPACE, MODE, PURCHASE))
    if not workspace_id or not purchase_id or mode not in (_LIVE, _TEST):
        return None
    return Owner(workspace_id, mode == _LIVE), purchase_id
