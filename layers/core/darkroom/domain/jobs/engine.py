"""What an engine takes and returns.

A call to an engine has three outcomes: done, failed, *unknown*. ``start`` and ``poll`` return ``Finished`` or
``Pending``; the exceptions below are the failures, one class per decision that is taken on them:

    EngineError
    ├── Blocked              refused for safety: refund, never retried, never offered to another engine
    ├── Rejected             the input cannot be used: refund
    ├── RouteFailed          the route tried and failed permanently: next route
    ├── RateLimitedByVendor  over a limit, nothing was started: wait, then the same route
    │   └── VendorUnavailable    the vendor fails temporarily: wait, then the same route, then the next
    │       └── FileGone             a finished file is not at the address the vendor gave
    ├── RouteUnusable        the route cannot serve any request: next route
    │   ├── AccountTrouble       our key or our balance: the operator has to act
    │   └── ModelRetired         the vendor no longer has the model
    └── OutcomeUnknown       the response was lost: look the work up, never blindly start it again
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from darkroom.domain.jobs.facts import NO_FACTS, VendorFacts
from darkroom.domain.jobs.job import Job, Task


class InputFile:
    """One input of a task: its role in the request, its bytes, and a URL from which a vendor can fetch them.

    ``name`` is what the client calls it.

    Both are loaded on first use: an engine that takes URLs never loads the bytes, one that works on bytes never
    makes a URL. ``link`` makes a presigned https URL in our own bucket, valid for an hour: a vendor never sees the
    URL that a caller wrote.
    """

    def __init__(
        self,
        role: str,
        load: bytes | Callable[[], bytes],
        link: Callable[[], str] | None = None,
        *,
        name: str = "",
    ) -> None:
        self.role = role
        self.name = name or role
        self._load = load
        self._link = link

    @cached_property
    def data(self) -> bytes:
        """The bytes."""
        return self._load if isinstance(self._load, bytes) else self._load()

    @cached_property
    def url(self) -> str:
        """The URL."""
        if self._link is None:
            raise LookupError("this input has no URL")
        return self._link()


@dataclass(frozen=True, slots=True)
class TaskRequest:
    """One task to make, on one route.

    ``model`` is what the engine calls the model and ``options`` what the route adds to every request.
    ``reference`` is ours, stable over attempts, for engines that can look work up by it.
    """

    job: Job
    task: Task
    input_files: tuple[InputFile, ...] = ()
    model: str = ""
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def reference(self) -> str:
        """Our name for the work; the same for every attempt at the task."""
        return self.task.id

    @property
    def pictures(self) -> tuple[InputFile, ...]:
        """The pictures to edit or to use as references, in the request's order."""
        return tuple(
            input_file for input_file in self.input_files if input_file.role not in ("mask", "audio", "page")
        )

    @property
    def prompt(self) -> str:
        """The caller's words for this task."""
        return self.job.spec.prompt_of(self.task.index)

    def input_files_as(self, *roles: str) -> tuple[InputFile, ...]:
        """The inputs that have one of ``roles``, in the request's order."""
        return tuple(input_file for input_file in self.input_files if input_file.role in roles)


@dataclass(frozen=True, slots=True)
class Output:
    """Finished bytes. ``aspect_ratio`` is what was really made, which ``auto`` leaves to the engine."""

    data: bytes
    mime: str
    aspect_ratio: str


def is_within(host: str, domains: Iterable[str]) -> bool:
    """Whether a host is one of ``domains``, or below one."""
    return any(host == domain or host.endswith(f".{domain}") for domain in domains)


@dataclass(frozen=True, slots=True)
class Download:
    """A finished file at the vendor, to be copied in the step that learns of it.

    ``hosts`` are the domains (or parents of them) the vendor is known to serve from; empty where it is not known,
    which leaves the guard of the client. ``authorized`` files need our key, which goes into ``headers`` when the
    file is fetched and to ``url``'s own host only.
    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    hosts: tuple[str, ...] = ()
    aspect_ratio: str = ""
    authorized: bool = False


@dataclass(frozen=True, slots=True)
class Finished:
    """The work is done. ``facts`` are for the operator: what the vendor counted, its request's id …"""

    output: Output | Download
    facts: VendorFacts = NO_FACTS


@dataclass(frozen=True, slots=True)
class Pending:
    """The work goes on elsewhere; ask again with ``handle`` not before ``poll_at``."""

    handle: str
    poll_at: datetime
    facts: VendorFacts = NO_FACTS
