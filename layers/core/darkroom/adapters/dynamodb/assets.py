"""Reads of assets."""

from __future__ import annotations

from functools import partial
from itertools import batched, islice
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import Image, Row, from_image, to_image
from darkroom.adapters.dynamodb.queries import Filter, Partition, read_page, rows
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.paging import Page, PageRequest, unknown_cursor
from darkroom.domain.serialization import from_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.accounts.workspaces import Owner

_READ_AT_ONCE = 100


class DynamoAssets:
    """The assets table. A soft-deleted asset has left the index, so lists need not skip it."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def get(self, owner: Owner, asset_id: str) -> Asset | None:
        image = self._gateway.get(self._table, to_image(keys.asset(owner, asset_id)))
        return _asset(image) if image else None

    def get_many(self, owner: Owner, asset_ids: Sequence[str]) -> Mapping[str, Asset]:
        assets = [
            _asset(image)
            for some in batched(dict.fromkeys(asset_ids), _READ_AT_ONCE, strict=False)
            for image in self._gateway.get_many(
                self._table, [to_image(keys.asset(owner, asset_id)) for asset_id in some]
            )
        ]
        return {asset.id: asset for asset in assets}

    def list(
        self,
        owner: Owner,
        collection: str,
        page: PageRequest,
        *,
        search: str = "",
        exclude_carousel: bool = False,
    ) -> Page[Asset]:
        x = Placeholders()
        matches = f"contains({x.path('prompt_search')}, {x.value(search.casefold())})" if search else ""
        no_slide = f"attribute_not_exists({x.path('from_carousel')})" if exclude_carousel else ""
        partition = keys.assets_partition(owner, collection)
        return read_page(
            self._gateway,
            Partition(self._table, partition, keys.BY_TIME, ("gsi1pk", "created_at")),
            page,
            partial(from_document, Asset),
            after=self._seen(owner, collection, page.after) if page.after is not None else None,
            where=Filter(x, all_of(matches, no_slide), keys.last_of_partition),
        )

    def descendants(self, owner: Owner, root_id: str, limit: int) -> Sequence[str]:
        x = Placeholders()
        partition = Partition(self._table, keys.family_partition(owner, root_id))
        condition = f"{x.path('pk')} = {x.value(partition.value)}"
        request = {"KeyConditionExpression": condition, "Limit": limit, **x.used()}
        return [row["asset_id"] for row in islice(rows(self._gateway, partition, request), limit)]

    def _seen(self, owner: Owner, collection: str, asset_id: str) -> Row:
        """The row of the last asset that was seen, which may have been deleted since."""
        row = from_image(self._gateway.get(self._table, to_image(keys.asset(owner, asset_id))) or {})
        if row.get("collection") != collection:
            raise unknown_cursor()
        return row


def _asset(image: Image) -> Asset:
    return from_document(Asset, from_image(image))
