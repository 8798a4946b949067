"""Jobs and what they make."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from darkroom.domain import writes
from darkroom.domain.jobs.job import Job
from darkroom.domain.writes import WriteRefused
from tests.fakes.memory import Memory, as_stored
from tests.fakes.writes.registry import Effect, effect, refuse_if_there


@effect(writes.CreateJob, row=lambda write: ("job", write.job.owner, write.job.id))
def create_job(memory: Memory, write: writes.CreateJob) -> Effect:
    job = as_stored(write.job)
    place = (job.owner, job.id)
    refuse_if_there(write, memory.jobs.get(place))
    return lambda: memory.jobs.update({place: job})


@effect(writes.AdvanceJob, row=lambda write: ("job", write.before.owner, write.before.id))
def advance_job(memory: Memory, write: writes.AdvanceJob) -> Effect:
    before, after = write.before, write.after
    place = (before.owner, before.id)
    stored = memory.jobs.get(place)
    if stored is None or stored.terminal or stored.finished != before.finished:
        raise WriteRefused(write, stored)
    changes: dict[str, Any] = {
        part.name: getattr(after, part.name)
        for part in fields(Job)
        if part.name != "tasks" and getattr(before, part.name) != getattr(after, part.name)
    }
    tasks = {task.index: task for task in stored.tasks}
    old = {task.index: task for task in before.tasks}
    tasks |= {task.index: task for task in after.tasks if old.get(task.index) != task}
    changes["tasks"] = tuple(tasks[index] for index in sorted(tasks))
    advanced = as_stored(replace(stored, **changes))
    return lambda: memory.jobs.update({place: advanced})


@effect(writes.ChargeLateWork, row=lambda write: ("job", write.job.owner, write.job.id))
def charge_late_work(memory: Memory, write: writes.ChargeLateWork) -> Effect:
    place = (write.job.owner, write.job.id)
    stored = memory.jobs.get(place)
    if stored is None or not stored.terminal or stored.charged:
        raise WriteRefused(write, stored)
    return lambda: memory.jobs.update({place: replace(stored, charged=write.charged, charged_at=write.at)})


@effect(writes.DeleteJob, row=lambda write: ("job", write.job.owner, write.job.id))
def delete_job(memory: Memory, write: writes.DeleteJob) -> Effect:
    place = (write.job.owner, write.job.id)
    stored = memory.jobs.get(place)
    if stored is None or not stored.terminal or stored.deleted_at is not None:
        raise WriteRefused(write, stored)
    deleted = as_stored(replace(stored, deleted_at=write.at, refunded=write.refunded))
    return lambda: memory.jobs.update({place: deleted})


@effect(writes.SaveAsset, row=lambda write: ("asset", write.asset.owner, write.asset.id))
def save_asset(memory: Memory, write: writes.SaveAsset) -> Effect:
    asset = as_stored(write.asset)
    return lambda: memory.assets.update({(asset.owner, asset.id): asset})


@effect(writes.JoinFamily, row=lambda write: ("family", write.asset.owner, write.asset.id))
def join_family(memory: Memory, write: writes.JoinFamily) -> Effect:
    asset = write.asset
    place = (asset.owner, asset.root_id or asset.id)
    joined = memory.families.get(place, frozenset()) | {(asset.created_at, asset.id)}
    return lambda: memory.families.update({place: joined})


@effect(writes.DeleteAsset, row=lambda write: ("asset", write.asset.owner, write.asset.id))
def delete_asset(memory: Memory, write: writes.DeleteAsset) -> Effect:
    place = (write.asset.owner, write.asset.id)
    stored = memory.assets.get(place)
    if stored is None or stored.deleted_at is not None:
        raise WriteRefused(write, stored)
    deleted = as_stored(write.asset.deleted(write.at))
    return lambda: memory.assets.update({place: deleted})
