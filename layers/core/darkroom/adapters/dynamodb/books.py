"""Reads of everything there is: owners, their entries, open jobs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import from_image, to_image
from darkroom.adapters.dynamodb.queries import Partition, rows
from darkroom.adapters.dynamodb.rows import job_from_row
from darkroom.domain.billing.ledger import LedgerEntry
from darkroom.domain.reconcile.books import Reconciliation
from darkroom.domain.serialization import from_document

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.adapters.dynamodb.keys import Tables
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.jobs.job import Job

_OPEN_AT_ONCE = 100


class DynamoBookReader:
    """The accounts, the jobs and the last result, which the usage table has."""

    def __init__(self, client: DynamoDBClient, tables: Tables, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._tables = tables

    def owners(self, cursor: str | None) -> tuple[Sequence[Owner], str | None]:
        # A scan, page by page: nobody asks for all owners but this, at night, and all their entries are read anyway.
        x = Placeholders()
        request: dict[str, Any] = {"FilterExpression": f"{x.path('sk')} = {x.value('WALLET')}"}
        if cursor is not None:
            request["ExclusiveStartKey"] = to_image(json.loads(cursor))
        answer = self._gateway.run("scan", TableName=self._tables.accounts, **request, **x.used())
        found = (keys.wallet_owner(from_image(image)["pk"]) for image in answer["Items"])
        last = answer.get("LastEvaluatedKey")
        following = json.dumps(from_image(last)) if last else None
        return [owner for owner in found if owner is not None], following

    def entries(self, owner: Owner, after: str, limit: int) -> Sequence[LedgerEntry]:
        x = Placeholders()
        partition = keys.ledger_partition(owner)
        condition = f"{x.path('pk')} = {x.value(partition)}"
        if after:
            condition = all_of(condition, f"{x.path('sk')} > {x.value(after)}")
        request = {"KeyConditionExpression": condition, "Limit": limit, **x.used()}
        found = rows(self._gateway, Partition(self._tables.accounts, partition), request)
        return [from_document(LedgerEntry, row) for row in islice(found, limit)]

    def entries_since(self, owner: Owner, since: datetime) -> Sequence[LedgerEntry]:
        x = Placeholders()
        partition = Partition(self._tables.accounts, keys.ledger_partition(owner), keys.BY_TIME, ("pk", "at"))
        of_owner = f"{x.path('pk')} = {x.value(partition.value)}"
        from_then_on = f"{x.path('at')} >= {x.value(since.isoformat())}"
        request = {"KeyConditionExpression": all_of(of_owner, from_then_on), **x.used()}
        return [from_document(LedgerEntry, row) for row in rows(self._gateway, partition, request)]

    def open_jobs(self, cursor: str | None) -> tuple[Sequence[Job], str | None]:
        shard, start = json.loads(cursor) if cursor else (0, None)
        x = Placeholders()
        request: dict[str, Any] = {
            "KeyConditionExpression": f"{x.path('open_shard')} = {x.value(keys.SHARDS[shard])}",
            "Limit": _OPEN_AT_ONCE,
        }
        if start is not None:
            request["ExclusiveStartKey"] = start
        answer = self._gateway.run(
            "query", TableName=self._tables.jobs, IndexName=keys.OPEN, **request, **x.used()
        )
        last = answer.get("LastEvaluatedKey")
        following = (shard, last) if last else (shard + 1, None)
        jobs = [job_from_row(from_image(image)) for image in answer["Items"]]
        return jobs, json.dumps(following) if following[0] < len(keys.SHARDS) else None

    def last(self) -> Reconciliation | None:
        image = self._gateway.get(self._tables.usage, to_image(keys.reconciliation()))
        return from_document(Reconciliation, from_image(image)) if image else None
