"""The memes API on fakes: requests go in as API Gateway events, answers are held against their models."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Sized
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, cast

from api_memes import objects
from api_memes.app import handler
from api_memes.operations import DOCUMENT
from darkroom.domain import jobs as rules
from darkroom.domain.accounts import ApiKey, Owner, Workspace
from darkroom.domain.assets import Asset, AssetType
from darkroom.domain.errors import InvalidParam
from darkroom.domain.jobs import FailureCode, Job
from darkroom.domain.ledger import Wallet
from darkroom.domain.writes import SaveAsset
from darkroom.http.links import Links
from darkroom.http.operations import Operation
from darkroom.http.waiting import WaitForJob
from darkroom.ports import Accounts, Admission, Subscribers
from darkroom.services.manage_accounts import IssueKey, KeyRequest, OpenWorkspace
from darkroom.settings import Settings
from darkroom.wiring import Container, override
from tests.fakes import (
    FakeAccounts,
    FakeAssets,
    FakeClock,
    FakeEndpoints,
    FakeIds,
    FakeJobs,
    FakeQueues,
    FakeStore,
    Memory,
)
from tests.fakes.world import Calls

NOW = datetime(2026, 6, 18, 17, 4, 22, 515_000, UTC)
PREFIX = "/memes/v1"
MASTER = b"master secret"
UNKNOWN_ID = "01950000-0000-7000-8000-ffffffffffff"
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
    def error(self) -> dict[str, Any]:
        found: dict[str, Any] = self.json["error"]
        return found

    @property
    def refusal(self) -> tuple[int, str, str]:
        return self.status, self.error["type"], self.error["code"]


class FakeSubscribers:
    """Judges URLs as simply as the tests need."""

    def check(self, url: str) -> None:
        if not url.startswith("https://"):
            raise InvalidParam("url must be a public https URL.", param="url")


class Desk:
    """One workspace with a live and a test key, and what it takes to ask and to look behind the counter."""

    def __init__(self, credits: int = 480, plan: str = "standard") -> None:
        self.memory, self.clock, self.ids = Memory(), FakeClock(NOW), FakeIds()
        self.calls = Calls()
        self.meanwhile: list[Callable[[], object]] = []
        self.store, self.queues = FakeStore(self.memory), FakeQueues()
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
        core.assets = self.calls.watch(FakeAssets(self.memory), "assets")
        core.endpoints = self.calls.watch(FakeEndpoints(self.memory), "endpoints")
        core.queues = self.calls.watch(self.queues, "queues")
        core.subscribers = cast("Subscribers", FakeSubscribers())
        core.links = Links("https://api.test", lambda: MASTER)
        core.wait_for_job = WaitForJob(core.jobs, self._pass_time, lambda: self.clock.now().timestamp())
        vars(core)["master_secret"] = lambda: MASTER
        return core

    def _pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        while self.meanwhile:
            self.meanwhile.pop(0)()

    def issue(self, name: str, **wanted: Any) -> str:
        return self.issued(name, **wanted)[1]

    def issued(self, name: str, **wanted: Any) -> tuple[ApiKey, str]:
        request = KeyRequest(name, **wanted)
        return IssueKey(self.store, self.ids, self.clock)(self.workspace.id, request)

    # ------------------------------------------------------------------ asking

    def get(self, path: str, **options: Any) -> Reply:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> Reply:
        return self.ask("POST", path, body, **options)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "live",
        headers: dict[str, str] | None = None,
        query: dict[str, str] | None = None,
        raw: str | bytes | None = None,
    ) -> Reply:
        token = {"live": self.key, "test": self.test_key}.get(key or "", key)
        sent = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
        event = gateway_event(method, PREFIX + path, {**sent, **(headers or {})}, query)
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

    def create(self, path: str = "/memes", **body: Any) -> str:
        reply = self.post(path, {"prompt": "a red kite", **body})
        assert reply.status == 202, reply.body
        job_id: str = reply.json["generation"]["id"]
        return job_id

    def end(self, job_id: str, *failures: FailureCode | None) -> Job:
        """End a job's tasks in order, each with an output or the failure given for it."""
        job = next(job for (_, found), job in self.memory.jobs.items() if found == job_id)
        for index in range(len(job.tasks)):
            job = self._end_task(job, index, failures[index] if index < len(failures) else None)
        return job

    def _end_task(self, job: Job, index: int, failure: FailureCode | None) -> Job:
        now = self.clock.now()
        if failure:
            change = lambda current: rules.task_failed(current, index, failure, now)  # noqa: E731
            return self.core.conclude(job, change, wanted=lambda _: True)
        made = an_asset(job.owner, job.tasks[index].id, job, now)
        return self.core.conclude(
            job,
            lambda current: rules.task_succeeded(current, index, made, now),
            wanted=lambda _: True,
            also=lambda _: (SaveAsset(made),),
        )

    def change_workspace(self, **changes: Any) -> None:
        changed: Workspace = replace(self.memory.workspaces[self.workspace.id], **changes)
        self.memory.workspaces[self.workspace.id] = changed

    def admit_as_of(self, **earlier: Any) -> None:
        """Let requests be admitted on what was true earlier, as if others had come in between."""
        admit = self.core.authenticate.accounts.admit

        class Late:
            def admit(self, *args: Any, **kwargs: Any) -> Admission | None:
                found = admit(*args, **kwargs)
                return found and replace(found, **earlier)

        self.core.authenticate = replace(self.core.authenticate, accounts=cast("Accounts", Late()))

    def untouched(self) -> tuple[int, ...]:
        """What a refused request must leave as it was."""
        stored: tuple[Sized, ...] = (
            self.memory.jobs,
            self.memory.entries,
            self.memory.remembered,
            self.memory.endpoints,
        )
        queued: tuple[Sized, ...] = (self.queues.tasks, self.queues.deliveries)
        counts = [len(things) for things in (*stored, *queued)]
        return (self.wallet.available, self.wallet.held, *counts)


def an_asset(owner: Owner, asset_id: str, job: Job, now: datetime) -> Asset:
    return Asset(
        id=asset_id,
        owner=owner,
        collection=job.collection,
        type=AssetType.IMAGE,
        storage_key=f"media/{owner.workspace_id}/live/{job.id}/{asset_id}.png",
        mime="image/png",
        size=1000,
        aspect_ratio=job.spec.aspect_ratio,
        model=job.model,
        created_at=now,
        job_id=job.id,
        prompt=job.spec.prompt,
    )


def gateway_event(
    method: str, path: str, headers: dict[str, str], query: dict[str, str] | None = None
) -> dict[str, Any]:
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": "ANY /memes/{proxy+}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.test",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": "192.0.2.1",
                "userAgent": "curl/8",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": "ANY /memes/{proxy+}",
            "stage": "$default",
            "timeEpoch": 1_781_802_262_000,
        },
        "isBase64Encoded": False,
    }
    return event | ({"queryStringParameters": query} if query else {})


def operation_of(method: str, path: str) -> Operation | None:
    for operation in DOCUMENT.operations:
        pattern = re.sub(r"<\w+>", "[^/]+", operation.path)
        if operation.method == method and re.fullmatch(pattern, path):
            return operation
    return None


def hold_to_contract(method: str, path: str, reply: Reply) -> None:
    """What every answer must be, whatever was asked."""
    operation = operation_of(method, path)
    assert reply.headers["Content-Type"] == "application/json"
    assert reply.headers["Memes-Version"] == "2026-06-18"
    assert reply.headers["X-Request-Id"].startswith("req_")
    if operation is not None and operation.scope is None:
        return
    assert [name for name in RATE_HEADERS if name not in reply.headers] == []
    if reply.status >= 400:
        objects.ErrorAnswer.model_validate_json(reply.body)
        assert reply.error["request_id"] == reply.headers["X-Request-Id"]
        return
    assert operation is not None
    answers = {answer.status: answer.model for answer in operation.answers}
    model = answers[reply.status]
    assert model is not None
    model.model_validate_json(reply.body)
    if "Idempotent-Replayed" not in reply.headers:
        assert reply.json["meta"]["request_id"] == reply.headers["X-Request-Id"]
