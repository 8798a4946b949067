"""What an engine is given and what it may answer.

A call to an engine has three outcomes: done, failed, *unknown*. ``Finished`` and ``Pending`` are what
``start`` and ``poll`` return; the exceptions below are the failures, one class per decision we take on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.jobs import Job, Task


@dataclass(frozen=True, slots=True)
class Material:
    """One input of an order, fetched and ready: its role in the request and its bytes."""

    role: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Order:
    """One task to make. ``reference`` is ours, stable over attempts, for engines that can look work up by it."""

    job: Job
    task: Task
    materials: tuple[Material, ...] = ()

    @property
    def reference(self) -> str:
        """The name we give the work; the same for every attempt at the same task."""
        return self.task.id


@dataclass(frozen=True, slots=True)
class Output:
    """Finished bytes. ``aspect_ratio`` is what was really made, which ``auto`` leaves to the engine."""

    data: bytes
    mime: str
    aspect_ratio: str


@dataclass(frozen=True, slots=True)
class Finished:
    """The work is done."""

    output: Output


@dataclass(frozen=True, slots=True)
class Pending:
    """The work goes on elsewhere; ask again with ``handle`` not before ``poll_at``."""

    handle: str
    poll_at: datetime


class EngineError(Exception):
    """Base of an engine's failures. Its text is for the operator's log, never for a client."""


class Blocked(EngineError):
    """The prompt or result was refused for safety: refund, never retry, never try another engine."""


class Rejected(EngineError):
    """The input cannot be worked with: refund, no retry."""


class Broken(EngineError):
    """The work was tried and failed for good: refund."""


class Busy(EngineError):
    """Over a limit or down for now: nothing was started; try again after ``retry_after`` seconds."""

    def __init__(self, message: str, *, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class OutcomeUnknown(EngineError):
    """The answer was lost: the work may be running and billed. Look it up by ``handle`` if there is one."""

    def __init__(self, message: str, *, handle: str | None = None) -> None:
        super().__init__(message)
        self.handle = handle
