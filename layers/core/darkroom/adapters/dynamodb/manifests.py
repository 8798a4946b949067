"""Manifests as rows, and their reads."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import Image, Row, from_epoch, from_image, to_epoch, to_image
from darkroom.adapters.dynamodb.queries import DueIndex, Partition, overdue, read_page, rows, set_aside
from darkroom.domain.manifests.manifest import Manifest, ManifestStatus
from darkroom.domain.paging import unknown_cursor
from darkroom.domain.serialization import from_document, to_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.paging import Due, Page, PageRequest, RowKey

MANIFEST = "manifest"

_DUE = DueIndex(keys.OPEN, "open_shard", "check_at")


def manifest_row(manifest: Manifest) -> Row:
    row: Row = keys.manifest(manifest.owner, manifest.id) | to_document(manifest)
    row |= {
        "entity": MANIFEST,
        "gsi1pk": keys.manifests_partition(manifest.owner),
        "gsi1sk": _position(manifest),
        "check_at": to_epoch(manifest.check_at),
    }
    if not manifest.terminal:
        row["open_shard"] = keys.MANIFESTS_SHARD
    if manifest.status is ManifestStatus.PARKED:
        # No list of jobs ever asks for this partition.
        row |= {"gsi2pk": keys.parked_partition(manifest.owner), "gsi2sk": manifest.id}
    return row


def _position(manifest: Manifest) -> str:
    """Where it stands in its owner's list; its id is not of the time it was made at."""
    return keys.delivery_position(manifest.created_at, manifest.id)


def manifest_from_row(row: Mapping[str, Any]) -> Manifest:
    return from_document(Manifest, {**row, "check_at": from_epoch(row["check_at"]).isoformat()})


def manifest_from_image(image: Image) -> Manifest:
    """A manifest from a stream record's image."""
    return manifest_from_row(from_image(image))


class DynamoManifests:
    """What the jobs table holds of manifests."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def get(self, owner: Owner, manifest_id: str) -> Manifest | None:
        image = self._gateway.get(self._table, to_image(keys.manifest(owner, manifest_id)))
        return manifest_from_image(image) if image else None

    def list(self, owner: Owner, page: PageRequest) -> Page[Manifest]:
        last_seen = self.get(owner, page.after) if page.after is not None else None
        if page.after is not None and last_seen is None:
            raise unknown_cursor()
        return read_page(
            self._gateway,
            Partition(self._table, keys.manifests_partition(owner), keys.BY_WORKSPACE),
            page,
            manifest_from_row,
            after=_position(last_seen) if last_seen else None,
        )

    def parked(self, owner: Owner, limit: int) -> Sequence[Manifest]:
        x, partition = Placeholders(), keys.parked_partition(owner)
        request = {"KeyConditionExpression": f"{x.path('gsi2pk')} = {x.value(partition)}", **x.used()}
        # The index holds keys only.
        found = islice(rows(self._gateway, Partition(self._table, partition, keys.BY_KEY), request), limit)
        row_keys = [to_image(keys.manifest(owner, row["gsi2sk"])) for row in found]
        images = self._gateway.get_many(self._table, [*row_keys]) if row_keys else []
        manifests = map(manifest_from_image, images)
        return [manifest for manifest in manifests if manifest.status is ManifestStatus.PARKED]

    def due(self, now: datetime, limit: int) -> Due[Manifest]:
        shards = (keys.MANIFESTS_SHARD,)
        return overdue(self._gateway, self._table, _DUE, now, limit, manifest_from_row, shards)

    def set_aside(self, row: RowKey, until: datetime) -> None:
        set_aside(self._gateway, self._table, _DUE, row, until)
