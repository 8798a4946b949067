"""Deleting a job and its outputs: one under way is canceled, one that delivered can be refunded.

Whoever made the output was paid, so refunds for what was delivered have a limit a day. Beyond it a deletion still
works and gives nothing back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from darkroom.domain.billing.ledger import refund_entry
from darkroom.domain.errors import NotFound, Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import Job, Late
from darkroom.domain.writes import (
    AppendEntry,
    CountedRefund,
    CountRequest,
    RefundCredits,
    SaveAsset,
    SettleCredits,
    Write,
    WriteRefused,
)
from darkroom.domain.writes import DeleteJob as DeleteJobWrite
from darkroom.services.accounts.authenticate import Caller, rate_limited
from darkroom.services.commit_counted import commit_counted
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle, StaleJob, counted_refund, unspent
from darkroom.services.jobs.end_early import end_early

if TYPE_CHECKING:
    from datetime import datetime

    from darkroom.ports.storage import Queues, Store
    from darkroom.ports.system import Clock


class Refund(StrEnum):
    """What became of a deleted job's credits."""

    REFUNDED = "refunded"
    NOT_CHARGED = "not_charged"  # it had cost nothing, or was canceled before it did
    LIMIT_REACHED = "limit_reached"
    NONE = "none"  # what was delivered stays paid


@dataclass(frozen=True, slots=True)
class Deletion:
    """A deleted job, and how many credits were given back for what it had delivered."""

    job: Job
    refund: Refund
    credits: int = 0


@dataclass(frozen=True, slots=True)
class DeleteJob:
    """Deletes a caller's job. ``refunds_per_day`` are the credits a workspace can have back on one day (UTC)."""

    store: Store
    queues: Queues
    clock: Clock
    advance_and_settle: AdvanceAndSettle
    refunds_per_day: int

    def __call__(self, caller: Caller, job: Job, *, refundable: bool) -> Deletion:
        """Delete the job, once. Its outputs leave their lists with it.

        Raises
        ------
        NotFound
            It was deleted before.
        RateLimited, Unavailable
        """
        now = self.clock.now()
        if not job.terminal:
            try:
                return self._stop(caller, job, now)
            except StaleJob as late:
                job = late.job
        if not job.charged:
            return self._delete(caller, job, now, Refund.NOT_CHARGED)
        if not refundable:
            return self._delete(caller, job, now, Refund.NONE)
        try:
            return self._delete(caller, job, now, Refund.REFUNDED, *self._giving_back(caller, job, now))
        except WriteRefused as refusal:
            if not isinstance(refusal.write, RefundCredits | SettleCredits):
                raise Unavailable("The generation could not be deleted just now.") from refusal
            return self._delete(caller, job, now, Refund.LIMIT_REACHED)

    def _stop(self, caller: Caller, job: Job, now: datetime) -> Deletion:
        try:
            ended = end_early(
                self.advance_and_settle,
                self.queues,
                job,
                lambda current: replace(transitions.canceled(current, now), deleted_at=now),
                late=Late.UNWANTED,
                also=lambda after: (*_deleted_outputs(after, now), *caller.count()),
            )
        except WriteRefused as refusal:
            if isinstance(refusal.write, CountRequest):
                raise rate_limited(caller.window, refusal) from refusal
            raise Unavailable("The generation could not be deleted just now.") from refusal
        caller.counted = True
        return Deletion(ended, Refund.NONE if ended.charged else Refund.NOT_CHARGED)

    def _delete(
        self, caller: Caller, job: Job, now: datetime, refund: Refund, *giving_back: Write
    ) -> Deletion:
        refunded = job.charged if giving_back else 0
        writes = (DeleteJobWrite(job, now, refunded), *_deleted_outputs(job, now), *giving_back)
        try:
            commit_counted(self.store, caller, None, None, now, *writes)
        except WriteRefused as refusal:
            if isinstance(refusal.write, DeleteJobWrite):
                raise NotFound("No such generation.") from refusal
            raise
        return Deletion(replace(job, deleted_at=now, refunded=refunded), refund, refunded)

    def _giving_back(self, caller: Caller, job: Job, now: datetime) -> tuple[Write, ...]:
        today = now.date()
        earlier = tuple(day for day in caller.wallet.refunded if day < today)
        limit, counted_here = self.refunds_per_day, job.shard == 0
        return (
            RefundCredits(
                job.owner, job.charged, today, limit if counted_here else None, earlier, shard=job.shard
            ),
            *counted_refund(job, CountedRefund(job.charged, today, limit)),
            AppendEntry(refund_entry(job.owner, job.id, job.charged, now)),
            *unspent(job, job.charged),
        )


def _deleted_outputs(job: Job, now: datetime) -> tuple[Write, ...]:
    outputs = [task.asset for task in job.succeeded_tasks if task.asset is not None]
    return tuple(SaveAsset(output.deleted(now)) for output in outputs)
