"""All that these tests use of the project: how stored things are read, told of and written back.

What is stored stays as it is, while the code that reads it is renamed and moved. So the tests and the files under
``stored/`` know nothing of classes and modules; this module does, and is the one place to change with them.
"""

from __future__ import annotations

import base64
import heapq
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from api_agent.app import handler as api_agent
from api_gencraft.app import handler as api_gencraft
from api_memes.app import handler as api_memes
from api_moondraft.app import handler as api_moondraft
from api_pixeldrive.app import handler as api_pixeldrive
from api_platform.app import handler as api_platform
from darkroom.adapters.dynamodb.accounts import DynamoAccounts
from darkroom.adapters.dynamodb.assets import DynamoAssets
from darkroom.adapters.dynamodb.endpoints import DynamoEndpoints
from darkroom.adapters.dynamodb.jobs import DynamoJobs
from darkroom.adapters.dynamodb.keys import Tables
from darkroom.adapters.dynamodb.renders import DynamoRenders
from darkroom.adapters.dynamodb.store import DynamoStore
from darkroom.adapters.dynamodb.templates import DynamoTemplates
from darkroom.adapters.dynamodb.vendor_limits import DynamoVendorLimits
from darkroom.adapters.eventbridge import EventBridgeBus, event_from_detail, event_to_detail
from darkroom.adapters.queue_messages import (
    delivery_from_json,
    delivery_to_json,
    task_from_json,
    task_to_json,
)
from darkroom.domain.accounts.api_keys import ApiKey, Token, hash_token, parse_token
from darkroom.domain.accounts.one_time_passwords import digest
from darkroom.domain.accounts.rate_limits import RatePolicy, RateWindow
from darkroom.domain.accounts.workspaces import Owner, Workspace
from darkroom.domain.billing.ledger import LedgerEntry, Wallet
from darkroom.domain.catalog.routes import stored_queue
from darkroom.domain.errors import DomainError
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.engine import Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import EngineError
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.job import Job, Task
from darkroom.domain.jobs.messages import TaskBusy
from darkroom.domain.jobs.spec import Input
from darkroom.domain.master_secret import MasterSecret
from darkroom.domain.paging import PageRequest
from darkroom.domain.renders.batches import manifest, manifest_lines
from darkroom.domain.renders.rendered import Rendered
from darkroom.domain.serialization import to_document
from darkroom.domain.templates.template import Template
from darkroom.domain.vendors import callbacks
from darkroom.domain.vendors.vendor_limits import VendorCircuitOpen, VendorLimitReached
from darkroom.domain.webhooks.deliveries import Attempt, Delivery
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.webhooks.messages import signed_headers, signing_secret
from darkroom.domain.webhooks.responses import WebhookResponse
from darkroom.domain.writes import (
    AppendEntry,
    ClaimIdentity,
    CountRequest,
    CountVisit,
    CreateJob,
    CreateKey,
    CreateWorkspace,
    RetireTemplate,
    SaveAsset,
    SaveDelivery,
    SaveEndpoint,
    SaveIdempotencyRecord,
    SaveOneTimePassword,
    SaveRender,
    SaveTemplate,
    SetAutoReload,
    Write,
)
from darkroom.http.links import ImageLinks, Links
from darkroom.services.webhooks.deliver_webhook import DeliverWebhook
from darkroom.settings import Settings
from darkroom.wiring import Container, override
from events_fanout.app import handler as events_fanout
from events_relay.app import handler as events_relay
from tests.contract.tables import create_tables
from tests.fakes import FakeBlobs, FakeClock, FakeFetcher, FakeRenderer
from tests.fakes.vendors import FakeDownloads, FakeMeter
from tests.harness.pictures import png

type Json = dict[str, Any]

MASTER = b"the master secret of a stack that is gone by now, 64 bytes long."
SECRET = MasterSecret.only(MASTER)
BASE_URL = "https://api.darkroom.example"
VENDORS = ("openai", "google", "xai", "fal", "kie", "replicate")
TABLES = ("accounts", "jobs", "assets", "webhooks")
COLUMNS = ("granted", "available", "held", "spent", "expired", "reversed")

HANDLERS: Mapping[str, Callable[[Any, Any], Any]] = {
    "/agent": api_agent,
    "/gencraft": api_gencraft,
    "/memes": api_memes,
    "/moondraft": api_moondraft,
    "/pixeldrive": api_pixeldrive,
    "/platform": api_platform,
}
CONTEXT = type(
    "Context",
    (),
    {
        "function_name": "f",
        "memory_limit_in_mb": 512,
        "invoked_function_arn": "arn:aws:lambda:us-east-1:1:function:f",
        "aws_request_id": "r",
        "get_remaining_time_in_millis": lambda _self: 30_000,
    },
)()


# ------------------------------------------------------------------------ the stack


class RecordingQueues:
    """An SQS that keeps what it is sent, as text: queue, body and delay, in order."""

    def __init__(self) -> None:
        self.sent: list[Json] = []

    def send_message(self, **sent: Any) -> Json:
        self._keep(sent["QueueUrl"], sent)
        return {}

    def send_message_batch(self, **sent: Any) -> Json:
        for entry in sent["Entries"]:
            self._keep(sent["QueueUrl"], entry)
        return {}

    def _keep(self, queue: str, sent: Mapping[str, Any]) -> None:
        self.sent.append(
            {
                "queue": queue,
                "group": sent["MessageGroupId"],
                "delay_seconds": sent["DelaySeconds"],
                "body": sent["MessageBody"],
            }
        )


class RecordingBus:
    """An EventBridge that keeps what it is sent."""

    def __init__(self) -> None:
        self.entries: list[Json] = []

    def put_events(self, *, Entries: list[Json]) -> Json:  # noqa: N803 - AWS's spelling
        self.entries += Entries
        return {"Entries": [{"EventId": "e"} for _ in Entries]}


class Subscriber:
    """A subscriber that takes everything, or whatever ``answers`` says next."""

    def __init__(self) -> None:
        self.answers: list[WebhookResponse | Exception] = []
        self.bodies: list[tuple[str, bytes, Mapping[str, str]]] = []

    def check(self, url: str) -> None:
        """Every URL will do."""

    def post(
        self, url: str, *, body: bytes, headers: Mapping[str, str], timeout_seconds: float
    ) -> WebhookResponse:
        self.bodies.append((url, body, headers))
        answer = self.answers.pop(0) if self.answers else WebhookResponse(200, 12, "ok")
        if isinstance(answer, Exception):
            raise answer
        return answer


class Vendor:
    """An engine that has finished whatever it is asked for, unless ``script`` says otherwise."""

    resubmit_safe = False

    def __init__(self, name: str) -> None:
        self.name = name
        self.script: list[Finished | Pending | EngineError] = []
        self.polled: list[str] = []
        self.canceled: list[str] = []

    def start(self, order: TaskRequest) -> Finished | Pending:
        return self._next(order)

    def poll(self, order: TaskRequest, handle: str) -> Finished | Pending:
        self.polled.append(handle)
        return self._next(order)

    def cancel(self, handle: str) -> None:
        self.canceled.append(handle)

    def _next(self, order: TaskRequest) -> Finished | Pending:
        if not self.script:
            if order.job.is_unlisted:
                written = Output(b'{"prompt":"a much better one"}', "application/json", "")
                return Finished(written, VendorFacts(request_id="r-2"))
            return Finished(Output(png(4, 3), "image/png", "4:3"), VendorFacts(request_id="r-2"))
        outcome = self.script.pop(0)
        if isinstance(outcome, EngineError):
            raise outcome
        return outcome


class Stack:
    """Today's code on four emulated tables, with a clock that stands still and a record of what it sends."""

    def __init__(self, dynamodb: Any, now: datetime, ids: Any = None) -> None:
        self.dynamodb = dynamodb
        self.tables: Tables = create_tables(dynamodb)
        self.clock = FakeClock(now)
        self.sqs, self.events = RecordingQueues(), RecordingBus()
        self.blobs, self.fetcher, self.downloads = FakeBlobs(), FakeFetcher(), FakeDownloads()
        self.renderer, self.subscriber = FakeRenderer(), Subscriber()
        self.vendors = {name: Vendor(name) for name in (*VENDORS, "sandbox")}
        self.core = self._container(ids)
        self.store: DynamoStore = DynamoStore(dynamodb, self.tables)
        self.accounts = DynamoAccounts(dynamodb, self.tables.accounts, assets=self.tables.assets)
        self.jobs = DynamoJobs(dynamodb, self.tables.jobs)
        self.assets = DynamoAssets(dynamodb, self.tables.assets)
        self.renders = DynamoRenders(dynamodb, self.tables.assets)
        self.templates = DynamoTemplates(dynamodb, self.tables.assets)
        self.endpoints = DynamoEndpoints(dynamodb, self.tables.webhooks)
        self.gates = DynamoVendorLimits(dynamodb, self.tables.accounts)

    def _container(self, ids: Any) -> Container:
        tables = self.tables
        core = Container(
            Settings(
                stage="production",
                table_accounts=tables.accounts,
                table_jobs=tables.jobs,
                table_assets=tables.assets,
                table_webhooks=tables.webhooks,
                table_usage=tables.usage,
                bucket_media="media",
                queue_vendors_url="generation",
                queue_renders_url="render",
                queue_bulk_renders_url="bulk_render",
                queue_previews_url="preview",
                queue_sandbox_url="sandbox",
                queue_sandbox_films_url="video",
                queue_deliveries_url="deliveries",
                bus_name="bus",
                public_base_url=BASE_URL,
                vendors=",".join(VENDORS),
            )
        )
        given = {
            "dynamodb": self.dynamodb,
            "clock": self.clock,
            "sqs": self.sqs,
            "bus": EventBridgeBus(self.events, "bus"),  # type: ignore[arg-type]
            "blobs": self.blobs,
            "fetcher": self.fetcher,
            "downloads": self.downloads,
            "subscribers": self.subscriber,
            "meter": FakeMeter(),
            "master_secret": lambda: SECRET,
            "url_check": _any_url,
        }
        vars(core).update(given if ids is None else given | {"ids": ids})
        return core

    # ------------------------------------------------------------------ rows

    def put(self, table: str, item: Json) -> None:
        """Put a row as it was stored."""
        self.dynamodb.put_item(TableName=getattr(self.tables, table), Item=item)

    def row(self, table: str, key: Json) -> Json | None:
        """A row as it is stored, its numbers and sets in one spelling."""
        found = self.dynamodb.get_item(TableName=getattr(self.tables, table), Key=key, ConsistentRead=True)
        return plain(found["Item"]) if "Item" in found else None

    def rows(self, table: str) -> list[Json]:
        """All rows of a table, in the order of their keys."""
        pages = self.dynamodb.get_paginator("scan").paginate(TableName=getattr(self.tables, table))
        items = [item for page in pages for item in page["Items"]]
        return sorted(map(plain, items), key=lambda item: (item["pk"]["S"], item["sk"]["S"]))

    # ------------------------------------------------------------------ work

    def request(
        self, method: str, path: str, token: str, body: Any = None, **headers: str
    ) -> tuple[int, Any]:
        """What an API answers: the status, and the body without what names the single request."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        bare, _, query = path.partition("?")
        event = {
            "version": "2.0",
            "rawPath": bare,
            "rawQueryString": query,
            "queryStringParameters": dict(pair.split("=", 1) for pair in query.split("&")) if query else {},
            "headers": {"authorization": f"Bearer {token}", "content-type": "application/json", **named},
            "requestContext": {
                "http": {"method": method, "path": bare, "sourceIp": "127.0.0.1"},
                "stage": "$default",
            },
            "body": None if body is None else json.dumps(body),
            "isBase64Encoded": False,
        }
        handler = HANDLERS["/" + path.split("/")[1]]
        with override(self.core):
            answer = handler(event, CONTEXT)
        return answer["statusCode"], _without_request_id(json.loads(answer["body"]))

    def handle(self, queue: str, body: str) -> None:
        """Do what one message asks for."""
        if queue == "deliveries":
            deliver: DeliverWebhook = self.core.deliver_webhook
            deliver(delivery_from_json(body))
            return
        message = task_from_json(body)
        match message.step:
            case "render":
                self.core.render_rows(self.renderer)(message)
            case "expand":
                self.core.expand_batch(message)
            case _:
                self.core.execute_task(self.vendors)(message)

    def work(self, messages: Sequence[Json]) -> None:
        """Work off messages, each when it is due, and all that come of them or were sent before."""
        now = self.clock.now()
        messages = [*messages, *self.sqs.sent]
        self.sqs.sent.clear()
        due = [
            (now + timedelta(seconds=message["delay_seconds"]), number, message)
            for number, message in enumerate(messages)
        ]
        heapq.heapify(due)
        number = len(due)
        while due:
            at, _, message = heapq.heappop(due)
            self.clock.set(max(at, self.clock.now()))
            try:
                self.handle(message["queue"], message["body"])
            except TaskBusy as busy:
                number += 1
                heapq.heappush(due, (self.clock.now() + timedelta(seconds=busy.retry_after), number, message))
            for sent in self.sqs.sent:
                number += 1
                heapq.heappush(
                    due, (self.clock.now() + timedelta(seconds=sent["delay_seconds"]), number, sent)
                )
            self.sqs.sent.clear()

    def sweep(self) -> None:
        """One round of housekeeping."""
        self.core.sweep()

    def relay(self, records: Sequence[Json]) -> list[Json]:
        """What the bus is sent for stream records."""
        self.events.entries.clear()
        with override(self.core):
            answer = events_relay({"Records": records}, CONTEXT)
        assert answer == {"batchItemFailures": []}
        return [{**entry, "Time": entry["Time"].isoformat()} for entry in self.events.entries]

    def fan_out(self, record: Json) -> list[str]:
        """The messages to endpoints that come of an event as SQS delivers it."""
        self.sqs.sent.clear()
        with override(self.core):
            answer = events_fanout({"Records": [record]}, CONTEXT)
        assert answer == {"batchItemFailures": []}
        bodies = [sent["body"] for sent in self.sqs.sent]
        self.sqs.sent.clear()
        return bodies

    # ----------------------------------------------------------------- books

    def books(self) -> dict[str, Json]:
        """Every wallet as stored, by owner, with the sums of its ledger and what its open jobs hold."""
        found: dict[str, Json] = {}
        for row in self.rows("accounts"):
            kind, _, owner = row["pk"]["S"].partition("#")
            if kind == "WALLET":
                found.setdefault(owner, _no_books())["wallet"] = {
                    column: _amount(row, column) for column in COLUMNS
                }
            elif kind == "LEDGER":
                sums = found.setdefault(owner, _no_books())["ledger"]
                for column in sums:
                    sums[column] += _amount(row, column)
        for row in self.rows("jobs"):
            owner = row["pk"]["S"].removeprefix("JOB#").rpartition("#")[0]
            if row["status"]["S"] in ("queued", "processing"):
                found[owner]["open"] += int(row["unit_price"]["N"]) * len(row["tasks"]["M"])
        return found

    def settlements(self) -> dict[str, tuple[str, int, bool]]:
        """Of every job its status, what it was charged and whether the ledger has its one settlement."""
        entries = {(row["pk"]["S"], row["sk"]["S"]) for row in self.rows("accounts")}
        found = {}
        for row in self.rows("jobs"):
            owner, _, job_id = row["pk"]["S"].removeprefix("JOB#").rpartition("#")
            settled = (f"LEDGER#{owner}", f"{job_id}#settle") in entries
            held = (f"LEDGER#{owner}", f"{job_id}#hold") in entries
            ended = row["status"]["S"] not in ("queued", "processing")
            assert settled == (ended and held), job_id
            found[job_id] = (row["status"]["S"], int(row["charged"]["N"]), settled)
        return found

    def taken_slots(self) -> list[str]:
        """The tasks that have a slot at a vendor's gate."""
        gates = [row for row in self.rows("accounts") if row["pk"]["S"].startswith("GATE#")]
        return [slot for gate in gates for slot in gate.get("slots", {"SS": []})["SS"]]


def _any_url(url: str, param: str) -> None:
    """Every URL will do."""


def _no_books() -> Json:
    return {"wallet": {}, "ledger": dict.fromkeys(COLUMNS, 0), "open": 0}


def _amount(row: Json, column: str) -> int:
    """What a row has in a column. It may be older than the column."""
    return int(row.get(column, {"N": "0"})["N"])


def plain(item: Json) -> Json:
    """A row with its numbers, sets and JSON text in one spelling.

    That of numbers and sets is how DynamoDB itself would keep them. A spec is JSON text, whose readers know its
    members by name: their order is no part of what is stored.
    """
    row = {name: _attribute(value) for name, value in item.items()}
    return row | {"spec": {"S": json.loads(row["spec"]["S"])}} if "spec" in row else row


def _attribute(attribute: Json) -> Json:
    ((kind, value),) = attribute.items()
    match kind:
        case "N":
            return {"N": _number(value)}
        case "NS":
            return {"NS": sorted(map(_number, value), key=Decimal)}
        case "SS":
            return {"SS": sorted(value)}
        case "M":
            return {"M": plain(value)}
        case "L":
            return {"L": [_attribute(one) for one in value]}
        case _:
            return attribute


def _number(text: str) -> str:
    number = Decimal(text)
    return str(int(number)) if number == number.to_integral_value() else f"{number.normalize():f}"


_REQUEST_IDS = ("request_id", "requestId")


def _without_request_id(body: Any) -> Any:
    if isinstance(body, dict):
        return {name: _without_request_id(value) for name, value in body.items() if name not in _REQUEST_IDS}
    return body


# ------------------------------------------------------- stored things, in plain words


def described_job(job: Job) -> Json:
    return _said(
        id=job.id,
        owner=_owner(job.owner),
        key_id=job.key_id,
        dialect=job.dialect,
        kind=job.kind,
        offer=job.offer_id,
        model=job.model,
        collection=job.collection,
        feature=job.feature.value,
        engine=job.engine,
        engine_model=job.engine_model,
        queue=stored_queue(job.queue),
        prompt=job.spec.prompt,
        prompts=[job.spec.prompt_of(task.index) for task in job.tasks],
        aspect_ratio=job.spec.aspect_ratio,
        quality=job.spec.quality,
        inputs=[_input(one) for one in job.spec.inputs],
        brand=to_document(job.spec.brand),
        settings=to_document(job.spec)["settings"],
        unit_price=job.unit_price,
        held=job.held,
        charged=job.charged,
        units=job.units,
        status=job.status.value,
        terminal=job.terminal,
        failure=job.failure.value if job.failure else None,
        finished=sorted(job.finished),
        created_at=_time(job.created_at),
        deadline_at=_time(job.deadline_at),
        check_at=_time(job.check_at),
        completed_at=_time(job.completed_at),
        routes=[
            {
                "vendor": route.engine,
                "queue": stored_queue(route.queue),
                "model": route.engine_model,
                "options": dict(route.options),
            }
            for route in job.ways
        ],
        tasks=[_task(job, task) for task in job.tasks],
    )


def _task(job: Job, task: Task) -> Json:
    return _said(
        index=task.index,
        id=task.id,
        state=task.state.value,
        attempts=task.attempts,
        lease_until=_time(task.lease_until),
        poll_at=_time(task.poll_at),
        handle=task.handle,
        failure=task.failure.value if task.failure else None,
        reason=task.reason,
        facts=to_document(task.facts),
        free=task.free,
        vendor=job.route_of(task).engine,
        route=task.route,
        route_from=task.route_from,
        settled=task.settled,
        waits=task.waits,
        asset=described_asset(task.asset) if task.asset else None,
    )


def _input(one: Input) -> Json:
    return _said(role=one.role, location=one.location, stored=one.stored, asset_id=one.asset_id)


def described_asset(asset: Asset) -> Json:
    return _said(
        id=asset.id,
        owner=_owner(asset.owner),
        collection=asset.collection,
        type=asset.type.value,
        storage_key=asset.storage_key,
        mime=asset.mime,
        size=asset.size,
        aspect_ratio=asset.aspect_ratio,
        model=asset.model,
        created_at=_time(asset.created_at),
        job_id=asset.job_id,
        prompt=asset.prompt,
        parent_id=asset.parent_id,
        slide_index=asset.slide_index,
        deleted_at=_time(asset.deleted_at),
    )


def described_rendered(rendered: Rendered) -> Json:
    return _said(
        owner=_owner(rendered.owner),
        template_id=rendered.template_id,
        version=rendered.version,
        payload_key=rendered.payload_key,
        fields_hash=rendered.fields_hash,
        storage_key=rendered.storage_key,
        size=rendered.size,
        render_ms=rendered.render_ms,
        created_at=_time(rendered.created_at),
    )


def described_template(template: Template) -> Json:
    return _said(
        id=template.id,
        owner=_owner(template.owner),
        name=template.name,
        version=template.version,
        document=template.document.model_dump(mode="json", by_alias=True, exclude_none=True),
        created_at=_time(template.created_at),
        updated_at=_time(template.updated_at),
    )


def described_workspace(workspace: Workspace) -> Json:
    return _said(
        id=workspace.id,
        name=workspace.name,
        plan=workspace.plan,
        created_at=_time(workspace.created_at),
        allowances=dict(workspace.allowances),
        email=workspace.email,
        api_version=workspace.api_version,
    )


def described_key(key: ApiKey) -> Json:
    return _said(
        id=key.id,
        owner=_owner(key.owner),
        secret_hash=key.secret_hash,
        prefix=key.prefix,
        name=key.name,
        scopes=sorted(key.scopes),
        created_at=_time(key.created_at),
        expires_at=_time(key.expires_at),
        revoked_at=_time(key.revoked_at),
        requests_per_minute=key.requests_per_minute,
    )


def described_wallet(wallet: Wallet) -> Json:
    return _said(
        owner=_owner(wallet.owner),
        granted=wallet.granted,
        available=wallet.available,
        held=wallet.held,
        spent=wallet.spent,
        used={f"{feature.value} {day}": count for (feature, day), count in sorted(wallet.used.items())},
    )


def described_entry(entry: LedgerEntry) -> Json:
    return _said(
        id=entry.id,
        owner=_owner(entry.owner),
        kind=entry.kind.value,
        at=_time(entry.at),
        granted=entry.granted,
        available=entry.available,
        held=entry.held,
        spent=entry.spent,
        job_id=entry.job_id,
        note=entry.note,
    )


def described_endpoint(endpoint: Endpoint) -> Json:
    return _said(
        id=endpoint.id,
        owner=_owner(endpoint.owner),
        url=endpoint.url,
        events=sorted(endpoint.events),
        created_at=_time(endpoint.created_at),
        enabled=endpoint.enabled,
        description=endpoint.description,
        secret_version=endpoint.secret_version,
        overlap_until=_time(endpoint.overlap_until),
        failing_since=_time(endpoint.failing_since),
        disabled_at=_time(endpoint.disabled_at),
        disabled_reason=endpoint.disabled_reason,
        version=endpoint.version,
    )


def described_delivery(delivery: Delivery) -> Json:
    return _said(
        id=delivery.id,
        owner=_owner(delivery.owner),
        endpoint_id=delivery.endpoint_id,
        event_id=delivery.event_id,
        event_type=delivery.event_type.value,
        payload=delivery.payload,
        created_at=_time(delivery.created_at),
        status=delivery.status.value,
        attempts=[_attempt(one) for one in delivery.attempts],
        next_attempt_at=_time(delivery.next_attempt_at),
        tries=delivery.tries,
        version=delivery.version,
        failure=delivery.failure.value if delivery.failure else None,
    )


def _attempt(attempt: Attempt) -> Json:
    return _said(
        at=_time(attempt.at),
        status=attempt.status,
        duration_ms=attempt.duration_ms,
        error=str(attempt.error) if attempt.error else None,
        response=attempt.response,
        succeeded=attempt.succeeded,
    )


def _owner(owner: Owner) -> str:
    return owner.key


def _said(**values: Any) -> Json:
    return {name: value for name, value in values.items() if value is not None}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat()


# ------------------------------------------------------------------ reading, row by row


def owner_of(text: str) -> Owner:
    """An owner from its short form in the files."""
    workspace, _, mode = text.partition("#")
    return Owner(workspace, mode == "live")


@dataclass(frozen=True)
class Row:
    """How one sort of row is read with what finds it, told of, and written back."""

    read: Callable[[Stack, Json], Any]
    described: Callable[[Any], Json]
    write: Callable[[Any, Json], Write] | None = None


def _gate(stack: Stack, find: Json) -> Json:
    """A gate, tried out: who may enter at a moment."""
    now = datetime.fromisoformat(find["at"])
    until = now + timedelta(minutes=5)
    try:
        probe = stack.gates.enter(find["vendor"], find["task"], limit=find["limit"], now=now, until=until)
    except VendorCircuitOpen as refused:
        return {"entered": False, "why": "open", "retry_after": refused.retry_after}
    except VendorLimitReached:
        return {"entered": False, "why": "full"}
    return {"entered": True, "probe": probe}


def _rate(stack: Stack, find: Json) -> Json:
    token, now = Token(find["workspace"], find["key_id"]), datetime.fromisoformat(find["at"])
    policy = RatePolicy(find["policy"], find["limit"], find["shared"])
    owner = Owner(find["workspace"], True)
    admission = stack.accounts.admit(token, policy, now)
    assert admission is not None
    before = admission.window
    stack.store.commit(CountRequest(owner, find["key_id"], before))
    after = stack.accounts.admit(token, policy, now)
    assert after is not None
    return _window(before) | {"counted": after.window.current.total}


def _visits(stack: Stack, find: Json) -> Json:
    policy, now = RatePolicy(find["policy"], find["limit"]), datetime.fromisoformat(find["at"])
    before = stack.accounts.visits(find["subject"], policy, now)
    stack.store.commit(CountVisit(find["subject"], before))
    return _window(before) | {"counted": stack.accounts.visits(find["subject"], policy, now).current.total}


def _window(window: RateWindow) -> Json:
    return {"previous": window.previous.total, "current": window.current.total, "admits": window.admits}


def _remembered(stack: Stack, find: Json) -> Any:
    token = Token(find["workspace"], find["key_id"])
    policy, now = RatePolicy("any", 60), datetime.fromisoformat(find["at"])
    admission = stack.accounts.admit(token, policy, now, idempotency_key=find["key"])
    assert admission is not None
    return admission.idempotency_record


def _described_remembered(record: Any) -> Json:
    if record is None:
        return {"remembered": False}
    return {
        "remembered": True,
        "owner": _owner(record.owner),
        "key": record.key,
        "fingerprint": record.fingerprint,
        "status": record.response.status,
        "body": record.response.body,
        "until": _time(record.expires_at),
    }


def _described_code(code: Any) -> Json:
    return _said(
        address=code.address,
        id=code.id,
        digest=code.digest,
        expires_at=_time(code.expires_at),
        sends=[_time(at) for at in code.sends],
        attempts=code.attempts,
    )


def _entry(stack: Stack, find: Json) -> LedgerEntry:
    page = stack.accounts.entries(owner_of(find["owner"]), PageRequest(limit=100))
    return next(entry for entry in page.items if entry.id == find["id"])


def _key(stack: Stack, find: Json) -> ApiKey:
    return next(key for key in stack.accounts.keys(find["workspace"]) if key.id == find["id"])


def _same(value: Any) -> Json:
    return dict(value)


ROWS: Mapping[str, Row] = {
    "workspace": Row(
        lambda stack, find: stack.accounts.workspace(find["id"]),
        described_workspace,
        lambda workspace, _: CreateWorkspace(workspace),
    ),
    "key": Row(_key, described_key, lambda key, _: CreateKey(key)),
    "wallet": Row(lambda stack, find: stack.accounts.wallet(owner_of(find["owner"])), described_wallet),
    "entry": Row(_entry, described_entry, lambda entry, _: AppendEntry(entry)),
    "identity": Row(
        lambda stack, find: stack.accounts.workspace_of(find["provider"], find["subject"]),
        lambda workspace_id: {"workspace": workspace_id},
        lambda workspace_id, find: ClaimIdentity(find["provider"], find["subject"], workspace_id),
    ),
    "auto_reload": Row(
        lambda stack, find: stack.accounts.auto_reload(owner_of(find["owner"])),
        lambda it: {"on": True, "threshold": it.threshold, "pack": it.pack_id} if it else {"on": False},
        lambda it, find: SetAutoReload(owner_of(find["owner"]), it),
    ),
    "rate": Row(_rate, _same),
    "visits": Row(_visits, _same),
    "idempotency": Row(
        _remembered,
        _described_remembered,
        lambda record, find: SaveIdempotencyRecord(record, datetime.fromisoformat(find["at"])),
    ),
    "code": Row(
        lambda stack, find: stack.accounts.one_time_code(find["address"]),
        _described_code,
        lambda code, _: SaveOneTimePassword(code),
    ),
    "gate": Row(_gate, _same),
    "job": Row(
        lambda stack, find: stack.jobs.get(owner_of(find["owner"]), find["id"]),
        described_job,
        lambda job, _: CreateJob(job),
    ),
    "asset": Row(
        lambda stack, find: stack.assets.get(owner_of(find["owner"]), find["id"]),
        described_asset,
        lambda asset, _: SaveAsset(asset),
    ),
    "rendered": Row(
        lambda stack, find: stack.renders.find(
            owner_of(find["owner"]), find["template_id"], [find["payload_key"]]
        )[find["payload_key"]],
        described_rendered,
        lambda rendered, _: SaveRender(rendered),
    ),
    "template": Row(
        lambda stack, find: stack.templates.get(owner_of(find["owner"]), find["id"]),
        described_template,
        lambda template, _: SaveTemplate(template),
    ),
    "old_template": Row(
        lambda stack, find: stack.templates.version(owner_of(find["owner"]), find["id"], find["version"]),
        described_template,
        lambda template, find: RetireTemplate(template, datetime.fromisoformat(find["until"])),
    ),
    "endpoint": Row(
        lambda stack, find: stack.endpoints.get(owner_of(find["owner"]), find["id"]),
        described_endpoint,
        lambda endpoint, _: SaveEndpoint(endpoint),
    ),
    "delivery": Row(
        lambda stack, find: stack.endpoints.delivery(
            owner_of(find["owner"]), find["endpoint_id"], find["id"]
        ),
        described_delivery,
        lambda delivery, _: SaveDelivery(delivery),
    ),
}


# ------------------------------------------------------------- messages and what is signed


def described_task_message(body: str) -> Json:
    message = task_from_json(body)
    return {
        "owner": _owner(message.owner),
        "job_id": message.job_id,
        "index": message.index,
        "step": message.step,
        "count": message.count,
        "vendor": message.vendor,
        "work_id": message.work_id,
    }


def rewritten_task_message(body: str) -> Json:
    written: Json = json.loads(task_to_json(task_from_json(body)))
    return written


def described_delivery_message(body: str) -> Json:
    message = delivery_from_json(body)
    return _said(
        owner=_owner(message.owner),
        endpoint_id=message.endpoint_id,
        delivery_id=message.delivery_id,
        first=described_delivery(message.first) if message.first else None,
        endpoint=described_endpoint(message.endpoint) if message.endpoint else None,
    )


def rewritten_delivery_message(body: str) -> Json:
    written: Json = json.loads(delivery_to_json(delivery_from_json(body)))
    return written


def described_event(detail: Json) -> Json:
    event = event_from_detail(detail)
    return {
        "id": event.id,
        "type": event.type.value,
        "owner": _owner(event.owner),
        "occurred_at": _time(event.occurred_at),
    }


def rewritten_event(detail: Json) -> Json:
    written: Json = json.loads(event_to_detail(event_from_detail(detail)))
    return written


def callback_token(vendor: str, owner: str, job_id: str, index: int) -> str:
    return callbacks.callback_token(SECRET, vendor, callbacks.CallbackTarget(owner_of(owner), job_id, index))


def opened_callback_token(vendor: str, token: str) -> Json | None:
    found = callbacks.callback_target(SECRET, vendor, token)
    if found is None:
        return None
    return {"owner": _owner(found.owner), "job_id": found.job_id, "index": found.index}


def file_links() -> Links:
    return Links(BASE_URL, lambda: SECRET, FakeClock().now)


def image_links() -> ImageLinks:
    return ImageLinks("https://images.darkroom.example", f"{BASE_URL}/pixeldrive/img", lambda: SECRET)


def webhook_secret(endpoint_id: str, version: int) -> str:
    return signing_secret(MASTER, endpoint_id, version)


def webhook_headers(message_id: str, at: str, body: str, secrets: Sequence[str]) -> Json:
    return dict(signed_headers(message_id, datetime.fromisoformat(at), body, tuple(secrets)))


def code_digest(address: str, code_id: str, code: str) -> str:
    return digest(MASTER, address, code_id, code)


def described_token(token: str) -> Json:
    found = parse_token(token)
    return {"workspace": found.workspace_id, "key_id": found.key_id, "secret_hash": hash_token(token)}


def admitted(stack: Stack, token: str) -> str:
    """Whether a secret key opens its record, or the code of the refusal."""
    try:
        stack.core.authenticate(token, RatePolicy("any", 60))
    except DomainError as refused:
        return type(refused).__name__
    return "admitted"


def batch_manifest(payloads: Sequence[Json], ratio: float) -> Json:
    made = manifest(payloads, ratio)
    return {
        "body": made.body.decode(),
        "rows": list(made.rows),
        "chunks": [list(chunk) for chunk in made.chunks],
    }


def payloads_in(part: str) -> list[Json]:
    return [dict(one) for one in manifest_lines(part.encode())]


# --------------------------------------------------------------------- whole stacks


def snapshot(stack: Stack, messages: Sequence[Json]) -> Json:
    """Everything of a stack: its rows, its files, what is on its queues, and what time it is."""
    return {
        "at": stack.clock.now().isoformat(),
        "tables": {table: stack.rows(table) for table in TABLES},
        "objects": {
            key: [base64.b64encode(data).decode(), mime]
            for key, (data, mime) in sorted(stack.blobs.objects.items())
        },
        "pages": {url: base64.b64encode(data).decode() for url, data in stack.fetcher.pages.items()},
        "messages": list(messages),
    }


def restored(dynamodb: Any, kept: Json) -> Stack:
    """A stack as it was."""
    stack = Stack(dynamodb, datetime.fromisoformat(kept["at"]))
    for table, items in kept["tables"].items():
        for item in items:
            stack.put(table, item)
    stack.blobs.objects = {
        key: (base64.b64decode(data), mime) for key, (data, mime) in kept["objects"].items()
    }
    stack.fetcher.pages = {url: base64.b64decode(data) for url, data in kept["pages"].items()}
    return stack


def older(template_or_row: Json) -> Json:
    """A versioned row as it was one version before, which is what the next one is written over."""
    version = int(template_or_row["version"]["N"]) - 1
    return {**template_or_row, "version": {"N": str(version)}}


__all__ = ["ROWS", "Stack", "older", "plain", "restored", "snapshot"]
