"""Reads of whose slides are whose."""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import from_image, to_image

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.accounts.workspaces import Owner


class DynamoSlides:
    """The assets table's rows about slides."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def job_of(self, owner: Owner, slide_id: str) -> str | None:
        image = self._gateway.get(self._table, to_image(keys.slide(owner, slide_id)))
        return str(from_image(image)["job_id"]) if image else None
