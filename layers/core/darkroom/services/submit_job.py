"""Accepting a request: credits held, job written, answer remembered, all in one transaction; then queued."""

from __future__ import annotations

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.accounts import Feature
from darkroom.domain.catalog import Catalog, Offer, Route, Units, choose_route
from darkroom.domain.errors import FeatureQuotaExceeded, InsufficientCredits, Unavailable
from darkroom.domain.jobs import Job, Spec, new_tasks
from darkroom.domain.ledger import hold_entry
from darkroom.domain.writes import (
    AppendEntry,
    CountRequest,
    CreateJob,
    HoldCredits,
    Write,
    WriteRefused,
)
from darkroom.ports import Clock, Ids, Queues, Store, TaskMessage
from darkroom.services.authenticate import Caller, rate_limited
from darkroom.services.idempotency import Receipt, raise_if_answered, remember

logger = logging.getLogger(__name__)

FIRST_CHECK = timedelta(seconds=120)  # a message that was never sent is noticed after this


@dataclass(frozen=True, slots=True)
class Submission:
    """What is asked for: an offer, what to make, how many, and what moves the price."""

    offer_id: str
    spec: Spec
    count: int = 1
    units: Units = Units()


@dataclass(frozen=True, slots=True)
class SubmitJob:
    """Accepts a request for a caller. ``engines`` are the names of those configured on this stack."""

    store: Store
    queues: Queues
    clock: Clock
    ids: Ids
    catalog: Catalog
    engines: Collection[str]
    sandbox_fallback: bool

    def __call__(self, caller: Caller, submission: Submission, receipt: Receipt[Job] | None = None) -> Job:
        """Hold the credits and take the job, or do nothing at all.

        Raises
        ------
        UnknownOffer, RetiredOffer, Unavailable, InsufficientCredits, FeatureQuotaExceeded, RateLimited
        AlreadyAnswered, IdempotencyConflict
            The receipt's key was used before.
        """
        now = self.clock.now()
        offer, price = self.catalog.priced(submission.offer_id, now, submission.units)
        route = self._route(offer, livemode=caller.owner.livemode)
        job = _new_job(self.ids.new(), caller, offer, price, route, submission, now)
        try:
            self.store.commit(
                _hold(caller, job),
                AppendEntry(hold_entry(job.owner, job.id, job.held, now)),
                CreateJob(job),
                caller.count(),
                *remember(receipt, caller.owner, job, now),
            )
        except WriteRefused as refusal:
            raise_if_answered(refusal, receipt)
            raise _refusal(refusal.write, refusal.current, caller, job) from refusal
        caller.counted = True
        self._enqueue(job)
        return job

    def serves(self, offer: Offer, *, livemode: bool) -> bool:
        """Whether anything on this stack could make ``offer``'s output, for keys of that mode."""
        try:
            self._route(offer, livemode=livemode)
        except Unavailable:
            return False
        return True

    def _route(self, offer: Offer, *, livemode: bool) -> Route:
        return choose_route(
            offer, livemode=livemode, engines=self.engines, sandbox_fallback=self.sandbox_fallback
        )

    def check_credits(self, caller: Caller, offer_id: str, count: int = 1, units: Units = Units()) -> None:
        """Refuse early what the caller cannot pay for, before anything is put away for it. The hold decides.

        Raises
        ------
        UnknownOffer, RetiredOffer, InsufficientCredits
        """
        _, price = self.catalog.priced(offer_id, self.clock.now(), units)
        if caller.wallet.available < price * count:
            raise _insufficient(price * count, caller.wallet.available)

    def _enqueue(self, job: Job) -> None:
        try:
            self.queues.send_tasks(
                job.queue, [TaskMessage(job.owner, job.id, task.index) for task in job.tasks]
            )
        except Unavailable:
            # The job is accepted and paid for; housekeeping queues what was not queued.
            logger.warning("job %s was accepted but not queued", job.id)


def _new_job(
    job_id: str, caller: Caller, offer: Offer, price: int, route: Route, submission: Submission, now: datetime
) -> Job:
    return Job(
        id=job_id,
        owner=caller.owner,
        key_id=caller.key.id,
        dialect=offer.dialect,
        kind=offer.kind_for(submission.units),
        offer_id=offer.id,
        model=offer.model,
        collection=offer.collection,
        feature=offer.feature,
        engine=route.engine,
        engine_model=route.engine_model,
        queue=route.queue,
        spec=submission.spec,
        unit_price=price,
        tasks=new_tasks(job_id, submission.count),
        created_at=now,
        deadline_at=now + timedelta(seconds=offer.deadline_seconds),
        check_at=now + FIRST_CHECK,
    )


def _hold(caller: Caller, job: Job) -> HoldCredits:
    today = job.created_at.date()
    allowance = caller.workspace.allowance(job.feature)
    return HoldCredits(
        job.owner,
        credits=job.held,
        feature=job.feature,
        units=len(job.tasks),
        day=today,
        day_ceiling=caller.wallet.ceiling_today(job.feature, allowance, today),
        stale=caller.wallet.stale(today),
    )


def _refusal(write: Write, current: object, caller: Caller, job: Job) -> Exception:
    if isinstance(write, CountRequest):
        return rate_limited(caller.window)
    if isinstance(write, HoldCredits):
        available = current if isinstance(current, int) else 0
        if available < job.held:
            return _insufficient(job.held, available)
        return _feature_exceeded(job.feature)
    return Unavailable("The request could not be stored.")


def _insufficient(required: int, available: int) -> InsufficientCredits:
    return InsufficientCredits(
        f"Insufficient credits. You need {required} credits but have {available}.",
        required=required,
        available=available,
    )


def _feature_exceeded(feature: Feature) -> FeatureQuotaExceeded:
    return FeatureQuotaExceeded(
        f"The plan's {feature.value} allowance for 30 days is used up.", feature=feature.value
    )
