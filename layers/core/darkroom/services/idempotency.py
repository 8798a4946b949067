"""Doing a thing once however often it is asked for.

The record of a request is written in the same transaction as what the request does, so there is no moment in
which one exists without the other. A service is handed a ``Receipt`` and adds ``remember(...)`` to its writes; when
the store refuses that write, somebody else was first and their answer is the answer.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.accounts import Owner
from darkroom.domain.errors import IdempotencyConflict
from darkroom.domain.writes import Remember, Remembered, StoredResponse, WriteRefused

RETENTION = timedelta(hours=24)


class AlreadyAnswered(Exception):
    """The request was answered before; ``response`` is that answer."""

    def __init__(self, response: StoredResponse) -> None:
        super().__init__("already answered")
        self.response = response


@dataclass(frozen=True, slots=True)
class Receipt[T]:
    """A client's idempotency key, what the request was, how its result would be answered and for how long."""

    key: str
    fingerprint: str
    render: Callable[[T], StoredResponse]
    retention: timedelta = RETENTION


def replay(remembered: Remembered | None, fingerprint: str) -> None:
    """Stop if the key was used before.

    Raises
    ------
    AlreadyAnswered
        By the same request.
    IdempotencyConflict
        By another one.
    """
    if remembered is None:
        return
    if remembered.fingerprint != fingerprint:
        raise IdempotencyConflict("This idempotency key was used with a different request.")
    raise AlreadyAnswered(remembered.response)


def remember[T](receipt: Receipt[T] | None, owner: Owner, result: T, now: datetime) -> tuple[Remember, ...]:
    """The write that keeps the answer with what was done; none if the client sent no key."""
    if receipt is None:
        return ()
    record = Remembered(
        owner, receipt.key, receipt.fingerprint, receipt.render(result), now + receipt.retention
    )
    return (Remember(record, now),)


def raise_if_answered[T](refusal: WriteRefused, receipt: Receipt[T] | None) -> None:
    """Turn a refused ``Remember`` into the earlier answer or a conflict; other refusals pass.

    Raises
    ------
    AlreadyAnswered, IdempotencyConflict
    """
    if receipt is not None and isinstance(refusal.current, Remembered):
        replay(refusal.current, receipt.fingerprint)
