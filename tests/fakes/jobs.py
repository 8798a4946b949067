"""Jobs in memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.job import LEASE_SLACK, Job, JobStatus, Task, TaskState
from darkroom.domain.paging import Due, Page, PageRequest, RowKey, unknown_cursor
from darkroom.domain.renders.names import is_listed
from darkroom.ports.jobs import JOBS_BY_KEY, JobTaken
from tests.fakes.memory import Memory, page_of


class FakeJobs:
    """Reads a :class:`Memory` and changes single tasks in it. ``unreadable`` rows are due at their moments."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.unreadable: dict[RowKey, datetime] = {}

    def get(self, owner: Owner, job_id: str) -> Job | None:
        return self._memory.jobs.get((owner, job_id))

    def get_many(self, owner: Owner, job_ids: Sequence[str]) -> Mapping[str, Job]:
        if len(set(job_ids)) > 100:
            raise ValueError("a batched read takes a hundred rows")
        found = ((job_id, self.get(owner, job_id)) for job_id in job_ids)
        return {job_id: job for job_id, job in found if job is not None}

    def page_by_key(
        self, owner: Owner, key_id: str, dialect: str, *, page: int, limit: int
    ) -> tuple[Sequence[Job], int]:
        with self._memory.lock:
            mine = [
                job
                for (o, _), job in self._memory.jobs.items()
                if (o, job.key_id, job.dialect) == (owner, key_id, dialect)
                and is_listed(job)
                and job.deleted_at is None
            ]
        newest = sorted(mine, key=lambda job: job.id, reverse=True)[:JOBS_BY_KEY]
        return newest[(page - 1) * limit : page * limit], len(newest)

    def list(
        self,
        owner: Owner,
        page: PageRequest,
        *,
        kinds: Collection[str] = (),
        statuses: Collection[JobStatus] = (),
        dialect: str | None = None,
    ) -> Page[Job]:
        seen = self.get(owner, page.after) if page.after is not None else None
        if page.after is not None and (seen is None or not is_listed(seen)):
            raise unknown_cursor()
        with self._memory.lock:
            mine = [
                job
                for (o, _), job in self._memory.jobs.items()
                if o == owner and is_listed(job) and job.deleted_at is None
            ]

        def only(job: Job) -> bool:
            in_status = not statuses or job.status in statuses
            return in_status and (not kinds or job.kind in kinds) and dialect in (None, job.dialect)

        filtered = only if kinds or statuses or dialect else None
        return page_of(mine, page, lambda job: job.id, page.after, filtered)

    def claim(self, owner: Owner, job_id: str, index: int, *, now: datetime, lease_until: datetime) -> Job:
        def allowed(task: Task) -> bool:
            ran_out = task.lease_until is not None and task.lease_until <= now
            due = task.poll_at is None or task.poll_at <= now
            queued = task.state is TaskState.QUEUED and due
            return queued or (task.state is TaskState.RUNNING and ran_out)

        def change(job: Job, task: Task) -> tuple[Job, Task]:
            started = replace(
                task,
                state=TaskState.RUNNING,
                lease_until=lease_until,
                poll_at=None,
                attempts=task.attempts + 1,
            )
            check_at = lease_until + LEASE_SLACK
            return replace(job, status=JobStatus.PROCESSING, check_at=check_at), started

        return self._change(owner, job_id, index, allowed, change)

    def claim_all(self, owner: Owner, job_id: str, count: int, *, lease_until: datetime) -> Job:
        with self._memory.lock:
            job = self.get(owner, job_id)
            if job is None or job.status is not JobStatus.QUEUED or len(job.tasks) != count:
                raise JobTaken(job)
            for task in job.tasks:
                job = self.claim(owner, job_id, task.index, now=lease_until, lease_until=lease_until)
            return job

    def claim_poll(
        self, owner: Owner, job_id: str, index: int, *, now: datetime, lease_until: datetime
    ) -> Job:
        def allowed(task: Task) -> bool:
            return task.state is TaskState.WAITING and task.poll_at is not None and task.poll_at <= now

        def change(job: Job, task: Task) -> tuple[Job, Task]:
            return replace(job, check_at=lease_until + LEASE_SLACK), replace(task, poll_at=lease_until)

        return self._change(owner, job_id, index, allowed, change)

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
        def allowed(task: Task) -> bool:
            return task.state in (TaskState.RUNNING, TaskState.WAITING)

        def change(job: Job, task: Task) -> tuple[Job, Task]:
            parked = replace(
                task,
                state=TaskState.WAITING,
                handle=handle,
                poll_at=poll_at,
                lease_until=None,
                facts=facts or task.facts,
            )
            return replace(job, check_at=poll_at + LEASE_SLACK), parked

        self._change(owner, job_id, index, allowed, change)

    def keep(self, owner: Owner, job_id: str, task: Task, *, poll_at: datetime) -> None:
        def allowed(stored: Task) -> bool:
            return stored.state in (TaskState.RUNNING, TaskState.WAITING)

        def change(job: Job, _: Task) -> tuple[Job, Task]:
            kept = replace(task, state=TaskState.WAITING, lease_until=None, poll_at=poll_at)
            return replace(job, check_at=poll_at + LEASE_SLACK), kept

        self._change(owner, job_id, task.index, allowed, change)

    def expedite(self, owner: Owner, job_id: str, index: int, *, handle: str, now: datetime) -> None:
        def allowed(task: Task) -> bool:
            return task.state is TaskState.WAITING and task.handle == handle

        def change(job: Job, task: Task) -> tuple[Job, Task]:
            return job, replace(task, poll_at=now)

        self._change(owner, job_id, index, allowed, change)

    def adopt(self, owner: Owner, job_id: str, task: Task, *, handle: str, now: datetime) -> None:
        def allowed(stored: Task) -> bool:
            as_seen = stored.handle is None and (stored.attempts, stored.route) == (task.attempts, task.route)
            return as_seen and stored.state in (TaskState.QUEUED, TaskState.RUNNING)

        def change(job: Job, stored: Task) -> tuple[Job, Task]:
            adopted = replace(stored, state=TaskState.WAITING, handle=handle, poll_at=now, lease_until=None)
            return replace(job, check_at=now + LEASE_SLACK), adopted

        self._change(owner, job_id, task.index, allowed, change)

    def requeue(self, owner: Owner, job_id: str, task: Task, *, check_at: datetime) -> None:
        def allowed(stored: Task) -> bool:
            return stored.state in (TaskState.RUNNING, TaskState.WAITING) and stored.handle == task.handle

        def change(job: Job, _: Task) -> tuple[Job, Task]:
            back = replace(task, state=TaskState.QUEUED, lease_until=None, handle=None)
            return replace(job, check_at=check_at), back

        self._change(owner, job_id, task.index, allowed, change)

    def due(self, now: datetime, limit: int) -> Due[Job]:
        with self._memory.lock:
            overdue = [job for job in self._memory.jobs.values() if not job.terminal and job.check_at <= now]
        unreadable = tuple(key for key, until in self.unreadable.items() if until <= now)
        return Due(tuple(sorted(overdue, key=lambda job: job.check_at)[:limit]), unreadable)

    def set_aside(self, row: RowKey, until: datetime) -> None:
        self.unreadable[row] = until

    def postpone(self, job: Job, check_at: datetime) -> None:
        with self._memory.lock:
            stored = self._memory.jobs.get((job.owner, job.id))
            if stored is not None and not stored.terminal:
                self._memory.jobs[job.owner, job.id] = replace(stored, check_at=check_at)

    def _change(
        self,
        owner: Owner,
        job_id: str,
        index: int,
        allowed: Callable[[Task], bool],
        change: Callable[[Job, Task], tuple[Job, Task]],
    ) -> Job:
        with self._memory.lock:
            job = self._memory.jobs.get((owner, job_id))
            if job is None or job.terminal:
                raise JobTaken(job)
            task = next((task for task in job.tasks if task.index == index), None)
            if task is None or not allowed(task):
                raise JobTaken(job)
            changed, new = change(job, task)
            tasks = tuple(new if t.index == index else t for t in job.tasks)
            self._memory.jobs[owner, job_id] = replace(changed, tasks=tasks)
            return self._memory.jobs[owner, job_id]
