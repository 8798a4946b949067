"""Accepting a job: credits held, job and idempotency record written, all in one transaction; then queued."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from darkroom.domain.accounts.key_budgets import KeySpending, Period
from darkroom.domain.billing.ledger import hold_entry
from darkroom.domain.errors import FeatureQuotaExceeded, FeatureUnavailable, InsufficientCredits, Unavailable
from darkroom.domain.jobs.job import CAROUSEL, Job, new_tasks
from darkroom.domain.writes import (
    AppendEntry,
    CountRequest,
    CountSpending,
    CreateJob,
    HoldCredits,
    PointAtSlide,
    SpendCredits,
    TakeSlots,
    Write,
    WriteRefused,
)
from darkroom.services.accounts.authenticate import Caller, rate_limited
from darkroom.services.idempotency import IdempotencyContext, raise_if_answered, save_record

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from darkroom.domain.accounts.key_budgets import KeyBudget
    from darkroom.domain.accounts.workspaces import Feature, Owner, Workspace
    from darkroom.domain.billing.ledger import Wallet
    from darkroom.domain.catalog.offers import Offer
    from darkroom.domain.catalog.routes import Route
    from darkroom.domain.jobs.messages import TaskMessage
    from darkroom.domain.jobs.spec import Spec
    from darkroom.ports.storage import Queues, Store
    from darkroom.services.billing.spread_wallet import SpreadWallet
    from darkroom.services.jobs.bound_waits import BoundWaits

logger = logging.getLogger(__name__)

MAX_RACES = 50  # whoever comes first has spent something, so this only bounds a broken store
FIRST_CHECK = timedelta(seconds=120)  # after this, housekeeping looks for a message that was never sent


@dataclass(frozen=True, slots=True)
class AcceptJob:
    """Commits a caller's new job and queues its messages."""

    store: Store
    queues: Queues
    waits: BoundWaits
    spread_wallet: Callable[[], SpreadWallet]

    def __call__[T](
        self,
        caller: Caller,
        job: Job,
        messages: Sequence[TaskMessage],
        idempotency: IdempotencyContext[T] | None,
        result: T,
        *,
        waited_for: bool = False,
    ) -> Job:
        """Accept the job, or change nothing; returns it as it was accepted.

        ``result`` is what ``idempotency`` renders the stored response from.

        A request that has ``waited_for`` its job takes a slot for it, in the same transaction. Whoever waits gives it
        back.

        Raises
        ------
        InsufficientCredits, FeatureQuotaExceeded, FeatureUnavailable, RateLimited, Unavailable
        AlreadyAnswered, IdempotencyConflict
            The idempotency key was used before.
        """

        def attempt(wallet: Wallet, shard: int) -> Job:
            accepted = replace(job, shard=shard)
            self._commit(
                *holding(caller, accepted, wallet),
                CreateJob(accepted),
                *slide_pointers(accepted),
                *caller.uncounted(),
                *save_record(idempotency, caller.owner, result, job.created_at),
                *([self.waits.slot(job.owner, job.id)] if waited_for else []),
            )
            return accepted

        allowance = caller.workspace.allowance(job.feature)
        try:
            accepted = paid(self.spread_wallet, caller.wallet, job.held, allowance, job.id, attempt)
        except WriteRefused as refusal:
            raise_if_answered(refusal, idempotency)
            if isinstance(refusal.write, TakeSlots):
                raise self.waits.too_many() from refusal
            raise _refusal(refusal, caller, job) from refusal
        caller.counted = True
        self._enqueue(accepted, messages)
        return accepted

    def _commit(self, *writes: Write) -> None:
        try:
            self.store.commit(*writes)
        except WriteRefused as refusal:
            if not self.waits.make_room(refusal):
                raise
            self.store.commit(*writes)

    def _enqueue(self, job: Job, messages: Sequence[TaskMessage]) -> None:
        try:
            self.queues.send_tasks(job.queue, messages)
        except Unavailable:
            # The job is accepted and paid for; housekeeping queues what was not queued.
            logger.warning("job %s was accepted but not queued", job.id)


def job_for(
    caller: Caller,
    offer: Offer,
    route: Route,
    spec: Spec,
    *,
    job_id: str,
    price: int,
    now: datetime,
    count: int = 1,
) -> Job:
    """A caller's new job for an offer, to be made on ``route``."""
    return Job(
        id=job_id,
        owner=caller.owner,
        key_id=caller.key.id,
        dialect=offer.dialect,
        kind=offer.kind,
        offer_id=offer.id,
        model=offer.model,
        collection=offer.collection,
        feature=offer.feature,
        engine=route.engine,
        engine_model=route.engine_model,
        queue=route.queue,
        spec=spec,
        unit_price=price,
        tasks=new_tasks(job_id, count),
        created_at=now,
        deadline_at=now + timedelta(seconds=offer.deadline_seconds),
        check_at=now + FIRST_CHECK,
        budgets=tuple(budget.key_id for budget in caller.key.budgets),
    )


def paid[T](
    spread_wallet: Callable[[], SpreadWallet],
    wallet: Wallet,
    credits: int,
    allowance: int,
    key: str,
    attempt: Callable[[Wallet, int], T],
) -> T:
    """Attempt something with a shard of a wallet that has enough credits, anew where somebody else came first.

    ``key`` chooses among the shards that have enough. If none has, what is in several is gathered in one first.

    Raises
    ------
    InsufficientCredits, Unavailable
    WriteRefused
        Of the attempt, for a reason that no other shard helps against.
    """
    for _ in range(MAX_RACES):
        shard = wallet.shard_for(credits, allowance, key)
        short = shard is None and wallet.balance < credits
        if shard is None and not short:
            wallet = spread_wallet().gather(wallet, credits)
            continue
        try:
            # With too little it is attempted, too: the store also knows whether the request was answered before.
            return attempt(wallet, shard or 0)
        except WriteRefused as refusal:
            if not isinstance(refusal.write, HoldCredits | SpendCredits):
                raise
            if short:
                raise insufficient(credits, wallet.balance) from refusal
            changed = spread_wallet().after(refusal)
            if changed is None:
                raise
            wallet = changed
    raise Unavailable("The wallet is busy.")


def holding(caller: Caller, job: Job, wallet: Wallet) -> tuple[Write, ...]:
    """The writes that hold what a job costs; none for a job that costs nothing and is not counted."""
    if job.moves_nothing:
        return ()
    today = job.created_at.date()
    allowance = caller.workspace.allowance(job.feature)
    return (
        HoldCredits(
            job.owner,
            credits=job.held,
            feature=job.feature,
            units=job.units,
            day=today,
            day_ceiling=wallet.ceiling_today(job.feature, allowance, today, job.shard),
            stale=wallet.stale(today, job.shard),
            shard=job.shard,
            shards=wallet.shards,
        ),
        AppendEntry(hold_entry(job.owner, job.id, job.held, job.created_at)),
        *spending(job.owner, caller.key.budgets, job.held, job.created_at),
    )


def spending(
    owner: Owner, budgets: Sequence[KeyBudget], credits: int, at: datetime
) -> tuple[CountSpending, ...]:
    """The writes that count credits against a key's budgets."""
    return tuple(CountSpending(owner, budget, credits, at) for budget in budgets if credits)


def over_budget(refusal: WriteRefused, required: int) -> InsufficientCredits | None:
    """The error for what a key's budget does not cover, if that is why a write was refused."""
    write = refusal.write
    if not isinstance(write, CountSpending):
        return None
    spent = (
        refusal.current
        if isinstance(refusal.current, KeySpending)
        else KeySpending(write.owner, write.budget)
    )
    short = replace(spent, budget=write.budget).left(write.at.date())
    period, limit, left = short or (Period.DAY, 0, 0)
    called = "daily" if period is Period.DAY else "monthly"
    return InsufficientCredits(
        f"The {called} budget of the API key {write.budget.key_id} is {limit} {_credits(limit)}, "
        f"of which {left} {'is' if left == 1 else 'are'} left. You need {required}.",
        required=required,
        available=left,
    )


def slide_pointers(job: Job) -> tuple[Write, ...]:
    """The writes by which a carousel's slides are found by their own ids; none for another job."""
    if job.kind != CAROUSEL:
        return ()
    return tuple(PointAtSlide(job.owner, task.id, job.id, job.created_at) for task in job.tasks)


def insufficient(required: int, balance: int) -> InsufficientCredits:
    """The error for a request that a balance cannot pay. One below nothing is owed, and has to be paid first."""
    available, owed = max(balance, 0), max(-balance, 0)
    have = f"have {available}" if not owed else f"have {available} and owe {owed}"
    return InsufficientCredits(
        f"Insufficient credits. You need {required} {_credits(required)} but {have}.",
        required=required,
        available=available,
    )


def _credits(number: int) -> str:
    return "credit" if number == 1 else "credits"


def _refusal(refusal: WriteRefused, caller: Caller, job: Job) -> Exception:
    if isinstance(refusal.write, CountRequest):
        return rate_limited(caller.window, refusal)
    if (exceeded := over_budget(refusal, job.held)) is not None:
        return exceeded
    if isinstance(refusal.write, HoldCredits):
        balance = refusal.current if isinstance(refusal.current, int) else 0
        if max(balance, 0) < job.held:
            return insufficient(job.held, balance)
        return feature_exceeded(caller.workspace, job.feature)
    return Unavailable("The request could not be stored.")


def feature_exceeded(workspace: Workspace, feature: Feature) -> FeatureQuotaExceeded | FeatureUnavailable:
    """The error for what the plan's allowance does not cover: one that is zero will not do so tomorrow either."""
    if workspace.allowance(feature) == 0:
        return FeatureUnavailable(f"The {workspace.plan} plan does not include {feature.value}.")
    return FeatureQuotaExceeded(
        f"The plan's {feature.value} allowance for 30 days is used up.", feature=feature.value
    )
