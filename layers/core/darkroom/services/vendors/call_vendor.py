"""What stands between a task and a vendor: a look at what is asked for, a slot at the vendor, the meter."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from darkroom.domain.catalog.routes import Route
from darkroom.domain.jobs.engine import Finished, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    RateLimitedByVendor,
    RouteUnusable,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.job import Task
from darkroom.domain.vendors.vendor_limits import Deferred, VendorCircuitOpen, VendorLimitReached
from darkroom.ports.jobs import Engine
from darkroom.ports.system import Clock, Meter
from darkroom.ports.vendors import Moderator, VendorLimits

logger = logging.getLogger(__name__)

SLOT_SLACK = timedelta(seconds=60)
USUAL_LIMIT = 10
MODERATION_RETRY = 10  # seconds until an order that could not be checked is checked again
NO_KEY = "no_key"


@dataclass(frozen=True, slots=True)
class CallVendor:
    """Calls engines. Only routes to vendors are gated and checked: the sandbox has nobody to spare.

    ``limits`` says how many tasks a vendor may have under way at once. Without ``moderator`` nothing is checked
    before it is sent; ``unchecked_passes`` says whether what could not be checked is sent all the same.
    """

    vendor_limits: VendorLimits
    meter: Meter
    clock: Clock
    limits: Mapping[str, int] = field(default_factory=dict)
    moderator: Moderator | None = None
    unchecked_passes: bool = False

    def start(self, engine: Engine, order: TaskRequest, route: Route) -> Finished | Pending:
        """Have an order started.

        Raises
        ------
        EngineError
            Among them ``Deferred`` and ``VendorCircuitOpen``. Where the vendor failed, the slot is given back here.
        """
        if not route.is_vendor:
            return engine.start(order)
        self._check(order)
        probe = self._enter(order, route)
        try:
            outcome = self._timed("start", route, lambda: engine.start(order))
        except RateLimitedByVendor as error:
            self._count_failure(order.task, route, error, probe=probe)
            raise
        if probe and isinstance(outcome, Pending):
            self.vendor_limits.recovered(route.engine)
        return outcome

    def poll(self, engine: Engine, order: TaskRequest, handle: str, route: Route) -> Finished | Pending:
        """Look work up.

        Raises
        ------
        EngineError
        """
        if not route.is_vendor:
            return engine.poll(order, handle)
        return self._timed("poll", route, lambda: engine.poll(order, handle))

    def leave(self, task: Task, route: Route) -> None:
        """Give the task's slot on a route back."""
        if route.is_vendor:
            self.vendor_limits.leave(route.engine, task.id)

    def finished(self, route: Route, facts: VendorFacts) -> None:
        """Tell the meter of an output that a route made; ``facts`` are those its task ended with."""
        if not route.is_vendor:
            return
        self.meter.count("VendorTaskFinished", **_dimensions(route))
        if facts.latency_ms is not None:
            self.meter.took("VendorTaskLatency", facts.latency_ms, **_dimensions(route))

    def found(self, route: Route) -> None:
        """Tell the meter of work on a route whose submission's answer was lost, and that was found all the same."""
        self.meter.count("VendorWorkFound", **_dimensions(route))

    def failed(self, route: Route, error: EngineError) -> None:
        """Tell the meter, and where somebody has to look the log, of a failure on a route."""
        if not route.is_vendor or isinstance(error, Deferred):
            return
        skipped = isinstance(error, RouteUnusable) and error.code == NO_KEY
        name = "RouteSkipped" if skipped else f"Vendor{type(error).__name__}"
        self.meter.count(name, **_dimensions(route))
        if isinstance(error, AccountTrouble) and not skipped:
            self.meter.count("AccountTrouble")  # without dimensions, which is what an alarm can watch
            logger.error("account trouble with %s: %s (%s)", route.engine, error.code, error.request_id)

    def _check(self, order: TaskRequest) -> None:
        """Have the order looked at, once, before its first start.

        Raises
        ------
        Blocked
        NotYet
            It could not be checked.
        """
        if self.moderator is None or order.task.attempts > 1:
            return
        try:
            self.moderator.check(order)
        except Blocked:
            raise
        except EngineError as error:
            self.meter.count("ModerationFailed")
            logger.warning("task %s could not be checked: %s", order.task.id, error)
            if not self.unchecked_passes:
                raise Deferred("not checked yet", retry_after=MODERATION_RETRY) from error

    def _enter(self, order: TaskRequest, route: Route) -> bool:
        try:
            return self.vendor_limits.enter(
                route.engine,
                order.task.id,
                limit=self.limits.get(route.engine, USUAL_LIMIT),
                now=self.clock.now(),
                until=order.job.deadline_at + SLOT_SLACK,
            )
        except (VendorLimitReached, VendorCircuitOpen) as refused:
            self.meter.count(type(refused).__name__, vendor=route.engine)
            raise

    def _timed[T](self, step: str, route: Route, call: Callable[[], T]) -> T:
        before = self.clock.now()
        try:
            return call()
        finally:
            took = (self.clock.now() - before).total_seconds() * 1000
            self.meter.took("VendorCallLatency", took, step=step, **_dimensions(route))
            self.meter.count("VendorStarts" if step == "start" else "VendorPolls", **_dimensions(route))

    def _count_failure(self, task: Task, route: Route, error: RateLimitedByVendor, *, probe: bool) -> None:
        now = self.clock.now()
        if self.vendor_limits.failed(
            route.engine, task.id, now=now, probe=probe, retry_after=error.retry_after
        ):
            self.meter.count("BreakerOpened", vendor=route.engine)
            self.meter.count("AnyBreakerOpened")
            logger.warning("the breaker of %s opened: %s", route.engine, error)


def _dimensions(route: Route) -> dict[str, str]:
    return {"vendor": route.engine, "route": route.engine_model or route.engine}
