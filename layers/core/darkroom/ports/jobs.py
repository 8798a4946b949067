"""Reads and claims of jobs, reads of assets, and the engines that make outputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Named in signatures only, so whoever implements or calls a port loads what it needs itself.
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.jobs.assets import Asset
    from darkroom.domain.jobs.engine import Finished, Pending, TaskRequest
    from darkroom.domain.jobs.facts import VendorFacts
    from darkroom.domain.jobs.job import Job, JobStatus, Task

from darkroom.domain.paging import Page, PageRequest

JOBS_BY_KEY = 10_000


class JobTaken(Exception):
    """A claim came too late or too early; ``job`` is how things stand, ``None`` if there is no such job."""

    def __init__(self, job: Job | None) -> None:
        super().__init__("task not claimable")
        self.job = job


class Jobs(Protocol):
    """Reads of jobs, and the two single-row changes a worker makes while a task runs."""

    def get(self, owner: Owner, job_id: str) -> Job | None: ...

    def get_many(self, owner: Owner, job_ids: Sequence[str]) -> Mapping[str, Job]:
        """Those of at most a hundred jobs that exist, by id; one call."""
        ...

    def page_by_key(
        self, owner: Owner, key_id: str, dialect: str, *, page: int, limit: int
    ) -> tuple[Sequence[Job], int]:
        """The ``page``-th ``limit`` jobs (from 1) a key was given in a dialect, newest first, and how many there are.

        History ends after :data:`JOBS_BY_KEY` jobs: older ones are neither shown nor counted, which bounds what a
        number of pages can cost. A job may show up a moment after it was accepted.
        """
        ...

    def list(
        self,
        owner: Owner,
        page: PageRequest,
        *,
        kinds: Collection[str] = (),
        status: JobStatus | None = None,
        dialect: str | None = None,
    ) -> Page[Job]:
        """Jobs by id order; an empty ``kinds`` means all."""
        ...

    def claim(self, owner: Owner, job_id: str, index: int, *, now: datetime, lease_until: datetime) -> Job:
        """Take a task to start it: *queued* and due, or *running* under a lease that has run out.

        Sets it running under the new lease, counts the attempt, makes the job processing and moves ``check_at``
        behind the lease. Answers the job as it then is.

        Raises
        ------
        JobTaken
        """
        ...

    def claim_all(self, owner: Owner, job_id: str, count: int, *, lease_until: datetime) -> Job:
        """Take all ``count`` tasks of a job that nobody ever started; each as :meth:`claim` does.

        Raises
        ------
        JobTaken
            Somebody started one before, or the job has another number of tasks.
        """
        ...

    def claim_poll(
        self, owner: Owner, job_id: str, index: int, *, now: datetime, lease_until: datetime
    ) -> Job:
        """Take a *waiting* task whose ``poll_at`` has come: its ``poll_at`` moves to ``lease_until``.

        ``check_at`` moves behind that, as it does for every change here, by ``LEASE_SLACK``.

        Raises
        ------
        JobTaken
        """
        ...

    def park(
        self,
        owner: Owner,
        job_id: str,
        index: int,
        *,
        handle: str,
        poll_at: datetime,
        facts: VendorFacts | None = None,
    ) -> None:
        """Put a running or waiting task down as *waiting* for ``handle``; ``check_at`` follows ``poll_at``.

        ``facts`` replace those known, if there are any.

        Raises
        ------
        JobTaken
            The job or the task has ended meanwhile.
        """
        ...

    def expedite(self, owner: Owner, job_id: str, index: int, *, handle: str, now: datetime) -> None:
        """Make the next poll of a task that waits for ``handle`` due ``now``.

        Raises
        ------
        JobTaken
            It does not wait, or for something else.
        """
        ...

    def adopt(self, owner: Owner, job_id: str, task: Task, *, handle: str, now: datetime) -> None:
        """Have a queued or running task that has no handle wait for ``handle``, its next poll due ``now``.

        ``task`` is the task as it was seen.

        Raises
        ------
        JobTaken
            It has a handle, has ended, or was started or sent another way meanwhile.
        """
        ...

    def requeue(self, owner: Owner, job_id: str, task: Task, *, check_at: datetime) -> None:
        """Put a running or waiting task back to *queued*, counted and routed as ``task`` says.

        With a ``poll_at`` it is not to be claimed before that.

        Raises
        ------
        JobTaken
            It has ended, or waits for something else than ``task`` does.
        """
        ...

    def due(self, now: datetime, limit: int) -> Sequence[Job]:
        """Open jobs whose ``check_at`` has passed, most overdue first."""
        ...

    def postpone(self, job: Job, check_at: datetime) -> None:
        """Move an open job's ``check_at``; nothing happens if it has ended."""
        ...


class Assets(Protocol):
    """Reads of assets. Soft-deleted ones are not in lists."""

    def get(self, owner: Owner, asset_id: str) -> Asset | None: ...

    def get_many(self, owner: Owner, asset_ids: Sequence[str]) -> Mapping[str, Asset]: ...

    def list(self, owner: Owner, collection: str, page: PageRequest, *, search: str = "") -> Page[Asset]:
        """Assets of one collection by id order; ``search`` is matched in prompts, ignoring case."""
        ...


class Fetcher(Protocol):
    """Gets a caller's URL without letting it reach inside.

    Raises :class:`darkroom.domain.errors.InvalidParam` for a URL that is refused or does not answer.
    """

    def fetch(self, url: str, *, max_bytes: int) -> bytes: ...


class Engine(Protocol):
    """Makes outputs: a vendor, or the offline sandbox.

    ``resubmit_safe`` engines may be started again after a crash without anybody paying twice; others are looked
    up or, where nothing can be looked up, tried again within the attempt budget. Failures are the exceptions of
    :mod:`darkroom.domain.engine`.
    """

    @property
    def name(self) -> str: ...

    @property
    def resubmit_safe(self) -> bool: ...

    def start(self, order: TaskRequest) -> Finished | Pending: ...

    def poll(self, order: TaskRequest, handle: str) -> Finished | Pending: ...

    def cancel(self, handle: str) -> None:
        """Ask for the work to stop. Best effort: it may still finish, and its result is then dropped."""
        ...
