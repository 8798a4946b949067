"""Running a job while the caller waits: submit, wait, and refund in time if it takes too long."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.jobs import transitions
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle, StaleJob
from darkroom.services.jobs.cancel_job import tell_engine

if TYPE_CHECKING:
    from collections.abc import Callable

    from darkroom.domain.jobs.job import Job
    from darkroom.ports.storage import Queues
    from darkroom.ports.system import Clock
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.idempotency import IdempotencyContext
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
        return self.finish(self.submit(caller, submission, idempotency))

    def finish(self, job: Job) -> Job:
        """Wait for an accepted job and give it up when the time is up; returns the ended job.

        Outputs that exist by then are kept and charged, the rest is refunded; a result that comes later is dropped
        and charges nothing.
        """
        seen = self.wait(job, self.seconds)
        return seen if seen.terminal else self._give_up(seen)

    def _give_up(self, job: Job) -> Job:
        now = self.clock.now()
        try:
            ended = self.advance_and_settle(
                job, lambda current: transitions.timed_out(current, now), still_needed=lambda _: True
            )
        except StaleJob as late:
            return late.job  # it ended in this very moment
        logger.warning("job %s was given up after %s s", job.id, self.seconds)
        tell_engine(self.queues, ended)
        return ended
