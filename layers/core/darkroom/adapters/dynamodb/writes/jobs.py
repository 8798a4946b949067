"""Writes to the jobs table, and of what jobs make to the assets table."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of, update
from darkroom.adapters.dynamodb.parts import EXISTS, NEW, Part, change, put
from darkroom.adapters.dynamodb.rows import asset_row, family_row, job_from_row, job_row
from darkroom.adapters.dynamodb.writes.registry import spelled, stored
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.job import OPEN_STATUSES, TERMINAL_STATUSES, Job
from darkroom.domain.writes import (
    AdvanceJob,
    ChargeLateWork,
    CreateJob,
    DeleteAsset,
    DeleteJob,
    JoinFamily,
    SaveAsset,
)

if TYPE_CHECKING:
    from darkroom.adapters.dynamodb.marshal import Row
    from darkroom.domain.jobs.job import JobStatus


@spelled(CreateJob, "jobs", current=job_from_row)
def create_job(table: str, write: CreateJob) -> Part:
    return put(table, job_row(write.job), condition=NEW)


@spelled(AdvanceJob, "jobs", current=job_from_row)
def advance_job(table: str, write: AdvanceJob) -> Part:
    x = Placeholders()
    still_open = is_open(x)
    same_finished = _finished_is(x, write.before)
    return change(
        table,
        keys.job(write.before.owner, write.before.id),
        _differences(x, job_row(write.before), job_row(write.after)),
        condition=all_of(still_open, same_finished),
        holders=x,
    )


@spelled(ChargeLateWork, "jobs", current=job_from_row)
def charge_late_work(table: str, write: ChargeLateWork) -> Part:
    x = Placeholders()
    has_ended = _status_is_one_of(x, TERMINAL_STATUSES)
    charged, charged_at = x.path("charged"), x.path("charged_at")
    return change(
        table,
        keys.job(write.job.owner, write.job.id),
        update(
            set_=[
                f"{charged} = {x.value(write.charged)}",
                f"{charged_at} = {x.value(write.at.isoformat())}",
            ]
        ),
        condition=all_of(has_ended, f"{charged} = {x.value(0)}"),
        holders=x,
    )


@spelled(DeleteJob, "jobs", current=job_from_row)
def delete_job(table: str, write: DeleteJob) -> Part:
    x = Placeholders()
    has_ended = _status_is_one_of(x, TERMINAL_STATUSES)
    not_deleted = f"attribute_not_exists({x.path('deleted_at')})"
    deleted = replace(write.job, deleted_at=write.at, refunded=write.refunded)
    return change(
        table,
        keys.job(write.job.owner, write.job.id),
        _differences(x, job_row(write.job), job_row(deleted)),
        condition=all_of(has_ended, not_deleted),
        holders=x,
    )


@spelled(SaveAsset, "assets")
def save_asset(table: str, write: SaveAsset) -> Part:
    return put(table, asset_row(write.asset))


@spelled(JoinFamily, "assets")
def join_family(table: str, write: JoinFamily) -> Part:
    return put(table, family_row(write.asset))


@spelled(DeleteAsset, "assets", current=stored(Asset))
def delete_asset(table: str, write: DeleteAsset) -> Part:
    x = Placeholders()
    not_deleted = f"attribute_not_exists({x.path('deleted_at')})"
    row = asset_row(write.asset.deleted(write.at))
    return put(table, row, condition=all_of(EXISTS, not_deleted), holders=x)


def is_open(x: Placeholders) -> str:
    """The condition that a job exists and has not ended."""
    return _status_is_one_of(x, OPEN_STATUSES)


def _status_is_one_of(x: Placeholders, statuses: frozenset[JobStatus]) -> str:
    return f"{x.path('status')} IN ({', '.join(x.value(status.value) for status in sorted(statuses))})"


def _finished_is(x: Placeholders, job: Job) -> str:
    finished = x.path("finished")
    if not job.finished:
        return f"attribute_not_exists({finished})"
    return f"{finished} = {x.value(set(job.finished))}"


def _differences(x: Placeholders, before: Row, after: Row) -> str:
    """What turns one row into the other, touching no task and no attribute that is the same in both."""
    old, new = _flat(before), _flat(after)
    changed = [f"{x.path(*path)} = {x.value(new[path])}" for path in new if old.get(path) != new[path]]
    gone = [x.path(*path) for path in old if path not in new]
    return update(set_=changed, remove=gone)


def _flat(row: Row) -> dict[tuple[str, ...], Any]:
    """A job's row by the path of each thing an update may set: every attribute, and every task."""
    flat: dict[tuple[str, ...], Any] = {(name,): value for name, value in row.items() if name != "tasks"}
    return flat | {("tasks", index): task for index, task in row["tasks"].items()}
