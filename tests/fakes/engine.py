"""An engine that does what the prompt's markers say and counts what it was asked to do."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from darkroom.domain.jobs.engine import Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import Blocked, OutcomeUnknown, RateLimitedByVendor, RouteFailed
from darkroom.ports.system import Clock
from darkroom_sandbox.markers import parse

PICTURE = b"\x89PNG tiny"


class FakeEngine:
    """Speaks the sandbox's markers. ``busy`` makes it refuse that many starts; ``starts`` counts per task."""

    def __init__(self, clock: Clock, *, name: str = "sandbox", resubmit_safe: bool = True) -> None:
        self.name = name
        self.resubmit_safe = resubmit_safe
        self.busy = 0
        self.lose_without_trace = 0
        self.starts: Counter[str] = Counter()
        self.polls: Counter[str] = Counter()
        self.canceled: list[str] = []
        self.taken: list[tuple[str, bytes]] = []  # what came with the last start
        self._clock = clock

    def start(self, order: TaskRequest) -> Finished | Pending:
        if self.busy:
            self.busy -= 1
            raise RateLimitedByVendor("over the limit", retry_after=7)
        self.taken = [(input_file.role, input_file.data) for input_file in order.input_files]
        self.starts[order.reference] += 1
        if self.lose_without_trace:
            self.lose_without_trace -= 1
            raise OutcomeUnknown("no answer, and nothing to look up by")
        markers, _ = parse(order.job.spec.prompt)
        if markers.block:
            raise Blocked("no")
        if markers.fail_all or order.task.index in markers.fail_indexes:
            raise RouteFailed("no")
        ready_at = self._clock.now() + timedelta(seconds=markers.slow_seconds)
        if markers.lose:
            raise OutcomeUnknown("lost", handle=f"{order.reference}@{ready_at.isoformat()}")
        if markers.slow_seconds:
            return Pending(f"{order.reference}@{ready_at.isoformat()}", ready_at)
        return Finished(Output(PICTURE, "image/png", order.job.spec.aspect_ratio))

    def poll(self, order: TaskRequest, handle: str) -> Finished | Pending:
        self.polls[order.reference] += 1
        ready_at = datetime.fromisoformat(handle.partition("@")[2])
        if self._clock.now() < ready_at:
            return Pending(handle, ready_at)
        return Finished(Output(PICTURE, "image/png", order.job.spec.aspect_ratio))

    def cancel(self, handle: str) -> None:
        self.canceled.append(handle)
