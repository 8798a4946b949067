"""What a job's rows say of its entries, late work and refunds included."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from darkroom.domain.billing.ledger import LedgerEntry, hold_entry, late_entry, refund_entry, settle_entry
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import Job, Late, TaskState
from darkroom.domain.jobs.late_work import late_id, late_work
from darkroom.domain.reconcile.jobs import (
    JobBooks,
    differences_of,
    entry_ids,
    paid_outputs,
    settled_as_charged,
)
from tests.contract.examples import NOW, OWNER, asset, job, object_id

JOB = object_id(1)


def ended(charged: int = 6) -> Job:
    one = job(tasks=2)
    for index in range(2):
        one = transitions.task_succeeded(one, index, asset(index + 1), NOW)
    return replace(one, charged=charged)


def books(one: Job | None, *entries: LedgerEntry, late: Job | None = None) -> JobBooks:
    by_id: Mapping[str, LedgerEntry] = {entry.id: entry for entry in entries}
    assert set(by_id) <= set(entry_ids(JOB))
    return JobBooks(OWNER, JOB, one, late, by_id)


def wrong(some: JobBooks) -> list[tuple[str, int, int]]:
    stored = frozenset(task.asset.id for one in some.jobs for task in one.tasks if task.asset is not None)
    return [(one.what, one.expected, one.found) for one in differences_of(some, stored)]


HOLD = hold_entry(OWNER, JOB, 6, NOW)
SETTLE = settle_entry(OWNER, JOB, held=6, charged=6, at=NOW)


def test_an_open_job_holds_its_price_and_an_ended_one_nothing() -> None:
    assert wrong(books(job(tasks=2), HOLD)) == []
    assert wrong(books(ended(), HOLD, SETTLE)) == []
    assert wrong(books(job(tasks=2))) == [("held", 6, 0)]
    assert ("held", 0, 6) in wrong(books(ended(), HOLD))


def test_a_refund_gives_back_what_was_charged_and_changes_no_charge() -> None:
    assert wrong(books(ended(), HOLD, SETTLE, refund_entry(OWNER, JOB, 6, NOW))) == []
    assert wrong(books(ended(), HOLD, SETTLE, refund_entry(OWNER, JOB, 5, NOW))) == [("refunded", 6, 5)]


def test_a_charge_is_what_was_delivered() -> None:
    assert ("charged", 3, 6) in wrong(books(ended(charged=3), HOLD, SETTLE))
    assert ("outputs", 6, 3) in wrong(books(ended(charged=3), HOLD, SETTLE))
    assert not settled_as_charged(SETTLE, ended(charged=3))
    assert settled_as_charged(SETTLE, ended())
    assert not settled_as_charged(SETTLE, None)
    assert not settled_as_charged(SETTLE, job(tasks=2))


def given_up(kind: Late) -> tuple[Job, Job]:
    begun = job(tasks=2, engine="fal", queue=Queue.VENDORS)
    begun = replace(begun, tasks=tuple(replace(task, state=TaskState.RUNNING) for task in begun.tasks))
    over = transitions.timed_out(begun, NOW)
    late = late_work(begun, over, kind)
    assert late is not None
    return over, late


def test_late_work_holds_what_its_job_no_longer_does() -> None:
    over, late = given_up(Late.PAID)
    released = settle_entry(OWNER, JOB, held=0, charged=0, at=NOW)
    assert wrong(books(over, HOLD, released, late=late)) == []
    for index in range(2):
        late = transitions.task_succeeded(late, index, asset(index + 1), NOW)
    paid = settle_entry(OWNER, late_id(JOB), held=6, charged=6, at=NOW)
    assert wrong(books(over, HOLD, released, paid, late=late)) == []
    assert settled_as_charged(paid, late)


def test_refunded_late_work_is_charged_when_it_is_fetched() -> None:
    over, late = given_up(Late.REFUNDED)
    released = settle_entry(OWNER, JOB, held=6, charged=0, at=NOW)
    for index in range(2):
        late = transitions.task_succeeded(late, index, asset(index + 1), NOW)
    assert wrong(books(over, HOLD, released, late=late)) == []
    assert paid_outputs(late) == ()
    fetched = replace(late, charged=6, charged_at=NOW)
    assert len(paid_outputs(fetched)) == 2
    assert wrong(books(over, HOLD, released, late_entry(OWNER, JOB, 6, NOW), late=fetched)) == []
    assert ("charged", 6, 0) in wrong(books(over, HOLD, released, late=fetched))
