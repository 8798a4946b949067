"""Jobs on fakes: submit, work, cancel, sweep, with every port call countable and breakable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from darkroom.catalog_data import memes
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.accounts.workspaces import UNLIMITED, Feature, Owner
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.ports.jobs import Engine
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.services.accounts.authenticate import Authenticate, Caller
from darkroom.services.idempotency import IdempotencyContext
from darkroom.services.jobs.cancel_job import CancelJob
from darkroom.services.jobs.execute_task import ExecuteTask
from darkroom.services.jobs.submit_job import Submission, SubmitJob
from darkroom.services.jobs.sweep import Sweep
from darkroom.settings import Settings
from darkroom.wiring.jobs import LEASE
from tests.fakes.calls import Calls, Crash
from tests.fakes.engine import FakeEngine
from tests.harness.container import SETTINGS, Harness

POLICY = RatePolicy("default", 1_000_000)


class TenantHarness(Harness):
    """A stack with one workspace that has credits and a key."""

    def __init__(
        self, settings: Settings = SETTINGS, *, credits: int, plan: str, livemode: bool = True, **opening: Any
    ) -> None:
        super().__init__(settings)
        workspace = self.core.open_workspace("w", plan=plan, credits=credits, **opening)
        self.owner = Owner(workspace.id, livemode)
        self.token = self.core.issue_key(workspace.id, KeyRequest("k", livemode=livemode))[1]
        self.calls.made.clear()

    @property
    def authenticate(self) -> Authenticate:
        return self.core.authenticate

    @property
    def sweep(self) -> Sweep:
        return self.core.sweep

    @property
    def wallet(self) -> Wallet:
        return self.accounts.wallet(self.owner)

    def spread(self, shards: int) -> None:
        """Make the workspace a busy one, whose plan limits nothing."""
        workspace = self.memory.workspaces[self.owner.workspace_id]
        unlimited = {feature.value: UNLIMITED for feature in Feature}
        self.memory.workspaces[workspace.id] = replace(workspace, allowances=unlimited)
        self.core.spread_wallet(self.owner, shards)


class CoreHarness(TenantHarness):
    """A workspace's jobs and the worker for them, whose ``engines`` are one that does what a prompt's markers say."""

    def __init__(
        self, credits: int = 100, *, resubmit_safe: bool = True, settings: Settings = SETTINGS
    ) -> None:
        super().__init__(settings, credits=credits, plan="pro", allowances={Feature.IMAGES: 1_000_000})
        self.engine = FakeEngine(self.clock, resubmit_safe=resubmit_safe)
        self.engines: Mapping[str, Engine] = {self.engine.name: self.engine}

    @property
    def submit_job(self) -> SubmitJob:
        return self.core.submit_job

    @property
    def cancel_job(self) -> CancelJob:
        return self.core.cancel_job

    @property
    def execute_task(self) -> ExecuteTask:
        return self.core.execute_task(self.engines)

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
            self.caller(key), Submission(memes.IMAGE, ImageSpec(prompt, "1:1"), count), idempotency
        )

    def take_messages(self) -> list[tuple[TaskMessage, int]]:
        """Everything on the task queue, with its delay; the queue is empty afterwards."""
        sent = [(item.message, item.delay_seconds) for item in self.queues.tasks]
        self.queues.tasks.clear()
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


__all__ = ["LEASE", "POLICY", "Calls", "CoreHarness", "Crash", "TenantHarness"]
