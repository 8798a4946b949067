"""Committing a request's writes, its rate count and its idempotency record in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkroom.domain.writes import CountRequest, Write, WriteRefused
from darkroom.services.accounts.authenticate import Caller, rate_limited
from darkroom.services.idempotency import IdempotencyContext, raise_if_answered, save_record

if TYPE_CHECKING:
    from datetime import datetime

    from darkroom.ports.storage import Store


def commit_counted[T](
    store: Store,
    caller: Caller,
    idempotency: IdempotencyContext[T] | None,
    result: T,
    now: datetime,
    *writes: Write,
) -> None:
    """Commit ``writes``, count the request and save its response; refusals of ``writes`` are passed on.

    Raises
    ------
    RateLimited, AlreadyAnswered, IdempotencyConflict, WriteRefused
    """
    idempotency_record = save_record(idempotency, caller.owner, result, now)
    try:
        store.commit(*writes, *caller.uncounted(), *idempotency_record)
    except WriteRefused as refusal:
        raise_if_answered(refusal, idempotency)
        if isinstance(refusal.write, CountRequest):
            raise rate_limited(caller.window, refusal) from refusal
        raise
    caller.counted = True


def save_answer[T](
    store: Store, caller: Caller, idempotency: IdempotencyContext[T] | None, result: T, now: datetime
) -> None:
    """Save the response of a request that wrote nothing else, so that a repeated one gets the same.

    Raises
    ------
    RateLimited, AlreadyAnswered, IdempotencyConflict
    """
    if idempotency is not None:
        commit_counted(store, caller, idempotency, result, now)
