"""What a job adds to usage: each movement of its credits once, on the ledger's day, at the vendors that made it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import FailureCode, Job, Late, Task, TaskState
from darkroom.domain.jobs.late_work import late_work
from darkroom.domain.renders.names import BATCH
from darkroom.domain.usage.facts import facts_of, new_facts
from darkroom.domain.usage.vendor_prices import OUTPUT, Term, VendorPrice, VendorPrices
from tests.contract.examples import MINUTE, NOW, asset, job

PRICES = VendorPrices(
    (VendorPrice("fal", ("m",), (Term(OUTPUT, "0.04"),), NOW.date(), "a list"),),
)
ROUTES = (Route("fal", Queue.VENDORS, "m"), Route("kie", Queue.VENDORS, "n"))
LATER = NOW + timedelta(seconds=7)


def open_job(tasks: int = 2, **changes: Any) -> Job:
    return job(tasks=tasks, **{"unit_price": 3, "routes": ROUTES, "engine": "fal", **changes})


def done(before: Job, *indexes: int) -> Job:
    for index in indexes:
        before = transitions.task_succeeded(before, index, asset(index + 1), LATER)
    return before


def by_vendor(of: Job) -> dict[str, dict[str, int]]:
    return {
        vendor: dict(counted.sums)
        for fact in facts_of(of, PRICES)
        for vendor, counted in fact.by_vendor.items()
    }


def with_tasks(before: Job, **changes: Any) -> Job:
    return replace(before, tasks=tuple(replace(task, **changes) for task in before.tasks))


def test_a_job_under_way_adds_nothing() -> None:
    assert facts_of(done(open_job(), 0), PRICES) == ()


def test_the_end_of_a_job_is_counted_under_its_settlement() -> None:
    ended = done(open_job(), 0, 1)
    (fact,) = facts_of(ended, PRICES)
    assert (fact.id, fact.at, fact.key_id) == (f"{ended.id}#settle", LATER, ended.key_id)
    assert by_vendor(ended) == {
        "fal": {"jobs": 1, "outputs": 2, "credits": 6, "cost": 80_000, "unit.output": 2_000, "latency.10": 1}
    }


def test_outputs_and_credits_count_at_the_vendor_that_made_them() -> None:
    begun = open_job(3)
    moved = replace(begun, tasks=(begun.tasks[0], replace(begun.tasks[1], route=1), begun.tasks[2]))
    ended = transitions.task_failed(done(moved, 0, 1), 2, FailureCode.CONTENT_BLOCKED, LATER)
    counted = by_vendor(ended)
    assert counted["kie"] == {"outputs": 1, "credits": 3, "unpriced": 1}
    assert counted["fal"]["credits"] == 3
    assert counted["fal"]["failure.content_blocked"] == 1
    assert counted["fal"]["jobs"] == 1


def test_outputs_that_cost_nothing_are_outputs_all_the_same() -> None:
    ended = transitions.task_succeeded(open_job(1, engine="darkroom", routes=()), 0, None, LATER, free=True)
    assert by_vendor(ended) == {"darkroom": {"jobs": 1, "outputs": 1, "latency.10": 1}}


def test_a_job_that_made_nothing_has_no_latency() -> None:
    assert by_vendor(transitions.canceled(open_job(), LATER)) == {"fal": {"jobs": 1}}


def test_a_refund_is_a_fact_of_its_own_on_its_own_day() -> None:
    ended = done(open_job(), 0, 1)
    deleted = replace(ended, deleted_at=NOW + timedelta(days=1), refunded=6)
    (refund,) = new_facts(ended, deleted, PRICES)
    assert (refund.id, refund.day) == (f"{ended.id}#refund", (NOW + timedelta(days=1)).date())
    assert refund.measures.sums == {"refunded": 6}
    assert new_facts(deleted, deleted, PRICES) == ()
    assert new_facts(ended, replace(ended, deleted_at=LATER), PRICES) == ()


def test_a_change_of_several_steps_adds_all_of_them() -> None:
    gone = replace(done(open_job(), 0, 1), deleted_at=LATER, refunded=6)
    assert [fact.id.rpartition("#")[2] for fact in new_facts(None, gone, PRICES)] == ["settle", "refund"]


def test_an_expanded_batch_leaves_its_counting_to_its_chunks() -> None:
    batch = open_job(1, kind=BATCH)
    assert facts_of(transitions.task_succeeded(batch, 0, None, LATER, free=True), PRICES) == ()
    assert facts_of(transitions.timed_out(batch, LATER), PRICES)[0].measures.jobs == 1


def late(kind: Late) -> tuple[Job, Job]:
    begun = with_tasks(open_job(), state=TaskState.RUNNING)
    given_up = transitions.timed_out(begun, LATER)
    goes_on = late_work(begun, given_up, kind)
    assert goes_on is not None
    return given_up, goes_on


def test_late_work_adds_its_outputs_and_what_they_cost_but_no_job() -> None:
    given_up, goes_on = late(Late.PAID)
    assert by_vendor(given_up)["fal"] == {"jobs": 1, "failure.generation_timed_out": 2}
    assert by_vendor(done(goes_on, 0, 1)) == {
        "fal": {"outputs": 2, "credits": 6, "cost": 80_000, "unit.output": 2_000}
    }


def test_unwanted_work_costs_its_vendors_price_and_delivers_nothing() -> None:
    begun = with_tasks(open_job(), state=TaskState.RUNNING)
    goes_on = late_work(begun, transitions.canceled(begun, LATER), Late.UNWANTED)
    assert goes_on is not None
    for index in range(2):
        goes_on = transitions.task_unwanted(goes_on, index, LATER)
    assert by_vendor(goes_on) == {"fal": {"cost": 80_000, "unit.output": 2_000}}


def test_refunded_late_work_is_paid_when_it_is_asked_for_again() -> None:
    given_up, goes_on = late(Late.REFUNDED)
    ended = done(goes_on, 0, 1)
    assert by_vendor(ended) == {"fal": {"cost": 80_000, "unit.output": 2_000}}
    fetched = replace(ended, charged=6, charged_at=LATER + MINUTE)
    (fact,) = new_facts(ended, fetched, PRICES)
    assert (fact.id, fact.at) == (f"{given_up.id}#late", LATER + MINUTE)
    assert fact.measures.sums == {"outputs": 2, "credits": 6}


def test_tasks_that_ended_before_their_late_work_count_once() -> None:
    begun = done(open_job(), 0)
    running = replace(begun, tasks=(begun.tasks[0], replace(begun.tasks[1], state=TaskState.RUNNING)))
    ended = transitions.timed_out(running, LATER)
    goes_on = late_work(running, ended, Late.PAID)
    assert goes_on is not None
    assert isinstance(goes_on.tasks[0], Task)
    both = by_vendor(ended)["fal"], by_vendor(done(goes_on, 1))["fal"]
    assert [some["cost"] for some in both] == [40_000, 40_000]
    assert [some["credits"] for some in both] == [3, 3]
