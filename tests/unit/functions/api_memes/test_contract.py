"""The contract's own requests, as its pages show them, and the fields it promises in return."""

from __future__ import annotations

import re
from dataclasses import replace
from uuid import UUID

import pytest

from darkroom.domain.jobs.job import FailureCode, JobStatus
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.domain.serialization import to_document
from tests.harness.container import BASE_URL
from tests.unit.functions.api_memes.client import Client

QUICKSTART = {
    "prompt": "When the coffee finally kicks in on a Monday",
    "brand_context": {"company_name": "Dawn Roasters", "industry": "coffee"},
    "aspect_ratio": "1:1",
    "count": 2,
}
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def test_the_quickstart_submits_polls_and_reads_the_output(api: Client) -> None:
    headers = {"idempotency-key": "3f1c9a52-0e9b-4b8d-9a1a-1f2e3d4c5b6a"}
    queued = api.post("/memes", QUICKSTART, headers=headers)
    assert queued.status == 202
    generation = queued.json["generation"]
    assert str(UUID(queued.json["generation"]["id"])) == generation.pop("id")
    assert generation == {
        "object": "generation",
        "type": "meme",
        "status": "queued",
        "model": "forge-image",
        "requested_count": 2,
        "completed_count": 0,
        "failed_count": 0,
        "output": [],
        "error": None,
        "created_at": "2026-06-18T17:04:22Z",
        "completed_at": None,
    }
    assert queued.json["usage"] == {
        "credits_used": 0,
        "credits_remaining": 480,
        "interval": "rolling_30_days",
        "reset_at": "2026-07-01T00:00:00Z",
    }
    assert queued.json["meta"]["livemode"] is True

    job_id = queued.json["generation"]["id"]
    api.clock.advance(19)
    api.end(job_id)
    done = api.get(f"/generations/{job_id}").json
    assert done["generation"]["status"] == "succeeded"
    assert done["generation"]["completed_count"] == 2
    assert done["generation"]["completed_at"] == "2026-06-18T17:04:41Z"
    assert done["usage"]["credits_used"] == 2
    assert done["usage"]["credits_remaining"] == 478
    first = done["generation"]["output"][0]
    assert str(UUID(first["id"])) == first["id"]
    assert first["url"].startswith("https://api.test/files/")
    assert {name: first[name] for name in ("type", "aspect_ratio", "slide_index", "parent_id", "model")} == {
        "type": "image",
        "aspect_ratio": "1:1",
        "slide_index": None,
        "parent_id": None,
        "model": "forge-image",
    }
    assert MOMENT.fullmatch(first["created_at"])


def test_the_example_of_memes_with_enhancement(api: Client) -> None:
    body = {
        "prompt": "POV: you discover cold brew the night before a deadline",
        "aspect_ratio": "1:1",
        "count": 4,
        "enhance": True,
    }
    assert api.post("/memes", body).status == 202
    (job,) = api.memory.jobs.values()
    assert to_document(job.spec)["settings"] == {"format": "meme", "enhance": True}
    assert len(job.tasks) == 4


def test_the_example_of_images(api: Client) -> None:
    body = {
        "prompt": "Minimalist product hero on a sunlit kitchen counter",
        "reference_images": [{"type": "logo", "source": "https://yourcdn.example.com/logo.png"}],
        "aspect_ratio": "4:5",
        "count": 3,
    }
    reply = api.post("/images", body)
    assert reply.status == 202
    assert reply.json["generation"]["type"] == "image"
    assert reply.headers["Location"] == f"{BASE_URL}/memes/v1/generations/{reply.json['generation']['id']}"
    (job,) = api.memory.jobs.values()
    (logo,) = job.spec.inputs
    assert (logo.role, logo.location, logo.stored) == (
        "logo",
        "https://yourcdn.example.com/logo.png",
        False,
    )
    assert (job.spec.aspect_ratio, job.spec.quality, len(job.tasks), job.held) == ("4:5", "standard", 3, 3)


def test_all_documented_parameters_of_an_image_arrive(api: Client) -> None:
    body = {
        "prompt": "a poster",
        "brand_context": {"tone_of_voice": "warm", "brand_colors": ["#3B2A1A", "#fff"], "unheard_of": 1},
        "aspect_ratio": "21:9",
        "quality": "premium",
        "model": "forge-image-fast",
        "controls": {"platform": "instagram", "risk_level": 2, "nested": {"a": [1.5, None, True]}},
    }
    assert api.post("/images", body).json["generation"]["model"] == "forge-image-fast"
    (job,) = api.memory.jobs.values()
    assert job.offer_id == "memes.image-fast"
    assert job.spec.quality == "premium"
    assert to_document(job.spec.brand) == {"tone_of_voice": "warm", "brand_colors": ["#3B2A1A", "#fff"]}
    assert to_document(job.spec)["settings"] == {"controls": body["controls"]}


def test_a_template_prompt_is_enough_for_a_meme(api: Client) -> None:
    assert api.post("/memes", {"template_prompt": "drake format", "prompt": "  "}).status == 202
    (job,) = api.memory.jobs.values()
    assert job.spec.prompt == ""
    assert job.spec_as(ImageSpec).template_prompt == "drake format"


@pytest.mark.parametrize("body", [{"brand_context": {"industry": "tea"}}, {"prompt": "x", "quality": None}])
def test_one_of_a_group_is_enough_and_null_is_absence(api: Client, body: dict[str, object]) -> None:
    assert api.post("/images", body).status == 202


@pytest.mark.parametrize(
    "ratio",
    ["auto", "1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9"],
)
def test_every_documented_aspect_ratio_is_taken(api: Client, ratio: str) -> None:
    assert api.post("/images", {"prompt": "x", "aspect_ratio": ratio}).status == 202


def test_an_output_is_reused_as_a_reference(api: Client) -> None:
    job_id = api.create()
    made = api.end(job_id).tasks[0].asset
    assert made is not None
    sources = [{"type": "ref", "source": made.id}, {"type": "template", "source": made.id}]
    api.calls.made.clear()
    assert api.post("/images", {"reference_images": sources}).status == 202
    assert api.calls.made == ["accounts.admit", "assets.get_many", "store.commit", "queues.send_tasks"]
    job = list(api.memory.jobs.values())[-1]
    assert [(i.role, i.location, i.stored, i.asset_id) for i in job.spec.inputs] == [
        ("ref", made.storage_key, True, made.id),
        ("template", made.storage_key, True, made.id),
    ]


def test_accepting_takes_three_calls(api: Client) -> None:
    api.post("/memes", QUICKSTART, headers={"idempotency-key": "once"})
    assert api.calls.made == ["accounts.admit", "store.commit", "queues.send_tasks"]


def test_reading_takes_an_admission_the_read_and_the_count(api: Client) -> None:
    job_id = api.create()
    api.calls.made.clear()
    api.get(f"/generations/{job_id}")
    assert api.calls.made == ["accounts.admit", "store.commit", "jobs.get"]


def test_a_partial_generation_tells_why_and_charges_what_was_delivered(api: Client) -> None:
    job_id = api.create(count=4)
    api.end(job_id, None, FailureCode.INPUT_REJECTED)
    reply = api.get(f"/generations/{job_id}").json
    generation = reply["generation"]
    assert (generation["status"], generation["completed_count"], generation["failed_count"]) == (
        "partial",
        3,
        1,
    )
    assert len(generation["output"]) == 3
    assert generation["error"]["type"] == "generation_error"
    assert generation["error"]["code"] == "generation_failed"
    assert "input" in generation["error"]["message"].lower()
    assert (reply["usage"]["credits_used"], reply["usage"]["credits_remaining"]) == (3, 477)


def test_a_failed_generation_costs_nothing(api: Client) -> None:
    job_id = api.create(count=2)
    api.end(job_id, FailureCode.CONTENT_BLOCKED, FailureCode.FAILED)
    reply = api.get(f"/generations/{job_id}").json
    assert reply["generation"]["status"] == "failed"
    assert reply["generation"]["error"]["code"] == "content_blocked"
    assert (reply["usage"]["credits_used"], reply["usage"]["credits_remaining"]) == (0, 480)


def test_canceling_refunds_and_is_answered_with_the_generation(api: Client) -> None:
    job_id = api.create(count=3)
    job = api.memory.jobs[api.owner, job_id]
    api._end_task(job, 0, None)
    reply = api.post(f"/generations/{job_id}/cancel")
    assert reply.status == 200
    assert reply.json["generation"]["status"] == "canceled"
    assert reply.json["generation"]["error"] is None
    assert (reply.json["usage"]["credits_used"], reply.json["usage"]["credits_remaining"]) == (1, 479)
    assert api.wallet.remaining == 479


def test_images_and_memes_are_lists_of_their_own(api: Client) -> None:
    meme, image = api.create("/memes"), api.create("/images")
    api.end(meme)
    api.end(image)
    (shown,) = api.get("/memes").json["data"]
    assert api.get(f"/memes/{shown['id']}").json["meme"] == shown
    assert api.get(f"/images/{shown['id']}").refusal == (404, "not_found_error", "resource_not_found")
    (other,) = api.get("/images", query={"limit": "1"}).json["data"]
    assert api.get(f"/images/{other['id']}").json["image"] == other
    assert other["id"] != shown["id"]
    assert api.get("/memes", query={"exclude_carousel": "true"}).json["data"] == [shown]


def test_a_deleted_asset_is_neither_shown_nor_taken(api: Client) -> None:
    asset = api.end(api.create()).tasks[0].asset
    assert asset is not None
    api.memory.assets[api.owner, asset.id] = asset.deleted(api.clock.now())
    assert api.get(f"/memes/{asset.id}").status == 404
    reply = api.post("/images", {"reference_images": [{"type": "ref", "source": asset.id}]})
    assert (reply.status, reply.error["param"]) == (404, "reference_images.0.source")


def test_a_list_is_paged_to_its_end_without_loss(api: Client) -> None:
    made = [api.create(prompt=f"kite {n}") for n in range(7)]
    for order, expected in (("newest", made[::-1]), ("oldest", made)):
        seen: list[str] = []
        query = {"limit": "3", "order": order}
        while True:
            page = api.get("/generations", query=query).json
            seen += [generation["id"] for generation in page["data"]]
            if not page["has_more"]:
                break
            assert page["next_cursor"] == seen[-1]
            query["starting_after"] = page["next_cursor"]
        assert page["next_cursor"] is None
        assert seen == expected


def test_memes_are_searched_in_their_prompts(api: Client) -> None:
    for prompt in ("A red Kite", "a blue whale"):
        api.end(api.create(prompt=prompt))
    (match,) = api.get("/memes", query={"q": " KITE "}).json["data"]
    assert api.memory.assets[api.owner, match["id"]].prompt == "A red Kite"


def test_generations_are_filtered_by_types_and_statuses(api: Client) -> None:
    queued = [api.create("/memes"), api.create("/images")]
    done, failed = api.create("/memes"), api.create("/images")
    api.end(done)
    api.end(failed, FailureCode.FAILED)

    def ids(**query: str) -> list[str]:
        return [generation["id"] for generation in api.get("/generations", query=query).json["data"]]

    assert ids() == [failed, done, *queued[::-1]]
    assert ids(type="meme") == [done, queued[0]]
    assert ids(status="succeeded") == [done]
    assert ids(status="failed,queued", type="image,video") == [failed, queued[1]]
    assert ids(status="queued,succeeded,failed", order="oldest", limit="3") == [*queued, done]
    assert api.get("/generations", query={"status": "queued,failed", "limit": "2"}).json["has_more"] is True


def test_jobs_of_other_dialects_are_not_shown(api: Client) -> None:
    job_id = api.create()
    stored = api.memory.jobs[api.owner, job_id]
    api.memory.jobs[api.owner, job_id] = replace(stored, kind="render", dialect="pixeldrive")
    assert api.get("/generations").json["data"] == []
    assert api.get(f"/generations/{job_id}").status == 404


def test_test_keys_and_live_keys_do_not_see_each_other(api: Client) -> None:
    live = api.create()
    test = api.post("/memes", {"prompt": "x"}, key="test")
    assert test.json["meta"]["livemode"] is False
    assert test.json["usage"]["credits_remaining"] == 10_000
    test_id = test.json["generation"]["id"]
    assert api.get(f"/generations/{test_id}").status == 404
    assert api.get(f"/generations/{live}", key="test").status == 404
    assert [g["id"] for g in api.get("/generations", key="test").json["data"]] == [test_id]
    assert api.post(f"/generations/{live}/cancel", key="test").status == 404
    assert api.memory.jobs[api.owner, live].status is JobStatus.QUEUED


def test_account_tells_workspace_and_key(api: Client) -> None:
    account = api.get("/account").json["account"]
    assert account["id"] == api.workspace.id
    assert (account["object"], account["name"], account["plan"]) == ("account", "Dawn Roasters", "standard")
    assert account["livemode"] is True
    assert account["key"]["prefix"] == f"sk_live_…{api.key[-4:]}"
    assert "generations:write" in account["key"]["scopes"]
    assert api.key not in api.get("/account").body


def test_usage_counts_accepted_outputs(api: Client) -> None:
    api.create(count=4)
    usage = api.get("/account/usage").json
    assert (usage["plan"], usage["credits_remaining"]) == ("standard", 480)
    assert usage["intervals"] == {
        "images": {
            "limit": 1000,
            "used": 4,
            "remaining": 996,
            "interval": "rolling_30_days",
            "reset_at": "2026-07-01T00:00:00Z",
        },
        "video": {
            "limit": 50,
            "used": 0,
            "remaining": 50,
            "interval": "rolling_30_days",
            "reset_at": "2026-07-01T00:00:00Z",
        },
    }


def test_the_version_in_force_is_told(api: Client) -> None:
    api.change_workspace(api_version="2026-06-18")
    reply = api.get("/account", headers={"memes-version": "2026-06-18"})
    assert (reply.status, reply.headers["Memes-Version"]) == (200, "2026-06-18")
