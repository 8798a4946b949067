"""Reads and claims of jobs, reads of assets, and the engines that make outputs."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.jobs.assets import Asset
    from darkroom.domain.jobs.engine import Finished, Pending, TaskRequest
    from darkroom.domain.jobs.facts import VendorFacts
    from darkroom.domain.jobs.job import Job, JobStatus, Task

from darkroom.domain.paging import Due, Page, PageRequest, RowKey

JOBS_BY_KEY = 10_000


class JobTaken(Exception):
    """A claim came too late or too early; ``job`` is the current version, ``None`` if there is no such job."""

    def __init__(self, job: Job | None) -> None:
        super().__init__("task not claimable")
        self.job = job


class Jobs(Protocol):
    """Reads of jobs, and the two single-row changes a worker makes while a task runs."""

    def get(self, owner: Owner, job_id: str) -> Job | None: ...

    def get_many(self, owner: Owner, job_ids: Sequence[str]) -> Mapping[str, Job]:
        """Those of at most a hundred jobs that exist, by id, in one call."""
        ...

    def page_by_key(
        self, owner: Owner, key_id: str, dialect: str, *, page: int, limit: int
    ) -> tuple[Sequence[Job], int]:
        """Page ``page`` (from 1) of a key's jobs in a dialect, newest first, and how many jobs there are.

        History ends after :data:`JOBS_BY_KEY` jobs: older ones are neither returned nor counted, which bounds the
        cost of a page number. A job may appear a moment after it was accepted.
        """
        ...

    def list(
        self,
        owner: Owner,
        page: PageRequest,
        *,
        kinds: Collection[str] = (),
        statuses: Collection[JobStatus] = (),
        dialect: str | None = None,
    ) -> Page[Job]:
        """Jobs by id order, which is that of time; empty ``kinds`` and ``statuses`` mean all.

        Raises
        ------
        InvalidParam
            The page is to begin after a job that is in no list.
        """
        ...

    def claim(self, owner: Owner, job_id: str, index: int, *, now: datetime, lease_until: datetime) -> Job:
        """Take a task to start it: *queued* and due, or *running* under a lease that has run out.

        Sets it running under the new lease, counts the attempt, sets the job processing and moves ``check_at``
        behind the lease. Returns the changed job.

        Raises
        ------
        JobTaken
        """
        ...

    def claim_all(self, owner: Owner, job_id: str, count: int, *, lease_until: datetime) -> Job:
        """Take all ``count`` tasks of a job, none of which was ever started; each as :meth:`claim` does.

        Raises
        ------
        JobTaken
            One was started before, or the job has another number of tasks.
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
        """Set a running or waiting task *waiting* for ``handle``; ``check_at`` follows ``poll_at``.

        ``facts`` replace the task's, if there are any.

        Raises
        ------
        JobTaken
            The job or the task has ended meanwhile.
        """
        ...

    def keep(self, owner: Owner, job_id: str, task: Task, *, poll_at: datetime) -> None:
        """Keep what a running or waiting task is to end with, in case the settlement has to wait.

        It is then *waiting*, with the asset or the failure and the facts that ``task`` has; ``check_at`` follows
        ``poll_at``.

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
            The task is not waiting, or for another handle.
        """
        ...

    def adopt(self, owner: Owner, job_id: str, task: Task, *, handle: str, now: datetime) -> None:
        """Set a queued or running task without a handle *waiting* for ``handle``, its next poll due ``now``.

        ``task`` is the task as it was read.

        Raises
        ------
        JobTaken
            It has a handle, has ended, or was started again or moved to another route meanwhile.
        """
        ...

    def requeue(self, owner: Owner, job_id: str, task: Task, *, check_at: datetime) -> None:
        """Set a running or waiting task *queued*, with the attempts and the route that ``task`` has.

        With a ``poll_at`` it cannot be claimed before that.

        Raises
        ------
        JobTaken
            It has ended, or waits for another handle than ``task`` does.
        """
        ...

    def due(self, now: datetime, limit: int) -> Due[Job]:
        """Open jobs whose ``check_at`` has passed, most overdue first."""
        ...

    def set_aside(self, row: RowKey, until: datetime) -> None:
        """Have a job that could not be read not be due before ``until``."""
        ...

    def postpone(self, job: Job, check_at: datetime) -> None:
        """Move an open job's ``check_at``; nothing happens if it has ended."""
        ...


class Assets(Protocol):
    """Reads of assets. Soft-deleted ones are not in lists."""

    def get(self, owner: Owner, asset_id: str) -> Asset | None: ...

    def get_many(self, owner: Owner, asset_ids: Sequence[str]) -> Mapping[str, Asset]: ...

    def list(
        self,
        owner: Owner,
        collection: str,
        page: PageRequest,
        *,
        search: str = "",
        exclude_carousel: bool = False,
    ) -> Page[Asset]:
        """Assets of one collection by time; ``search`` is matched in prompts, ignoring case.

        With ``exclude_carousel`` slides, and what was made from them, are left out.

        Raises
        ------
        InvalidParam
            The collection never had the asset that the page is to begin after.
        """
        ...

    def descendants(self, owner: Owner, root_id: str, limit: int) -> Sequence[str]:
        """The ids of the first ``limit`` assets of the family that begins with ``root_id``, oldest first."""
        ...


class Fetcher(Protocol):
    """Fetches a caller's URL, never from an internal address.

    Raises :class:`darkroom.domain.errors.InvalidParam` for a URL that is refused or does not answer.
    """

    def fetch(self, url: str, *, max_bytes: int) -> bytes: ...


class Engine(Protocol):
    """Makes outputs: a vendor, or the offline sandbox.

    ``resubmit_safe`` engines may be started again after a crash at no cost; at others the work is looked up or,
    where that is impossible, started again within the attempt budget. Failures are the exceptions of
    :mod:`darkroom.domain.jobs.engine_failures`.
    """

    @property
    def name(self) -> str: ...

    @property
    def resubmit_safe(self) -> bool: ...

    def start(self, request: TaskRequest) -> Finished | Pending: ...

    def poll(self, request: TaskRequest, handle: str) -> Finished | Pending: ...

    def cancel(self, handle: str) -> None:
        """Ask for the work to stop. It may still finish; its result is then dropped."""
        ...
