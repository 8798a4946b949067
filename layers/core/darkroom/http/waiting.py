"""Holds a request until its job is done or its time is up, by reading the job, never by doing its work."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING

from darkroom.domain.errors import (
    ContentBlocked,
    GenerationFailed,
    GenerationTimedOut,
    OutcomeError,
    Unavailable,
)
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from darkroom.ports.jobs import Jobs

INTERVAL_SECONDS = 0.25
FIRST_INTERVALS = (0.05, 0.05, 0.05, 0.1)  # at first, for most renders are done sooner
MAX_WAIT_SECONDS = 20

_FAILURES: dict[FailureCode | None, tuple[type[OutcomeError], str]] = {
    FailureCode.CONTENT_BLOCKED: (ContentBlocked, "The content policy does not allow this request."),
    FailureCode.INPUT_REJECTED: (GenerationFailed, "An input could not be used."),
    FailureCode.FAILED: (GenerationFailed, "The generation failed."),
    FailureCode.TIMED_OUT: (GenerationTimedOut, "The generation did not finish in time."),
}


@dataclass(frozen=True, slots=True)
class WaitForJob:
    """Reads a job until it is terminal."""

    jobs: Jobs
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic

    def __call__(self, job: Job, seconds: float) -> Job:
        """The job once it is terminal, or as it stands after ``seconds``; as last read if it cannot be read."""
        until = self.monotonic() + seconds
        intervals = chain(FIRST_INTERVALS, repeat(INTERVAL_SECONDS))
        while not job.terminal and self.monotonic() < until:
            self.sleep(next(intervals))
            job = self._again(job)
        return job

    def watch[T](
        self,
        look: Callable[[], T],
        enough: Callable[[T], bool],
        seconds: float,
        interval: float,
        room: Callable[[], AbstractContextManager[bool]],
    ) -> tuple[T, bool]:
        """Call ``look`` every ``interval`` seconds until its result is ``enough``, for ``seconds`` at most.

        Returns the result, and whether there was ``room`` to wait for it; that is asked for once it has to wait.
        """
        result = look()
        if enough(result):
            return result, True
        with room() as has_room:
            until = self.monotonic() + (seconds if has_room else 0)
            while not enough(result) and self.monotonic() < until:
                self.sleep(interval)
                result = look()
        return result, has_room

    def _again(self, job: Job) -> Job:
        try:
            return self.jobs.get(job.owner, job.id) or job
        except Unavailable:
            return job  # it was accepted: that its state cannot be read just now must not look like a refusal


def outcome_error(job: Job) -> OutcomeError | None:
    """The error a waiting client gets for a failed job; ``None`` for any other job, a canceled one too."""
    if job.status is not JobStatus.FAILED:
        return None
    kind, _ = _FAILURES[job.failure]
    return kind(failure_text(job))


def failure_text(job: Job) -> str:
    """One sentence for a client on why outputs are missing."""
    return job.failure_reason or _FAILURES[job.failure][1]


def prefers_async(prefer: str | None) -> bool:
    """Whether the client prefers an answer at once (``Prefer: respond-async``, RFC 7240)."""
    return re.search(r"(?:^|[,;\s])respond-async\s*(?:[,;]|$)", prefer or "", re.IGNORECASE) is not None


def prefers_minimal(prefer: str | None) -> bool:
    """Whether the client prefers a small answer (``Prefer: return=minimal``, RFC 7240)."""
    return (
        re.search(r'(?:^|[,;\s])return\s*=\s*"?minimal"?\s*(?:[,;]|$)', prefer or "", re.IGNORECASE)
        is not None
    )


def preferred_wait_seconds(prefer: str | None) -> int:
    """Seconds of ``Prefer: wait=N`` (RFC 7240), at most twenty; 0 without one."""
    wait = re.search(r'(?:^|[,;\s])wait\s*=\s*"?(\d{1,4})"?\s*(?:[,;]|$)', prefer or "", re.IGNORECASE)
    return min(int(wait.group(1)), MAX_WAIT_SECONDS) if wait else 0
