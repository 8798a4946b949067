"""The whole core on fakes: submit, work, cancel, sweep, with every port call countable and breakable."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from darkroom.catalog_data import memes
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.catalog.offers import Catalog
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import Spec
from darkroom.ports.jobs import Engine
from darkroom.ports.vendors import Downloads
from darkroom.services.accounts.api_keys import IssueKey, KeyRequest
from darkroom.services.accounts.authenticate import Authenticate, Caller
from darkroom.services.accounts.open_workspace import OpenWorkspace
from darkroom.services.billing.grant_credits import GrantCreditsByHand
from darkroom.services.idempotency import IdempotencyContext
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle
from darkroom.services.jobs.cancel_job import CancelJob
from darkroom.services.jobs.claim_task import ClaimTask
from darkroom.services.jobs.collect_output import CollectOutput
from darkroom.services.jobs.execute_task import ExecuteTask
from darkroom.services.jobs.gather_input_files import GatherInputFiles
from darkroom.services.jobs.queue_task import QueueTask
from darkroom.services.jobs.submit_job import Submission, SubmitJob
from darkroom.services.jobs.sweep import Sweep
from darkroom.services.vendors.call_vendor import CallVendor
from tests.fakes import (
    FakeAccounts,
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
from tests.fakes.calls import Calls, Crash
from tests.fakes.engine import FakeEngine
from tests.fakes.vendor_limits import FakeVendorLimits
from tests.fakes.vendors import FakeDownloads, FakeMeter

POLICY = RatePolicy("default", 1_000_000)
LEASE = timedelta(seconds=90)


def executing(
    harness: CoreHarness,
    advance_and_settle: AdvanceAndSettle,
    engines: Mapping[str, Engine],
    lease: timedelta = LEASE,
    downloads: Downloads | None = None,
    **calling: Any,
) -> ExecuteTask:
    """The worker's use case on a harness's fakes; ``calling`` goes to :class:`CallVendor`."""
    call = CallVendor(harness.vendor_limits, harness.meter, harness.clock, **calling)
    queue_task = QueueTask(harness.queues, harness.clock)
    return ExecuteTask(
        harness.jobs,
        ClaimTask(harness.jobs, queue_task, call, lease),
        call,
        GatherInputFiles(harness.blobs, harness.fetcher),
        CollectOutput(harness.blobs, downloads or harness.downloads),
        advance_and_settle,
        queue_task,
        harness.clock,
        engines,
    )


class CoreHarness:
    """One workspace with credits on a stack made of fakes."""

    def __init__(self, credits: int = 100, *, resubmit_safe: bool = True) -> None:
        self.memory, self.clock, self.ids = Memory(), FakeClock(), FakeIds()
        self.calls = Calls()
        watch = self.calls.watch
        self.fake_store = FakeStore(self.memory)
        self.store = watch(self.fake_store, "store")
        self.accounts = watch(FakeAccounts(self.memory), "accounts")
        self.jobs = watch(FakeJobs(self.memory), "jobs")
        self.fake_blobs, self.fake_queues = FakeBlobs(), FakeQueues()
        self.blobs = watch(self.fake_blobs, "blobs")
        self.queues = watch(self.fake_queues, "queues")
        self.fetcher = FakeFetcher()
        self.vendor_limits = watch(FakeVendorLimits(self.memory), "vendor_limits")
        self.downloads = watch(FakeDownloads(), "downloads")
        self.meter = FakeMeter()
        self.engine = FakeEngine(self.clock, resubmit_safe=resubmit_safe)
        self._build()
        workspace = OpenWorkspace(self.fake_store, self.ids, self.clock)(
            "w", plan="pro", credits=credits, allowances={Feature.IMAGES: 1_000_000}
        )
        self.owner = Owner(workspace.id, True)
        self.token = IssueKey(self.fake_store, self.ids, self.clock)(workspace.id, KeyRequest("k"))[1]

    def _build(self) -> None:
        advance_and_settle = AdvanceAndSettle(self.store)
        self.authenticate = Authenticate(self.accounts, self.store, self.clock)
        self.submit_job = SubmitJob(
            self.store,
            self.queues,
            self.clock,
            self.ids,
            Catalog.of(memes.OFFERS),
            engines=frozenset(),
            sandbox_fallback=True,
        )
        self.execute_task = executing(self, advance_and_settle, {self.engine.name: self.engine})
        self.cancel_job = CancelJob(self.jobs, advance_and_settle, self.queues, self.clock)
        self.sweep = Sweep(self.jobs, FakeEndpoints(self.memory), advance_and_settle, self.queues, self.clock)
        self.grant = GrantCreditsByHand(self.store, self.accounts, self.ids, self.clock)

    def caller(self, idempotency_key: str | None = None) -> Caller:
        """The workspace's sender, admitted."""
        return self.authenticate(self.token, POLICY, idempotency_key=idempotency_key)

    def submit(
        self,
        prompt: str = "a red kite",
        count: int = 1,
        idempotency: IdempotencyContext[Job] | None = None,
    ) -> Job:
        """Submit a request as the workspace would."""
        key = idempotency.key if idempotency else None
        return self.submit_job(
            self.caller(key), Submission(memes.IMAGE, Spec(prompt, "1:1"), count), idempotency
        )

    def take_messages(self) -> list[tuple[TaskMessage, int]]:
        """Everything on the task queue, with its delay; the queue is empty afterwards."""
        sent = [(item.message, item.delay_seconds) for item in self.fake_queues.tasks]
        self.fake_queues.tasks.clear()
        return sent

    def work(self) -> None:
        """Work off the queue until nothing is left, letting time pass where a message is delayed."""
        for _ in range(1000):
            messages = self.take_messages()
            if not messages:
                return
            for message, delay in messages:
                self.clock.advance(delay)
                self.execute_task(message)
        raise AssertionError("the queue never became empty")

    def job(self, job_id: str) -> Job:
        return self.memory.jobs[self.owner, job_id]

    @property
    def wallet(self) -> Wallet:
        return self.memory.wallets[self.owner]

    def check_books(self) -> None:
        """The invariant, and the entries' sums, for every wallet; every ended job settled exactly once."""
        for owner, wallet in self.memory.wallets.items():
            assert wallet.granted == wallet.available + wallet.held + wallet.spent
            assert min(wallet.available, wallet.held, wallet.spent) >= 0
            entries = [entry for (o, _), entry in self.memory.entries.items() if o == owner]
            for column in ("granted", "available", "held", "spent"):
                assert sum(getattr(e, column) for e in entries) == getattr(wallet, column), column
        open_holds = sum(job.held for job in self.memory.jobs.values() if not job.terminal)
        assert sum(wallet.held for wallet in self.memory.wallets.values()) == open_holds
        for job in self.memory.jobs.values():
            settled = (job.owner, f"{job.id}#settle") in self.memory.entries
            assert settled == job.terminal


__all__ = ["LEASE", "POLICY", "Calls", "CoreHarness", "Crash"]
