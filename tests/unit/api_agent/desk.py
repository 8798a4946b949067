"""The agent API on fakes: requests go in as API Gateway events, answers are held against their models."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from api_agent import objects
from api_agent.app import DIALECT, POLICY, handler
from api_agent.operations import DOCUMENT
from darkroom.domain.accounts import ApiKey, Owner, Workspace
from darkroom.domain.jobs import Job
from darkroom.domain.ledger import Wallet
from darkroom.http.links import Links
from darkroom.http.operations import Operation
from darkroom.ports import Admission
from darkroom.services.authenticate import Caller
from darkroom.services.execute_task import ExecuteTask
from darkroom.services.manage_accounts import IssueKey, KeyRequest, OpenWorkspace
from darkroom.settings import Settings
from darkroom.wiring import Container, override
from tests.fakes import (
    FakeAccounts,
    FakeAssets,
    FakeBlobs,
    FakeClock,
    FakeFetcher,
    FakeIds,
    FakeJobs,
    FakeQueues,
    FakeStore,
    Memory,
)
from tests.fakes.engine import FakeEngine
from tests.fakes.world import Calls

NOW = datetime(2026, 11, 20, 12, 0, 22, 515_000, UTC)
PREFIX = "/agent"
PHOTO = "https://cdn.example.com/photo.png"
UNKNOWN_ID = "01950000-0000-7000-8000-ffffffffffff"
MINIMAL = {"model": "nano-banana-pro", "prompt": "a red kite", "request_id": "6f1c"}
RATE_HEADERS = (
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "RateLimit-Policy",
    "RateLimit",
)


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def data(self) -> dict[str, Any]:
        found: dict[str, Any] = self.json["data"]
        return found

    @property
    def refusal(self) -> tuple[int, str]:
        return self.status, self.data["error"]


class Desk:
    """One workspace with a live and a test key, and what it takes to ask and to look behind the counter."""

    def __init__(self, credits: int = 480, plan: str = "pro", now: datetime = NOW) -> None:
        self.memory, self.clock, self.ids = Memory(), FakeClock(now), FakeIds()
        self.calls = Calls()
        self.store, self.queues = FakeStore(self.memory), FakeQueues()
        self.fetcher = FakeFetcher({PHOTO: b"\x89PNG photo"})
        self.engine = FakeEngine(self.clock)
        self.core = self._container()
        self.workspace = OpenWorkspace(self.store, self.ids, self.clock)(
            "Dawn Roasters", plan=plan, credits=credits
        )
        self.key = self.issue("live")
        self.test_key = self.issue("test", livemode=False)

    def _container(self) -> Container:
        core = Container(replace(Settings.from_environment(), sandbox_fallback=True, allow_loopback=False))
        core.clock, core.ids = self.clock, self.ids
        core.store = self.calls.watch(self.store, "store")
        core.accounts = self.calls.watch(FakeAccounts(self.memory), "accounts")
        core.jobs = self.calls.watch(FakeJobs(self.memory), "jobs")
        core.assets = FakeAssets(self.memory)
        core.queues = self.calls.watch(self.queues, "queues")
        core.blobs, core.fetcher = FakeBlobs(), self.fetcher
        core.links = Links("https://api.test", lambda: b"master secret")
        return core

    def issue(self, name: str, **wanted: Any) -> str:
        return self.issued(name, **wanted)[1]

    def issued(self, name: str, **wanted: Any) -> tuple[ApiKey, str]:
        request = KeyRequest(name, "agent", **wanted)
        return IssueKey(self.store, self.ids, self.clock)(self.workspace.id, request)

    # ------------------------------------------------------------------ asking

    def get(self, path: str, **options: Any) -> Reply:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Reply:
        return self.ask("POST", path, body, **options)

    def generate(self, request_id: str | None = None, **body: Any) -> Reply:
        return self.post("/v1/generate", {**MINIMAL, "request_id": request_id or self.ids.new(), **body})

    def estimate(self, **body: Any) -> Reply:
        return self.post("/v1/credits/estimate", {"model": "nano-banana-pro", **body})

    def task(self, task_id: str) -> dict[str, Any]:
        return self.get(f"/v1/tasks/{task_id}").data

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "live",
        headers: Mapping[str, str] | None = None,
        raw: str | bytes | None = None,
        prefix: str = PREFIX,
    ) -> Reply:
        token = {"live": self.key, "test": self.test_key}.get(key or "", key)
        sent = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
        event = gateway_event(method, prefix + path, {**sent, **(headers or {})})
        if raw is None and body is not None:
            raw = json.dumps(body)
        if isinstance(raw, bytes):
            event |= {"body": base64.b64encode(raw).decode(), "isBase64Encoded": True}
        elif raw is not None:
            event["body"] = raw
        with override(self.core):
            answer = handler(event, None)
        reply = Reply(answer["statusCode"], answer["headers"], answer["body"])
        hold_to_contract(method, path, reply)
        return reply

    # ------------------------------------------------- what goes on behind the counter

    @property
    def owner(self) -> Owner:
        return Owner(self.workspace.id, True)

    @property
    def wallet(self) -> Wallet:
        return self.memory.wallets[self.owner]

    @property
    def job(self) -> Job:
        (job,) = self.memory.jobs.values()
        return job

    def caller(self) -> Caller:
        return self.core.authenticate(self.key, POLICY)

    def work(self) -> None:
        """Work off the queue until nothing is left, letting time pass where a message is delayed."""
        execute: ExecuteTask = self.core.execute_task({self.engine.name: self.engine})
        while self.queues.tasks:
            sent = self.queues.tasks.pop(0)
            self.clock.advance(sent.delay_seconds)
            execute(sent.message)

    def change_workspace(self, **changes: Any) -> None:
        changed: Workspace = replace(self.memory.workspaces[self.workspace.id], **changes)
        self.memory.workspaces[self.workspace.id] = changed

    def admit_as_of(self, **earlier: Any) -> None:
        """Let requests be admitted on what was true earlier, as if others had come in between."""
        accounts = self.core.authenticate.accounts

        class Late(FakeAccounts):
            def admit(self, *args: Any, **kwargs: Any) -> Admission | None:
                found = accounts.admit(*args, **kwargs)
                return found and replace(found, **earlier)

        self.core.authenticate = replace(self.core.authenticate, accounts=Late(self.memory))

    def untouched(self) -> tuple[int, ...]:
        """What a refused request must leave as it was."""
        held = self.memory
        stored = (held.jobs, held.entries, held.remembered, held.keys, held.workspaces, held.identities)
        counts = [len(things) for things in stored]
        return (self.wallet.available, self.wallet.held, *counts, len(self.queues.tasks))


def gateway_event(method: str, path: str, headers: Mapping[str, str]) -> dict[str, Any]:
    http = {"method": method, "path": path, "protocol": "HTTP/1.1", "sourceIp": "192.0.2.1"}
    return {
        "version": "2.0",
        "routeKey": "ANY /agent/{proxy+}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": dict(headers),
        "requestContext": {"http": http, "stage": "$default", "requestId": "JKJaXmPLvHcESHA="},
        "isBase64Encoded": False,
    }


def operation_of(method: str, path: str) -> Operation | None:
    for operation in DOCUMENT.operations:
        pattern = re.sub(r"<\w+>", "[^/]+", operation.path)
        if operation.method == method and re.fullmatch(pattern, path):
            return operation
    return None


def hold_to_contract(method: str, path: str, reply: Reply) -> None:
    """What every answer must be, whatever was asked."""
    operation = operation_of(method, path)
    assert reply.headers["X-Request-Id"].startswith("req_")
    if PREFIX + path not in DIALECT.public:
        assert [name for name in RATE_HEADERS if name not in reply.headers] == []
    if reply.status >= 400:
        _hold_refusal(reply)
        return
    assert operation is not None
    answer = {answer.status: answer for answer in operation.answers}[reply.status]
    assert reply.headers["Content-Type"].startswith(answer.media)
    if answer.model is not None:
        answer.model.model_validate_json(reply.body)


def _hold_refusal(reply: Reply) -> None:
    assert reply.headers["Content-Type"] == "application/json"
    data = objects.ErrorAnswer.model_validate_json(reply.body).data
    if data.error == "insufficient_credits":
        assert data.model_fields_set == {"error", "required", "available", "suggestion"}
        return
    assert {"error", "message", "param", "suggestion", "request_id"} <= data.model_fields_set
    assert data.message
    assert data.request_id == reply.headers["X-Request-Id"]
    assert ("Retry-After" in reply.headers) == ("retry_after" in data.model_fields_set)
