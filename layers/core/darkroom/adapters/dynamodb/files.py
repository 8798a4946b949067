"""Reads of uploaded files."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import Image, from_image, to_image
from darkroom.adapters.dynamodb.queries import Partition, read_page
from darkroom.domain.files.file import File
from darkroom.domain.files.uploads import FileUsage
from darkroom.domain.serialization import from_document

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.paging import Page, PageRequest


class DynamoFiles:
    """The files in the assets table."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def get(self, owner: Owner, file_id: str) -> File | None:
        image = self._gateway.get(self._table, to_image(keys.file(owner, file_id)))
        return file_from_image(image) if image else None

    def get_many(self, owner: Owner, file_ids: Sequence[str]) -> Mapping[str, File]:
        if not file_ids:
            return {}
        wanted = [to_image(keys.file(owner, file_id)) for file_id in dict.fromkeys(file_ids)]
        files = map(file_from_image, self._gateway.get_many(self._table, wanted))
        return {file.id: file for file in files}

    def usage(self, owner: Owner) -> FileUsage:
        row = from_image(self._gateway.get(self._table, to_image(keys.file_usage(owner))) or {})
        return FileUsage(frozenset(row.get("places", ())), row.get("stored_bytes", 0))

    def list(self, owner: Owner, page: PageRequest) -> Page[File]:
        partition = Partition(self._table, keys.files_partition(owner), keys.BY_COLLECTION)
        decode = partial(from_document, File)
        return read_page(self._gateway, partition, page, decode, after=page.after)


def file_from_image(image: Image) -> File:
    """A file from a row or a stream record's image."""
    return from_document(File, from_image(image))
