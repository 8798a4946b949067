"""Reads of brand kits."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import from_image, to_image
from darkroom.adapters.dynamodb.queries import Partition, read_page
from darkroom.domain.brands.brand_kit import BrandKit
from darkroom.domain.paging import Page, PageRequest, unknown_cursor
from darkroom.domain.serialization import from_document

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.accounts.workspaces import Owner


class DynamoBrandKits:
    """The assets table. Which kit is the default stands in a row of its own, so that it is one at most."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def get(self, owner: Owner, kit_id: str) -> BrandKit | None:
        wanted = [to_image(keys.brand_kit(owner, kit_id)), to_image(keys.default_brand_kit(owner))]
        rows = {row["sk"]: row for row in map(from_image, self._gateway.get_many(self._table, wanted))}
        if keys.KIT not in rows:
            return None
        default = rows.get(keys.DEFAULT_KIT, {}).get("kit_id")
        return _marked(from_document(BrandKit, rows[keys.KIT]), default)

    def list(self, owner: Owner, page: PageRequest) -> Page[BrandKit]:
        if page.after is not None and self.get(owner, page.after) is None:
            raise unknown_cursor()
        found = read_page(
            self._gateway,
            Partition(self._table, keys.brand_kits_partition(owner), keys.BY_COLLECTION),
            page,
            partial(from_document, BrandKit),
            after=page.after,
        )
        image = self._gateway.get(self._table, to_image(keys.default_brand_kit(owner)))
        default = from_image(image)["kit_id"] if image else None
        return Page(tuple(_marked(kit, default) for kit in found.items), found.has_more)


def _marked(kit: BrandKit, default: str | None) -> BrandKit:
    return replace(kit, is_default=kit.id == default)
