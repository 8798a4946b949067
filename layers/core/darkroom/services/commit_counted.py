"""Doing what a request asks for, counting it and remembering its answer, all in one transaction."""

from __future__ import annotations

from datetime import datetime

from darkroom.domain.writes import CountRequest, Write, WriteRefused
from darkroom.ports import Store
from darkroom.services.authenticate import Caller, rate_limited
from darkroom.services.idempotency import Receipt, raise_if_answered, remember


def commit_counted[T](
    store: Store, caller: Caller, receipt: Receipt[T] | None, result: T, now: datetime, *writes: Write
) -> None:
    """Commit with the request counted and its answer remembered; refusals of ``writes`` are passed on.

    Raises
    ------
    RateLimited, AlreadyAnswered, IdempotencyConflict, WriteRefused
    """
    remembered = remember(receipt, caller.owner, result, now)
    try:
        store.commit(*writes, caller.count(), *remembered)
    except WriteRefused as refusal:
        raise_if_answered(refusal, receipt)
        if isinstance(refusal.write, CountRequest):
            raise rate_limited(caller.window) from refusal
        raise
    caller.counted = True
