"""The moondraft API on fakes, with a worker that works while a request waits."""

from __future__ import annotations

import base64
import json
import re
import struct
import zlib
from collections.abc import Sized
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from api_moondraft.app import handler
from api_moondraft.rates import PREFIX
from api_platform.app import handler as platform
from darkroom.domain.accounts import Owner
from darkroom.domain.codes import OneTimeCode
from darkroom.domain.engine import Blocked, Broken, Finished, Order, Output, Pending, Rejected
from darkroom.domain.errors import InvalidParam
from darkroom.domain.jobs import Job
from darkroom.domain.ledger import Wallet
from darkroom.http.links import Links
from darkroom.http.waiting import WaitForJob
from darkroom.services.execute_task import ExecuteTask
from darkroom.services.manage_accounts import IssueKey, KeyRequest, OpenWorkspace
from darkroom.settings import Settings
from darkroom.wiring import Container, override
from darkroom_media.sandbox.markers import parse
from tests.fakes import (
    FakeAccounts,
    FakeAssets,
    FakeBlobs,
    FakeClock,
    FakeEndpoints,
    FakeFetcher,
    FakeIds,
    FakeJobs,
    FakeQueues,
    FakeStore,
    Memory,
)
from tests.fakes.mailer import FakeMailer

MASTER = b"master secret"
CLIP = b"\0\0\0\x18ftypmp42 a clip"
SOUND = b"ID3\x03\0\0\0\0\0\0 a voice"


def png(width: int = 2, height: int = 2, *, extra: int = 0) -> bytes:
    """A picture; ``extra`` bytes that do not compress make it larger."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    ballast = chunk(b"teSt", bytes(extra)) if extra else b""
    pixels = zlib.compress(b"\0" * (width + 1) * height) if width * height < 10_000 else b"\0"
    body = chunk(b"IHDR", head) + ballast + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body


def data_url(data: bytes, mime: str = "image/png") -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def error(self) -> str:
        assert set(self.json) == {"error"}
        told: str = self.json["error"]
        return told


class Studio:
    """An engine that makes ``picture`` or a clip, does what markers say, and keeps its orders."""

    name, resubmit_safe = "sandbox", True

    def __init__(self, clock: FakeClock) -> None:
        self.clock, self.orders, self.canceled = clock, list[Order](), list[str]()
        self.picture = png()

    def start(self, order: Order) -> Finished | Pending:
        self.orders.append(order)
        markers, prompt = parse(order.job.spec.prompt_of(order.task.index))
        if markers.block:
            raise Blocked("no")
        if markers.fail_all:
            raise Broken("no")
        if "unusable" in prompt:
            raise Rejected("no")
        if markers.slow_seconds:
            ready_at = self.clock.now() + timedelta(seconds=markers.slow_seconds)
            return Pending(ready_at.isoformat(), ready_at)
        return self._made(order)

    def poll(self, order: Order, handle: str) -> Finished | Pending:
        ready_at = datetime.fromisoformat(handle)
        return self._made(order) if self.clock.now() >= ready_at else Pending(handle, ready_at)

    def cancel(self, handle: str) -> None:
        self.canceled.append(handle)

    def callback(self, headers: Any, body: bytes) -> None:
        return None

    def _made(self, order: Order) -> Finished:
        if order.job.kind == "video":
            return Finished(Output(CLIP, "video/mp4", order.job.spec.aspect_ratio))
        return Finished(Output(self.picture, "image/png", order.job.spec.aspect_ratio))


class Desk:
    """One workspace with a key, and what it takes to ask and to look behind the counter."""

    def __init__(self, credits: int = 100, stage: str = "local") -> None:
        self.memory, self.clock, self.ids = Memory(), FakeClock(), FakeIds()
        self.store, self.queues, self.blobs = FakeStore(self.memory), FakeQueues(), FakeBlobs()
        self.mailer, self.fetcher, self.studio = FakeMailer(), FakeFetcher(), Studio(self.clock)
        self.working = True
        self.later: list[tuple[datetime, Any]] = []
        self.core = self._container(stage)
        self.workspace = OpenWorkspace(self.store, self.ids, self.clock)(
            "Ada", plan="metered", credits=credits
        )
        self.key = self.issue()

    def _container(self, stage: str) -> Container:
        given = Settings(stage=stage, public_base_url="https://api.test", sandbox_fallback=True)
        core = Container(given)
        core.clock, core.ids, core.store, core.queues = self.clock, self.ids, self.store, self.queues
        core.accounts, core.jobs = FakeAccounts(self.memory), FakeJobs(self.memory)
        core.assets, core.endpoints = FakeAssets(self.memory), FakeEndpoints(self.memory)
        core.blobs, core.mailer, core.fetcher = self.blobs, self.mailer, self.fetcher
        core.links = Links("https://api.test", lambda: MASTER)
        core.wait_for_job = WaitForJob(core.jobs, self._pass_time, lambda: self.clock.now().timestamp())
        vars(core)["master_secret"] = lambda: MASTER
        vars(core)["url_check"] = _only_https
        return core

    def issue(self, workspace_id: str | None = None, **wanted: Any) -> str:
        request = KeyRequest("k", **{"dialect": "moondraft", **wanted})
        return IssueKey(self.store, self.ids, self.clock)(workspace_id or self.workspace.id, request)[1]

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
        key: str | None = "",
        headers: dict[str, str] | None = None,
        raw: str | None = None,
        source: str = "192.0.2.1",
    ) -> Reply:
        token = self.key if key == "" else key
        sent = {"content-type": "application/json", **(headers or {})}
        if token:
            sent["authorization"] = f"Bearer {token}"
        event = gateway_event(method, PREFIX + path, sent, source)
        event["body"] = raw if raw is not None else json.dumps(body) if body is not None else None
        with override(self.core):
            answer = handler(event, None)
        reply = Reply(answer["statusCode"], answer["headers"], answer["body"])
        assert reply.headers["Content-Type"] == "application/json"
        assert reply.headers["X-Request-Id"].startswith("req_")
        assert len(reply.body) < 6_000_000
        if reply.status >= 400:
            assert isinstance(reply.json["error"], str)
        return reply

    def visit(self, url: str, method: str = "GET") -> dict[str, Any]:
        """Open a page of ours as a browser would."""
        path, _, query = url.removeprefix("https://api.test").partition("?")
        event = gateway_event(method, path, {}, "192.0.2.1")
        event["queryStringParameters"] = dict([query.split("=", 1)]) if query else None
        with override(self.core):
            return platform(event, None)

    def code_for(self, email: str = "ada@example.com", **options: Any) -> str:
        """Have a code sent and read it from the mail."""
        assert self.post("/auth/send-code", {"email": email}, key=None, **options).status == 200
        found = re.search(r"\b\d{6}\b", self.mailer.letters[-1].text)
        assert found is not None
        return found[0]

    # ------------------------------------------------- what goes on behind the counter

    @property
    def worker(self) -> ExecuteTask:
        engines: Any = {self.studio.name: self.studio}
        return self.core.execute_task(engines)

    def _pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        if self.working:
            self.work()

    def work(self) -> None:
        """Work off what is due by now."""
        while True:
            now = self.clock.now()
            sent, self.queues.tasks[:] = list(self.queues.tasks), []
            self.later += [(now + timedelta(seconds=s.delay_seconds), s.message) for s in sent]
            due = [message for at, message in self.later if at <= now]
            self.later = [(at, message) for at, message in self.later if at > now]
            if not due:
                return
            for message in due:
                self.worker(message)

    @property
    def owner(self) -> Owner:
        return Owner(self.workspace.id, True)

    @property
    def wallet(self) -> Wallet:
        return self.memory.wallets[self.owner]

    @property
    def job(self) -> Job:
        """The newest job."""
        return max(self.memory.jobs.values(), key=lambda job: job.id)

    def material(self, role: str) -> bytes:
        """What the engine was given in a role for the newest job."""
        return next(m.data for m in self.studio.orders[-1].materials if m.role == role)

    def untouched(self) -> tuple[int, ...]:
        """What a refused request must leave as it was."""
        kept: tuple[Sized, ...] = (
            self.memory.jobs,
            self.memory.entries,
            self.memory.remembered,
            self.blobs.objects,
        )
        counts = [len(things) for things in kept]
        return (self.wallet.available, self.wallet.held, *counts, len(self.queues.tasks))

    def check_books(self) -> None:
        for wallet in self.memory.wallets.values():
            assert wallet.granted == wallet.available + wallet.held + wallet.spent
            assert min(wallet.available, wallet.held, wallet.spent) >= 0

    def see_codes_as_of_now(self, address: str = "ada@example.com") -> None:
        """Let requests see the address's code as it is now, as if they all came at this moment."""
        seen = self.core.accounts.one_time_code(address)

        def stale(address: str) -> OneTimeCode | None:
            return seen

        self.core.accounts.one_time_code = stale  # type: ignore[method-assign]

    def price(self, offer_id: str, price: int | None) -> None:
        """Change an offer's price."""
        submit = self.core.submit_job
        offers = {**submit.catalog.offers, offer_id: replace(submit.catalog.offers[offer_id], price=price)}
        self.core.submit_job = replace(submit, catalog=replace(submit.catalog, offers=offers))


def _only_https(url: str) -> None:
    if not url.startswith("https://"):
        raise InvalidParam("The URL is not allowed; use a public https URL.")


def gateway_event(method: str, path: str, headers: dict[str, str], source: str) -> dict[str, Any]:
    return {
        "version": "2.0",
        "routeKey": "ANY /moondraft/{proxy+}",
        "rawPath": path,
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {
            "http": {"method": method, "path": path, "sourceIp": source},
            "stage": "$default",
        },
        "isBase64Encoded": False,
    }
