"""Commits lists of writes."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb.gateway import PATIENCE, ConditionFailed, Gateway, Patience
from darkroom.adapters.dynamodb.writes.registry import spelling_of
from darkroom.domain.writes import Write, WriteRefused

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.adapters.dynamodb.keys import Tables
    from darkroom.adapters.dynamodb.marshal import Image
    from darkroom.adapters.dynamodb.parts import Part

_CALLS = {"Put": "put_item", "Update": "update_item", "Delete": "delete_item"}


class DynamoStore:
    """One commit is one call: a transaction, or a plain conditional write when it is alone and no money."""

    def __init__(self, client: DynamoDBClient, tables: Tables, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._tables = tables

    def commit(self, *writes: Write) -> None:
        if not writes:
            return
        parts = [part_of(write, self._tables) for write in writes]
        try:
            if _may_go_alone(writes, parts):
                self._gateway.run(_CALLS[parts[0].verb], **parts[0].request)
            else:
                self._transact(parts)
        except ConditionFailed as failed:
            raise _refusal(writes, failed.olds) from failed

    def _transact(self, parts: Sequence[Part]) -> None:
        # One token for all tries: a try whose answer got lost is then not applied a second time.
        self._gateway.run(
            "transact_write_items",
            TransactItems=[{part.verb: part.request} for part in parts],
            ClientRequestToken=str(uuid.uuid4()),
        )


def part_of(write: Write, tables: Tables) -> Part:
    """The write as its part of a transaction."""
    spelling = spelling_of(type(write))
    return spelling.part(getattr(tables, spelling.table), write)


def _refusal(writes: Sequence[Write], olds: Mapping[int, Image | None]) -> WriteRefused:
    """The refusal to raise when the writes at the places of ``olds`` were refused."""
    place = min(olds, key=lambda place: (writes[place].precedence, place))
    return WriteRefused(writes[place], spelling_of(type(writes[place])).refused_by(olds[place]))


def _may_go_alone(writes: Sequence[Write], parts: Sequence[Part]) -> bool:
    """Whether a plain write will do. Never for money: a transaction's token makes repeated calls harmless."""
    return len(writes) == 1 and parts[0].verb in _CALLS and not writes[0].moves_credits
