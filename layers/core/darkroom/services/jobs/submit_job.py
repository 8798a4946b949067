"""Accepting a request for an offer: price it, choose its routes, hold the credits, create the job."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from darkroom.domain.catalog.offers import Catalog, Offer, Units, usable_routes
from darkroom.domain.catalog.routes import SANDBOX, Route, work_of
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.services.jobs.accept_job import insufficient, job_for

if TYPE_CHECKING:
    from collections.abc import Collection

    from darkroom.domain.jobs.job import Job
    from darkroom.domain.jobs.spec import Spec
    from darkroom.ports.system import Clock, Ids
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.idempotency import IdempotencyContext
    from darkroom.services.jobs.accept_job import AcceptJob


@dataclass(frozen=True, slots=True)
class Submission:
    """What a caller requests: an offer, what to make, how many, and what affects the price."""

    offer_id: str
    spec: Spec
    count: int = 1
    units: Units = Units()


@dataclass(frozen=True, slots=True)
class SubmitJob:
    """Accepts a request for a caller.

    ``engines`` are the names of the vendors configured on this stack, ``sandbox`` says whether it has the offline
    engine and ``sandbox_fallback`` whether that steps in where no vendor serves an offer.
    """

    accept: AcceptJob
    clock: Clock
    ids: Ids
    catalog: Catalog
    engines: Collection[str]
    sandbox_fallback: bool
    sandbox: bool = True

    def __call__(
        self,
        caller: Caller,
        submission: Submission,
        idempotency: IdempotencyContext[Job] | None = None,
        *,
        waited_for: bool = False,
    ) -> Job:
        """Hold the credits and accept the job, or change nothing; see :class:`AcceptJob` for ``waited_for``.

        Raises
        ------
        UnknownOffer, RetiredOffer, Unavailable, InsufficientCredits, RateLimited
        FeatureQuotaExceeded, FeatureUnavailable
            The plan's allowance is used up, or the plan has none.
        AlreadyAnswered, IdempotencyConflict
            The idempotency key was used before.
        """
        now = self.clock.now()
        offer, price = self.catalog.priced(submission.offer_id, now, submission.units)
        kind = offer.kind_for(submission.units)
        work = work_of(kind, {one.role for one in submission.spec.inputs})
        routes = self._routes(offer, work, livemode=caller.owner.livemode)
        job = job_for(
            caller,
            offer,
            routes[0],
            submission.spec,
            job_id=self.ids.new(),
            price=price,
            now=now,
            count=submission.count,
        )
        kept = () if job.engine == SANDBOX else routes
        job = replace(job, kind=kind, task_units=1 if offer.counted else 0, routes=kept)
        messages = [TaskMessage(job.owner, job.id, task.index) for task in job.tasks]
        return self.accept(caller, job, messages, idempotency, job, waited_for=waited_for)

    def serves(self, offer: Offer, *, livemode: bool) -> bool:
        """Whether anything on this stack could make ``offer``'s output, for keys of that mode."""
        try:
            self._routes(offer, "", livemode=livemode)
        except Unavailable:
            return False
        return True

    def has_vendor(self, offer_id: str, *, livemode: bool) -> bool:
        """Whether an enabled vendor, and not the sandbox, would make the offer's output."""
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
            sandbox=self.sandbox,
            sandbox_fallback=self.sandbox_fallback,
            now=self.clock.now(),
        )

    def check_credits(self, caller: Caller, offer_id: str, count: int = 1, units: Units = Units()) -> None:
        """Refuse early what the caller cannot pay for, before anything is stored for it. The hold still decides.

        Raises
        ------
        UnknownOffer, RetiredOffer, InsufficientCredits
        """
        _, price = self.catalog.priced(offer_id, self.clock.now(), units)
        if caller.wallet.available < price * count:
            raise insufficient(price * count, caller.wallet.balance)
