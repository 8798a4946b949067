"""What an engine is given and what it may answer.

A call to an engine has three outcomes: done, failed, *unknown*. ``Finished`` and ``Pending`` are what
``start`` and ``poll`` return; the exceptions below are the failures, one class per decision we take on them:

    EngineError
    ├── Blocked          refused for safety: refund, never retried, never offered to another engine
    ├── Rejected         the input cannot be worked with: refund
    ├── Broken           this route tried and failed for good; nothing more is owed for it: next route
    ├── Busy             over a limit, nothing was started: wait, then the same route
    ├── Down             the vendor fails just now: wait, then the same route, then the next
    │   └── FileGone         finished work's file is not where the vendor said it was
    ├── RouteLost        this route cannot serve at all: next route
    │   ├── AccountTrouble   our key, our balance: somebody has to look
    │   └── ModelRetired     the vendor no longer has the model
    └── OutcomeUnknown   the answer was lost: look it up, never blindly start again
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
    """One input of an order: its role in the request, its bytes and an address a vendor can fetch them from.

    Both are got when first asked for: an engine that wants addresses never has the bytes loaded, one that works on
    bytes never has an address made. ``link`` answers a presigned https address in our own bucket, valid for an
    hour: a vendor never sees the URL a caller wrote.
    """

    def __init__(
        self, role: str, load: bytes | Callable[[], bytes], link: Callable[[], str] | None = None
    ) -> None:
        self.role = role
        self._load = load
        self._link = link

    @cached_property
    def data(self) -> bytes:
        """The bytes."""
        return self._load if isinstance(self._load, bytes) else self._load()

    @cached_property
    def url(self) -> str:
        """The address."""
        if self._link is None:
            raise LookupError("this material has no address")
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
        """The name we give the work; the same for every attempt at the same task."""
        return self.task.id

    @property
    def pictures(self) -> tuple[InputFile, ...]:
        """The materials that are pictures to work on or to go by, in the request's order."""
        return tuple(
            input_file for input_file in self.input_files if input_file.role not in ("mask", "audio")
        )

    @property
    def prompt(self) -> str:
        """What this task is to show, in the caller's words."""
        return self.job.spec.prompt_of(self.task.index)

    def input_files_as(self, *roles: str) -> tuple[InputFile, ...]:
        """The materials that have one of ``roles``, in the request's order."""
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
    """A finished file that still lies with the vendor; it is copied in the step that hears of it.

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
