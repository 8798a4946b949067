"""Every example and rule of the contract, as a client sees it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from darkroom.catalog_data import agent, memes
from darkroom.catalog_data.agent import PRICE_VERSION
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.catalog.offers import Catalog
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs.spec import FilmSpec, ImageSpec, Input, MusicSpec, Spec
from darkroom.services.jobs.submit_job import Submission
from tests.harness.container import BASE_URL
from tests.unit.functions.api_agent.client import MINIMAL, PHOTO, UNKNOWN_ID, Client

# The contract's tables.
IMAGES = {
    "google/nano-banana": (8, "fast draft"),
    "nano-banana-pro": (20, "4K = 40"),
    "gpt4o_image": (10, ""),
    "qwen/text-to-image": (15, ""),
    "qwen/image-to-image": (15, ""),
    "xai/grok-imagine-image": (20, ""),
    "xai/grok-imagine-image/edit": (20, ""),
    "z-image": (20, ""),
}
VIDEOS = {
    "sora-2": (10, "720p baseline"),
    "sora-2-pro": (30, ""),
    "veo3_fast": (50, ""),
    "veo3": (280, "1080p = 350"),
    "doubao-seedance-1.0-pro-fast": (40, ""),
    "wan-2.6": (20, "1080p = 300"),
    "fal-ai/ltx-2/image-to-video": (50, ""),
    "xai/grok-imagine-video/text-to-video": (10, ""),
}
MUSIC = {"V5": (35, ""), "V4_5PLUS": (30, ""), "V4_5": (25, ""), "V4": (20, "")}
DOCUMENT = {"image": IMAGES, "video": VIDEOS, "music": MUSIC}


def test_the_minimal_call_is_taken_polled_and_charged(api: Client) -> None:
    reply = api.post("/v1/generate", MINIMAL)
    job = api.job
    assert (reply.status, reply.json) == (
        200,
        {
            "code": 0,
            "message": "ok",
            "data": {
                "task_id": job.id,
                "provider_task_id": job.tasks[0].id,
                "status": "pending",
                "usage_event_id": f"{job.id}#hold",
            },
        },
    )
    assert api.memory.entries[api.owner, reply.data["usage_event_id"]].held == 20
    assert (job.kind, job.queue, job.spec) == (
        "image",
        Queue.SANDBOX,
        ImageSpec("a red kite", "1:1", resolution="1K", size=(1024, 1024)),
    )
    assert api.get("/v1/credits/balance").data == {
        "balance": 460,
        "held": 20,
        "spent": 0,
        "livemode": True,
        "price_version": PRICE_VERSION,
    }
    api.work()
    done = api.task(job.id)
    assert [url.startswith("https://api.test/files/") for url in done.pop("outputs")] == [True]
    assert done == {
        **reply.data,
        "status": "completed",
        "product": "image",
        "model": "nano-banana-pro",
        "credits_held": 0,
        "credits_charged": 20,
        "error": None,
        "error_message": None,
        "created_at": "2026-11-20T12:00:22Z",
        "completed_at": "2026-11-20T12:00:22Z",
    }
    assert (api.wallet.available, api.wallet.spent) == (460, 20)


def test_the_example_of_estimates(api: Client) -> None:
    before = api.untouched()
    reply = api.post(
        "/v1/credits/estimate",
        {
            "product": "image",
            "model": "nano-banana-pro",
            "units": {"count": 1, "resolution": "1K"},
            "price_version": "2026-02-02-v1",
        },
    )
    assert reply.data == {
        "product": "image",
        "model": "nano-banana-pro",
        "units": {"count": 1, "resolution": "1K", "duration": None, "aspect_ratio": "1:1"},
        "image_input": False,
        "credits": 20,
        "credits_per_output": 20,
        "price_version": "2026-02-02-v1",
        "available": 480,
        "sufficient": True,
        "status": "active",
        "replacement": None,
    }
    assert api.untouched() == before
    assert api.estimate(model="veo3", units={"resolution": "1080p"}).data["sufficient"] is True
    assert api.estimate(units={"resolution": "4K", "count": 8}).data["credits"] == 320
    api.generate(units={"resolution": "4K", "count": 8})
    assert api.estimate(units={"resolution": "4K", "count": 8}).data["sufficient"] is False


def test_the_example_of_errors() -> None:
    api = Client(credits=10)
    before = api.untouched()
    reply = api.generate(model="veo3_fast")
    assert (reply.status, reply.json) == (
        402,
        {
            "code": 0,
            "message": "ok",
            "data": {
                "error": "insufficient_credits",
                "required": 50,
                "available": 10,
                "suggestion": "Use a cheaper model or ask the owner to top up.",
            },
        },
    )
    assert api.untouched() == before


def test_every_model_of_the_document_is_listed_with_its_price_product_and_lifecycle(api: Client) -> None:
    data = api.get("/v1/models/list").data
    assert data["price_version"] == "2026-02-02-v1"
    listed = [(row["id"], row["product"], row["price"], row["notes"]) for row in data["models"]]
    assert listed == [
        (model, product, price, notes)
        for product, rows in DOCUMENT.items()
        for model, (price, notes) in rows.items()
    ]
    ends = {row["id"]: row for row in data["models"] if row["status"] != "active"}
    assert {name: (row["status"], row["sunset"], row["replacement"]) for name, row in ends.items()} == {
        "sora-2": ("retired", "2026-09-24T00:00:00Z", "veo3_fast"),
        "sora-2-pro": ("retired", "2026-09-24T00:00:00Z", "veo3"),
        "fal-ai/ltx-2/image-to-video": ("deprecated", None, "wan-2.6"),
    }


def test_a_listed_model_tells_its_capabilities_and_all_its_prices(api: Client) -> None:
    models = {row["id"]: row for row in api.get("/v1/models/list").data["models"]}
    assert models["veo3"]["prices"] == [
        {"resolution": "720p", "image_input": False, "credits": 280},
        {"resolution": "720p", "image_input": True, "credits": 420},
        {"resolution": "1080p", "image_input": False, "credits": 350},
        {"resolution": "1080p", "image_input": True, "credits": 525},
    ]
    assert models["nano-banana-pro"]["capabilities"] == {
        "tasks": ["text-to-image", "image-to-image"],
        "counts": [1, 2, 4, 8],
        "resolutions": ["1K", "2K", "4K"],
        "durations": [],
        "aspect_ratios": ["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3", "4:5", "5:4", "21:9"],
        "max_input_images": 4,
    }
    assert models["qwen/image-to-image"]["capabilities"]["tasks"] == ["image-to-image"]
    assert models["V5"]["prices"] == [{"resolution": None, "image_input": False, "credits": 35}]
    assert models["V5"]["capabilities"]["durations"] == [30, 60, 120, 180, 240]


SPECS: dict[str, tuple[dict[str, Any], str, Queue, Spec]] = {
    "an image": (
        {"model": "z-image", "units": {"aspect_ratio": "16:9", "count": 4}},
        "image",
        Queue.SANDBOX,
        ImageSpec("a red kite", "16:9", resolution="1K", size=(1344, 756)),
    ),
    "a picture edited": (
        {"model": "xai/grok-imagine-image/edit", "input_image_urls": [PHOTO, PHOTO]},
        "edit",
        Queue.SANDBOX,
        ImageSpec(
            "a red kite",
            "auto",
            inputs=(Input("source", PHOTO), Input("ref", PHOTO)),
            resolution="1K",
        ),
    ),
    "a picture to a model of both": (
        {"input_image_urls": [PHOTO], "units": {"aspect_ratio": "4:5"}},
        "edit",
        Queue.SANDBOX,
        ImageSpec(
            "a red kite",
            "4:5",
            inputs=(Input("source", PHOTO),),
            resolution="1K",
            size=(912, 1140),
        ),
    ),
    "a video": (
        {"model": "wan-2.6", "units": {"duration": 10, "resolution": "1080p", "aspect_ratio": "9:16"}},
        "video",
        Queue.SANDBOX_FILMS,
        FilmSpec("a red kite", "9:16", resolution="1080p", seconds=10),
    ),
    "a picture set in motion": (
        {"model": "fal-ai/ltx-2/image-to-video", "input_image_urls": [PHOTO], "prompt": ""},
        "video",
        Queue.SANDBOX_FILMS,
        FilmSpec("", "auto", inputs=(Input("source", PHOTO),), resolution="1080p", seconds=6),
    ),
    "music": (
        {"model": "V4_5PLUS", "units": {"duration": 120, "count": 1}},
        "music",
        Queue.SANDBOX_FILMS,
        MusicSpec("a red kite", "auto", seconds=120, instrumental=False),
    ),
}


@pytest.mark.parametrize("case", SPECS)
def test_what_is_asked_for_is_what_the_engines_are_told(api: Client, case: str) -> None:
    body, kind, queue, spec = SPECS[case]
    assert api.generate(**body).status == 200
    job = api.job
    assert (job.dialect, job.kind, job.queue, job.spec) == ("agent", kind, queue, spec)
    assert len(job.tasks) == body.get("units", {}).get("count", 1)
    assert {sent.queue for sent in api.queues.tasks} == {queue}
    api.work()
    assert api.task(job.id)["status"] == "completed"


def test_the_product_is_found_by_the_model(api: Client) -> None:
    for product, rows in DOCUMENT.items():
        for model in rows:
            if not model.startswith("sora"):
                assert api.estimate(model=model).data["product"] == product
                assert api.estimate(model=model, product=product).status == 200


ENDINGS = {
    "[[fail:1]] kites": ("partial", "generation_failed", 20, 1),
    "[[fail]] kites": ("failed", "generation_failed", 0, 0),
    "[[block]] kites": ("failed", "content_blocked", 0, 0),
}


@pytest.mark.parametrize("prompt", ENDINGS)
def test_what_is_not_delivered_is_not_charged(api: Client, prompt: str) -> None:
    status, error, charged, outputs = ENDINGS[prompt]
    task_id = api.generate(prompt=prompt, units={"count": 2}).data["task_id"]
    assert api.task(task_id)["credits_held"] == 40
    api.work()
    task = api.task(task_id)
    assert (task["status"], task["error"], task["credits_charged"]) == (status, error, charged)
    assert task["error_message"]
    assert (len(task["outputs"]), task["credits_held"]) == (outputs, 0)
    assert api.get("/v1/credits/balance").data["balance"] == 480 - charged


def test_a_task_under_way_and_a_canceled_one(api: Client) -> None:
    task_id = api.generate(prompt="[[slow:30]]").data["task_id"]
    api.core.execute_task({"sandbox": api.engine})(api.queues.tasks.pop(0).message)
    assert api.task(task_id)["status"] == "processing"
    api.core.cancel_job(api.caller(), task_id)
    task = api.task(task_id)
    assert (task["status"], task["error"], task["credits_charged"]) == ("canceled", None, 0)


def test_a_picture_that_cannot_be_fetched_fails_the_task_and_is_refunded(api: Client) -> None:
    url = "https://cdn.example.com/gone.png"
    task_id = api.generate(input_image_urls=[url]).data["task_id"]
    api.work()
    assert api.task(task_id)["error"] == "input_rejected"
    assert api.wallet.available == 480


def test_tasks_of_others_and_of_other_dialects_are_not_found(api: Client) -> None:
    foreign = api.core.submit_job(api.caller(), Submission(memes.IMAGE, ImageSpec("x", "1:1")))
    mine = api.generate().data["task_id"]
    for task_id in (UNKNOWN_ID, "x", foreign.id):
        assert api.get(f"/v1/tasks/{task_id}").refusal == (404, "not_found")
    assert api.get(f"/v1/tasks/{mine}", key="test").status == 404
    assert api.get(f"/v1/tasks/{mine}").status == 200


def test_a_test_key_spends_test_credits_in_the_sandbox(api: Client) -> None:
    assert api.post("/v1/generate", MINIMAL, key="test").status == 200
    assert api.get("/v1/credits/balance", key="test").data["livemode"] is False
    assert api.memory.wallets[Owner(api.workspace.id, False)].held == 20
    assert api.wallet.held == 0


@pytest.mark.parametrize("model", ["sora-2", "sora-2-pro"])
def test_a_retired_model_is_refused_with_its_replacement_and_nothing_is_charged(
    api: Client, model: str
) -> None:
    before = api.untouched()
    # Even where something else is wrong too: the model is what has to change first.
    for reply in (api.generate(model=model, units={"count": 3}), api.estimate(model=model)):
        assert reply.refusal == (410, "model_retired")
        assert reply.data["replacement"] == {"sora-2": "veo3_fast", "sora-2-pro": "veo3"}[model]
        assert reply.data["param"] == "model"
        assert reply.headers["Sunset"] == "Thu, 24 Sep 2026 00:00:00 GMT"
    assert api.untouched() == before


def test_every_replacement_is_on_sale_and_of_the_same_product() -> None:
    models = {offer.model: offer for offer in agent.OFFERS}
    for offer in agent.OFFERS:
        if offer.replacement:
            successor = models[offer.replacement]
            assert (successor.retires_at, successor.feature) == (None, offer.feature)


def test_a_model_is_sold_until_the_moment_it_ends_and_says_that_it_will() -> None:
    api = Client(now=datetime(2026, 9, 23, 23, 59, 59, tzinfo=UTC))
    reply = api.generate(model="sora-2")
    assert reply.status == 200
    assert reply.headers["Deprecation"] == "@1790208000"
    assert reply.headers["Sunset"] == "Thu, 24 Sep 2026 00:00:00 GMT"
    assert reply.headers["Link"] == (
        f'<{BASE_URL}/agent/v1/models/list>; rel="deprecation", '
        f'<{BASE_URL}/agent/v1/models/list#veo3_fast>; rel="successor-version"'
    )
    assert api.estimate(model="sora-2").data["status"] == "deprecated"
    api.clock.advance(timedelta(seconds=1))
    assert api.generate(model="sora-2").status == 410


def test_a_deprecated_model_without_an_end_has_no_sunset(api: Client) -> None:
    reply = api.estimate(model="fal-ai/ltx-2/image-to-video")
    assert reply.headers["Deprecation"] == "@1786752000"
    assert "Sunset" not in reply.headers
    assert (reply.data["status"], reply.data["replacement"]) == ("deprecated", "wan-2.6")
    assert "Deprecation" not in api.estimate().headers


def test_a_model_without_a_price_is_refused_never_free(api: Client) -> None:
    offers = Catalog.of(replace(offer, price=None) for offer in agent.OFFERS)
    api.core.estimate = replace(api.core.estimate, catalog=offers)
    api.core.submit_job = replace(api.core.submit_job, catalog=offers)
    before = api.untouched()
    assert api.generate().refusal == (400, "unknown_model")
    assert api.estimate().refusal == (400, "unknown_model")
    assert api.untouched() == before


def test_old_prices_are_refused_with_the_current_version(api: Client) -> None:
    before = api.untouched()
    for reply in (api.generate(price_version="2026-01-01-v1"), api.estimate(price_version="")):
        assert reply.refusal == (409, "price_version_mismatch")
        assert reply.data["price_version"] == PRICE_VERSION
        assert reply.data["param"] == "price_version"
    assert api.untouched() == before
    assert api.generate(price_version=PRICE_VERSION).status == 200
