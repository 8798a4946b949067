"""What every dialect's client builds on: API Gateway events go in, replies held to a contract come out."""

from __future__ import annotations

import base64
import json
from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, cast
from urllib.parse import urlencode

from darkroom.domain.accounts.admission import Admission
from darkroom.domain.accounts.api_keys import WORKSPACE_SCOPES, ApiKey
from darkroom.domain.accounts.workspaces import Owner, Workspace
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.catalog.offers import Catalog, Offer
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.assets import Asset, AssetType
from darkroom.domain.jobs.job import CAROUSEL, FailureCode, Job
from darkroom.domain.vendors.vendor_limits import VendorLimit
from darkroom.domain.writes import SaveAsset
from darkroom.http.waiting import WaitForJob
from darkroom.ports.storage import Store
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.services.jobs.execute_task import ExecuteTask
from darkroom.wiring import override
from tests.fakes import FakeAccounts, FakeClock
from tests.fakes.engine import FakeEngine
from tests.fakes.system import START
from tests.harness.container import SETTINGS, Harness

SOURCE = "192.0.2.1"
UNKNOWN_ID = "01950000-0000-7000-8000-ffffffffffff"
RATE_HEADERS = (
    "RateLimit-Limit",
    "RateLimit-Remaining",
    "RateLimit-Reset",
    "RateLimit-Policy",
    "RateLimit",
)


@dataclass(frozen=True)
class Response:
    """An answer as it went out."""

    status: int
    headers: dict[str, str]
    body: str

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class BusyStore:
    """A store that is never free."""

    def commit(self, *_: Any) -> None:
        raise Unavailable("The store is busy.", retry_after=7)


class ApiClient[R: Response](Harness, ABC):
    """One workspace with a key, and what it takes to send requests and to look at what they left."""

    prefix: str
    reply_type: type[R]
    dialect = "memes"

    def __init__(self, credits: int, plan: str, *, now: datetime = START, stage: str = "") -> None:
        super().__init__(replace(SETTINGS, stage=stage), clock=FakeClock(now))
        self.core.wait_for_job = WaitForJob(
            self.core.jobs, self.pass_time, lambda: self.clock.now().timestamp()
        )
        self.engine = FakeEngine(self.clock)
        with self.calls.unwatched():
            self.workspace = self.core.open_workspace("Dawn Roasters", plan=plan, credits=credits)
        self.key = self.issue("live")

    @abstractmethod
    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        """The dialect's handler."""

    @abstractmethod
    def hold_to_contract(self, method: str, path: str, reply: R) -> None:
        """Check what every answer must be, whatever was asked."""

    def pass_time(self, seconds: float) -> None:
        """What happens while a request waits."""
        self.clock.advance(seconds)

    # -------------------------------------------------------------------- keys

    def issue(self, name: str = "k", **settings: Any) -> str:
        return self.issued(name, **settings)[1]

    def issued(
        self, name: str = "k", *, workspace_id: str | None = None, **settings: Any
    ) -> tuple[ApiKey, str]:
        request = KeyRequest(name, **{"dialect": self.dialect, "scopes": WORKSPACE_SCOPES, **settings})
        with self.calls.unwatched():
            return self.core.issue_key(workspace_id or self.workspace.id, request)

    def expired_key(self) -> str:
        key = self.issue("short", expires_at=self.clock.now() + timedelta(seconds=5))
        self.clock.advance(5)
        return key

    def revoked_key(self) -> str:
        record, key = self.issued("gone")
        self.core.manage_keys.revoke(self.workspace.id, record.id)
        return key

    def token(self, key: str | None) -> str | None:
        """The token meant by a name of ours, or the one given."""
        return self.key if key == "live" else key

    # ------------------------------------------------------------------ asking

    def get(self, path: str, **options: Any) -> R:
        return self.ask("GET", path, **options)

    def post(self, path: str, body: Any = None, **options: Any) -> R:
        return self.ask("POST", path, body, **options)

    def ask(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        key: str | None = "live",
        headers: Mapping[str, str] | None = None,
        query: Mapping[str, str] | None = None,
        raw: str | bytes | None = None,
        prefix: str | None = None,
        source: str = SOURCE,
    ) -> R:
        token = self.token(key)
        sent = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
        whole = (self.prefix if prefix is None else prefix) + path
        event = gateway_event(method, whole, {**sent, **(headers or {})}, query, source)
        if raw is None and body is not None:
            raw = json.dumps(body)
        if isinstance(raw, bytes):
            event |= {"body": base64.b64encode(raw).decode(), "isBase64Encoded": True}
        elif raw is not None:
            event["body"] = raw
        reply = self.send(event)
        self.hold_to_contract(method, path, reply)
        return reply

    def send(self, event: dict[str, Any]) -> R:
        """Hand in an event as it is; the reply is not held to anything."""
        with override(self.core):
            answer = self.handle(event)
        return self.reply_type(answer["statusCode"], answer["headers"], answer["body"])

    # --------------------------------------------------------- behind the API

    @property
    def owner(self) -> Owner:
        return Owner(self.workspace.id, True)

    @property
    def wallet(self) -> Wallet:
        return self.memory.wallets[self.owner]

    @property
    def last_job(self) -> Job:
        return max(self.memory.jobs.values(), key=lambda job: job.id)

    @property
    def worker(self) -> ExecuteTask:
        return self.core.execute_task({self.engine.name: self.engine})

    def work(self) -> None:
        """Work off the queue until nothing is left, letting time pass where a message is delayed."""
        while self.queues.tasks:
            sent = self.queues.tasks.pop(0)
            self.clock.advance(sent.delay_seconds)
            self.worker(sent.message)

    def end(self, job_id: str, *failures: FailureCode | None) -> Job:
        """End a job's tasks in order, each with an output or the failure given for it."""
        job = next(job for (_, found), job in self.memory.jobs.items() if found == job_id)
        for index in range(len(job.tasks)):
            job = self._end_task(job, index, failures[index] if index < len(failures) else None)
        return job

    def _end_task(self, job: Job, index: int, failure: FailureCode | None) -> Job:
        now = self.clock.now()
        if failure:
            change = lambda current: transitions.task_failed(current, index, failure, now)  # noqa: E731
            return self.core.advance_and_settle(job, change, still_needed=lambda _: True)
        made = an_asset(job.owner, job.tasks[index].id, job, now)
        return self.core.advance_and_settle(
            job,
            lambda current: transitions.task_succeeded(current, index, made, now),
            still_needed=lambda _: True,
            also=lambda _: (SaveAsset(made),),
        )

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

    def sell(self, offers: Iterable[Offer], **changes: Any) -> None:
        """Have only these on offer, changed."""
        changed = Catalog.of([replace(offer, **changes) for offer in offers])
        self.core.submit_job = replace(self.core.submit_job, catalog=changed)

    def have_others_wait(self) -> None:
        """Let as many requests of the workspace wait as may at once."""
        slot = self.core.bound_waits.slot(Owner(self.workspace.id, livemode=True), "")
        taken = len(self.memory.vendor_limits.get(slot.vendor, VendorLimit()).slots)
        holders = tuple(f"request {number}" for number in range(slot.limit - taken))
        self.core.store.commit(replace(slot, holders=holders))

    def be_busy(self) -> None:
        """Let no request be accepted for now."""
        busy = replace(self.core.accept_job, store=cast("Store", BusyStore()))
        self.core.submit_job = replace(self.core.submit_job, accept=busy)

    def break_down(self, port: object, method: str) -> None:
        """Let a port's method fail in a way nobody has foreseen."""

        def fail(*_: Any, **__: Any) -> None:
            raise RuntimeError("secret detail of our insides")

        setattr(port, method, fail)

    def untouched(self) -> tuple[int, ...]:
        """What a refused request must leave as it was."""
        held = self.memory
        stored = (
            *(
                held.workspaces,
                held.keys,
                held.identities,
                held.entries,
                held.idempotency_record,
                held.auto_reloads,
            ),
            *(held.jobs, held.assets, held.endpoints, held.deliveries),
        )
        counts = [len(things) for things in stored]
        queued = (len(self.queues.tasks), len(self.queues.deliveries))
        return (self.wallet.available, self.wallet.held, *counts, *queued, len(self.blobs.objects))


class TwoKeyApiClient[R: Response](ApiClient[R]):
    """A client whose workspace has a test key beside its live one."""

    def __init__(self, credits: int, plan: str, *, now: datetime = START) -> None:
        super().__init__(credits, plan, now=now)
        self.test_key = self.issue("test", livemode=False)

    def token(self, key: str | None) -> str | None:
        return self.test_key if key == "test" else super().token(key)


def an_asset(owner: Owner, asset_id: str, job: Job, now: datetime) -> Asset:
    index = next((task.index for task in job.tasks if task.id == asset_id), None)
    return Asset(
        id=asset_id,
        owner=owner,
        collection=job.collection,
        type=AssetType.CAROUSEL_SLIDE if job.kind == CAROUSEL else AssetType.IMAGE,
        storage_key=f"media/{owner.workspace_id}/live/{job.id}/{asset_id}.png",
        mime="image/png",
        size=1000,
        aspect_ratio=job.spec.aspect_ratio,
        model=job.model,
        created_at=now,
        job_id=job.id,
        prompt=job.spec.prompt,
        slide_index=index if job.kind == CAROUSEL else None,
        from_carousel=True if job.kind == CAROUSEL else None,
    )


def gateway_event(
    method: str,
    path: str,
    headers: Mapping[str, str],
    query: Mapping[str, str] | None = None,
    source: str = SOURCE,
) -> dict[str, Any]:
    """An event as API Gateway's HTTP API sends it, payload version 2.0."""
    route = f"ANY /{path.strip('/').partition('/')[0]}/{{proxy+}}"
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": urlencode(query or {}, errors="surrogatepass"),
        "headers": dict(headers),
        "requestContext": {
            "accountId": "123456789012",
            "apiId": "api",
            "domainName": "api.test",
            "http": {
                "method": method,
                "path": path,
                "protocol": "HTTP/1.1",
                "sourceIp": source,
                "userAgent": "curl/8",
            },
            "requestId": "JKJaXmPLvHcESHA=",
            "routeKey": route,
            "stage": "$default",
            "timeEpoch": 1_781_802_262_000,
        },
        "isBase64Encoded": False,
    }
    return event | ({"queryStringParameters": dict(query)} if query else {})
