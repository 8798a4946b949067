"""Canceling a job: finished outputs are kept and charged, the rest is refunded, the engine is asked to stop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.errors import AlreadyFinished, NotFound, RateLimited, Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import Job, JobStatus, Late
from darkroom.domain.renders.names import is_listed
from darkroom.domain.writes import CountRequest, WriteRefused
from darkroom.services.accounts.authenticate import Caller, rate_limited
from darkroom.services.idempotency import IdempotencyContext, raise_if_answered, save_record
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle, StaleJob
from darkroom.services.jobs.end_early import end_early

if TYPE_CHECKING:
    from darkroom.ports.jobs import Jobs
    from darkroom.ports.storage import Queues
    from darkroom.ports.system import Clock

_ENDED = {
    JobStatus.SUCCEEDED: "The generation has already succeeded.",
    JobStatus.PARTIAL: "The generation has already ended.",
    JobStatus.FAILED: "The generation has already failed.",
    JobStatus.CANCELED: "The generation has already been canceled.",
}


@dataclass(frozen=True, slots=True)
class CancelJob:
    """Cancels a caller's queued or processing job."""

    jobs: Jobs
    advance_and_settle: AdvanceAndSettle
    queues: Queues
    clock: Clock

    def __call__(
        self, caller: Caller, job_id: str, idempotency: IdempotencyContext[Job] | None = None
    ) -> Job:
        """Cancel the job.

        Raises
        ------
        NotFound, AlreadyFinished, RateLimited, AlreadyAnswered, IdempotencyConflict
        """
        job = self.jobs.get(caller.owner, job_id)
        if job is None or job.deleted_at or not is_listed(job):  # no dialect offers to cancel these
            raise NotFound("No such generation.")
        now = self.clock.now()
        try:
            ended = end_early(
                self.advance_and_settle,
                self.queues,
                job,
                lambda current: transitions.canceled(current, now),
                late=Late.UNWANTED,
                also=lambda after: (
                    *caller.count(),
                    *save_record(idempotency, caller.owner, after, now),
                ),
            )
        except StaleJob as late:
            raise AlreadyFinished(_ENDED[late.job.status]) from late
        except WriteRefused as refusal:
            raise_if_answered(refusal, idempotency)
            raise _refused(refusal, caller) from refusal
        caller.counted = True
        return ended


def _refused(refusal: WriteRefused, caller: Caller) -> RateLimited | Unavailable:
    if isinstance(refusal.write, CountRequest):
        return rate_limited(caller.window, refusal)
    return Unavailable("The generation could not be canceled just now.")
