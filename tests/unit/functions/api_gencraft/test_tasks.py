"""Polling: ids, order, strangers, and progress that only grows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_gencraft import task_ids
from api_gencraft.app import WRITES
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.job import FailureCode
from tests.contract.examples import job as example
from tests.unit.functions.api_gencraft.client import UNKNOWN_ID, Client, refusal

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
def test_what_is_no_id_is_not_found_without_a_look_up(api: Client, task_id: str) -> None:
    assert task_ids.parse(task_id) is None
    api.calls.made.clear()
    assert refusal(api.get(f"/tasks/{task_id}")) == (404, "not_found")
    assert api.get("/tasks", query={"ids": task_id}).json == {"tasks": [not_found(task_id)]}
    assert not [call for call in api.calls.made if call.startswith("jobs")]


def test_a_line_break_after_an_id_is_not_part_of_it(api: Client) -> None:
    (task_id,) = api.generate()
    assert task_ids.parse(task_id + "\n") is None


def test_an_index_beyond_the_jobs_tasks_is_not_found(api: Client) -> None:
    first, second = api.generate(count=2)
    beyond = f"{first[:-2]}_2"
    assert refusal(api.get(f"/tasks/{beyond}")) == (404, "not_found")
    shown = api.get("/tasks", query={"ids": f"{beyond},{second}"}).json["tasks"]
    assert shown == [not_found(beyond), {"task_id": second, "status": "queued", "progress": 0}]


# -------------------------------------------------------------------------- strangers


def test_foreign_tasks_are_not_found(api: Client) -> None:
    (mine,) = api.generate()
    theirs = api.post("/generate", {"prompt": "x"}, key="test").json["task_ids"][0]
    job = api.last_job
    api.memory.jobs.pop((job.owner, job.id))
    stranger = Owner(UNKNOWN_ID, True)
    api.memory.jobs[stranger, job.id] = replace(job, owner=stranger)
    assert refusal(api.get(f"/tasks/{theirs}")) == (404, "not_found")
    assert api.get("/tasks", query={"ids": f"{theirs},{mine}"}).json["tasks"] == [
        not_found(theirs),
        {"task_id": mine, "status": "queued", "progress": 0},
    ]


def test_a_test_keys_tasks_are_not_a_live_keys(api: Client) -> None:
    theirs = api.post("/generate", {"prompt": "x"}, key="test").json["task_ids"][0]
    assert refusal(api.get(f"/tasks/{theirs}")) == (404, "not_found")
    assert api.get(f"/tasks/{theirs}", key="test").json["status"] == "queued"


def test_another_key_of_the_workspace_sees_its_tasks(api: Client) -> None:
    (mine,) = api.generate()
    assert api.get(f"/tasks/{mine}", key=api.issue("second")).json["task_id"] == mine


def test_other_dialects_jobs_are_no_tasks_here(api: Client) -> None:
    (mine,) = api.generate()
    job = api.last_job
    api.memory.jobs[api.owner, job.id] = replace(job, dialect="memes")
    assert refusal(api.get(f"/tasks/{mine}")) == (404, "not_found")
    assert api.get("/tasks", query={"ids": mine}).json["tasks"] == [not_found(mine)]


# ------------------------------------------------------------------------------ batches


def test_a_batch_answers_in_the_order_it_was_asked(api: Client) -> None:
    ids = [task for _ in range(4) for task in api.generate(count=4)]
    sent_ids = [*reversed(ids), "task_unknown", ids[3], ids[3], f"task_{'0' * 32}_0"]
    shown = api.get("/tasks", query={"ids": ",".join(sent_ids)}).json["tasks"]
    assert [task["task_id"] for task in shown] == sent_ids
    assert [task["status"] for task in shown] == [*["queued"] * 16, "failed", "queued", "queued", "failed"]


def test_a_batch_is_one_read_of_each_job(api: Client) -> None:
    ids = [task for _ in range(3) for task in api.generate(count=4)]
    api.calls.made.clear()
    asked: list[list[str]] = []
    get_many = api.core.jobs.get_many

    def listen(owner: Owner, job_ids: list[str]) -> object:
        asked.append(job_ids)
        return get_many(owner, job_ids)

    api.core.jobs.get_many = listen  # type: ignore[method-assign,assignment]
    api.get("/tasks", query={"ids": ",".join(ids)})
    assert [len(job_ids) for job_ids in asked] == [3]
    assert api.calls.made == ["accounts.admit", "store.commit", "jobs.get_many"]


@pytest.mark.parametrize("query", [None, {}, {"ids": ""}, {"ids": " "}, {"ids": ",, ,"}, {"id": "x"}])
def test_a_batch_of_nothing_is_refused(api: Client, query: dict[str, str] | None) -> None:
    reply = api.get("/tasks", query=query)
    assert refusal(reply) == (400, "invalid_request")
    assert "ids" in reply.error["message"]


def test_twenty_are_a_batch_and_twenty_one_are_too_many(api: Client) -> None:
    (task_id,) = api.generate()
    twenty = ",".join([task_id] * 20)
    assert len(api.get("/tasks", query={"ids": twenty}).json["tasks"]) == 20
    assert len(api.get("/tasks", query={"ids": f" {twenty.replace(',', ' , ')},"}).json["tasks"]) == 20
    reply = api.get("/tasks", query={"ids": f"{twenty},{task_id}"})
    assert refusal(reply) == (400, "invalid_request")
    assert "20" in reply.error["message"]


# ----------------------------------------------------------------------------- progress


def test_progress_grows_with_time_and_arrives_only_with_the_picture(api: Client) -> None:
    (task_id,) = api.generate(prompt="a kite [[slow:40]]")
    assert api.poll(task_id)["progress"] == 0
    api.clock.advance(30)
    assert api.poll(task_id) == {"task_id": task_id, "status": "queued", "progress": 0}
    api.worker(api.queues.tasks.pop().message)
    seen = []
    for _ in range(200):
        shown = api.poll(task_id)
        assert shown["status"] == "in_progress"
        seen.append(shown["progress"])
        api.clock.advance(0.5)
    assert seen == sorted(seen)
    assert 1 <= seen[0] <= seen[-1] <= 99
    api.work()
    assert (api.poll(task_id)["status"], api.poll(task_id)["progress"]) == ("completed", 100)


@pytest.mark.parametrize(("size", "seconds"), [("1K", 8), ("2K", 12), ("4K", 25)])
def test_nine_tenths_are_through_when_a_picture_is_expected(api: Client, size: str, seconds: int) -> None:
    (task_id,) = api.generate(prompt="a kite [[slow:900]]", imageSize=size)
    api.worker(api.queues.tasks.pop().message)
    shown = []
    for passed in (0, seconds, seconds, 10_000):
        api.clock.advance(passed)
        api.clock.set(max(api.clock.now(), api.last_job.created_at))
        shown.append(api.poll(task_id)["progress"])
    assert shown == [1, 90, 99, 99]


def test_a_task_put_back_into_the_queue_does_not_fall_back(api: Client) -> None:
    first, second = api.generate(count=2)
    job = api.last_job
    now = api.clock.now()
    lease_until = now + timedelta(seconds=90)
    claimed = api.core.jobs.claim(api.owner, job.id, 0, now=now, lease_until=lease_until)
    api.clock.advance(5)
    before = api.poll(first)
    api.core.jobs.requeue(api.owner, job.id, claimed.tasks[0], check_at=lease_until)
    after = api.poll(first)
    assert before["status"] == after["status"] == "in_progress"
    assert after["progress"] >= before["progress"] > 0
    assert api.poll(second)["status"] == "in_progress"


def test_a_clock_that_runs_behind_shows_no_nonsense(api: Client) -> None:
    (task_id,) = api.generate(prompt="a kite [[slow:40]]")
    api.worker(api.queues.tasks.pop().message)
    api.clock.advance(-3600)
    assert api.poll(task_id)["progress"] == 1


@pytest.mark.parametrize("failure", FailureCode)
def test_every_failure_has_words_and_no_progress(api: Client, failure: FailureCode) -> None:
    (task_id,) = api.generate()
    api.end(api.last_job.id, failure)
    shown = api.poll(task_id)
    assert (shown["status"], shown["progress"]) == ("failed", 0)
    assert shown["error"]
    assert ("content policy" in shown["error"]) == (failure is FailureCode.CONTENT_BLOCKED)
    assert "imageUrl" not in shown


def test_a_task_stopped_from_elsewhere_has_failed(api: Client) -> None:
    (task_id,) = api.generate()
    api.core.cancel_job(api.core.authenticate(api.key, WRITES), api.last_job.id)
    assert api.poll(task_id) == {
        "task_id": task_id,
        "status": "failed",
        "progress": 0,
        "error": "canceled",
    }


def test_one_of_many_may_be_done_before_the_others(api: Client) -> None:
    ids = api.generate(prompt="a kite", count=3)
    message = api.queues.tasks[1].message
    api.worker(message)
    api.clock.advance(3)
    shown = [api.poll(task) for task in ids]
    assert [task["status"] for task in shown] == ["in_progress", "completed", "in_progress"]
    api.worker(message)  # delivered twice
    assert api.poll(ids[1]) == shown[1]
