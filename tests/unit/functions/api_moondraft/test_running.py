"""Waiting, giving up, answering later, and what fits into an answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.jobs.job import Job, JobStatus
from tests.fakes.calls import Calls
from tests.harness.container import BASE_URL
from tests.unit.functions.api_moondraft.client import Client, data_url, png

ASYNC = {"prefer": "respond-async"}


def test_a_job_that_takes_its_time_is_waited_for(api: Client) -> None:
    started = api.clock.now()
    assert api.post("/generate", {"prompt": "x [[slow:15]]"}).status == 200
    assert 15 <= (api.clock.now() - started).total_seconds() < 29


def test_a_job_that_takes_too_long_is_given_up_and_refunded_before_the_gateway_gives_up(api: Client) -> None:
    started = api.clock.now()
    reply = api.post("/video", {"prompt": "x [[slow:60]]"})
    assert (reply.status, reply.error) == (503, "Timed out. Credits were refunded.")
    assert (api.clock.now() - started).total_seconds() < 25
    assert (api.wallet.available, api.wallet.held, api.wallet.spent) == (100, 0, 0)
    assert api.get("/usage").json["usage"][0]["credits"] == 0


def test_a_result_that_comes_too_late_is_dropped_and_costs_nothing(api: Client) -> None:
    api.post("/generate", {"prompt": "x [[slow:60]]", "quality": "premium"})
    api.clock.advance(60)
    api.work()
    assert (api.wallet.available, api.wallet.spent) == (100, 0)
    assert api.last_job.status is JobStatus.FAILED
    assert not api.blobs.objects
    api.check_books()


def test_a_result_that_a_worker_holds_while_the_time_runs_out_is_dropped(api: Client) -> None:
    api.working = False
    assert api.post("/generate", {"prompt": "x"}).status == 503
    api.work()
    assert (api.wallet.available, api.wallet.spent) == (100, 0)
    assert not api.blobs.objects


def test_the_engine_is_told_to_stop(api: Client) -> None:
    api.post("/generate", {"prompt": "x [[slow:600]]"})
    api.work()
    assert len(api.studio.canceled) == 1


def test_what_ends_in_the_last_moment_is_delivered(api: Client) -> None:
    api.working = False
    wait = api.core.wait_for_job

    def end_just_after(job: Job, seconds: float) -> Job:
        seen = wait(job, seconds)
        api.work()
        return seen

    api.core.run_job = replace(api.core.run_job, wait=end_just_after)
    assert api.post("/generate", {"prompt": "x"}).status == 200
    assert api.wallet.spent == 1


def test_where_too_many_requests_of_the_workspace_wait_one_more_is_refused_and_begins_nothing(
    api: Client,
) -> None:
    api.have_others_wait()
    reply = api.post("/generate", {"prompt": "x"}, headers={"idempotency-key": "k"})
    assert (reply.status, reply.headers["Retry-After"]) == (429, "2")
    assert (api.wallet.available, api.wallet.held) == (100, 0)
    assert not api.memory.jobs
    assert api.post("/generate", {"prompt": "x"}, headers=ASYNC).status == 202
    api.clock.advance(31)  # the functions of the others died: what they held is free again
    assert api.post("/generate", {"prompt": "x"}, headers={"idempotency-key": "k"}).status == 200


def test_a_repeated_request_that_would_wait_is_refused_too_and_ends_nothing(api: Client) -> None:
    wait, again = api.core.wait_for_job, []

    def meanwhile(job: Job, seconds: float) -> Job:
        api.have_others_wait()
        again.append(api.post("/generate", {"prompt": "x"}, headers={"idempotency-key": "k"}))
        return wait(job, seconds)

    api.core.run_job = replace(api.core.run_job, wait=meanwhile)
    assert api.post("/generate", {"prompt": "x"}, headers={"idempotency-key": "k"}).status == 200
    assert [reply.status for reply in again] == [429]
    assert (api.wallet.available, api.wallet.spent) == (99, 1)


# ---------------------------------------------------------------- batches


def test_each_prompt_of_a_batch_has_its_own_result_and_its_own_refund(api: Client) -> None:
    prompts = ["a", "b [[fail]]", "c [[block]]", "d", "e unusable"]
    reply = api.post("/generate/batch", {"prompts": prompts, "quality": "premium"})
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
    assert (api.wallet.spent, api.wallet.available, api.wallet.held) == (6, 94, 0)


def test_a_refused_prompt_does_not_refuse_its_neighbours(api: Client) -> None:
    reply = api.post("/generate/batch", {"prompts": ["x [[block]]", "y", "x [[block]]", "z"]})
    assert [item["success"] for item in reply.json["results"]] == [False, True, False, True]
    assert len(api.studio.requests) == 3  # the same refused prompt is not tried twice


def test_a_batch_that_runs_out_of_time_delivers_what_it_has(api: Client) -> None:
    reply = api.post("/generate/batch", {"prompts": ["quick", "late [[slow:90]]"]})
    assert reply.status == 200
    assert [item["success"] for item in reply.json["results"]] == [True, False]
    assert reply.json["results"][1]["error"].startswith("Timed out")
    assert (api.wallet.spent, api.wallet.available) == (1, 99)
    api.clock.advance(90)
    api.work()
    assert api.wallet.spent == 1


@pytest.mark.parametrize(("marker", "status"), [("[[block]]", 410), ("[[fail]]", 500), ("[[slow:60]]", 503)])
def test_a_batch_without_any_result_fails_and_still_tells_of_each(
    api: Client, marker: str, status: int
) -> None:
    reply = api.post("/generate/batch", {"prompts": [f"a {marker}", f"b {marker}"]})
    assert reply.status == status
    assert [item["success"] for item in reply.json["results"]] == [False, False]
    assert reply.json["error"] == reply.json["results"][0]["error"]
    assert api.wallet.available == 100


# ------------------------------------------------------------ asynchronous


def test_who_would_rather_not_wait_is_answered_at_once(api: Client) -> None:
    started = api.clock.now()
    reply = api.post("/generate", {"prompt": "x [[slow:120]]"}, headers=ASYNC)
    assert (reply.status, api.clock.now()) == (202, started)
    job_id = reply.json["id"]
    assert reply.headers["Location"] == f"{BASE_URL}/moondraft/v1/jobs/{job_id}"
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
    api.work()
    assert api.get(f"/jobs/{job_id}").json["status"] == "processing"
    api.clock.advance(130)
    api.work()
    done = api.get(f"/jobs/{job_id}").json
    assert (done["status"], done["credits"], done["error"]) == ("succeeded", 1, None)
    assert done["result"] == {"success": True, "quality": "standard", "image": data_url(api.studio.picture)}


@pytest.mark.parametrize(
    "prefer", ["respond-async", "Respond-Async, wait=10", "handling=lenient; respond-async"]
)
def test_the_preference_is_read_as_http_has_it(api: Client, prefer: str) -> None:
    assert api.post("/generate", {"prompt": "x"}, headers={"prefer": prefer}).status == 202


@pytest.mark.parametrize("prefer", ["return=minimal", 'foo; RETURN = "minimal", wait=3'])
def test_who_prefers_a_small_answer_gets_addresses(api: Client, prefer: str) -> None:
    job_id = api.post("/generate/batch", {"prompts": ["a", "b"]}, headers=ASYNC).json["id"]
    api.work()
    reply = api.get(f"/jobs/{job_id}", headers={"prefer": prefer})
    assert reply.headers["Preference-Applied"] == "return=minimal"
    images = [item["image"] for item in reply.json["result"]["results"]]
    assert all(image.startswith("https://api.test/files/") for image in images)


@pytest.mark.parametrize("prefer", ["return=representation", "no-return=minimal", "return=minimalist"])
def test_who_prefers_something_else_gets_files(api: Client, prefer: str) -> None:
    job_id = api.post("/generate", {"prompt": "x"}, headers=ASYNC).json["id"]
    api.work()
    reply = api.get(f"/jobs/{job_id}", headers={"prefer": prefer})
    assert "Preference-Applied" not in reply.headers
    assert reply.json["result"]["image"].startswith("data:")


def test_who_repeats_without_waiting_is_told_of_the_job(api: Client) -> None:
    first = api.post("/generate", {"prompt": "x"}, headers={"idempotency-key": "once"})
    assert first.status == 200
    small = {"idempotency-key": "once", "prefer": "respond-async, return=minimal"}
    again = api.post("/generate", {"prompt": "x"}, headers=small)
    assert (again.status, again.headers["Idempotent-Replayed"]) == (202, "true")
    assert (again.json["status"], len(api.memory.jobs)) == ("succeeded", 1)
    assert again.json["result"]["image"].startswith("https://api.test/files/")


@pytest.mark.parametrize("prefer", ["", "wait=5", "no-respond-async", "respond-asynchronously"])
def test_other_preferences_are_waited_for(api: Client, prefer: str) -> None:
    assert api.post("/generate", {"prompt": "x"}, headers={"prefer": prefer}).status == 200


def test_a_job_that_failed_says_why(api: Client) -> None:
    job_id = api.post("/generate", {"prompt": "[[block]]"}, headers=ASYNC).json["id"]
    api.work()
    job = api.get(f"/jobs/{job_id}").json
    assert (job["status"], job["credits"], job["result"]) == ("failed", 0, None)
    assert job["error"].startswith("Content policy")


def test_a_batch_later(api: Client) -> None:
    job_id = api.post("/generate/batch", {"prompts": ["a", "b [[fail]]"]}, headers=ASYNC).json["id"]
    api.work()
    job = api.get(f"/jobs/{job_id}").json
    assert (job["type"], job["status"], job["credits"]) == ("batch", "partial", 1)
    assert [item["success"] for item in job["result"]["results"]] == [True, False]


def test_accepting_costs_three_calls_and_one_for_each_file(api: Client) -> None:
    calls = Calls()
    for port in ("accounts", "store", "queues", "jobs", "assets", "blobs"):
        setattr(api.core, port, calls.watch(getattr(api.core, port), port))
    api.post("/generate/batch", {"prompts": ["a"] * 10, "style_ref": data_url(png())}, headers=ASYNC)
    assert calls.made == ["accounts.admit", "blobs.put", "store.commit", "queues.send_tasks"]


# ------------------------------------------------------------- idempotency


def test_a_repeated_request_is_answered_with_the_first_one_s_result(api: Client) -> None:
    body, headers = {"prompt": "x", "style_ref": data_url(png())}, {"idempotency-key": "once"}
    first = api.post("/generate", body, headers=headers)
    stored = len(api.blobs.objects)
    again = api.post("/generate", body, headers=headers)
    assert (again.status, again.json) == (200, first.json)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert (len(api.memory.jobs), len(api.blobs.objects), api.wallet.spent) == (1, stored, 1)


def test_a_repeated_failure_stays_a_failure(api: Client) -> None:
    headers = {"idempotency-key": "once"}
    for _ in range(2):
        assert api.post("/generate", {"prompt": "[[slow:60]]"}, headers=headers).status == 503
    assert len(api.memory.jobs) == 1


# ------------------------------------------------------- what fits an answer


def test_what_does_not_fit_an_answer_is_an_address(api: Client) -> None:
    api.studio.picture = png(extra=5_000_000)
    reply = api.post("/generate", {"prompt": "x"})
    assert reply.status == 200
    assert reply.json["success"] is True
    url = reply.json["image"]
    assert url.startswith("https://api.test/files/")
    assert len(reply.body) < 1000


def test_a_batch_is_inline_for_as_long_as_there_is_room(api: Client) -> None:
    api.studio.picture = png(extra=1_500_000)
    images = [
        item["image"] for item in api.post("/generate/batch", {"prompts": list("abcdef")}).json["results"]
    ]
    assert [image.partition(":")[0] for image in images] == [
        "data",
        "data",
        "https",
        "https",
        "https",
        "https",
    ]


def test_a_result_whose_file_is_gone_is_still_answered(api: Client) -> None:
    job_id = api.post("/generate", {"prompt": "x"}, headers=ASYNC).json["id"]
    api.work()
    api.blobs.objects.clear()
    reply = api.get(f"/jobs/{job_id}")
    assert reply.status == 200
    assert reply.json["result"]["image"].startswith("https://api.test/files/")
