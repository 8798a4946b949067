"""Reads of templates."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import from_image, to_image
from darkroom.adapters.dynamodb.queries import Partition, read_page
from darkroom.domain.paging import Page, PageRequest, unknown_cursor
from darkroom.domain.serialization import from_document
from darkroom.domain.templates.template import Template

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.accounts.workspaces import Owner


class DynamoTemplates:
    """The assets table. A template's current version is in one row, each older one in another of its own."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def get(self, owner: Owner, template_id: str) -> Template | None:
        return self._at(keys.template(owner, template_id))

    def version(self, owner: Owner, template_id: str, number: int) -> Template | None:
        old = keys.old_template(owner, template_id, number)
        both = [to_image(keys.template(owner, template_id)), to_image(old)]
        rows = map(from_image, self._gateway.get_many(self._table, both))
        row = next((one for one in rows if one["version"] == number), None)
        # Two rows are not read at one instant: the version may have been retired between them, but then it is there.
        return from_document(Template, row) if row else self._at(old)

    def list(self, owner: Owner, page: PageRequest) -> Page[Template]:
        if page.after is not None and self.get(owner, page.after) is None:
            raise unknown_cursor()
        return read_page(
            self._gateway,
            Partition(self._table, keys.templates_partition(owner), keys.BY_COLLECTION),
            page,
            partial(from_document, Template),
            after=page.after,
        )

    def _at(self, key: keys.Key) -> Template | None:
        image = self._gateway.get(self._table, to_image(key))
        return from_document(Template, from_image(image)) if image else None
