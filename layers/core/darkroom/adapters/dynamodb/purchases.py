"""Purchases and who pays for them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import Row, from_image, to_epoch, to_image
from darkroom.domain.billing.purchases import Purchase
from darkroom.domain.billing.reloads import ReloadState
from darkroom.domain.serialization import from_document, to_document

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.accounts.workspaces import Owner


class DynamoPurchases:
    """The accounts table's rows about purchases."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def get(self, owner: Owner, purchase_id: str) -> Purchase | None:
        image = self._gateway.get(self._table, to_image(keys.purchase(owner, purchase_id)))
        return from_document(Purchase, from_image(image)) if image else None

    def customer(self, owner: Owner) -> str:
        image = self._gateway.get(self._table, to_image(keys.customer(owner)))
        return str(from_image(image)["customer_id"]) if image else ""

    def reload_state(self, owner: Owner) -> ReloadState:
        image = self._gateway.get(self._table, to_image(keys.reload_state(owner)))
        return from_document(ReloadState, from_image(image)) if image else ReloadState(owner)


def purchase_row(purchase: Purchase) -> Row:
    """A purchase as its row; one that came to nothing is forgotten after a while."""
    row: Row = keys.purchase(purchase.owner, purchase.id) | to_document(purchase)
    if purchase.kept_until is not None:
        row["expires_at"] = math.ceil(to_epoch(purchase.kept_until))
    return row
