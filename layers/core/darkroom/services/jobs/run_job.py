"""Running a job while the caller waits: submit, wait, and refund in time if it takes too long."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import FailureCode, Late
from darkroom.domain.jobs.late_work import can_be_had, joined, late_id
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle, StaleJob
from darkroom.services.jobs.end_early import end_early

if TYPE_CHECKING:
    from collections.abc import Callable

    from darkroom.domain.jobs.job import Job
    from darkroom.ports.jobs import Jobs
    from darkroom.ports.storage import Queues
    from darkroom.ports.system import Clock
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.idempotency import IdempotencyContext
    from darkroom.services.jobs.bound_waits import BoundWaits
    from darkroom.services.jobs.charge_late_work import ChargeLateWork
    from darkroom.services.jobs.submit_job import Submission, SubmitJob

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunJob:
    """Runs a job to its end. ``wait`` watches a job for at most so many seconds."""

    submit: SubmitJob
    wait: Callable[[Job, float], Job]
    advance_and_settle: AdvanceAndSettle
    queues: Queues
    clock: Clock
    seconds: float
    jobs: Jobs
    charge_late_work: ChargeLateWork
    waits: BoundWaits

    def __call__(
        self,
        caller: Caller,
        submission: Submission,
        idempotency: IdempotencyContext[Job] | None = None,
    ) -> Job:
        """Submit a job and wait for it; returns the ended job.

        Raises
        ------
        DomainError
            Whatever :class:`SubmitJob` raises. The job's status says how the job itself went.
        """
        return self.finish(self.submit(caller, submission, idempotency, waited_for=True))

    def finish(self, job: Job) -> Job:
        """Wait for a job that was accepted for that, and give it up when the time is up; returns the ended job.

        Outputs that exist by then are kept and charged, the rest is refunded. What a vendor has begun goes on, and
        can be had for its price by ``again``.
        """
        try:
            return self._ended(job)
        finally:
            self.waits.leave(job.owner, job.id)

    def again(self, caller: Caller, job: Job) -> Job:
        """The ended job of a request that is sent again, with what a vendor finished after it was given up.

        That is charged now, once.

        Raises
        ------
        InsufficientCredits, FeatureQuotaExceeded, RateLimited, Unavailable
        """
        ended = self._waited(job, self._ended)
        late = self.jobs.get(job.owner, late_id(job.id)) if ended.failure is FailureCode.TIMED_OUT else None
        if late is None or not can_be_had(ended, late, self.clock.now()):
            return ended
        late = self._waited(late, lambda late: self.wait(late, self.seconds))
        if not late.terminal or not late.succeeded_tasks:
            return ended
        return joined(ended, self.charge_late_work(caller, late))

    def _waited(self, job: Job, wait: Callable[[Job], Job]) -> Job:
        """What ``wait`` makes of a job that has not ended, with a slot for the request that waits."""
        if job.terminal:
            return job
        with self.waits.held(job.owner):
            return wait(job)

    def _ended(self, job: Job) -> Job:
        seen = self.wait(job, self.seconds)
        return seen if seen.terminal else self._give_up(seen)

    def _give_up(self, job: Job) -> Job:
        now = self.clock.now()
        try:
            ended = end_early(
                self.advance_and_settle,
                self.queues,
                job,
                lambda current: transitions.timed_out(current, now),
                late=Late.REFUNDED,
            )
        except StaleJob as late:
            return late.job  # it ended in this very moment
        logger.warning("job %s was given up after %s s", job.id, self.seconds)
        return ended
