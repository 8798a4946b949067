"""What becomes of DynamoDB's own answers: collisions, throttling, broken lines, and mistakes of ours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ConnectTimeoutError, EndpointConnectionError, ParamValidationError
from botocore.stub import Stubber

from darkroom.adapters.aws_errors import AwsRefused
from darkroom.adapters.dynamodb.accounts import DynamoAccounts
from darkroom.adapters.dynamodb.assets import DynamoAssets
from darkroom.adapters.dynamodb.gateway import Gateway, Patience
from darkroom.adapters.dynamodb.jobs import DynamoJobs
from darkroom.adapters.dynamodb.keys import Tables
from darkroom.adapters.dynamodb.marshal import to_image
from darkroom.adapters.dynamodb.rows import asset_row, job_row
from darkroom.adapters.dynamodb.store import DynamoStore
from darkroom.domain.billing.ledger import grant_entry
from darkroom.domain.errors import Unavailable
from darkroom.domain.writes import AppendEntry, CreateJob, GrantCredits, WriteRefused
from darkroom.ports.jobs import JobTaken
from tests.contract.examples import MINUTE, NOW, OWNER, asset, job, object_id

TABLES = Tables("accounts", "jobs", "assets", "webhooks", "usage")
GRANT = (GrantCredits(OWNER, 1), AppendEntry(grant_entry(OWNER, "x", 1, NOW)))


@pytest.fixture
def client(aws: Any) -> Any:
    return aws("dynamodb")


@pytest.fixture
def stub(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


@pytest.fixture
def pauses() -> list[float]:
    return []


@pytest.fixture
def patience(pauses: list[float]) -> Patience:
    return Patience(sleep=pauses.append, fraction=lambda: 1.0)


@pytest.fixture
def store(client: Any, patience: Patience) -> DynamoStore:
    return DynamoStore(client, TABLES, patience)


def cancel(stub: Stubber, *reasons: dict[str, Any]) -> None:
    stub.add_client_error(
        "transact_write_items",
        "TransactionCanceledException",
        http_status_code=400,
        modeled_fields={"CancellationReasons": list(reasons)},
    )


NOTHING = {"Code": "None"}
CONFLICT = {"Code": "TransactionConflict"}
FAILED = {"Code": "ConditionalCheckFailed"}


def test_a_commit_that_met_another_one_is_made_again(
    stub: Stubber, store: DynamoStore, pauses: list[float]
) -> None:
    cancel(stub, CONFLICT, NOTHING)
    stub.add_client_error("transact_write_items", "TransactionInProgressException", http_status_code=400)
    cancel(stub, NOTHING, {"Code": "ThrottlingError"})
    stub.add_response("transact_write_items", {})
    store.commit(*GRANT)
    assert pauses == [0.02, 0.04, 0.08]


def test_all_tries_of_a_commit_carry_one_token(client: Any, stub: Stubber, store: DynamoStore) -> None:
    tokens: list[str] = []
    client.meta.events.register(
        "provide-client-params.dynamodb.TransactWriteItems",
        lambda params, **_: tokens.append(params["ClientRequestToken"]),
    )
    for _ in range(2):
        cancel(stub, CONFLICT, NOTHING)
        stub.add_response("transact_write_items", {})
        store.commit(*GRANT)
    assert len(tokens) == 4
    assert len(set(tokens)) == 2
    assert tokens[0] == tokens[1]


def test_patience_ends(stub: Stubber, store: DynamoStore, pauses: list[float]) -> None:
    for _ in range(8):
        cancel(stub, CONFLICT, NOTHING)
    with pytest.raises(Unavailable):
        store.commit(*GRANT)
    assert len(pauses) == 7
    assert max(pauses) == 0.5


def test_jitter_is_full() -> None:
    assert list(Patience(tries=3, fraction=lambda: 0.0).pauses()) == [0.0, 0.0]


def test_a_failed_condition_is_told_even_beside_a_collision(
    stub: Stubber, store: DynamoStore, pauses: list[float]
) -> None:
    cancel(stub, CONFLICT, FAILED)
    with pytest.raises(WriteRefused) as refused:
        store.commit(*GRANT)
    assert refused.value.write == GRANT[1]
    assert refused.value.current is None
    assert pauses == []


def test_a_plain_write_that_met_a_transaction_is_made_again(
    stub: Stubber, store: DynamoStore, pauses: list[float]
) -> None:
    stub.add_client_error("put_item", "TransactionConflictException", http_status_code=400)
    stub.add_response("put_item", {})
    store.commit(CreateJob(job()))
    assert len(pauses) == 1


def test_a_claim_that_met_a_transaction_is_made_again(
    stub: Stubber, client: Any, patience: Patience, pauses: list[float]
) -> None:
    stub.add_client_error("update_item", "TransactionConflictException", http_status_code=400)
    stub.add_response("update_item", {"Attributes": to_image(job_row(job()))})
    jobs = DynamoJobs(client, TABLES.jobs, patience)
    assert jobs.claim(OWNER, job().id, 0, now=NOW, lease_until=NOW + MINUTE) == job()
    assert len(pauses) == 1


def test_a_claim_that_is_too_late_tells_how_things_stand(
    stub: Stubber, client: Any, patience: Patience
) -> None:
    stub.add_client_error(
        "update_item",
        "ConditionalCheckFailedException",
        http_status_code=400,
        modeled_fields={"Item": to_image(job_row(job()))},
    )
    with pytest.raises(JobTaken) as taken:
        DynamoJobs(client, TABLES.jobs, patience).claim(OWNER, job().id, 0, now=NOW, lease_until=NOW)
    assert taken.value.job == job()


@pytest.mark.parametrize(
    ("code", "status"),
    [
        ("ThrottlingException", 400),
        ("ProvisionedThroughputExceededException", 400),
        ("RequestLimitExceeded", 400),
        ("InternalServerError", 500),
        ("SomethingNew", 503),
    ],
)
def test_what_may_pass_is_unavailable(stub: Stubber, store: DynamoStore, code: str, status: int) -> None:
    stub.add_client_error("transact_write_items", code, "secret detail", http_status_code=status)
    with pytest.raises(Unavailable) as raised:
        store.commit(*GRANT)
    assert "secret" not in raised.value.detail


@pytest.mark.parametrize(
    "code", ["ValidationException", "AccessDeniedException", "ResourceNotFoundException"]
)
def test_a_mistake_of_ours_is_not_called_busy(stub: Stubber, store: DynamoStore, code: str) -> None:
    stub.add_client_error("transact_write_items", code, "secret detail", http_status_code=400)
    with pytest.raises(AwsRefused, match=code) as raised:
        store.commit(*GRANT)
    assert "secret" not in str(raised.value)


def test_a_canceled_transaction_for_another_reason_is_a_mistake_of_ours(
    stub: Stubber, store: DynamoStore
) -> None:
    cancel(stub, NOTHING, {"Code": "ValidationError"})
    with pytest.raises(AwsRefused):
        store.commit(*GRANT)


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (EndpointConnectionError(endpoint_url="https://x"), Unavailable),
        (ConnectTimeoutError(endpoint_url="https://x"), Unavailable),
        (ParamValidationError(report="x"), AwsRefused),
    ],
)
def test_a_broken_line_is_unavailable(
    client: Any, patience: Patience, error: Exception, expected: type[Exception]
) -> None:
    def fail(**_: Any) -> None:
        raise error

    client.meta.events.register("before-call.dynamodb", fail)
    try:
        with pytest.raises(expected):
            DynamoAccounts(client, TABLES.accounts, patience).wallet(OWNER)
    finally:
        client.meta.events.unregister("before-call.dynamodb", fail)


def test_keys_a_batched_read_left_out_are_asked_for_again(
    stub: Stubber, client: Any, patience: Patience, pauses: list[float]
) -> None:
    first, second = asset(1), asset(2)
    left = {"assets": {"Keys": [{"pk": {"S": "x"}, "sk": {"S": "ASSET"}}], "ConsistentRead": True}}
    stub.add_response(
        "batch_get_item",
        {"Responses": {"assets": [to_image(asset_row(first))]}, "UnprocessedKeys": left},
    )
    stub.add_response(
        "batch_get_item", {"Responses": {"assets": [to_image(asset_row(second))]}}, {"RequestItems": left}
    )
    found = DynamoAssets(client, "assets", patience).get_many(OWNER, [object_id(1), object_id(2)])
    assert found == {first.id: first, second.id: second}
    assert len(pauses) == 1


def test_a_batched_read_that_never_completes_is_unavailable(
    stub: Stubber, client: Any, patience: Patience, pauses: list[float]
) -> None:
    left = {"assets": {"Keys": [{"pk": {"S": "x"}, "sk": {"S": "ASSET"}}]}}
    for _ in range(8):
        stub.add_response("batch_get_item", {"Responses": {}, "UnprocessedKeys": left})
    with pytest.raises(Unavailable):
        Gateway(client, patience).get_many("assets", [{"pk": {"S": "x"}, "sk": {"S": "ASSET"}}])
    assert len(pauses) == 7
