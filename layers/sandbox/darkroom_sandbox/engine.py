"""The sandbox as an engine: real media without a vendor, and a test bench through markers in the prompt.

What the markers do is documented for users in ``docs/sandbox.md``; here they become the outcomes a vendor has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.catalog.routes import SANDBOX
from darkroom.domain.jobs.engine import Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import Blocked, OutcomeUnknown, Rejected, RouteFailed
from darkroom.ports.system import Clock
from darkroom_sandbox.markers import Markers, parse
from darkroom_sandbox.task_requests import Maker


@dataclass(frozen=True, slots=True)
class SandboxEngine:
    """Makes outputs itself. It costs nobody anything and always makes the same request the same way.

    ``makers`` says how each kind of job is made; each worker brings those that its layers have room for.
    """

    clock: Clock
    makers: Mapping[str, Maker]
    name: str = SANDBOX
    resubmit_safe: bool = True

    def start(self, request: TaskRequest) -> Finished | Pending:
        """Make the output, or do what the prompt's markers ask for.

        Raises
        ------
        Blocked, RouteFailed, Rejected, OutcomeUnknown
        """
        markers, prompt = parse(request.prompt)
        _refuse(markers, request.task.index)
        ready_at = self.clock.now() + timedelta(seconds=markers.slow_seconds)
        if markers.lose:
            raise OutcomeUnknown("the answer was lost, as asked", handle=_handle(request, ready_at))
        if markers.slow_seconds:
            return Pending(_handle(request, ready_at), ready_at)
        return Finished(self._made(request, prompt))

    def poll(self, request: TaskRequest, handle: str) -> Finished | Pending:
        """Look the work up: done once its time has come.

        Raises
        ------
        RouteFailed, Rejected
        """
        ready_at = datetime.fromisoformat(handle.partition("@")[2])
        if self.clock.now() < ready_at:
            return Pending(handle, ready_at)
        return Finished(self._made(request, parse(request.prompt)[1]))

    def cancel(self, handle: str) -> None:
        """Nothing runs between polls, so there is nothing to stop."""

    def _made(self, request: TaskRequest, prompt: str) -> Output:
        maker = self.makers.get(request.job.kind)
        if maker is None:
            raise RouteFailed(f"nothing here makes a {request.job.kind}")
        try:
            return maker(request, prompt)
        except ValueError as error:
            raise Rejected(f"cannot be made: {error}") from error


def _refuse(markers: Markers, index: int) -> None:
    if markers.block:
        raise Blocked("blocked, as asked")
    if markers.fails(index):
        raise RouteFailed("failed, as asked")


def _handle(request: TaskRequest, ready_at: datetime) -> str:
    return f"{request.reference}@{ready_at.isoformat()}"
