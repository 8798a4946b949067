"""Reads of jobs, and the changes a worker makes to one task while it runs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of, update
from darkroom.adapters.dynamodb.gateway import PATIENCE, ConditionFailed, Gateway, Patience
from darkroom.adapters.dynamodb.marshal import Row, to_epoch, to_image
from darkroom.adapters.dynamodb.queries import (
    DueIndex,
    Filter,
    Partition,
    overdue,
    read_page,
    rows,
    set_aside,
)
from darkroom.adapters.dynamodb.rows import job_from_image, job_from_row, task_row
from darkroom.adapters.dynamodb.writes.jobs import is_open
from darkroom.domain.jobs.facts import NO_FACTS, VendorFacts
from darkroom.domain.jobs.job import LEASE_SLACK, Job, JobStatus, Task, TaskState
from darkroom.domain.paging import Due, Page, PageRequest, RowKey, unknown_cursor
from darkroom.domain.renders.names import is_listed
from darkroom.domain.serialization import to_document
from darkroom.ports.jobs import JOBS_BY_KEY, JobTaken

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from darkroom.domain.accounts.workspaces import Owner


_OPEN = DueIndex(keys.OPEN, "open_shard", "check_at")


class DynamoJobs:
    """The jobs table."""

    def __init__(self, client: DynamoDBClient, table: str, patience: Patience = PATIENCE) -> None:
        self._gateway = Gateway(client, patience)
        self._table = table

    def get(self, owner: Owner, job_id: str) -> Job | None:
        image = self._gateway.get(self._table, to_image(keys.job(owner, job_id)))
        return job_from_image(image) if image else None

    def get_many(self, owner: Owner, job_ids: Sequence[str]) -> Mapping[str, Job]:
        if not job_ids:
            return {}
        row_keys = [to_image(keys.job(owner, job_id)) for job_id in dict.fromkeys(job_ids)]
        jobs = map(job_from_image, self._gateway.get_many(self._table, [*row_keys]))
        return {job.id: job for job in jobs}

    def page_by_key(
        self, owner: Owner, key_id: str, dialect: str, *, page: int, limit: int
    ) -> tuple[Sequence[Job], int]:
        x = Placeholders()
        partition = keys.jobs_of_key_partition(owner, key_id, dialect)
        request = {
            "KeyConditionExpression": f"{x.path('gsi2pk')} = {x.value(partition)}",
            "ScanIndexForward": False,
            **x.used(),
        }
        # The index holds keys only, so counting reads megabytes of nothing but ids, thousands in each.
        newest = rows(self._gateway, Partition(self._table, partition, keys.BY_KEY), request)
        ids = [row["gsi2sk"] for row in islice(newest, JOBS_BY_KEY)]
        shown = ids[(page - 1) * limit : page * limit]
        jobs = self.get_many(owner, shown)
        return [jobs[job_id] for job_id in shown if job_id in jobs], len(ids)

    def list(
        self,
        owner: Owner,
        page: PageRequest,
        *,
        kinds: Collection[str] = (),
        statuses: Collection[JobStatus] = (),
        dialect: str | None = None,
    ) -> Page[Job]:
        if page.after is not None:
            self._check_cursor(owner, page.after)
        x = Placeholders()
        of_kinds = _one_of(x, "kind", kinds)
        in_status = _one_of(x, "status", [status.value for status in statuses])
        of_dialect = f"{x.path('dialect')} = {x.value(dialect)}" if dialect is not None else ""
        return read_page(
            self._gateway,
            Partition(self._table, keys.jobs_partition(owner), keys.BY_WORKSPACE),
            page,
            job_from_row,
            after=page.after,
            where=Filter(x, all_of(of_kinds, in_status, of_dialect), keys.last_of_partition),
        )

    def _check_cursor(self, owner: Owner, job_id: str) -> None:
        job = self.get(owner, job_id)
        if job is None or not is_listed(job):
            raise unknown_cursor()

    def claim(self, owner: Owner, job_id: str, index: int, *, now: datetime, lease_until: datetime) -> Job:
        task = _TaskChange(index)
        queued = task.is_in(TaskState.QUEUED)
        running = task.is_in(TaskState.RUNNING)
        lease_ran_out = f"{task.at('lease_until')} <= {task.moment(now)}"
        task.set("state", task.x.value(TaskState.RUNNING.value))
        task.set("lease_until", task.moment(lease_until))
        task.set("attempts", f"{task.at('attempts')} + {task.x.value(1)}")
        task.set_job("status", task.x.value(JobStatus.PROCESSING.value))
        task.remove("poll_at")
        task.set_job("check_at", task.moment(lease_until + LEASE_SLACK))
        due = f"(attribute_not_exists({task.at('poll_at')}) OR {task.at('poll_at')} <= {task.moment(now)})"
        may = f"(({all_of(queued, due)}) OR ({all_of(running, lease_ran_out)}))"
        return self._change(owner, job_id, task, may)

    def claim_all(self, owner: Owner, job_id: str, count: int, *, lease_until: datetime) -> Job:
        change = _TaskChange(0)
        untouched = f"{change.x.path('status')} = {change.x.value(JobStatus.QUEUED.value)}"
        this_many = f"size({change.x.path('tasks')}) = {change.x.value(count)}"
        running, until = change.x.value(TaskState.RUNNING.value), change.moment(lease_until)
        first = change.x.value(1)
        for index in range(count):
            change.index = index
            change.set("state", running)
            change.set("lease_until", until)
            change.set("attempts", first)
        change.set_job("status", change.x.value(JobStatus.PROCESSING.value))
        change.set_job("check_at", change.moment(lease_until + LEASE_SLACK))
        return self._change(owner, job_id, change, all_of(untouched, this_many))

    def claim_poll(
        self, owner: Owner, job_id: str, index: int, *, now: datetime, lease_until: datetime
    ) -> Job:
        task = _TaskChange(index)
        waiting = task.is_in(TaskState.WAITING)
        time_has_come = f"{task.at('poll_at')} <= {task.moment(now)}"
        task.set("poll_at", task.moment(lease_until))
        task.set_job("check_at", task.moment(lease_until + LEASE_SLACK))
        return self._change(owner, job_id, task, all_of(waiting, time_has_come))

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
        task = _TaskChange(index)
        underway = task.is_in(TaskState.RUNNING, TaskState.WAITING)
        task.set("state", task.x.value(TaskState.WAITING.value))
        task.set("handle", task.x.value(handle))
        task.set("poll_at", task.moment(poll_at))
        task.remove("lease_until")
        if facts is not None and facts != NO_FACTS:
            task.set("facts", task.x.value(to_document(facts)))
        task.set_job("check_at", task.moment(poll_at + LEASE_SLACK))
        self._change(owner, job_id, task, underway)

    def keep(self, owner: Owner, job_id: str, task: Task, *, poll_at: datetime) -> None:
        change = _TaskChange(task.index)
        underway = change.is_in(TaskState.RUNNING, TaskState.WAITING)
        kept = replace(task, state=TaskState.WAITING, lease_until=None, poll_at=poll_at)
        change.set_whole(task_row(kept))
        change.set_job("check_at", change.moment(poll_at + LEASE_SLACK))
        self._change(owner, job_id, change, underway)

    def expedite(self, owner: Owner, job_id: str, index: int, *, handle: str, now: datetime) -> None:
        task = _TaskChange(index)
        for_it = f"{task.at('handle')} = {task.x.value(handle)}"
        task.set("poll_at", task.moment(now))
        self._change(owner, job_id, task, all_of(task.is_in(TaskState.WAITING), for_it))

    def adopt(self, owner: Owner, job_id: str, task: Task, *, handle: str, now: datetime) -> None:
        change = _TaskChange(task.index)
        as_seen = all_of(
            change.is_in(TaskState.QUEUED, TaskState.RUNNING),
            change.waits_for(None),
            change.is_on(task.route),
            f"{change.at('attempts')} = {change.x.value(task.attempts)}",
        )
        change.set("state", change.x.value(TaskState.WAITING.value))
        change.set("handle", change.x.value(handle))
        change.set("poll_at", change.moment(now))
        change.remove("lease_until")
        change.set_job("check_at", change.moment(now + LEASE_SLACK))
        self._change(owner, job_id, change, as_seen)

    def requeue(self, owner: Owner, job_id: str, task: Task, *, check_at: datetime) -> None:
        change = _TaskChange(task.index)
        underway = all_of(
            change.is_in(TaskState.RUNNING, TaskState.WAITING),
            change.waits_for(task.handle),
        )
        back = replace(task, state=TaskState.QUEUED, lease_until=None, handle=None)
        change.set_whole(task_row(back))
        change.set_job("check_at", change.moment(check_at))
        self._change(owner, job_id, change, underway)

    def due(self, now: datetime, limit: int) -> Due[Job]:
        return overdue(self._gateway, self._table, _OPEN, now, limit, job_from_row)

    def set_aside(self, row: RowKey, until: datetime) -> None:
        set_aside(self._gateway, self._table, _OPEN, row, until)

    def postpone(self, job: Job, check_at: datetime) -> None:
        x = Placeholders()
        moved = f"{x.path('check_at')} = {x.value(to_epoch(check_at))}"
        try:
            self._gateway.run(
                "update_item",
                TableName=self._table,
                Key=to_image(keys.job(job.owner, job.id)),
                UpdateExpression=update(set_=[moved]),
                ConditionExpression=is_open(x),
                **x.used(),
            )
        except ConditionFailed:
            return

    def _change(self, owner: Owner, job_id: str, task: _TaskChange, condition: str) -> Job:
        try:
            answer = self._gateway.run(
                "update_item",
                TableName=self._table,
                Key=to_image(keys.job(owner, job_id)),
                ReturnValues="ALL_NEW",
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
                **task.request(condition),
            )
        except ConditionFailed as failed:
            old = failed.olds[0]
            raise JobTaken(job_from_image(old) if old else None) from failed
        return job_from_image(answer["Attributes"])


def _one_of(x: Placeholders, name: str, values: Collection[str]) -> str:
    """That an attribute is one of the values; nothing if there are none."""
    return f"{x.path(name)} IN ({', '.join(map(x.value, sorted(values)))})" if values else ""


@dataclass(slots=True)
class _TaskChange:
    """An update of one task of an open job, under construction."""

    index: int
    x: Placeholders = field(default_factory=Placeholders)
    _sets: list[str] = field(default_factory=list)
    _removes: list[str] = field(default_factory=list)

    def at(self, name: str) -> str:
        return self.x.path("tasks", str(self.index), name)

    def is_in(self, *states: TaskState) -> str:
        return f"{self.at('state')} IN ({', '.join(self.x.value(state.value) for state in states)})"

    def waits_for(self, handle: str | None) -> str:
        return self._has("handle", handle)

    def is_on(self, route: int) -> str:
        return self._has("route", route or None)

    def _has(self, name: str, value: str | int | None) -> str:
        """That an attribute is what a row says it by: nothing is said by its absence."""
        if value is None:
            return f"attribute_not_exists({self.at(name)})"
        return f"{self.at(name)} = {self.x.value(value)}"

    def moment(self, moment: datetime) -> str:
        return self.x.value(to_epoch(moment))

    def set(self, name: str, expression: str) -> None:
        self._sets.append(f"{self.at(name)} = {expression}")

    def set_whole(self, row: Row) -> None:
        self._sets.append(f"{self.x.path('tasks', str(self.index))} = {self.x.value(row)}")

    def set_job(self, name: str, expression: str) -> None:
        self._sets.append(f"{self.x.path(name)} = {expression}")

    def remove(self, name: str) -> None:
        self._removes.append(self.at(name))

    def request(self, condition: str) -> dict[str, Any]:
        return {
            "UpdateExpression": update(set_=self._sets, remove=self._removes),
            "ConditionExpression": all_of(is_open(self.x), condition),
            **self.x.used(),
        }
