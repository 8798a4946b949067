"""Accepting a request for an offer: what it costs, who makes it, and the job it becomes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.catalog import SANDBOX, Catalog, Offer, Route, Units, usable_routes, work_of
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import Job, Spec, new_tasks
from darkroom.ports import Clock, Ids, Queues, Store, TaskMessage
from darkroom.services.accept_job import AcceptJob, insufficient
from darkroom.services.authenticate import Caller
from darkroom.services.idempotency import Receipt

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
        roles = {one.role for one in submission.spec.inputs}
        work = work_of(offer.kind_for(submission.units), roles)
        routes = self._routes(offer, work, livemode=caller.owner.livemode)
        job = _new_job(self.ids.new(), caller, offer, price, routes, submission, now)
        messages = [TaskMessage(job.owner, job.id, task.index) for task in job.tasks]
        AcceptJob(self.store, self.queues)(caller, job, messages, receipt, job)
        return job

    def serves(self, offer: Offer, *, livemode: bool) -> bool:
        """Whether anything on this stack could make ``offer``'s output, for keys of that mode."""
        try:
            self._routes(offer, "", livemode=livemode)
        except Unavailable:
            return False
        return True

    def has_vendor(self, offer_id: str, *, livemode: bool) -> bool:
        """Whether a vendor that is switched on would make the offer's output, and not the sandbox."""
        offer, now = self.catalog.offers[offer_id], self.clock.now()
        return livemode and any(
            route.engine in self.engines and route.usable(offer.kind, now) for route in offer.routes
        )

    def _routes(self, offer: Offer, work: str, *, livemode: bool) -> tuple[Route, ...]:
        return usable_routes(
            offer,
            work,
            livemode=livemode,
            engines=self.engines,
            sandbox_fallback=self.sandbox_fallback,
            now=self.clock.now(),
        )

    def check_credits(self, caller: Caller, offer_id: str, count: int = 1, units: Units = Units()) -> None:
        """Refuse early what the caller cannot pay for, before anything is put away for it. The hold decides.

        Raises
        ------
        UnknownOffer, RetiredOffer, InsufficientCredits
        """
        _, price = self.catalog.priced(offer_id, self.clock.now(), units)
        if caller.wallet.available < price * count:
            raise insufficient(price * count, caller.wallet.available)


def _new_job(
    job_id: str,
    caller: Caller,
    offer: Offer,
    price: int,
    routes: tuple[Route, ...],
    submission: Submission,
    now: datetime,
) -> Job:
    route = routes[0]
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
        task_units=1 if offer.counted else 0,
        routes=() if route.engine == SANDBOX else routes,
    )
