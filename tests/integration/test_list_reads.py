"""What a filtered list costs: however much a workspace has, one request reads a bounded part of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from moto import mock_aws

from darkroom.adapters.dynamodb.assets import DynamoAssets
from darkroom.adapters.dynamodb.endpoints import DynamoEndpoints
from darkroom.adapters.dynamodb.jobs import DynamoJobs
from darkroom.adapters.dynamodb.store import DynamoStore
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.paging import LOOKED_AT, Page, PageRequest
from darkroom.domain.webhooks.deliveries import DeliveryStatus
from darkroom.domain.writes import CreateJob, SaveAsset, SaveDelivery
from tests.contract.examples import OWNER, asset, delivery, job, object_id
from tests.contract.tables import create_tables

ROWS = 60
FEW = 10  # looked at, in these tests


@dataclass
class Reads:
    """Every query that was made: how many rows it read."""

    scanned: list[int] = field(default_factory=list)

    def note(self, parsed: Any, **_: Any) -> None:
        self.scanned.append(parsed["ScannedCount"])


@dataclass(frozen=True)
class Lists:
    client: Any
    assets: DynamoAssets
    jobs: DynamoJobs
    endpoints: DynamoEndpoints

    @contextmanager
    def reads(self) -> Iterator[Reads]:
        reads = Reads()
        self.client.meta.events.register("after-call.dynamodb.Query", reads.note)
        yield reads
        self.client.meta.events.unregister("after-call.dynamodb.Query", reads.note)


@pytest.fixture(scope="module")
def lists() -> Iterator[Lists]:
    with mock_aws():
        client = boto3.client(
            "dynamodb", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
        )
        tables = create_tables(client)
        store = DynamoStore(client, tables)
        for number in range(1, ROWS + 1):
            store.commit(SaveAsset(asset(number)))
            store.commit(CreateJob(job(number)))
            store.commit(SaveDelivery(delivery(number)))
        endpoints = DynamoEndpoints(client, tables.webhooks)
        yield Lists(client, DynamoAssets(client, tables.assets), DynamoJobs(client, tables.jobs), endpoints)


def request(**changes: Any) -> PageRequest:
    return PageRequest(**{"limit": 5, "looked_at": FEW, **changes})


def filtered(lists: Lists, name: str, page: PageRequest) -> Page[Any]:
    """A list asked for what it has nothing of."""
    found: dict[str, Any] = {
        "a search": lambda: lists.assets.list(OWNER, "image", page, search="no such word"),
        "a kind": lambda: lists.jobs.list(OWNER, page, kinds={"video"}),
        "a status": lambda: lists.jobs.list(OWNER, page, statuses={JobStatus.FAILED, JobStatus.CANCELED}),
        "a dialect": lambda: lists.jobs.list(OWNER, page, dialect="nobody"),
        "a delivery's status": lambda: lists.endpoints.deliveries(
            OWNER, object_id(1), page, status=DeliveryStatus.FAILED
        ),
    }
    page_found: Page[Any] = found[name]()
    return page_found


FILTERS = ("a search", "a kind", "a status", "a dialect", "a delivery's status")


@pytest.mark.parametrize("name", FILTERS)
def test_a_filter_that_finds_nothing_reads_no_whole_partition(lists: Lists, name: str) -> None:
    with lists.reads() as reads:
        found = filtered(lists, name, request())
    assert sum(reads.scanned) == FEW
    assert (found.items, found.has_more) == ((), True)


@pytest.mark.parametrize("name", FILTERS)
def test_its_cursor_goes_on_to_the_end(lists: Lists, name: str) -> None:
    page, pages = request(), 0
    with lists.reads() as reads:
        while (found := filtered(lists, name, page)).has_more:
            page, pages = request(after=found.cursor), pages + 1
    assert found.cursor is None
    assert sum(reads.scanned) == ROWS
    assert pages in (ROWS // FEW - 1, ROWS // FEW)


def test_a_filter_that_finds_all_reads_hardly_more_than_it_shows(lists: Lists) -> None:
    with lists.reads() as reads:
        found = lists.jobs.list(OWNER, PageRequest(limit=5), kinds={job(1).kind})
    assert len(found.items) == 5
    assert sum(reads.scanned) <= 12


def test_one_request_looks_at_two_thousand_at_most() -> None:
    assert PageRequest().looked_at == LOOKED_AT == 2000
