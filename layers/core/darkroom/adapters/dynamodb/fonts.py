"""Reads of fonts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import from_image, to_image
from darkroom.adapters.dynamodb.queries import Partition, read_page
from darkroom.domain.fonts.font import Font
from darkroom.domain.paging import PageRequest
from darkroom.domain.serialization import from_document

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.accounts.workspaces import Owner

_AT_ONCE = 200  # more than anybody has


class DynamoFonts:
    """The fonts in the assets table."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def get(self, owner: Owner, font_id: str) -> Font | None:
        image = self._gateway.get(self._table, to_image(keys.font(owner, font_id)))
        return from_document(Font, from_image(image)) if image else None

    def list(self, owner: Owner) -> tuple[Font, ...]:
        partition = Partition(self._table, keys.fonts_partition(owner))
        page = PageRequest(limit=_AT_ONCE, newest_first=False)
        return read_page(self._gateway, partition, page, partial(from_document, Font)).items
