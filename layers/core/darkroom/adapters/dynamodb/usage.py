"""Reads of usage: facts of movements, and their sums."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of
from darkroom.adapters.dynamodb.gateway import PATIENCE, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import Row, from_image, to_image
from darkroom.adapters.dynamodb.queries import Partition, rows
from darkroom.adapters.dynamodb.writes.usage import fact_from_row, fact_key, place_key, sums_of
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.usage.measures import Measures
from darkroom.domain.usage.places import PARTS, KeyUsage, OfferUsage, WorkspaceUsage

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.usage.facts import UsageFact

_AT_ONCE = 200
_END = "\uffff"  # sorts after whatever a key goes on with


class DynamoUsage:
    """The usage table."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def known(self, facts: Sequence[UsageFact]) -> Collection[str]:
        images = self._gateway.get_many(self._table, [to_image(fact_key(fact)) for fact in facts])
        return {from_image(image)["sk"] for image in images}

    def facts(self, owner: Owner, day: date) -> Iterator[UsageFact]:
        for part in range(PARTS):
            yield from map(fact_from_row, self._between(keys.usage_facts_partition(owner, day, part)))

    def by_key(self, owner: Owner, first: date, last: date) -> Mapping[KeyUsage, Measures]:
        found: dict[KeyUsage, Measures] = {}
        for row in self._between(keys.key_usage_partition(owner), f"{first}", f"{last}{_END}"):
            day, key_id, offer_id, vendor = row["sk"].split("#")
            found[KeyUsage(owner, date.fromisoformat(day), key_id, offer_id, vendor)] = sums_of(row)
        return found

    def of_workspace(self, place: WorkspaceUsage) -> Measures:
        image = self._gateway.get(self._table, to_image(place_key(place)))
        return sums_of(from_image(image)) if image else Measures()

    def by_offer(self, first: date, last: date, *, livemode: bool) -> Mapping[OfferUsage, Measures]:
        found: dict[OfferUsage, Measures] = {}
        for part in range(PARTS):
            partition = keys.offer_usage_partition(part, livemode=livemode)
            for row in self._between(partition, f"{first}", f"{last}{_END}"):
                day, offer_id, vendor = row["sk"].split("#")
                found[OfferUsage(livemode, date.fromisoformat(day), offer_id, vendor, part)] = sums_of(row)
        return found

    def by_workspace(
        self, first: date, last: date, *, livemode: bool, after: str = ""
    ) -> Iterator[tuple[WorkspaceUsage, Measures]]:
        beyond = f"{after}{_END}" if after else " "
        partitions = [
            keys.workspace_usage_partition(month, part, livemode=livemode)
            for month in _months(first, last)
            for part in range(PARTS)
        ]
        # Few are wanted at a time, and each part is asked for as many.
        streams = [self._between(partition, beyond, _END, at_once=_AT_ONCE) for partition in partitions]
        for row in heapq.merge(*streams, key=_sort_key):
            workspace_id, day_text = row["sk"].split("#")
            day = date.fromisoformat(day_text)
            if first <= day <= last:
                yield WorkspaceUsage(Owner(workspace_id, livemode), day), sums_of(row)

    def _between(
        self, partition: str, first: str = "", last: str = "", *, at_once: int | None = None
    ) -> Iterator[Row]:
        x = Placeholders()
        condition = f"{x.path('pk')} = {x.value(partition)}"
        if first:
            condition = all_of(condition, f"{x.path('sk')} BETWEEN {x.value(first)} AND {x.value(last)}")
        request = {"KeyConditionExpression": condition, **({"Limit": at_once} if at_once else {}), **x.used()}
        return rows(self._gateway, Partition(self._table, partition), request)


def _sort_key(row: Row) -> str:
    return str(row["sk"])


def _months(first: date, last: date) -> list[str]:
    """The months that a range of days touches."""
    days = (last - first).days
    return sorted({f"{first + timedelta(days=number):%Y-%m}" for number in range(days + 1)})
