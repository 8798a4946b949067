"""Reads a partition of a table or an index, in the order of its sort key."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of, update
from darkroom.adapters.dynamodb.gateway import ConditionFailed
from darkroom.adapters.dynamodb.marshal import Row, from_image, to_epoch, to_image
from darkroom.domain.paging import Due, Listed, Page, PageRequest, RowKey

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from darkroom.adapters.dynamodb.gateway import Gateway

logger = logging.getLogger(__name__)

_FILTERED_AT_ONCE = 400  # rows looked at per call when hardly any counts


@dataclass(frozen=True, slots=True)
class Partition:
    """One partition: of the table itself, or of ``index``, whose keys are ``keyed_by`` if not the usual ones."""

    table: str
    value: str
    index: str | None = None
    keyed_by: tuple[str, str] | None = None

    @property
    def names(self) -> tuple[str, str]:
        """The partition key's and the sort key's attribute."""
        return self.keyed_by or (("gsi1pk", "gsi1sk") if self.index else ("pk", "sk"))

    def place_of(self, row: Row) -> Row:
        """Where a row stands in the index; what a page that begins after it starts from."""
        names = dict.fromkeys(("pk", "sk", *self.names))
        return {**{name: row[name] for name in names if name in row}, self.names[0]: self.value}


@dataclass(frozen=True, slots=True)
class DueIndex:
    """A sparse index of what is to be looked at, and when: its attributes, and how it spells a moment."""

    name: str
    shard: str
    moment: str
    spelled: Callable[[datetime], Any] = to_epoch


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows of a partition are asked for: ``only`` is a condition built with ``x``.

    ``id_of`` reads an object's id from its row's key: of the last row looked at, no more is known.
    """

    x: Placeholders
    only: str
    id_of: Callable[[Row], str]


def read_page[T: Listed](
    gateway: Gateway,
    partition: Partition,
    page: PageRequest,
    decode: Callable[[Row], T],
    *,
    after: str | Row | None = None,
    floor: str | None = None,
    where: Filter | None = None,
) -> Page[T]:
    """One page of the rows beyond ``after`` and not below the sort key ``floor``.

    ``after`` is a sort key, or a row of an index whose sort keys are not unique. With ``where``, reads on until the
    page is full, the partition ends, or as many rows were looked at as the request allows.
    """
    x = where.x if where else Placeholders()
    beyond = _key_condition(x, partition, page, after if isinstance(after, str) else None, floor)
    request: dict[str, Any] = {"KeyConditionExpression": beyond, "ScanIndexForward": not page.newest_first}
    if isinstance(after, Mapping):
        request["ExclusiveStartKey"] = to_image(partition.place_of(after))
    limit = page.limit + 1  # one more than asked for tells whether there is more
    if where and where.only:
        request["FilterExpression"] = where.only
        some, stopped_at = _some_of(gateway, partition, request | x.used(), limit, page.looked_at)
    else:
        some = list(islice(rows(gateway, partition, {**request, "Limit": limit} | x.used()), limit))
        stopped_at = None
    items = tuple(map(decode, some[: page.limit]))
    if len(some) > page.limit or where is None or stopped_at is None:
        return Page(items, len(some) > page.limit)
    return Page(items, has_more=True, resume_after=where.id_of(stopped_at))


def _some_of(
    gateway: Gateway, partition: Partition, request: dict[str, Any], limit: int, looked_at: int
) -> tuple[list[Row], Row | None]:
    """At most ``limit`` of a filtered query's rows, and the key of the last row looked at if there may be more."""
    found: list[Row] = []
    at_once = 2 * limit
    while True:
        answer = _query(gateway, partition, {**request, "Limit": min(at_once, looked_at)})
        found += map(from_image, answer["Items"])
        last = answer.get("LastEvaluatedKey")
        looked_at -= answer["ScannedCount"]
        if last is None:
            return found[:limit], None
        if len(found) >= limit or looked_at <= 0:
            return found[:limit], from_image(last)
        request, at_once = {**request, "ExclusiveStartKey": last}, _FILTERED_AT_ONCE


def rows(gateway: Gateway, partition: Partition, request: dict[str, Any]) -> Iterator[Row]:
    """The rows of a query, calling again only when more of them are asked for."""
    while True:
        answer = _query(gateway, partition, request)
        yield from map(from_image, answer["Items"])
        if "LastEvaluatedKey" not in answer:
            return
        request = {**request, "ExclusiveStartKey": answer["LastEvaluatedKey"]}


def _query(gateway: Gateway, partition: Partition, request: dict[str, Any]) -> Any:
    where: dict[str, Any] = {"IndexName": partition.index} if partition.index else {"ConsistentRead": True}
    return gateway.run("query", TableName=partition.table, **where, **request)


def starting_with(gateway: Gateway, partition: Partition, prefix: str) -> Iterator[Row]:
    """All rows of a partition whose sort key starts with ``prefix``."""
    x = Placeholders()
    partition_name, sort_name = partition.names
    in_partition = f"{x.path(partition_name)} = {x.value(partition.value)}"
    prefixed = f"begins_with({x.path(sort_name)}, {x.value(prefix)})"
    return rows(gateway, partition, {"KeyConditionExpression": all_of(in_partition, prefixed)} | x.used())


def overdue[T](
    gateway: Gateway,
    table: str,
    index: DueIndex,
    now: datetime,
    limit: int,
    decode: Callable[[Row], T],
    shards: Sequence[str] = keys.SHARDS,
) -> Due[T]:
    """At most ``limit`` rows of a sparse index whose moment has come, the longest overdue first."""
    by_shard = [_overdue_in(gateway, table, index, shard, now, limit) for shard in shards]
    items, unreadable = list[T](), list[RowKey]()
    for row in sorted(chain(*by_shard), key=lambda row: row[index.moment])[:limit]:
        key = RowKey(row["pk"], row["sk"])
        try:
            items.append(decode(row))
        except Exception:
            # Whatever is wrong with it, or whichever version wrote it: it is not to hold up the others.
            logger.exception("the row %s %s of %s cannot be read", key.pk, key.sk, table)
            unreadable.append(key)
    return Due(tuple(items), tuple(unreadable))


def set_aside(gateway: Gateway, table: str, index: DueIndex, key: RowKey, until: datetime) -> None:
    """Have a row that cannot be read not be due before ``until``; nothing happens if it is due no more."""
    x = Placeholders()
    moved = f"{x.path(index.moment)} = {x.value(index.spelled(until))}"
    try:
        gateway.run(
            "update_item",
            TableName=table,
            Key=to_image({"pk": key.pk, "sk": key.sk}),
            UpdateExpression=update(set_=[moved]),
            ConditionExpression=f"attribute_exists({x.path(index.shard)})",
            **x.used(),
        )
    except ConditionFailed:
        return


def _overdue_in(
    gateway: Gateway, table: str, index: DueIndex, shard: str, now: datetime, limit: int
) -> Iterator[Row]:
    x = Placeholders()
    in_shard = f"{x.path(index.shard)} = {x.value(shard)}"
    has_come = f"{x.path(index.moment)} <= {x.value(index.spelled(now))}"
    request = {"KeyConditionExpression": all_of(in_shard, has_come), "Limit": limit, **x.used()}
    return islice(rows(gateway, Partition(table, shard, index.name), request), limit)


def _key_condition(
    x: Placeholders, partition: Partition, page: PageRequest, after: str | None, floor: str | None
) -> str:
    partition_name, sort_name = partition.names
    in_partition = f"{x.path(partition_name)} = {x.value(partition.value)}"
    if after is None and floor is None:
        return in_partition
    return all_of(in_partition, f"{x.path(sort_name)} {_range(x, page.newest_first, after, floor)}")


def _range(x: Placeholders, newest_first: bool, after: str | None, floor: str | None) -> str:
    """The one condition a query may have on its sort key."""
    if after is None:
        return f">= {x.value(floor)}"
    if not newest_first:
        return f">= {x.value(floor)}" if floor and floor > after else f"> {x.value(after)}"
    if floor is None:
        return f"< {x.value(after)}"
    # BETWEEN takes in both its ends, and must not be given them the wrong way round.
    return f"BETWEEN {x.value(floor)} AND {x.value(max(_just_below(after), floor))}"


def _just_below(text: str) -> str:
    """A string between ``text`` and all strings of its length that sort before it."""
    return text[:-1] + chr(ord(text[-1]) - 1) + "\uffff"
