"""Executing a request once however often a client repeats it.

The record of a request is written in the same transaction as what the request does, so neither ever exists without
the other. A service takes an ``IdempotencyContext`` and adds ``save_record(...)`` to its writes; when the store
refuses that write, another request was first and its response is replayed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from darkroom.domain.errors import IdempotencyConflict
from darkroom.domain.writes import (
    IdempotencyRecord,
    SaveIdempotencyRecord,
    StoredResponse,
    WriteRefused,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from darkroom.domain.accounts.workspaces import Owner

RETENTION = timedelta(hours=24)


class AlreadyAnswered(Exception):
    """The request was answered before; ``response`` is the first response."""

    def __init__(self, response: StoredResponse) -> None:
        super().__init__("already answered")
        self.response = response


@dataclass(frozen=True, slots=True)
class IdempotencyContext[T]:
    """A client's idempotency key, its request's fingerprint, how to render the response and how long to keep it.

    ``normalized`` recognizes the same request in other words, where a dialect has such.
    """

    key: str
    fingerprint: str
    render: Callable[[T], StoredResponse]
    retention: timedelta = RETENTION
    normalized: str = ""


def replay(idempotency_record: IdempotencyRecord | None, fingerprint: str, normalized: str = "") -> None:
    """Raise if the key was used before.

    Raises
    ------
    AlreadyAnswered
        The same request used it.
    IdempotencyConflict
        Another request used it.
    """
    if idempotency_record is None:
        return
    if not idempotency_record.is_of(fingerprint, normalized):
        raise IdempotencyConflict("This idempotency key was used with a different request.")
    raise AlreadyAnswered(idempotency_record.response)


def save_record[T](
    idempotency: IdempotencyContext[T] | None, owner: Owner, result: T, now: datetime
) -> tuple[SaveIdempotencyRecord, ...]:
    """The write that stores the response; none if the client sent no key."""
    if idempotency is None:
        return ()
    record = IdempotencyRecord(
        owner,
        idempotency.key,
        idempotency.fingerprint,
        idempotency.render(result),
        now + idempotency.retention,
        idempotency.normalized,
    )
    return (SaveIdempotencyRecord(record, now),)


def raise_if_answered[T](refusal: WriteRefused, idempotency: IdempotencyContext[T] | None) -> None:
    """Turn a refused ``SaveIdempotencyRecord`` into the first response or a conflict; ignore other refusals.

    Raises
    ------
    AlreadyAnswered, IdempotencyConflict
    """
    if idempotency is not None and isinstance(refusal.current, IdempotencyRecord):
        replay(refusal.current, idempotency.fingerprint, idempotency.normalized)
