"""How many calls each thing costs on DynamoDB."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.domain.accounts.api_keys import Token
from darkroom.domain.accounts.rate_limits import RatePolicy, RateWindow
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.billing.ledger import hold_entry, settle_entry
from darkroom.domain.jobs import transitions
from darkroom.domain.paging import PageRequest
from darkroom.domain.writes import (
    AdvanceJob,
    AppendEntry,
    CountRequest,
    CreateJob,
    CreateKey,
    CreateWorkspace,
    GrantCredits,
    HoldCredits,
    IdempotencyRecord,
    SaveAsset,
    SaveDelivery,
    SaveEndpoint,
    SaveIdempotencyRecord,
    SettleCredits,
    StoredResponse,
)
from tests.contract.calls import counted
from tests.contract.conftest import Ports
from tests.contract.examples import (
    MINUTE,
    NOW,
    OWNER,
    WORKSPACE_ID,
    api_key,
    asset,
    delivery,
    endpoint,
    job,
    workspace,
)

POLICY = RatePolicy("write", 60)
TODAY = NOW.date()


@pytest.fixture
def ports(dynamo_ports: Ports) -> Ports:
    dynamo_ports.store.commit(CreateWorkspace(workspace()), CreateKey(api_key()), GrantCredits(OWNER, 100))
    return dynamo_ports


def test_admission_is_one_batched_read(ports: Ports, dynamodb: Any) -> None:
    with counted(dynamodb) as calls:
        ports.accounts.admit(Token(WORKSPACE_ID, api_key().id), POLICY, NOW, idempotency_key="order-1")
    assert calls == {"BatchGetItem": 1}


def test_accepting_a_request_is_one_transaction(ports: Ports, dynamodb: Any) -> None:
    record = IdempotencyRecord(OWNER, "order-1", "abc", StoredResponse(201, "{}"), NOW + MINUTE)
    with counted(dynamodb) as calls:
        ports.store.commit(
            HoldCredits(OWNER, 6, Feature.IMAGES, 2, TODAY, 50),
            AppendEntry(hold_entry(OWNER, job().id, 6, NOW)),
            CreateJob(job()),
            CountRequest(OWNER, api_key().id, RateWindow.at(POLICY, NOW.timestamp())),
            SaveIdempotencyRecord(record, NOW),
        )
    assert calls == {"TransactWriteItems": 1}


def test_working_a_task_off_is_a_claim_and_a_transaction(ports: Ports, dynamodb: Any) -> None:
    fresh = job(tasks=1)
    ports.store.commit(HoldCredits(OWNER, 3, Feature.IMAGES, 1, TODAY, 50), CreateJob(fresh))
    with counted(dynamodb) as calls:
        claimed = ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=NOW + MINUTE)
        ports.store.commit(
            AdvanceJob(claimed, transitions.task_succeeded(claimed, 0, asset(), NOW)),
            SettleCredits(OWNER, 3, 3, Feature.IMAGES, TODAY, 0),
            AppendEntry(settle_entry(OWNER, fresh.id, held=3, charged=3, at=NOW)),
            SaveAsset(asset()),
        )
    assert calls == {"UpdateItem": 1, "TransactWriteItems": 1}


def test_a_write_alone_is_a_plain_write_unless_it_is_money(ports: Ports, dynamodb: Any) -> None:
    with counted(dynamodb) as calls:
        ports.store.commit(SaveDelivery(delivery()))
        ports.store.commit(CountRequest(OWNER, "k", RateWindow(POLICY, 1, 0)))
        ports.store.commit(GrantCredits(OWNER, 1))
    assert calls == {"PutItem": 1, "UpdateItem": 1, "TransactWriteItems": 1}


def test_reads_are_one_call_each(ports: Ports, dynamodb: Any) -> None:
    ports.store.commit(
        SaveEndpoint(endpoint()), SaveDelivery(delivery()), SaveAsset(asset()), CreateJob(job())
    )
    with counted(dynamodb) as calls:
        ports.endpoints.with_delivery(OWNER, endpoint().id, delivery().id)
        ports.assets.get_many(OWNER, [asset().id, "other"])
        ports.jobs.get_many(OWNER, [job().id, "other"])
    assert calls == {"BatchGetItem": 3}
    with counted(dynamodb) as calls:
        ports.jobs.page_by_key(OWNER, job().key_id, job().dialect, page=1, limit=50)
    assert calls == {"Query": 1, "BatchGetItem": 1}
    with counted(dynamodb) as calls:
        ports.jobs.list(OWNER, PageRequest())
        ports.assets.list(OWNER, "image", PageRequest(), search="dusk")
        ports.endpoints.all(OWNER)
        ports.endpoints.deliveries(OWNER, endpoint().id, PageRequest())
        ports.accounts.keys(WORKSPACE_ID)
        ports.accounts.entries(OWNER, PageRequest())
    assert calls == {"Query": 6}
    with counted(dynamodb) as calls:
        ports.jobs.get(OWNER, job().id)
        ports.accounts.wallet(OWNER)
    assert calls == {"GetItem": 2}


def test_what_is_due_is_one_query_per_shard(ports: Ports, dynamodb: Any) -> None:
    ports.store.commit(CreateJob(job()))
    with counted(dynamodb) as calls:
        assert len(ports.jobs.due(NOW + 10 * MINUTE, 100).items) == 1
    assert calls == {"Query": 4}
