"""Renders on fakes: single ones, batches, workers, housekeeping, with every port call countable and breakable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from darkroom.catalog_data import pixeldrive
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.catalog.offers import Catalog
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.renders.renders import BatchAccepted, BatchView, RenderOutcome, payload_key
from darkroom.domain.templates.definition import parse_definition
from darkroom.domain.templates.payload import Payload, parse_payload, payload_json
from darkroom.domain.templates.template import Template
from darkroom.domain.writes import RetireTemplate, SaveTemplate
from darkroom.services.accounts.api_keys import IssueKey, KeyRequest
from darkroom.services.accounts.authenticate import Authenticate, Caller
from darkroom.services.accounts.open_workspace import OpenWorkspace
from darkroom.services.idempotency import IdempotencyContext
from darkroom.services.jobs.accept_job import AcceptJob
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle
from darkroom.services.jobs.claim_task import TaskBusy
from darkroom.services.jobs.run_job import RunJob
from darkroom.services.jobs.sweep import Sweep
from darkroom.services.renders.expand_batch import ExpandBatch
from darkroom.services.renders.pictures import Pictures
from darkroom.services.renders.render_rows import RenderRows
from darkroom.services.renders.request_batch import RequestBatch
from darkroom.services.renders.request_render import RequestRender
from darkroom.services.renders.watch_batch import WatchBatch
from tests.fakes import (
    FakeAccounts,
    FakeBlobs,
    FakeClock,
    FakeEndpoints,
    FakeFetcher,
    FakeIds,
    FakeJobs,
    FakeQueues,
    FakeRenderer,
    FakeRenders,
    FakeStore,
    FakeTemplates,
    Memory,
)
from tests.fakes.calls import Calls, Crash

POLICY = RatePolicy("default", 1_000_000)
LEASE = timedelta(seconds=150)
TEMPLATE_ID = "ee3a339f-2826-406c-a6e4-04b9a7b4d373"

DOCUMENT: Mapping[str, Any] = {
    "canvas": {"width": 100, "height": 50},
    "elements": [
        {"id": "name", "type": "text", "text": "Name", "x": 0, "y": 0, "width": 90, "height": 20},
        {"id": "avatar", "type": "image", "x": 0, "y": 0, "width": 20, "height": 20},
    ],
}


class RenderHarness:
    """One workspace with credits and a template. Whoever waits for a render has the queue worked off meanwhile."""

    def __init__(self, credits: int = 100, *, livemode: bool = True) -> None:
        self.memory, self.clock, self.ids = Memory(), FakeClock(), FakeIds()
        self.calls = Calls()
        watch = self.calls.watch
        self.fake_store = FakeStore(self.memory)
        self.store = watch(self.fake_store, "store")
        self.accounts = watch(FakeAccounts(self.memory), "accounts")
        self.jobs = watch(FakeJobs(self.memory), "jobs")
        self.renders = watch(FakeRenders(self.memory), "renders")
        self.templates = watch(FakeTemplates(self.memory), "templates")
        self.fake_blobs, self.fake_queues = FakeBlobs(), FakeQueues()
        self.blobs = watch(self.fake_blobs, "blobs")
        self.queues = watch(self.fake_queues, "queues")
        self.fetcher, self.renderer = FakeFetcher(), FakeRenderer()
        self.renderer.death = Crash
        self._build()
        workspace = OpenWorkspace(self.fake_store, self.ids, self.clock)("w", plan="trial", credits=credits)
        self.owner = Owner(workspace.id, livemode)
        wanted = KeyRequest("k", livemode=livemode)
        self.token = IssueKey(self.fake_store, self.ids, self.clock)(workspace.id, wanted)[1]
        self.template = self.save_template()

    def _build(self) -> None:
        advance_and_settle = AdvanceAndSettle(self.store)
        catalog = Catalog.of(pixeldrive.OFFERS)
        accept = AcceptJob(self.store, self.queues)
        self.authenticate = Authenticate(self.accounts, self.store, self.clock)
        self.give_up = RunJob(self._unused, self._wait, advance_and_settle, self.queues, self.clock, 22)  # type: ignore[arg-type]
        self.request_render = RequestRender(
            accept,
            self.give_up.finish,
            self.clock,
            self.ids,
            catalog,
            pixeldrive.RENDER,
            pixeldrive.PREVIEW,
        )
        self.request_batch = RequestBatch(accept, self.blobs, self.clock, self.ids, catalog, pixeldrive.BATCH)
        self.expand_batch = ExpandBatch(self.jobs, self.store, self.queues, self.clock)
        self.watch_batch = WatchBatch(self.jobs)
        self.sweep = Sweep(self.jobs, FakeEndpoints(self.memory), advance_and_settle, self.queues, self.clock)
        self.advance_and_settle = advance_and_settle
        self.new_worker()

    def _unused(self, *_: Any) -> Job:
        raise AssertionError("renders are not submitted this way")

    def new_worker(self) -> None:
        """A fresh process, which remembers no template and no picture."""
        self.render_rows = RenderRows(
            self.jobs,
            self.renders,
            self.templates,
            self.blobs,
            self.advance_and_settle,
            Pictures(self.fetcher, monotonic=self._seconds),
            self.renderer,
            self.clock,
            LEASE,
            self._seconds,
        )

    def _seconds(self) -> float:
        return self.clock.now().timestamp()

    def _wait(self, job: Job, seconds: float) -> Job:
        self.while_waiting()
        return self.memory.jobs[job.owner, job.id]

    def while_waiting(self) -> None:
        """What happens while somebody waits for a render."""
        self.work()

    # ------------------------------------------------------------------ asking

    def save_template(self, document: Mapping[str, Any] = DOCUMENT) -> Template:
        """The template's next version, put in place."""
        now, current = self.clock.now(), self.memory.templates.get((self.owner, TEMPLATE_ID))
        parsed = parse_definition(document)
        if current is None:
            template = Template(TEMPLATE_ID, self.owner, "t", 1, parsed, now, now)
            self.fake_store.commit(SaveTemplate(template))
        else:
            template = current.changed(now, document=parsed)
            until = now + timedelta(days=7)
            self.fake_store.commit(SaveTemplate(template), RetireTemplate(current, until))
        self.template = template
        return template

    def payload(self, data: Mapping[str, Any]) -> Payload:
        """A payload as the edge reads it."""
        return parse_payload(self.template.document, data)

    def caller(self, payload: Mapping[str, Any] | None = None, ratio: float = 1) -> Caller:
        """The workspace's sender, admitted."""
        key = payload_key(payload, ratio) if payload is not None else None
        return self.authenticate(self.token, POLICY, template_id=self.template.id, payload_key=key)

    def render(self, payload: Mapping[str, Any], ratio: float = 1, *, preview: bool = False) -> RenderOutcome:
        """Ask for one render as the workspace would."""
        caller = self.caller(payload, ratio)
        parsed = self.payload(payload)
        assert payload_key(payload_json(parsed), ratio) == payload_key(payload, ratio)
        return self.request_render(caller, self.template, parsed, ratio, preview, caller.rendered)

    def batch(
        self,
        payloads: Sequence[Mapping[str, Any]],
        ratio: float = 1,
        idempotency: IdempotencyContext[BatchAccepted] | None = None,
    ) -> BatchAccepted:
        """Ask for a batch as the workspace would."""
        parsed = [self.payload(payload) for payload in payloads]
        return self.request_batch(self.caller(), self.template, parsed, ratio, idempotency)

    def view(self, batch_id: str) -> BatchView:
        """How a batch stands."""
        view = self.watch_batch.batch(self.owner, batch_id)
        assert view.total == view.queued + view.running + view.completed + view.failed
        return view

    # ----------------------------------------------------------------- working

    def take_messages(self) -> list[TaskMessage]:
        """Everything on the queue; it is empty afterwards."""
        sent = [item.message for item in self.fake_queues.tasks]
        self.fake_queues.tasks.clear()
        return sent

    def waiting_messages(self) -> list[TaskMessage]:
        """What is on the queue, which stays there."""
        return [item.message for item in self.fake_queues.tasks]

    def handle(self, message: TaskMessage) -> None:
        """What the worker does with one message."""
        (self.expand_batch if message.step == "expand" else self.render_rows)(message)

    def work(self) -> None:
        """Work off the queue until nothing is left; a message that is refused is dropped."""
        while messages := self.take_messages():
            for message in messages:
                self.try_handle(message)

    def try_handle(self, message: TaskMessage) -> bool:
        """Whether the message is done with."""
        try:
            self.handle(message)
        except TaskBusy:
            return False
        return True

    def sweep_later(self) -> None:
        """Housekeeping, once all leases and checks have run out."""
        self.clock.advance(timedelta(seconds=220))
        self.sweep()

    # ------------------------------------------------------------------ looking

    @property
    def wallet(self) -> Wallet:
        return self.memory.wallets[self.owner]

    def job_of_kind(self, kind: str) -> list[Job]:
        return [job for job in self.memory.jobs.values() if job.kind == kind]

    def check_books(self) -> None:
        """The invariant, and the entries' sums, for every wallet; every ended job with money settled once."""
        for owner, wallet in self.memory.wallets.items():
            assert wallet.granted == wallet.available + wallet.held + wallet.spent
            assert min(wallet.available, wallet.held, wallet.spent) >= 0
            entries = [entry for (o, _), entry in self.memory.entries.items() if o == owner]
            for column in ("granted", "available", "held", "spent"):
                assert sum(getattr(e, column) for e in entries) == getattr(wallet, column), column
        jobs = self.memory.jobs.values()
        assert sum(job.held for job in jobs if not job.terminal) == sum(
            wallet.held for wallet in self.memory.wallets.values()
        )
        for job in jobs:
            settled = (job.owner, f"{job.id}#settle") in self.memory.entries
            assert settled == (job.terminal and not job.moves_nothing)
        charged = sum(job.charged for job in jobs)
        assert sum(wallet.spent for wallet in self.memory.wallets.values()) == charged
        assert charged == len(self.memory.rendered) or self.forgotten
        used = sum(n for wallet in self.memory.wallets.values() for n in wallet.used.values())
        assert used == charged + sum(job.units for job in jobs if not job.terminal)

    forgotten = False  # whether a later version's render has taken the place of one that was charged


def named(name: str) -> dict[str, Any]:
    """A payload with a text."""
    return {"name": {"text": name}}


def pictured(name: str, url: str) -> dict[str, Any]:
    """A payload with a text and a picture."""
    return {"name": {"text": name}, "avatar": {"src": url}}


__all__ = ["DOCUMENT", "LEASE", "Crash", "RenderHarness", "named", "pictured"]
