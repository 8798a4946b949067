"""Reads of finished renders."""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import from_image, to_image
from darkroom.domain.renders.rendered import Rendered
from darkroom.domain.serialization import from_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.accounts.workspaces import Owner


class DynamoRenders:
    """What the assets table holds of finished renders."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def find(self, owner: Owner, template_id: str, payload_keys: Sequence[str]) -> Mapping[str, Rendered]:
        if not payload_keys:
            return {}
        row_keys = [to_image(keys.rendered(owner, template_id, key)) for key in dict.fromkeys(payload_keys)]
        images = self._gateway.get_many(self._table, [*row_keys])
        renders = (from_document(Rendered, from_image(image)) for image in images)
        return {rendered.payload_key: rendered for rendered in renders}
