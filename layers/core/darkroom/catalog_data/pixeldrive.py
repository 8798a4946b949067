"""What the pixeldrive dialect sells: renders of templates. Prices are credits per render that was made.

A render that was made before is free, and so is a preview: their price is zero, which is not an unknown price.
"""

from __future__ import annotations

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Offer
from darkroom.domain.renders import names
from darkroom.domain.renders.batches import MAX_ROWS

DIALECT = "pixeldrive"

RENDER = "pixeldrive.render"
BATCH = "pixeldrive.batch"
PREVIEW = "pixeldrive.preview"

# A synchronous request times out long before the first; a batch's stream is open for as long as the second.
_RENDER_SECONDS = 300
_BATCH_SECONDS = 1800


def _offer(offer_id: str, kind: str, price: int, deadline_seconds: int, max_count: int = 1) -> Offer:
    return Offer(
        id=offer_id,
        dialect=DIALECT,
        kind=kind,
        model=offer_id.replace(".", "-"),
        price=price,
        feature=Feature.RENDERS,
        collection="render",
        deadline_seconds=deadline_seconds,
        max_count=max_count,
    )


OFFERS = (
    _offer(RENDER, names.RENDER, 1, _RENDER_SECONDS),
    _offer(BATCH, names.BATCH, 1, _BATCH_SECONDS, MAX_ROWS),
    _offer(PREVIEW, names.PREVIEW, 0, _RENDER_SECONDS),
)
