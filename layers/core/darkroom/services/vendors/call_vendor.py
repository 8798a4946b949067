"""Calling an engine for a task. Calls to vendors are moderated, limited and measured."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from darkroom.domain.catalog.routes import Route
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.engine import Finished, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    RateLimitedByVendor,
    RouteUnusable,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.job import Job, Task
from darkroom.domain.jobs.messages import TaskStep
from darkroom.domain.vendors.vendor_limits import Deferred, VendorCircuitOpen, VendorLimitReached
from darkroom.ports.jobs import Engine
from darkroom.ports.system import Clock, Meter
from darkroom.ports.vendors import Moderator, VendorLimits
from darkroom.services.vendors.metrics import Metric, failure_metric

logger = logging.getLogger(__name__)

SLOT_SLACK = timedelta(seconds=60)
USUAL_LIMIT = 10
MODERATION_RETRY = 10  # seconds until a request that could not be checked is checked again
NO_KEY = "no_key"


@dataclass(frozen=True, slots=True)
class CallVendor:
    """Calls engines. Calls to the sandbox are neither moderated, limited nor measured.

    ``limits`` says how many tasks each vendor may have at once. Without ``moderator`` no request is checked before
    it is sent; ``unchecked_passes`` says whether a request that could not be checked is sent all the same.
    """

    vendor_limits: VendorLimits
    meter: Meter
    clock: Clock
    limits: Mapping[str, int] = field(default_factory=dict)
    moderator: Moderator | None = None
    unchecked_passes: bool = False

    def start(self, engine: Engine, request: TaskRequest, route: Route) -> Finished | Pending:
        """Start a task's work.

        Raises
        ------
        EngineError
            ``Deferred`` and ``VendorCircuitOpen`` among others. If the vendor failed, the slot has been released.
        """
        if not route.is_vendor:
            return engine.start(request)
        self._check(request)
        probe = self._enter(request, route)
        try:
            outcome = self._timed(TaskStep.START, route, lambda: engine.start(request))
        except RateLimitedByVendor as error:
            self._report_to_breaker(request, route, error, probe=probe)
            raise
        if probe and isinstance(outcome, Pending):
            self._recovered(route)
        return outcome

    def poll(self, engine: Engine, request: TaskRequest, handle: str, route: Route) -> Finished | Pending:
        """Look a task's work up.

        Raises
        ------
        EngineError
        """
        if not route.is_vendor:
            return engine.poll(request, handle)
        return self._timed(TaskStep.POLL, route, lambda: engine.poll(request, handle))

    def leave(self, job: Job, task: Task, route: Route) -> None:
        """Release the slot that a job's task has at the route's vendor."""
        if route.is_vendor:
            self.vendor_limits.leave(route.engine, task.id, workspace_id=job.owner.workspace_id)

    def record_output(self, route: Route, facts: VendorFacts) -> None:
        """Count an output that a route made; ``facts`` are the finished task's."""
        if not route.is_vendor:
            return
        self.meter.count(Metric.TASK_FINISHED, **_dimensions(route))
        if facts.latency_ms is not None:
            self.meter.took(Metric.TASK_LATENCY, facts.latency_ms, **_dimensions(route))

    def record_found_work(self, route: Route) -> None:
        """Count work whose handle was lost with the response to its start, and which a callback named."""
        self.meter.count(Metric.WORK_FOUND, **_dimensions(route))

    def record_failure(self, route: Route, error: EngineError) -> None:
        """Count a failure on a route, and log it if the operator has to act."""
        if not route.is_vendor or isinstance(error, Deferred):
            return
        skipped = isinstance(error, RouteUnusable) and error.code == NO_KEY
        metric = Metric.ROUTE_SKIPPED if skipped else failure_metric(error)
        self.meter.count(metric, **_dimensions(route))
        if isinstance(error, AccountTrouble) and not skipped:
            self.meter.count(Metric.ACCOUNT_TROUBLE)
            logger.error("account trouble with %s: %s (%s)", route.engine, error.code, error.request_id)

    def _check(self, request: TaskRequest) -> None:
        """Have the moderator check the request, once, before its first start.

        Raises
        ------
        Blocked
        Deferred
            It could not be checked.
        """
        if self.moderator is None or request.task.attempts > 1:
            return
        try:
            self.moderator.check(request)
        except Blocked:
            raise
        except EngineError as error:
            self.meter.count(Metric.MODERATION_FAILED)
            logger.warning("task %s could not be checked: %s", request.task.id, error)
            if not self.unchecked_passes:
                raise Deferred("not checked yet", retry_after=MODERATION_RETRY) from error

    def _enter(self, request: TaskRequest, route: Route) -> bool:
        try:
            return self.vendor_limits.enter(
                route.engine,
                request.task.id,
                limit=self.limits.get(route.engine, USUAL_LIMIT),
                now=self.clock.now(),
                until=request.job.deadline_at + SLOT_SLACK,
                workspace_id=request.job.owner.workspace_id,
            )
        except (VendorLimitReached, VendorCircuitOpen) as refused:
            self.meter.count(failure_metric(refused), vendor=route.engine)
            raise

    def _timed[T](self, step: TaskStep, route: Route, call: Callable[[], T]) -> T:
        before = self.clock.now()
        try:
            return call()
        finally:
            took = (self.clock.now() - before).total_seconds() * 1000
            self.meter.took(Metric.CALL_LATENCY, took, step=step, **_dimensions(route))
            self.meter.count(Metric.STARTS if step is TaskStep.START else Metric.POLLS, **_dimensions(route))

    def _recovered(self, route: Route) -> None:
        """Close the breaker. The work has been started, so a store that is too busy must not look like a failure."""
        try:
            self.vendor_limits.recovered(route.engine)
        except Unavailable:
            logger.warning("the breaker of %s stays open until its next probe", route.engine)

    def _report_to_breaker(
        self, request: TaskRequest, route: Route, error: RateLimitedByVendor, *, probe: bool
    ) -> None:
        now = self.clock.now()
        if self.vendor_limits.failed(
            route.engine,
            request.task.id,
            now=now,
            probe=probe,
            retry_after=error.retry_after,
            workspace_id=request.job.owner.workspace_id,
        ):
            self.meter.count(Metric.BREAKER_OPENED, vendor=route.engine)
            self.meter.count(Metric.ANY_BREAKER_OPENED)
            logger.warning("the breaker of %s opened: %s", route.engine, error)


def _dimensions(route: Route) -> dict[str, str]:
    return {"vendor": route.engine, "route": route.engine_model or route.engine}
