"""The whole core on fakes: submit, work, cancel, sweep, with every port call countable and breakable."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, cast

from darkroom.catalog_data import memes
from darkroom.domain.accounts import Feature, Owner
from darkroom.domain.catalog import Catalog
from darkroom.domain.jobs import Job, Spec
from darkroom.domain.ledger import Wallet
from darkroom.domain.limits import RatePolicy
from darkroom.ports import TaskMessage
from darkroom.services.authenticate import Authenticate, Caller
from darkroom.services.cancel_job import CancelJob
from darkroom.services.execute_task import ExecuteTask
from darkroom.services.idempotency import Receipt
from darkroom.services.manage_accounts import GrantMore, IssueKey, KeyRequest, OpenWorkspace
from darkroom.services.settle_job import Conclude
from darkroom.services.submit_job import Submission, SubmitJob
from darkroom.services.sweep import Sweep
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
from tests.fakes.engine import FakeEngine

POLICY = RatePolicy("default", 1_000_000)
LEASE = timedelta(seconds=90)


class Crash(BaseException):
    """The process died. Not an ``Exception``, so that nothing can catch it by accident."""


class Calls:
    """Counts port calls by name and, if told to, dies at one of them, before or after it took effect."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.die_at: int | None = None
        self.die_after_effect = True

    def watch[T](self, port: T, name: str) -> T:
        """The port, watched."""
        return cast("T", _Watched(port, name, self))

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        self.made.append(name)
        dying = self.die_at is not None and len(self.made) == self.die_at
        if dying and not self.die_after_effect:
            raise Crash
        result = call()
        if dying:
            raise Crash
        return result


class _Watched:
    def __init__(self, port: Any, name: str, calls: Calls) -> None:
        self._port, self._name, self._calls = port, name, calls

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        if not callable(found):
            return found
        return lambda *args, **kwargs: self._calls.around(
            f"{self._name}.{method}", lambda: found(*args, **kwargs)
        )


class World:
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
        self.engine = FakeEngine(self.clock, resubmit_safe=resubmit_safe)
        self._build()
        workspace = OpenWorkspace(self.fake_store, self.ids, self.clock)(
            "w", plan="pro", credits=credits, allowances={Feature.IMAGES: 1_000_000}
        )
        self.owner = Owner(workspace.id, True)
        self.token = IssueKey(self.fake_store, self.ids, self.clock)(workspace.id, KeyRequest("k"))[1]

    def _build(self) -> None:
        conclude = Conclude(self.store)
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
        self.execute_task = ExecuteTask(
            self.jobs,
            conclude,
            self.blobs,
            self.queues,
            self.fetcher,
            self.clock,
            {self.engine.name: self.engine},
            LEASE,
        )
        self.cancel_job = CancelJob(self.jobs, conclude, self.queues, self.clock)
        self.sweep = Sweep(self.jobs, FakeEndpoints(self.memory), conclude, self.queues, self.clock)
        self.grant = GrantMore(self.store, self.accounts, self.ids, self.clock)

    def caller(self, idempotency_key: str | None = None) -> Caller:
        """The workspace's sender, admitted."""
        return self.authenticate(self.token, POLICY, idempotency_key=idempotency_key)

    def submit(self, prompt: str = "a red kite", count: int = 1, receipt: Receipt[Job] | None = None) -> Job:
        """Submit a request as the workspace would."""
        key = receipt.key if receipt else None
        return self.submit_job(self.caller(key), Submission(memes.IMAGE, Spec(prompt, "1:1"), count), receipt)

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


__all__ = ["LEASE", "POLICY", "Calls", "Crash", "World"]
