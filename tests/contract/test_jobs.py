"""Jobs: their rows, the changes workers race for, lists and what is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from darkroom.adapters.dynamodb import jobs as dynamodb_jobs
from darkroom.domain.billing.ledger import settle_entry
from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.errors import InvalidParam
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.job import LEASE_SLACK, FailureCode, Job, JobStatus, Late, Task, TaskState
from darkroom.domain.jobs.spec import TextSpec
from darkroom.domain.paging import Due, PageRequest
from darkroom.domain.writes import (
    AdvanceJob,
    AppendEntry,
    ChargeLateWork,
    CreateJob,
    DeleteJob,
    WriteRefused,
)
from darkroom.ports.jobs import JobTaken
from tests.contract.conftest import Ports
from tests.contract.examples import MINUTE, NOW, OWNER, STRANGER, TEST_OWNER, asset, job, object_id, spec
from tests.fakes import jobs as fake_jobs

LEASE = NOW + 2 * MINUTE


def stored(ports: Ports, which: Job) -> Job:
    found = ports.jobs.get(which.owner, which.id)
    assert found is not None
    return found


def created(ports: Ports, **changes: Any) -> Job:
    fresh = job(**changes)
    ports.store.commit(CreateJob(fresh))
    return fresh


def test_a_job_comes_back_as_it_was_created(ports: Ports) -> None:
    fresh = created(ports, tasks=12)
    assert stored(ports, fresh) == fresh
    assert ports.jobs.get(STRANGER, fresh.id) is None
    assert ports.jobs.get(TEST_OWNER, fresh.id) is None
    assert ports.jobs.get(OWNER, object_id(99)) is None


def test_a_job_with_everything_comes_back_whole(ports: Ports) -> None:
    fresh = job(tasks=4)
    made = asset(id=fresh.tasks[0].id, job_id=fresh.id, parent_id="p", slide_index=0)
    full = transitions.task_succeeded(fresh, 0, made, NOW)
    full = transitions.task_failed(full, 1, FailureCode.CONTENT_BLOCKED, NOW)
    waiting = replace(full.tasks[2], state=TaskState.WAITING, handle="v-1", poll_at=NOW, attempts=1)
    running = replace(full.tasks[3], state=TaskState.RUNNING, lease_until=LEASE, attempts=2)
    full = replace(full, tasks=(*full.tasks[:2], waiting, running))
    ports.store.commit(CreateJob(full))
    assert stored(ports, full) == full


def test_callers_values_survive_however_odd(ports: Ports) -> None:
    deep: list[object] = []
    for _ in range(60):
        deep = [deep]
    odd = spec(
        prompt="", controls={"": "", "deep": deep, "big": 10**80, "neg": -0.0, "list": [], "π": "\x00"}
    )
    fresh = created(ports, spec=odd)
    assert stored(ports, fresh).spec == odd


def test_a_job_is_created_once(ports: Ports) -> None:
    fresh = created(ports)
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(CreateJob(replace(fresh, model="other")))
    assert refused.value.current == fresh


@pytest.mark.parametrize("micro", [0, 1, 499_999, 999_999, 100_000])
def test_moments_keep_their_microseconds(ports: Ports, micro: int) -> None:
    at = NOW.replace(microsecond=micro)
    fresh = created(ports, check_at=at)
    taken = ports.jobs.claim(OWNER, fresh.id, 0, now=at, lease_until=at)
    assert taken.tasks[0].lease_until == at
    assert ports.jobs.claim(OWNER, fresh.id, 0, now=at, lease_until=LEASE).tasks[0].attempts == 2


# ------------------------------------------------------------------ advance


def test_advancing_ends_a_job_and_takes_it_out_of_what_is_open(ports: Ports) -> None:
    fresh = created(ports, tasks=2)
    half = transitions.task_succeeded(fresh, 0, asset(1), NOW)
    ports.store.commit(AdvanceJob(fresh, half))
    assert stored(ports, fresh) == half
    done = transitions.task_failed(half, 1, FailureCode.FAILED, NOW + MINUTE)
    ports.store.commit(AdvanceJob(half, done))
    assert stored(ports, fresh) == done
    assert (done.status, done.charged) == (JobStatus.PARTIAL, fresh.unit_price)
    assert ports.jobs.due(NOW + timedelta(days=9), 10) == Due(())


def test_advancing_leaves_alone_what_it_does_not_change(ports: Ports) -> None:
    fresh = created(ports, tasks=3)
    claimed = ports.jobs.claim(OWNER, fresh.id, 1, now=NOW, lease_until=LEASE)
    ports.store.commit(AdvanceJob(fresh, transitions.task_succeeded(fresh, 0, asset(1), NOW)))
    now = stored(ports, fresh)
    assert now.tasks[1] == claimed.tasks[1]
    assert now.tasks[0].asset == asset(1)
    assert now.check_at == claimed.check_at
    assert now.finished == {0}


def test_of_two_who_saw_the_same_job_one_is_refused_and_told_how_it_stands(ports: Ports) -> None:
    fresh = created(ports, tasks=3)
    first = transitions.task_succeeded(fresh, 0, asset(1), NOW)
    ports.store.commit(AdvanceJob(fresh, first))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(AdvanceJob(fresh, transitions.task_succeeded(fresh, 1, asset(2), NOW)))
    assert refused.value.current == first
    second = transitions.task_succeeded(first, 1, asset(2), NOW)
    ports.store.commit(AdvanceJob(first, second))
    assert stored(ports, fresh) == second


def test_finishing_twice_is_refused_with_another_set_of_the_same_size(ports: Ports) -> None:
    fresh = created(ports, tasks=12)
    ten = fresh
    for index in (11, 2, 10):
        ten, before = transitions.task_failed(ten, index, FailureCode.FAILED, NOW), ten
        ports.store.commit(AdvanceJob(before, ten))
    assert stored(ports, fresh).finished == {2, 10, 11}
    other = fresh
    for index in (1, 2, 10):
        other = transitions.task_failed(other, index, FailureCode.FAILED, NOW)
    with pytest.raises(WriteRefused):
        ports.store.commit(AdvanceJob(other, transitions.task_failed(other, 3, FailureCode.FAILED, NOW)))


def test_a_job_that_ended_is_never_advanced(ports: Ports) -> None:
    fresh = created(ports)
    ended = transitions.canceled(fresh, NOW)
    ports.store.commit(AdvanceJob(fresh, ended))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(AdvanceJob(ended, replace(ended, charged=3)))
    assert refused.value.current == ended


def test_a_job_that_does_not_exist_is_not_advanced(ports: Ports) -> None:
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(AdvanceJob(job(), transitions.canceled(job(), NOW)))
    assert refused.value.current is None
    assert ports.jobs.get(OWNER, job().id) is None


def test_advancing_by_nothing_still_asks_whether_it_could(ports: Ports) -> None:
    fresh = created(ports)
    ports.store.commit(AdvanceJob(fresh, fresh))
    assert stored(ports, fresh) == fresh
    ports.store.commit(AdvanceJob(fresh, transitions.canceled(fresh, NOW)))
    with pytest.raises(WriteRefused):
        ports.store.commit(AdvanceJob(fresh, fresh))


def test_a_lost_race_to_end_a_job_is_told_as_that_and_not_as_its_settlement(ports: Ports) -> None:
    fresh = created(ports)
    ended = transitions.canceled(fresh, NOW)
    settlement = AppendEntry(settle_entry(OWNER, fresh.id, held=6, charged=0, at=NOW))
    ports.store.commit(settlement, AdvanceJob(fresh, ended))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(settlement, AdvanceJob(fresh, transitions.timed_out(fresh, NOW)))
    assert isinstance(refused.value.write, AdvanceJob)
    assert refused.value.current == ended


# ------------------------------------------------------------------- claims


def test_a_claim_takes_a_queued_task(ports: Ports) -> None:
    fresh = created(ports)
    claimed = ports.jobs.claim(OWNER, fresh.id, 1, now=NOW, lease_until=LEASE)
    assert claimed == stored(ports, fresh)
    task = replace(fresh.tasks[1], state=TaskState.RUNNING, lease_until=LEASE, attempts=1)
    expected = replace(
        fresh,
        status=JobStatus.PROCESSING,
        tasks=(fresh.tasks[0], task),
        check_at=LEASE + LEASE_SLACK,
    )
    assert claimed == expected


def test_a_task_is_claimed_by_one_until_the_lease_runs_out(ports: Ports) -> None:
    fresh = created(ports)
    claimed = ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=LEASE)
    with pytest.raises(JobTaken) as taken:
        ports.jobs.claim(OWNER, fresh.id, 0, now=LEASE - timedelta(microseconds=1), lease_until=LEASE)
    assert taken.value.job == claimed
    again = ports.jobs.claim(OWNER, fresh.id, 0, now=LEASE, lease_until=LEASE + MINUTE)
    assert (again.tasks[0].attempts, again.tasks[0].lease_until) == (2, LEASE + MINUTE)


type Change = Callable[[Ports, Job, int], object]

CHANGES: dict[str, Change] = {
    "claim": lambda w, j, i: w.jobs.claim(j.owner, j.id, i, now=NOW, lease_until=LEASE),
    "claim_poll": lambda w, j, i: w.jobs.claim_poll(j.owner, j.id, i, now=NOW, lease_until=LEASE),
    "park": lambda w, j, i: w.jobs.park(j.owner, j.id, i, handle="v-1", poll_at=NOW),
    "keep": lambda w, j, i: w.jobs.keep(j.owner, j.id, Task(i, "t", asset=asset()), poll_at=NOW),
    "requeue": lambda w, j, i: w.jobs.requeue(j.owner, j.id, Task(i, "t", attempts=9), check_at=NOW),
}

ALLOWED = {
    TaskState.QUEUED: {"claim"},
    TaskState.RUNNING: {"claim", "park", "keep", "requeue"},  # the lease of the example has run out
    TaskState.WAITING: {"claim_poll", "park", "keep", "requeue"},
    TaskState.SUCCEEDED: set(),
    TaskState.FAILED: set(),
    TaskState.CANCELED: set(),
}


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("state", TaskState)
def test_each_change_is_taken_from_its_own_states_only(ports: Ports, state: TaskState, change: str) -> None:
    fresh = job()
    task = replace(
        fresh.tasks[0],
        state=state,
        attempts=1,
        lease_until=NOW if state is TaskState.RUNNING else None,
        poll_at=NOW if state is TaskState.WAITING else None,
    )
    before = replace(fresh, status=JobStatus.PROCESSING, tasks=(task, fresh.tasks[1]))
    ports.store.commit(CreateJob(before))
    if change in ALLOWED[state]:
        CHANGES[change](ports, before, 0)
        assert stored(ports, before) != before
        return
    with pytest.raises(JobTaken) as taken:
        CHANGES[change](ports, before, 0)
    assert taken.value.job == before
    assert stored(ports, before) == before


@pytest.mark.parametrize("change", CHANGES)
def test_nothing_is_changed_in_a_job_that_ended_or_never_was(ports: Ports, change: str) -> None:
    ended = replace(job(), status=JobStatus.CANCELED, completed_at=NOW)
    ports.store.commit(CreateJob(ended))
    with pytest.raises(JobTaken) as taken:
        CHANGES[change](ports, ended, 0)
    assert taken.value.job == ended
    for missing in (job(2), replace(ended, owner=STRANGER)):
        with pytest.raises(JobTaken) as taken:
            CHANGES[change](ports, missing, 0)
        assert taken.value.job is None


@pytest.mark.parametrize("change", CHANGES)
def test_a_task_the_job_does_not_have_is_not_changed(ports: Ports, change: str) -> None:
    fresh = created(ports)
    with pytest.raises(JobTaken):
        CHANGES[change](ports, fresh, 7)
    assert stored(ports, fresh) == fresh


@pytest.mark.parametrize(
    "outcome", [{"asset": asset()}, {"failure": FailureCode.CONTENT_BLOCKED}], ids=["made", "failed"]
)
def test_what_a_task_is_to_end_with_is_kept_until_it_is_settled(ports: Ports, outcome: Any) -> None:
    fresh = created(ports, tasks=2)
    claimed = ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=LEASE)
    decided = replace(claimed.tasks[0], facts=VendorFacts(request_id="r"), **outcome)
    ports.jobs.keep(OWNER, fresh.id, decided, poll_at=NOW + MINUTE)
    kept = stored(ports, fresh)
    waiting = replace(decided, state=TaskState.WAITING, lease_until=None, poll_at=NOW + MINUTE)
    assert kept.tasks == (waiting, fresh.tasks[1])
    assert kept.tasks[0].decided
    assert kept.check_at == NOW + MINUTE + LEASE_SLACK
    assert kept.finished == frozenset()
    due = NOW + MINUTE
    assert ports.jobs.claim_poll(OWNER, fresh.id, 0, now=due, lease_until=LEASE + MINUTE).tasks[0].decided
    with pytest.raises(JobTaken):
        ports.jobs.claim(OWNER, fresh.id, 0, now=LEASE, lease_until=LEASE + MINUTE)


def test_parking_waits_for_the_engine(ports: Ports) -> None:
    fresh = created(ports)
    claimed = ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=LEASE)
    poll_at = NOW + 5 * MINUTE
    ports.jobs.park(OWNER, fresh.id, 0, handle="v-1", poll_at=poll_at)
    task = replace(claimed.tasks[0], state=TaskState.WAITING, lease_until=None, handle="v-1", poll_at=poll_at)
    assert stored(ports, fresh) == replace(
        claimed, tasks=(task, claimed.tasks[1]), check_at=poll_at + LEASE_SLACK
    )


def test_polling_is_claimed_by_one_when_its_time_has_come(ports: Ports) -> None:
    fresh = created(ports)
    ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=LEASE)
    ports.jobs.park(OWNER, fresh.id, 0, handle="v-1", poll_at=NOW + MINUTE)
    early = NOW + MINUTE - timedelta(microseconds=1)
    with pytest.raises(JobTaken):
        ports.jobs.claim_poll(OWNER, fresh.id, 0, now=early, lease_until=LEASE)
    polled = ports.jobs.claim_poll(OWNER, fresh.id, 0, now=NOW + MINUTE, lease_until=LEASE)
    assert polled == stored(ports, fresh)
    assert (polled.tasks[0].state, polled.tasks[0].poll_at) == (TaskState.WAITING, LEASE)
    assert (polled.tasks[0].attempts, polled.check_at) == (1, LEASE + LEASE_SLACK)
    with pytest.raises(JobTaken):
        ports.jobs.claim_poll(OWNER, fresh.id, 0, now=NOW + MINUTE, lease_until=LEASE)


def test_requeuing_writes_how_the_task_is_to_go_on(ports: Ports) -> None:
    routes = (Route("a", Queue.VENDORS, "m", {"quality": "low"}), Route("b", Queue.VENDORS))
    fresh = created(ports, routes=routes)
    claimed = ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=LEASE)
    counted: Any = {
        "attempts": 3,
        "route": 1,
        "route_from": 2,
        "settled": 2,
        "waits": 1,
        "facts": VendorFacts(error_code="e", figures={"tokens": 7}),
    }
    back = replace(claimed.tasks[0], poll_at=NOW + MINUTE, **counted)
    ports.jobs.requeue(OWNER, fresh.id, back, check_at=NOW + 3 * MINUTE)
    queued = replace(back, state=TaskState.QUEUED, lease_until=None)
    expected = replace(claimed, tasks=(queued, *fresh.tasks[1:]), check_at=NOW + 3 * MINUTE)
    assert stored(ports, fresh) == expected
    assert stored(ports, fresh).route_of(queued) == routes[1]


def test_a_queued_task_is_not_claimed_before_it_is_due(ports: Ports) -> None:
    fresh = created(ports)
    claimed = ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=LEASE)
    due = NOW + 5 * MINUTE
    ports.jobs.requeue(OWNER, fresh.id, replace(claimed.tasks[0], poll_at=due), check_at=due)
    with pytest.raises(JobTaken):
        ports.jobs.claim(OWNER, fresh.id, 0, now=due - MINUTE, lease_until=due)
    again = ports.jobs.claim(OWNER, fresh.id, 0, now=due, lease_until=due + MINUTE)
    assert (again.tasks[0].attempts, again.tasks[0].poll_at) == (2, None)


def test_requeuing_a_waiting_task_forgets_its_handle(ports: Ports) -> None:
    fresh = created(ports)
    claimed = ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=LEASE)
    ports.jobs.park(OWNER, fresh.id, 0, handle="v-1", poll_at=NOW, facts=VendorFacts(request_id="r"))
    waiting = stored(ports, fresh).tasks[0]
    assert (waiting.handle, waiting.facts) == ("v-1", VendorFacts(request_id="r"))
    ports.jobs.requeue(OWNER, fresh.id, replace(waiting, settled=1, poll_at=None), check_at=NOW)
    expected = replace(claimed.tasks[0], lease_until=None, state=TaskState.QUEUED, settled=1)
    assert stored(ports, fresh).tasks[0] == replace(expected, facts=VendorFacts(request_id="r"))


def test_hastening_makes_the_poll_of_the_work_it_names_due(ports: Ports) -> None:
    fresh = created(ports)
    with pytest.raises(JobTaken):
        ports.jobs.expedite(OWNER, fresh.id, 0, handle="v-1", now=NOW)
    ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=LEASE)
    ports.jobs.park(OWNER, fresh.id, 0, handle="v-1", poll_at=NOW + 9 * MINUTE)
    with pytest.raises(JobTaken):
        ports.jobs.expedite(OWNER, fresh.id, 0, handle="v-2", now=NOW)
    ports.jobs.expedite(OWNER, fresh.id, 0, handle="v-1", now=NOW + MINUTE)
    assert stored(ports, fresh).tasks[0].poll_at == NOW + MINUTE


def test_work_found_again_is_adopted_by_the_task_that_lost_it(ports: Ports) -> None:
    fresh = created(ports)
    claimed = ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=LEASE)
    ports.jobs.adopt(OWNER, fresh.id, claimed.tasks[0], handle="v-1", now=NOW + MINUTE)
    waiting = replace(
        claimed.tasks[0], state=TaskState.WAITING, handle="v-1", poll_at=NOW + MINUTE, lease_until=None
    )
    expected = replace(claimed, tasks=(waiting, *fresh.tasks[1:]), check_at=NOW + MINUTE + LEASE_SLACK)
    assert stored(ports, fresh) == expected
    with pytest.raises(JobTaken):
        ports.jobs.adopt(OWNER, fresh.id, claimed.tasks[0], handle="v-2", now=NOW)
    assert stored(ports, fresh) == expected


def test_a_queued_task_adopts_work_only_where_it_was_started(ports: Ports) -> None:
    routes = (Route("a", Queue.VENDORS), Route("b", Queue.VENDORS))
    fresh = created(ports, routes=routes)
    claimed = ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=LEASE)
    there = replace(claimed.tasks[0], route=1, route_from=1)
    ports.jobs.requeue(OWNER, fresh.id, there, check_at=NOW)
    for seen in (claimed.tasks[0], replace(there, attempts=2)):
        with pytest.raises(JobTaken):
            ports.jobs.adopt(OWNER, fresh.id, seen, handle="v-1", now=NOW)
    ports.jobs.adopt(OWNER, fresh.id, there, handle="v-1", now=NOW)
    assert stored(ports, fresh).tasks[0].handle == "v-1"


def test_a_worker_that_saw_no_handle_does_not_queue_a_task_that_has_one(ports: Ports) -> None:
    fresh = created(ports)
    claimed = ports.jobs.claim(OWNER, fresh.id, 0, now=NOW, lease_until=LEASE)
    ports.jobs.adopt(OWNER, fresh.id, claimed.tasks[0], handle="v-1", now=NOW)
    with pytest.raises(JobTaken):
        ports.jobs.requeue(OWNER, fresh.id, claimed.tasks[0], check_at=NOW)
    assert stored(ports, fresh).tasks[0].state is TaskState.WAITING


# ---------------------------------------------------------------- due, lists


def test_what_is_due_comes_most_overdue_first_and_limited(ports: Ports) -> None:
    for number in range(1, 21):
        created(ports, number=number, check_at=NOW - number * MINUTE, tasks=1)
    created(ports, number=50, check_at=NOW + MINUTE)
    created(ports, number=51, check_at=NOW, owner=TEST_OWNER)
    numbers = [found.id for found in ports.jobs.due(NOW, 3).items]
    assert numbers == [object_id(20), object_id(19), object_id(18)]
    everything = ports.jobs.due(NOW, 100).items
    assert len(everything) == 21
    assert everything[-1].id == object_id(51)
    assert everything[0] == job(number=20, check_at=NOW - 20 * MINUTE, tasks=1)


def test_postponing_moves_an_open_job_only(ports: Ports) -> None:
    fresh = created(ports)
    ports.jobs.postpone(fresh, NOW + timedelta(hours=1))
    assert stored(ports, fresh) == replace(fresh, check_at=NOW + timedelta(hours=1))
    ended = transitions.canceled(stored(ports, fresh), NOW)
    ports.store.commit(AdvanceJob(stored(ports, fresh), ended))
    ports.jobs.postpone(fresh, NOW)
    assert stored(ports, fresh) == ended
    ports.jobs.postpone(job(2), NOW)
    assert ports.jobs.get(OWNER, object_id(2)) is None


def ids(numbers: range | list[int]) -> list[str]:
    return [object_id(number) for number in numbers]


def test_jobs_are_paged_in_both_directions(ports: Ports) -> None:
    for number in range(1, 8):
        created(ports, number=number, tasks=1)
    created(ports, number=100, owner=STRANGER)
    created(ports, number=101, owner=TEST_OWNER)
    first = ports.jobs.list(OWNER, PageRequest(limit=3))
    assert ([j.id for j in first.items], first.has_more) == (ids([7, 6, 5]), True)
    second = ports.jobs.list(OWNER, PageRequest(limit=4, after=object_id(5)))
    assert ([j.id for j in second.items], second.has_more) == (ids([4, 3, 2, 1]), False)
    forth = ports.jobs.list(OWNER, PageRequest(limit=2, after=object_id(2), newest_first=False))
    assert ([j.id for j in forth.items], forth.has_more) == (ids([3, 4]), True)
    beyond = ports.jobs.list(OWNER, PageRequest(limit=2, after=object_id(1)))
    assert (beyond.items, beyond.has_more) == ((), False)
    assert first.items[0] == job(number=7, tasks=1)


def test_a_full_last_page_has_no_more(ports: Ports) -> None:
    for number in range(1, 4):
        created(ports, number=number, tasks=1)
    page = ports.jobs.list(OWNER, PageRequest(limit=3))
    assert (len(page.items), page.has_more) == (3, False)


def test_jobs_are_filtered_by_kind_status_and_dialect(ports: Ports) -> None:
    created(ports, number=1, kind="image")
    created(ports, number=2, kind="video")
    created(ports, number=3, kind="edit", dialect="agent")
    created(ports, number=4, kind="image", status=JobStatus.FAILED, completed_at=NOW)

    def listed(**filters: Any) -> list[str]:
        return [found.id for found in ports.jobs.list(OWNER, PageRequest(), **filters).items]

    assert listed() == ids([4, 3, 2, 1])
    assert listed(kinds=("image",)) == ids([4, 1])
    assert listed(kinds={"image", "video"}) == ids([4, 2, 1])
    assert listed(statuses={JobStatus.QUEUED}) == ids([3, 2, 1])
    assert listed(dialect="agent") == ids([3])
    assert listed(kinds=["image"], statuses={JobStatus.QUEUED}, dialect="memes") == ids([1])


def test_a_filtered_page_fills_up_from_further_down(ports: Ports) -> None:
    for number in range(1, 13):
        created(ports, number=number, kind="image" if number % 4 == 0 else "video", tasks=1)
    page = ports.jobs.list(OWNER, PageRequest(limit=2), kinds=["image"])
    assert ([j.id for j in page.items], page.has_more) == (ids([12, 8]), True)
    rest = ports.jobs.list(OWNER, PageRequest(limit=2, after=object_id(8)), kinds=["image"])
    assert ([j.id for j in rest.items], rest.has_more) == (ids([4]), False)


def test_texts_are_in_no_list_of_jobs_but_found_by_who_knows_them(ports: Ports) -> None:
    text = job(number=1, kind="refine", spec=TextSpec("a kite", "auto", mode="video"))
    ports.store.commit(CreateJob(text), CreateJob(job(number=2)))
    assert [it.id for it in ports.jobs.list(OWNER, PageRequest()).items] == [object_id(2)]
    page, count = ports.jobs.page_by_key(OWNER, text.key_id, text.dialect, page=1, limit=9)
    assert ([it.id for it in page], count) == ([object_id(2)], 1)
    assert ports.jobs.get(OWNER, text.id) == text


def test_many_jobs_come_in_one_read_and_only_the_owners(ports: Ports) -> None:
    mine = [created(ports, number=number, tasks=1) for number in (1, 2, 3)]
    created(ports, number=4, owner=STRANGER)
    created(ports, number=5, owner=TEST_OWNER)
    requested = [*ids([3, 1, 3]), object_id(99), *ids([4, 5])]
    assert ports.jobs.get_many(OWNER, requested) == {job.id: job for job in (mine[2], mine[0])}
    assert ports.jobs.get_many(OWNER, []) == {}


def test_jobs_of_a_key_are_paged_by_number_and_counted(ports: Ports) -> None:
    for number in range(1, 8):
        created(ports, number=number, tasks=1, dialect="gencraft")

    def page(number: int, limit: int = 3) -> tuple[list[str], int]:
        jobs, total = ports.jobs.page_by_key(OWNER, object_id(1), "gencraft", page=number, limit=limit)
        return [job.id for job in jobs], total

    assert page(1) == (ids([7, 6, 5]), 7)
    assert page(2) == (ids([4, 3, 2]), 7)
    assert page(3) == (ids([1]), 7)
    assert page(4) == ([], 7)
    assert page(1, limit=50) == (ids([7, 6, 5, 4, 3, 2, 1]), 7)


def test_jobs_of_other_keys_dialects_and_owners_are_not_the_keys(ports: Ports) -> None:
    mine = created(ports, number=1, dialect="gencraft", tasks=1)
    created(ports, number=2, dialect="gencraft", key_id=object_id(2))
    created(ports, number=3, dialect="memes")
    created(ports, number=4, dialect="gencraft", owner=STRANGER)
    created(ports, number=5, dialect="gencraft", owner=TEST_OWNER)
    jobs, total = ports.jobs.page_by_key(OWNER, object_id(1), "gencraft", page=1, limit=20)
    assert (list(jobs), total) == ([mine], 1)
    ended = transitions.canceled(mine, NOW)
    ports.store.commit(AdvanceJob(mine, ended))
    assert ports.jobs.page_by_key(OWNER, object_id(1), "gencraft", page=1, limit=20) == ([ended], 1)


def test_a_keys_history_ends_somewhere(ports: Ports, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (dynamodb_jobs, fake_jobs):
        monkeypatch.setattr(module, "JOBS_BY_KEY", 2)
    for number in range(1, 4):
        created(ports, number=number, tasks=1)
    jobs, total = ports.jobs.page_by_key(OWNER, object_id(1), "memes", page=1, limit=20)
    assert ([job.id for job in jobs], total) == (ids([3, 2]), 2)


def test_times_of_any_zone_are_the_same_moment(ports: Ports) -> None:
    fresh = created(ports)
    elsewhere = datetime.fromisoformat("2026-03-14T18:26:53.589793+09:00")
    assert elsewhere == NOW
    ports.jobs.postpone(fresh, elsewhere)
    assert stored(ports, fresh).check_at == NOW


def test_a_list_of_jobs_does_not_begin_after_what_is_in_none(ports: Ports) -> None:
    created(ports, number=2, engine="darkroom")
    created(ports, number=3, owner=STRANGER)
    for unknown in (2, 3, 4):
        with pytest.raises(InvalidParam) as refused:
            ports.jobs.list(OWNER, PageRequest(after=object_id(unknown)))
        assert refused.value.param == "starting_after"


def test_a_deleted_job_is_in_no_list_and_deleted_once(ports: Ports) -> None:
    open_job = created(ports)
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(DeleteJob(open_job, NOW))
    assert refused.value.current == open_job

    ended = transitions.canceled(open_job, NOW)
    ports.store.commit(AdvanceJob(open_job, ended))
    ports.store.commit(DeleteJob(ended, NOW + MINUTE))
    deleted = replace(ended, deleted_at=NOW + MINUTE)
    assert stored(ports, open_job) == deleted
    assert ports.jobs.list(OWNER, PageRequest()).items == ()
    assert ports.jobs.page_by_key(OWNER, open_job.key_id, open_job.dialect, page=1, limit=5) == ([], 0)
    with pytest.raises(WriteRefused) as again:
        ports.store.commit(DeleteJob(ended, NOW + 2 * MINUTE))
    assert again.value.current == deleted
    with pytest.raises(WriteRefused):
        ports.store.commit(DeleteJob(transitions.canceled(job(7), NOW), NOW))


def test_a_job_can_end_and_be_deleted_at_once(ports: Ports) -> None:
    open_job = created(ports)
    gone = replace(transitions.canceled(open_job, NOW), deleted_at=NOW)
    ports.store.commit(AdvanceJob(open_job, gone))
    assert stored(ports, open_job) == gone
    assert ports.jobs.list(OWNER, PageRequest()).items == ()
    assert ports.jobs.due(NOW + 60 * MINUTE, 10) == Due(())


def test_late_work_is_charged_for_once_and_only_when_it_has_ended(ports: Ports) -> None:
    open_job = job(late=Late.REFUNDED, late_of=object_id(77))
    ports.store.commit(CreateJob(open_job))
    assert ports.jobs.get(OWNER, open_job.id) == open_job
    with pytest.raises(WriteRefused):
        ports.store.commit(ChargeLateWork(open_job, 3, NOW))
    ended = transitions.timed_out(open_job, NOW)
    ports.store.commit(AdvanceJob(open_job, ended))
    ports.store.commit(ChargeLateWork(ended, 3, NOW))
    with pytest.raises(WriteRefused):
        ports.store.commit(ChargeLateWork(ended, 3, NOW))
    stored = ports.jobs.get(OWNER, open_job.id)
    assert stored is not None
    assert stored.charged == 3
    assert ports.jobs.list(OWNER, PageRequest()).items == ()
