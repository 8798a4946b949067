"""The whole journey through the real handlers and adapters on an emulated AWS, every call counted."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

import boto3
import pytest
from moto import mock_aws

from api_memes.app import POLICY
from api_memes.app import handler as api_memes
from darkroom.adapters.clients import session
from darkroom.adapters.eventbridge import event_to_detail
from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.paging import PageRequest
from darkroom.domain.webhooks.endpoints import SUBSCRIBABLE
from darkroom.domain.webhooks.events import job_ended
from darkroom.domain.webhooks.responses import WebhookResponse
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.settings import Settings
from darkroom.wiring import Container, override
from events_fanout.app import handler as events_fanout
from tests.contract.calls import counted
from tests.contract.tables import create_tables
from tests.harness.triggers import CONTEXT, sqs_event
from tests.unit.graphics.pictures import encoded, quarters
from uploads_ingest import app as uploads_app
from uploads_ingest.app import handler as uploads_ingest
from worker_sandbox.app import handler as worker_sandbox
from worker_webhooks.app import handler as worker_webhooks


@dataclass
class Stack:
    """An emulated stack with one workspace, and everything its SQS queues were sent."""

    core: Container
    token: str
    owner: Owner
    clients: tuple[Any, ...]
    seen: list[dict[str, Any]] = field(default_factory=list)

    def calls(self, deed: Callable[[], Any]) -> tuple[Any, dict[str, int]]:
        """What the deed answered, and which operations it cost."""
        with counted(*self.clients) as calls:
            answer = deed()
        return answer, dict(calls)

    def post(self, body: dict[str, Any], **headers: str) -> dict[str, Any]:
        return api_memes(http_event("POST", "/memes/v1/images", self.token, body, headers), CONTEXT)

    def messages(self, queue_url: str) -> dict[str, Any]:
        """An SQS event with all that is on a queue."""
        received = self.core.sqs.receive_message(QueueUrl=queue_url, MaxNumberOfMessages=10)
        return sqs_event([message["Body"] for message in received.get("Messages", [])])


@pytest.fixture
def stack(monkeypatch: pytest.MonkeyPatch) -> Iterator[Stack]:
    for name, value in {
        "AWS_DEFAULT_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
    }.items():
        monkeypatch.setenv(name, value)
    with mock_aws():
        session.cache_clear()
        tables = create_tables(boto3.client("dynamodb"))
        sqs = boto3.client("sqs")
        own = uuid.uuid4().hex  # the emulator may be one that other tests use too
        boto3.client("s3").create_bucket(Bucket=own)
        secret = boto3.client("secretsmanager").create_secret(Name=own, SecretString="m" * 64)["ARN"]
        core = Container(
            Settings(
                stage="local",
                table_accounts=tables.accounts,
                table_jobs=tables.jobs,
                table_assets=tables.assets,
                table_webhooks=tables.webhooks,
                table_usage=tables.usage,
                bucket_media=own,
                queue_renders_url=sqs.create_queue(QueueName=f"renders-{own}")["QueueUrl"],
                queue_bulk_renders_url=sqs.create_queue(QueueName=f"bulk-{own}")["QueueUrl"],
                queue_previews_url=sqs.create_queue(QueueName=f"previews-{own}")["QueueUrl"],
                queue_sandbox_url=sqs.create_queue(QueueName=f"sandbox-{own}")["QueueUrl"],
                queue_sandbox_films_url=sqs.create_queue(QueueName=f"films-{own}")["QueueUrl"],
                queue_deliveries_url=sqs.create_queue(QueueName=f"deliveries-{own}")["QueueUrl"],
                secret_master_arn=secret,
                public_base_url="https://api.test",
                sandbox_fallback=True,
            )
        )
        workspace = core.open_workspace("w", plan="pro", credits=100, allowances={Feature.IMAGES: 1_000_000})
        token = core.issue_key(workspace.id, KeyRequest("k"))[1]
        core.master_secret()  # read once per process, not per request
        core.queues, core.blobs  # noqa: B018 - clients are made once per process too
        with override(core):
            clients = (core.dynamodb, core.sqs, core.s3)
            yield Stack(core, token, Owner(workspace.id, True), clients)
        session.cache_clear()


def http_event(
    method: str, path: str, token: str, body: dict[str, Any] | None, headers: dict[str, str]
) -> dict[str, Any]:
    return {
        "version": "2.0",
        "rawPath": path,
        "rawQueryString": "",
        "headers": {"authorization": f"Bearer {token}", "content-type": "application/json", **headers},
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": "127.0.0.1"},
            "stage": "$default",
        },
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


class Listener:
    """A subscriber that takes everything."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []

    def check(self, url: str) -> None:
        """Every URL will do."""

    def post(self, url: str, *, body: bytes, headers: Any, timeout_seconds: float) -> WebhookResponse:
        self.bodies.append(body)
        return WebhookResponse(200, 1, "", None)


def test_accepting_a_request_costs_three_calls_and_no_scan(stack: Stack) -> None:
    without: dict[str, str] = {}
    for headers in (without, {"idempotency-key": "once"}):
        deed = partial(stack.post, {"prompt": "a kite", "count": 4}, **headers)
        answer, calls = stack.calls(deed)
        assert answer["statusCode"] == 202, answer["body"]
        assert calls == {"BatchGetItem": 1, "TransactWriteItems": 1, "SendMessageBatch": 1}


def test_so_it_does_where_a_busy_workspace_s_wallet_is_spread(stack: Stack) -> None:
    workspace = stack.core.open_workspace("busy", plan="metered", credits=80)
    owner, token = Owner(workspace.id, True), stack.core.issue_key(workspace.id, KeyRequest("k"))[1]
    stack.core.spread_wallet(owner, 8)
    event = http_event("POST", "/memes/v1/images", token, {"prompt": "a kite", "count": 4}, {})
    for _ in range(6):
        answer, calls = stack.calls(lambda: api_memes(event, CONTEXT))
        assert answer["statusCode"] == 202, answer["body"]
        assert calls == {"BatchGetItem": 1, "TransactWriteItems": 1, "SendMessageBatch": 1}
    wallet = stack.core.accounts.wallet(owner)
    assert (wallet.available, wallet.held) == (56, 24)
    assert sum(part.held > 0 for part in wallet.parts) > 1


def test_a_brand_kit_that_a_request_names_costs_no_call_more(stack: Stack) -> None:
    path, body = "/memes/v1/brand-kits", {"name": "Dawn", "company_name": "Dawn Roasters"}
    created, calls = stack.calls(lambda: api_memes(http_event("POST", path, stack.token, body, {}), CONTEXT))
    assert sum(calls.values()) == 2, "one read of the sender, one transaction"
    kit_id = json.loads(created["body"])["brand_kit"]["id"]
    answer, calls = stack.calls(lambda: stack.post({"prompt": "a kite", "count": 4, "brand_kit_id": kit_id}))
    assert answer["statusCode"] == 202, answer["body"]
    assert calls == {"BatchGetItem": 1, "TransactWriteItems": 1, "SendMessageBatch": 1}
    jobs = stack.core.jobs.list(stack.owner, PageRequest()).items
    assert jobs[0].spec.brand.company_name == "Dawn Roasters"


def posted(stack: Stack, path: str, body: dict[str, Any]) -> tuple[Any, dict[str, int]]:
    event = http_event("POST", f"/memes/v1{path}", stack.token, body, {})
    answer, calls = stack.calls(lambda: api_memes(event, CONTEXT))
    assert answer["statusCode"] < 300, answer["body"]
    return json.loads(answer["body"]), calls


@pytest.mark.parametrize(
    ("path", "body"),
    [("/videos", {"prompt": "a kite"}), ("/storyboards", {"goal": "fly", "panel_count": 4})],
)
def test_videos_and_storyboards_are_accepted_in_three_calls(
    stack: Stack, path: str, body: dict[str, Any]
) -> None:
    _, calls = posted(stack, path, body)
    assert sum(calls.values()) == 3
    assert calls["BatchGetItem"] == calls["TransactWriteItems"] == 1


def test_a_stored_plan_and_its_slides_cost_no_call_more(stack: Stack) -> None:
    planned, calls = posted(stack, "/carousels/plan", {"brief": "10 myths about kites", "slide_count": 10})
    assert calls == {"BatchGetItem": 1, "TransactWriteItems": 1}
    carousel, calls = posted(stack, "/carousels", {"plan_id": planned["plan"]["id"]})
    assert calls == {"BatchGetItem": 1, "TransactWriteItems": 1, "SendMessageBatch": 1}
    assert len(carousel["carousel_set"]["slides"]) == 10


def test_a_replay_costs_one_read_and_one_count(stack: Stack) -> None:
    key = {"idempotency-key": "once"}
    first = stack.post({"prompt": "a kite"}, **key)
    again, calls = stack.calls(lambda: stack.post({"prompt": "a kite"}, **key))
    assert json.loads(again["body"]) == json.loads(first["body"])
    assert sum(calls.values()) <= 2


def test_one_image_costs_the_worker_three_calls(stack: Stack) -> None:
    stack.post({"prompt": "a kite", "quality": "fast"})
    event = stack.messages(stack.core.settings.queue_sandbox_url)
    answer, calls = stack.calls(lambda: worker_sandbox(event, CONTEXT))
    assert answer == {"batchItemFailures": []}
    assert calls == {"UpdateItem": 1, "PutObject": 1, "TransactWriteItems": 1}
    wallet = stack.core.accounts.wallet(stack.owner)
    assert (wallet.available, wallet.held, wallet.spent) == (99, 0, 1)


def test_the_same_message_again_costs_one_refused_claim(stack: Stack) -> None:
    stack.post({"prompt": "a kite", "quality": "fast"})
    event = stack.messages(stack.core.settings.queue_sandbox_url)
    worker_sandbox(event, CONTEXT)
    before = stack.core.accounts.wallet(stack.owner)
    answer, calls = stack.calls(lambda: worker_sandbox(event, CONTEXT))
    assert answer == {"batchItemFailures": []}
    assert calls == {"UpdateItem": 1}
    assert stack.core.accounts.wallet(stack.owner) == before


def test_fan_out_and_delivery_cost_three_calls_per_endpoint(stack: Stack) -> None:
    core, listener = stack.core, Listener()
    core.subscribers = listener
    caller = core.authenticate(stack.token, POLICY)
    core.manage_endpoints.create(caller, "https://s.test/h", frozenset(SUBSCRIBABLE), "", None)
    stack.post({"prompt": "[[block]] a kite"})
    worker_sandbox(stack.messages(core.settings.queue_sandbox_url), CONTEXT)
    job = core.jobs.list(stack.owner, PageRequest()).items[0]
    detail = json.loads(event_to_detail(job_ended(job)))
    _, fanning = stack.calls(lambda: events_fanout(sqs_event([json.dumps({"detail": detail})]), CONTEXT))
    deliveries = stack.messages(core.settings.queue_deliveries_url)
    _, delivering = stack.calls(lambda: worker_webhooks(deliveries, CONTEXT))
    assert sum(fanning.values()) + sum(delivering.values()) == 3, (fanning, delivering)
    assert len(listener.bodies) == 1


def test_announcing_a_file_costs_two_calls_and_judging_it_five(stack: Stack) -> None:
    core, data = stack.core, encoded(quarters())
    body = {
        "content_type": "image/png",
        "size": len(data),
        "checksum_sha256": hashlib.sha256(data).hexdigest(),
    }
    event = http_event("POST", "/memes/v1/files", stack.token, body, {"idempotency-key": "f"})
    answer, calls = stack.calls(lambda: api_memes(event, CONTEXT))
    assert answer["statusCode"] == 201
    assert calls == {"BatchGetItem": 1, "TransactWriteItems": 1}
    file_id = json.loads(answer["body"])["file"]["id"]
    key = f"uploads/{stack.owner.workspace_id}/live/{file_id}"
    core.blobs.put(key, data, "image/png")
    records = [{"eventName": "ObjectCreated:Put", "s3": {"object": {"key": key}}}]
    message = sqs_event([json.dumps({"Records": records})])
    uploads_app._ingest_upload.cache_clear()
    _, calls = stack.calls(lambda: uploads_ingest(message, CONTEXT))
    expected = {"GetItem": 1, "GetObject": 1, "PutObject": 1, "TransactWriteItems": 1, "DeleteObject": 1}
    assert calls == expected
    _, again = stack.calls(lambda: uploads_ingest(message, CONTEXT))
    uploads_app._ingest_upload.cache_clear()
    assert again == {"GetItem": 1, "DeleteObject": 1}
    edit = {"image_id": file_id, "instruction": "autumn"}
    event = http_event("POST", "/memes/v1/images/edits", stack.token, edit, {})
    answer, calls = stack.calls(lambda: api_memes(event, CONTEXT))
    assert answer["statusCode"] == 202
    assert sum(calls.values()) == 4  # the source is read, as every asset's
