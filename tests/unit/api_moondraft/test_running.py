"""Waiting, giving up, answering later, and what fits into an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.jobs import Job, JobStatus
from tests.fakes.world import Calls
from tests.unit.api_moondraft.desk import Desk, data_url, png

ASYNC = {"prefer": "respond-async"}


def test_a_job_that_takes_its_time_is_waited_for(desk: Desk) -> None:
    started = desk.clock.now()
    assert desk.post("/generate", {"prompt": "x [[slow:15]]"}).status == 200
    assert 15 <= (desk.clock.now() - started).total_seconds() < 29


def test_a_job_that_takes_too_long_is_given_up_and_refunded_before_the_gateway_gives_up(desk: Desk) -> None:
    started = desk.clock.now()
    reply = desk.post("/video", {"prompt": "x [[slow:60]]"})
    assert (reply.status, reply.error) == (503, "Timed out. Credits were refunded.")
    assert (desk.clock.now() - started).total_seconds() < 25
    assert (desk.wallet.available, desk.wallet.held, desk.wallet.spent) == (100, 0, 0)
    assert desk.get("/usage").json["usage"][0]["credits"] == 0


def test_a_result_that_comes_too_late_is_dropped_and_costs_nothing(desk: Desk) -> None:
    desk.post("/generate", {"prompt": "x [[slow:60]]", "quality": "premium"})
    desk.clock.advance(60)
    desk.work()
    assert (desk.wallet.available, desk.wallet.spent) == (100, 0)
    assert desk.last_job.status is JobStatus.FAILED
    assert not desk.blobs.objects
    desk.check_books()


def test_a_result_that_a_worker_holds_while_the_time_runs_out_is_dropped(desk: Desk) -> None:
    desk.working = False
    assert desk.post("/generate", {"prompt": "x"}).status == 503
    desk.work()
    assert (desk.wallet.available, desk.wallet.spent) == (100, 0)
    assert not desk.blobs.objects


def test_the_engine_is_told_to_stop(desk: Desk) -> None:
    desk.post("/generate", {"prompt": "x [[slow:600]]"})
    desk.work()
    assert len(desk.studio.canceled) == 1


def test_what_ends_in_the_last_moment_is_delivered(desk: Desk) -> None:
    desk.working = False
    wait = desk.core.wait_for_job

    def end_just_after(job: Job, seconds: float) -> Job:
        seen = wait(job, seconds)
        desk.work()
        return seen

    desk.core.run_job = replace(desk.core.run_job, wait=end_just_after)
    assert desk.post("/generate", {"prompt": "x"}).status == 200
    assert desk.wallet.spent == 1


# ---------------------------------------------------------------- batches


def test_each_prompt_of_a_batch_has_its_own_result_and_its_own_refund(desk: Desk) -> None:
    prompts = ["a", "b [[fail]]", "c [[block]]", "d", "e unusable"]
    reply = desk.post("/generate/batch", {"prompts": prompts, "quality": "premium"})
    assert reply.status == 200
    results = reply.json["results"]
    assert [item["prompt"] for item in results] == prompts
    assert [item["success"] for item in results] == [True, False, False, True, False]
    assert [("image" in item, "error" in item) for item in results] == [
        (True, False),
        (False, True),
        (False, True),
        (True, False),
        (False, True),
    ]
    assert results[2]["error"].startswith("Content policy")
    assert results[1]["error"] == "Generation failed. Credits were refunded."
    assert "input" in results[4]["error"]
    assert (desk.wallet.spent, desk.wallet.available, desk.wallet.held) == (6, 94, 0)


def test_a_refused_prompt_does_not_refuse_its_neighbours(desk: Desk) -> None:
    reply = desk.post("/generate/batch", {"prompts": ["x [[block]]", "y", "x [[block]]", "z"]})
    assert [item["success"] for item in reply.json["results"]] == [False, True, False, True]
    assert len(desk.studio.orders) == 3  # the same refused prompt is not tried twice


def test_a_batch_that_runs_out_of_time_delivers_what_it_has(desk: Desk) -> None:
    reply = desk.post("/generate/batch", {"prompts": ["quick", "late [[slow:90]]"]})
    assert reply.status == 200
    assert [item["success"] for item in reply.json["results"]] == [True, False]
    assert reply.json["results"][1]["error"].startswith("Timed out")
    assert (desk.wallet.spent, desk.wallet.available) == (1, 99)
    desk.clock.advance(90)
    desk.work()
    assert desk.wallet.spent == 1


@pytest.mark.parametrize(("marker", "status"), [("[[block]]", 410), ("[[fail]]", 500), ("[[slow:60]]", 503)])
def test_a_batch_without_any_result_fails_and_still_tells_of_each(
    desk: Desk, marker: str, status: int
) -> None:
    reply = desk.post("/generate/batch", {"prompts": [f"a {marker}", f"b {marker}"]})
    assert reply.status == status
    assert [item["success"] for item in reply.json["results"]] == [False, False]
    assert reply.json["error"] == reply.json["results"][0]["error"]
    assert desk.wallet.available == 100


# ------------------------------------------------------------ asynchronous


def test_who_would_rather_not_wait_is_answered_at_once(desk: Desk) -> None:
    started = desk.clock.now()
    reply = desk.post("/generate", {"prompt": "x [[slow:120]]"}, headers=ASYNC)
    assert (reply.status, desk.clock.now()) == (202, started)
    job_id = reply.json["id"]
    assert reply.headers["Location"] == f"/moondraft/v1/jobs/{job_id}"
    assert reply.headers["Preference-Applied"] == "respond-async"
    assert reply.json == {
        "id": job_id,
        "type": "generate",
        "credits": 1,
        "timestamp": "2026-03-14T09:26:53Z",
        "status": "queued",
        "completed_at": None,
        "result": None,
        "error": None,
    }
    desk.work()
    assert desk.get(f"/jobs/{job_id}").json["status"] == "processing"
    desk.clock.advance(130)
    desk.work()
    done = desk.get(f"/jobs/{job_id}").json
    assert (done["status"], done["credits"], done["error"]) == ("succeeded", 1, None)
    assert done["result"] == {"success": True, "quality": "standard", "image": data_url(desk.studio.picture)}


@pytest.mark.parametrize(
    "prefer", ["respond-async", "Respond-Async, wait=10", "handling=lenient; respond-async"]
)
def test_the_preference_is_read_as_http_has_it(desk: Desk, prefer: str) -> None:
    assert desk.post("/generate", {"prompt": "x"}, headers={"prefer": prefer}).status == 202


@pytest.mark.parametrize("prefer", ["", "wait=5", "no-respond-async", "respond-asynchronously"])
def test_other_preferences_are_waited_for(desk: Desk, prefer: str) -> None:
    assert desk.post("/generate", {"prompt": "x"}, headers={"prefer": prefer}).status == 200


def test_a_job_that_failed_says_why(desk: Desk) -> None:
    job_id = desk.post("/generate", {"prompt": "[[block]]"}, headers=ASYNC).json["id"]
    desk.work()
    job = desk.get(f"/jobs/{job_id}").json
    assert (job["status"], job["credits"], job["result"]) == ("failed", 0, None)
    assert job["error"].startswith("Content policy")


def test_a_batch_later(desk: Desk) -> None:
    job_id = desk.post("/generate/batch", {"prompts": ["a", "b [[fail]]"]}, headers=ASYNC).json["id"]
    desk.work()
    job = desk.get(f"/jobs/{job_id}").json
    assert (job["type"], job["status"], job["credits"]) == ("batch", "partial", 1)
    assert [item["success"] for item in job["result"]["results"]] == [True, False]


def test_accepting_costs_three_calls_and_one_for_each_file(desk: Desk) -> None:
    calls = Calls()
    for port in ("accounts", "store", "queues", "jobs", "assets", "blobs"):
        setattr(desk.core, port, calls.watch(getattr(desk.core, port), port))
    desk.post("/generate/batch", {"prompts": ["a"] * 10, "style_ref": data_url(png())}, headers=ASYNC)
    assert calls.made == ["accounts.admit", "blobs.put", "store.commit", "queues.send_tasks"]


# ------------------------------------------------------------- idempotency


def test_a_repeated_request_is_answered_with_the_first_one_s_result(desk: Desk) -> None:
    body, headers = {"prompt": "x", "style_ref": data_url(png())}, {"idempotency-key": "once"}
    first = desk.post("/generate", body, headers=headers)
    stored = len(desk.blobs.objects)
    again = desk.post("/generate", body, headers=headers)
    assert (again.status, again.json) == (200, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (len(desk.memory.jobs), len(desk.blobs.objects), desk.wallet.spent) == (1, stored, 1)


def test_a_repeated_failure_stays_a_failure(desk: Desk) -> None:
    headers = {"idempotency-key": "once"}
    for _ in range(2):
        assert desk.post("/generate", {"prompt": "[[slow:60]]"}, headers=headers).status == 503
    assert len(desk.memory.jobs) == 1


# ------------------------------------------------------- what fits an answer


def test_what_does_not_fit_an_answer_is_an_address(desk: Desk) -> None:
    desk.studio.picture = png(extra=5_000_000)
    reply = desk.post("/generate", {"prompt": "x"})
    assert reply.status == 200
    assert reply.json["success"] is True
    url = reply.json["image"]
    assert url.startswith("https://api.test/files/")
    assert len(reply.body) < 1000


def test_a_batch_is_inline_for_as_long_as_there_is_room(desk: Desk) -> None:
    desk.studio.picture = png(extra=1_500_000)
    images = [
        item["image"] for item in desk.post("/generate/batch", {"prompts": list("abcdef")}).json["results"]
    ]
    assert [image.partition(":")[0] for image in images] == [
        "data",
        "data",
        "https",
        "https",
        "https",
        "https",
    ]


def test_a_result_whose_file_is_gone_is_still_answered(desk: Desk) -> None:
    job_id = desk.post("/generate", {"prompt": "x"}, headers=ASYNC).json["id"]
    desk.work()
    desk.blobs.objects.clear()
    reply = desk.get(f"/jobs/{job_id}")
    assert reply.status == 200
    assert reply.json["result"]["image"].startswith("https://api.test/files/")
