"""Polling: ids, order, strangers, and progress that only grows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_gencraft import task_ids
from api_gencraft.app import WRITES
from darkroom.domain.accounts import Owner
from darkroom.domain.jobs import FailureCode
from tests.contract.examples import job as example
from tests.unit.api_gencraft.desk import UNKNOWN_ID, Desk, refusal

STRANGE_IDS = [
    *("task_abc123", "task_", "task", "x", "tsk_img_xxx", "None", "..", "%00", "task_é", "🗼"),
    f"task_{UNKNOWN_ID}_0",
    f"task_{'0' * 32}",
    f"task_{'0' * 32}_",
    f"task_{'0' * 31}_0",
    f"task_{'0' * 32}_00",
    f"task_{'0' * 32}_-1",
    f"task_{'0' * 32}_100",
    f"task_{'0' * 32}_٣",
    f"task_{'A' * 32}_0",
    f"TASK_{'0' * 32}_0",
    f"task_{'0' * 32}_0_0",
]


def not_found(task_id: str) -> dict[str, object]:
    return {"task_id": task_id, "status": "failed", "progress": 0, "error": "not found"}


# ------------------------------------------------------------------------------- ids


@given(st.uuids(), st.integers(0, 99))
def test_an_id_leads_back_to_its_task(job_id: object, index: int) -> None:
    ref = task_ids.parse(task_ids.spell(example(tasks=1, id=str(job_id)), index))
    assert ref == task_ids.TaskRef(str(job_id), index)


@given(st.text(max_size=60))
def test_only_what_was_written_is_read(text: str) -> None:
    assert task_ids.parse(text) is None


@pytest.mark.parametrize("task_id", STRANGE_IDS)
def test_what_is_no_id_is_not_found_without_a_look_up(desk: Desk, task_id: str) -> None:
    assert task_ids.parse(task_id) is None
    desk.calls.made.clear()
    assert refusal(desk.get(f"/tasks/{task_id}")) == (404, "not_found")
    assert desk.get("/tasks", query={"ids": task_id}).json == {"tasks": [not_found(task_id)]}
    assert not [call for call in desk.calls.made if call.startswith("jobs")]


def test_a_line_break_after_an_id_is_not_part_of_it(desk: Desk) -> None:
    (task_id,) = desk.generate()
    assert task_ids.parse(task_id + "\n") is None


def test_an_index_beyond_the_jobs_tasks_is_not_found(desk: Desk) -> None:
    first, second = desk.generate(count=2)
    beyond = f"{first[:-2]}_2"
    assert refusal(desk.get(f"/tasks/{beyond}")) == (404, "not_found")
    shown = desk.get("/tasks", query={"ids": f"{beyond},{second}"}).json["tasks"]
    assert shown == [not_found(beyond), {"task_id": second, "status": "queued", "progress": 0}]


# -------------------------------------------------------------------------- strangers


def test_foreign_tasks_are_not_found(desk: Desk) -> None:
    (mine,) = desk.generate()
    theirs = desk.post("/generate", {"prompt": "x"}, key="test").json["task_ids"][0]
    job = desk.last_job
    desk.memory.jobs.pop((job.owner, job.id))
    stranger = Owner(UNKNOWN_ID, True)
    desk.memory.jobs[stranger, job.id] = replace(job, owner=stranger)
    assert refusal(desk.get(f"/tasks/{theirs}")) == (404, "not_found")
    assert desk.get("/tasks", query={"ids": f"{theirs},{mine}"}).json["tasks"] == [
        not_found(theirs),
        {"task_id": mine, "status": "queued", "progress": 0},
    ]


def test_a_test_keys_tasks_are_not_a_live_keys(desk: Desk) -> None:
    theirs = desk.post("/generate", {"prompt": "x"}, key="test").json["task_ids"][0]
    assert refusal(desk.get(f"/tasks/{theirs}")) == (404, "not_found")
    assert desk.get(f"/tasks/{theirs}", key="test").json["status"] == "queued"


def test_another_key_of_the_workspace_sees_its_tasks(desk: Desk) -> None:
    (mine,) = desk.generate()
    assert desk.get(f"/tasks/{mine}", key=desk.issue("second")).json["task_id"] == mine


def test_other_dialects_jobs_are_no_tasks_here(desk: Desk) -> None:
    (mine,) = desk.generate()
    job = desk.last_job
    desk.memory.jobs[desk.owner, job.id] = replace(job, dialect="memes")
    assert refusal(desk.get(f"/tasks/{mine}")) == (404, "not_found")
    assert desk.get("/tasks", query={"ids": mine}).json["tasks"] == [not_found(mine)]


# ------------------------------------------------------------------------------ batches


def test_a_batch_answers_in_the_order_it_was_asked(desk: Desk) -> None:
    ids = [task for _ in range(4) for task in desk.generate(count=4)]
    wanted = [*reversed(ids), "task_unknown", ids[3], ids[3], f"task_{'0' * 32}_0"]
    shown = desk.get("/tasks", query={"ids": ",".join(wanted)}).json["tasks"]
    assert [task["task_id"] for task in shown] == wanted
    assert [task["status"] for task in shown] == [*["queued"] * 16, "failed", "queued", "queued", "failed"]


def test_a_batch_is_one_read_of_each_job(desk: Desk) -> None:
    ids = [task for _ in range(3) for task in desk.generate(count=4)]
    desk.calls.made.clear()
    asked: list[list[str]] = []
    get_many = desk.core.jobs.get_many

    def listen(owner: Owner, job_ids: list[str]) -> object:
        asked.append(job_ids)
        return get_many(owner, job_ids)

    desk.core.jobs.get_many = listen  # type: ignore[method-assign,assignment]
    desk.get("/tasks", query={"ids": ",".join(ids)})
    assert [len(job_ids) for job_ids in asked] == [3]
    assert desk.calls.made == ["accounts.admit", "jobs.get_many", "store.commit"]


@pytest.mark.parametrize("query", [None, {}, {"ids": ""}, {"ids": " "}, {"ids": ",, ,"}, {"id": "x"}])
def test_a_batch_of_nothing_is_refused(desk: Desk, query: dict[str, str] | None) -> None:
    reply = desk.get("/tasks", query=query)
    assert refusal(reply) == (400, "invalid_request")
    assert "ids" in reply.error["message"]


def test_twenty_are_a_batch_and_twenty_one_are_too_many(desk: Desk) -> None:
    (task_id,) = desk.generate()
    twenty = ",".join([task_id] * 20)
    assert len(desk.get("/tasks", query={"ids": twenty}).json["tasks"]) == 20
    assert len(desk.get("/tasks", query={"ids": f" {twenty.replace(',', ' , ')},"}).json["tasks"]) == 20
    reply = desk.get("/tasks", query={"ids": f"{twenty},{task_id}"})
    assert refusal(reply) == (400, "invalid_request")
    assert "20" in reply.error["message"]


# ----------------------------------------------------------------------------- progress


def test_progress_grows_with_time_and_arrives_only_with_the_picture(desk: Desk) -> None:
    (task_id,) = desk.generate(prompt="a kite [[slow:40]]")
    assert desk.poll(task_id)["progress"] == 0
    desk.clock.advance(30)
    assert desk.poll(task_id) == {"task_id": task_id, "status": "queued", "progress": 0}
    desk.worker(desk.queues.tasks.pop().message)
    seen = []
    for _ in range(200):
        shown = desk.poll(task_id)
        assert shown["status"] == "in_progress"
        seen.append(shown["progress"])
        desk.clock.advance(0.5)
    assert seen == sorted(seen)
    assert 1 <= seen[0] <= seen[-1] <= 99
    desk.work()
    assert (desk.poll(task_id)["status"], desk.poll(task_id)["progress"]) == ("completed", 100)


@pytest.mark.parametrize(("size", "seconds"), [("1K", 8), ("2K", 12), ("4K", 25)])
def test_nine_tenths_are_through_when_a_picture_is_expected(desk: Desk, size: str, seconds: int) -> None:
    (task_id,) = desk.generate(prompt="a kite [[slow:900]]", imageSize=size)
    desk.worker(desk.queues.tasks.pop().message)
    shown = []
    for passed in (0, seconds, seconds, 10_000):
        desk.clock.advance(passed)
        desk.clock.set(max(desk.clock.now(), desk.last_job.created_at))
        shown.append(desk.poll(task_id)["progress"])
    assert shown == [1, 90, 99, 99]


def test_a_task_put_back_into_the_queue_does_not_fall_back(desk: Desk) -> None:
    first, second = desk.generate(count=2)
    job = desk.last_job
    now = desk.clock.now()
    lease_until = now + timedelta(seconds=90)
    claimed = desk.core.jobs.claim(desk.owner, job.id, 0, now=now, lease_until=lease_until)
    desk.clock.advance(5)
    before = desk.poll(first)
    desk.core.jobs.requeue(desk.owner, job.id, claimed.tasks[0], check_at=lease_until)
    after = desk.poll(first)
    assert before["status"] == after["status"] == "in_progress"
    assert after["progress"] >= before["progress"] > 0
    assert desk.poll(second)["status"] == "in_progress"


def test_a_clock_that_runs_behind_shows_no_nonsense(desk: Desk) -> None:
    (task_id,) = desk.generate(prompt="a kite [[slow:40]]")
    desk.worker(desk.queues.tasks.pop().message)
    desk.clock.advance(-3600)
    assert desk.poll(task_id)["progress"] == 1


@pytest.mark.parametrize("failure", FailureCode)
def test_every_failure_has_words_and_no_progress(desk: Desk, failure: FailureCode) -> None:
    (task_id,) = desk.generate()
    desk.end(desk.last_job.id, failure)
    shown = desk.poll(task_id)
    assert (shown["status"], shown["progress"]) == ("failed", 0)
    assert shown["error"]
    assert ("content policy" in shown["error"]) == (failure is FailureCode.CONTENT_BLOCKED)
    assert "imageUrl" not in shown


def test_a_task_stopped_from_elsewhere_has_failed(desk: Desk) -> None:
    (task_id,) = desk.generate()
    desk.core.cancel_job(desk.core.authenticate(desk.key, WRITES), desk.last_job.id)
    assert desk.poll(task_id) == {
        "task_id": task_id,
        "status": "failed",
        "progress": 0,
        "error": "canceled",
    }


def test_one_of_many_may_be_done_before_the_others(desk: Desk) -> None:
    ids = desk.generate(prompt="a kite", count=3)
    message = desk.queues.tasks[1].message
    desk.worker(message)
    desk.clock.advance(3)
    shown = [desk.poll(task) for task in ids]
    assert [task["status"] for task in shown] == ["in_progress", "completed", "in_progress"]
    desk.worker(message)  # delivered twice
    assert desk.poll(ids[1]) == shown[1]
