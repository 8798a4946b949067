"""What a request for images becomes: its defaults, the support matrix, prices, caps, sizes and inputs."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from api_gencraft import requests
from darkroom.catalog_data.gencraft import MATRIX, OFFERS
from darkroom.domain.catalog.offers import Units
from darkroom.domain.jobs.spec import Input
from darkroom.domain.master_secret import MasterSecret
from darkroom.domain.media import sizes
from darkroom.domain.serialization import to_document
from darkroom.http.links import Links
from tests.harness.hostile_urls import MALFORMED, NAMES_ELSEWHERE, NOT_EVEN_LOCAL, ONLY_LOCAL
from tests.harness.pictures import png
from tests.unit.functions.api_gencraft.client import EMAIL, GARDEN, Client, refusal
from tests.unit.functions.api_memes.test_hostile_input import BODIES

PHOTO = "https://cdn.example.com/photo.png"
PRICES = {
    "gpt-image-2": {"1K": 10, "2K": 10, "4K": 20},
    "pro": {"1K": 20, "2K": 20, "4K": 40},
    "flash2": {"1K": 12, "2K": 12, "4K": 24},
    "flash": {"1K": 8, "2K": 8, "4K": 8},
}
CAPS = {"gpt-image-2": 4, "pro": 2, "flash2": 4, "flash": 4}


def test_only_a_prompt_is_needed(api: Client) -> None:
    reply = api.post("/generate", {"prompt": "a red kite"})
    job = api.last_job
    assert len(reply.json["task_ids"]) == len(job.tasks) == 1
    assert (job.offer_id, job.model, job.kind) == ("gencraft.gpt-image-2.text", "gpt-image-2", "image")
    assert (job.spec.prompt, job.spec.aspect_ratio, job.spec.inputs) == ("a red kite", "1:1", ())
    assert to_document(job.spec)["settings"] == {"size": [2048, 2048], "resolution": "2K"}


def test_null_is_absence_and_unknown_fields_are_ignored(api: Client) -> None:
    body = {"prompt": "x", "model": None, "mode": None, "imageUrls": None, "count": None, "seed": 7}
    assert api.post("/generate", body).status == 200
    assert api.last_job.offer_id == "gencraft.gpt-image-2.text"


@pytest.mark.parametrize("model", MATRIX)
@pytest.mark.parametrize("mode", get_args(requests.Mode.__value__))
def test_the_support_matrix(api: Client, model: str, mode: str) -> None:
    images = [PHOTO] if mode != "text" else []
    reply = api.post("/generate", {"prompt": "x", "model": model, "mode": mode, "imageUrls": images})
    if mode == "fusion":
        assert refusal(reply) == (400, "invalid_request")
        assert reply.error["message"] == f"mode: {model} does not support fusion, only text, edit"
        return
    assert reply.status == 200
    assert api.last_job.kind == {"text": "image", "edit": "edit"}[mode]
    assert api.last_job.model == model


def test_the_body_knows_the_models_that_are_sold() -> None:
    assert set(get_args(requests.Model.__value__)) == set(MATRIX)
    assert set(get_args(requests.Aspect.__value__)) == set(sizes.ASPECTS)
    assert set(get_args(requests.ImageSize.__value__)) == set(sizes.SIDES)


@pytest.mark.parametrize("model", PRICES)
@pytest.mark.parametrize("size", ["1K", "2K", "4K"])
def test_what_an_image_costs(api: Client, model: str, size: str) -> None:
    for offer in MATRIX[model].values():
        assert offer.price_for(Units(resolution=size)) == PRICES[model][size]
    before = api.wallet.available
    api.generate(model=model, imageSize=size, count=2)
    assert before - api.wallet.available == api.wallet.held == 2 * PRICES[model][size]
    api.work()
    assert api.wallet.spent == 2 * PRICES[model][size]
    assert api.wallet.held == 0


def test_a_failed_image_costs_nothing(api: Client) -> None:
    before = api.wallet.available
    first, second = api.generate(prompt="a kite [[fail:1]]", count=2)
    api.work()
    assert [api.poll(task)["status"] for task in (first, second)] == ["completed", "failed"]
    assert before - api.wallet.available == PRICES["flash"]["2K"]


@pytest.mark.parametrize("model", CAPS)
@pytest.mark.parametrize("beyond", [1, 5, 1_000_000])
def test_a_count_is_capped_per_model(api: Client, model: str, beyond: int) -> None:
    ids = api.generate(model=model, count=CAPS[model] + beyond)
    assert len(ids) == len(set(ids)) == CAPS[model]
    assert api.wallet.held == CAPS[model] * PRICES[model]["2K"]
    assert {offer.max_count for offer in MATRIX[model].values()} == {CAPS[model]}


def test_too_little_credit_is_402(api: Client) -> None:
    poor = Client(credits=19)
    before = poor.untouched()
    reply = poor.post("/generate", {**GARDEN, "model": "pro"})
    assert refusal(reply) == (402, "insufficient_credits")
    assert "20" in reply.error["message"]
    assert poor.untouched() == before


# ------------------------------------------------------------------------- pixels


@pytest.mark.parametrize("aspect", sizes.ASPECTS)
@pytest.mark.parametrize("size", sizes.SIDES)
def test_a_size_has_exactly_its_aspect_and_fits_every_engine(aspect: str, size: str) -> None:
    width, height = sizes.pixels(aspect, size)
    across, down = map(int, aspect.split(":"))
    assert width * down == height * across
    assert min(width, height) >= 16
    assert max(width, height) <= 4096
    assert width * height <= 8_400_000
    assert width % 2 == height % 2 == 0
    side = sizes.SIDES[size]
    assert width * height <= side * side


@pytest.mark.parametrize(
    ("aspect", "size", "pixels"),
    [
        ("1:1", "1K", (1024, 1024)),
        ("1:1", "2K", (2048, 2048)),
        ("1:1", "4K", (2898, 2898)),
        ("16:9", "1K", (1344, 756)),
        ("16:9", "2K", (2720, 1530)),
        ("16:9", "4K", (3840, 2160)),
        ("9:16", "4K", (2160, 3840)),
        ("21:9", "4K", (4074, 1746)),
        ("3:1", "4K", (4092, 1364)),
    ],
)
def test_sizes_to_hold_on_to(aspect: str, size: str, pixels: tuple[int, int]) -> None:
    assert sizes.pixels(aspect, size) == pixels


@pytest.mark.parametrize("aspect", sizes.ASPECTS)
def test_larger_sizes_are_larger(aspect: str) -> None:
    areas = [width * height for width, height in (sizes.pixels(aspect, size) for size in sizes.SIDES)]
    assert areas == sorted(set(areas))


@pytest.mark.parametrize("aspect", sizes.ASPECTS)
def test_every_aspect_can_be_asked_for(api: Client, aspect: str) -> None:
    api.generate(aspect=aspect, imageSize="4K")
    assert api.last_job.spec.aspect_ratio == aspect
    assert to_document(api.last_job.spec)["settings"] == {
        "size": list(sizes.pixels(aspect, "4K")),
        "resolution": "4K",
    }


# ------------------------------------------------------------------------- inputs


def test_the_first_image_is_edited_and_the_others_are_to_go_by(api: Client) -> None:
    others = [f"https://cdn.example.com/{number}.webp" for number in range(3)]
    api.generate(mode="edit", imageUrls=[PHOTO, *others])
    assert api.last_job.spec.inputs == (Input("source", PHOTO), *(Input("ref", url) for url in others))
    assert to_document(api.last_job.spec)["settings"]["size"] == [2720, 1530]
    assert api.dns == []
    assert api.fetcher.fetched == []


def test_an_upload_is_edited_without_the_network(api: Client) -> None:
    api.fetcher.pages[PHOTO] = png()
    url = api.post("/upload", {"source_url": PHOTO}).json["url"]
    (task_id,) = api.generate(mode="edit", imageUrls=[url])
    (source,) = api.last_job.spec.inputs
    assert source.stored
    assert source.role == "source"
    assert api.blobs.objects[source.location][0] == png()
    api.fetcher.fetched.clear()
    api.work()
    assert api.poll(task_id)["status"] == "completed"
    assert api.fetcher.fetched == []
    made = api.last_job.tasks[0].asset
    assert made is not None
    assert made.parent_id == source.asset_id
    assert api.core.assets.get(api.owner, made.parent_id or "") is not None


def test_a_picture_made_here_can_be_edited_further(api: Client) -> None:
    (task_id,) = api.generate()
    api.work()
    made = api.last_job.tasks[0].asset
    assert made is not None
    api.generate(mode="edit", imageUrls=[api.poll(task_id)["imageUrl"]])
    assert api.last_job.spec.inputs == (Input("source", made.storage_key, stored=True, asset_id=made.id),)


def test_somebody_elses_file_is_only_a_public_address(api: Client) -> None:
    for key in ("media/another/live/uploads/a.png", f"media/{api.workspace.id}/test/uploads/a.png"):
        url = api.core.links.file(key)
        api.generate(mode="edit", imageUrls=[url])
        assert api.last_job.spec.inputs == (Input("source", url),)


def test_a_forged_address_of_ours_is_refused(api: Client) -> None:
    forged = Links("https://api.test", lambda: MasterSecret.only(b"another secret"), api.clock.now)
    key = f"media/{api.workspace.id}/live/uploads/a.png"
    genuine = api.core.links.file(key)
    before = api.untouched()
    for url in (
        forged.file(key),
        genuine + "?x=1",
        genuine.replace("a.png", "../b.png"),
        "https://api.test/files/",
        "https://api.test/files/x",
    ):
        reply = api.post("/generate", {**GARDEN, "mode": "edit", "imageUrls": [PHOTO, url]})
        assert refusal(reply) == (400, "invalid_request")
        assert reply.error["message"] == "imageUrls.1: no such file"
    assert api.untouched() == before


HOSTILE = [
    url
    for url in (*MALFORMED, *ONLY_LOCAL, *NAMES_ELSEWHERE, *NOT_EVEN_LOCAL)
    if "\0" not in url and "\ud800" not in url
]


def test_urls_that_could_reach_inside_are_refused_before_anything_is_charged(api: Client) -> None:
    assert len(HOSTILE) > 40
    before, messages = api.untouched(), set()
    for url in HOSTILE:
        reply = api.post("/generate", {**GARDEN, "mode": "edit", "imageUrls": [PHOTO, url]})
        assert refusal(reply) == (400, "invalid_request"), url
        messages.add(reply.error["message"])
        api.clock.advance(1)
    assert messages == {"imageUrls.1: The URL is not allowed; use a public https URL"}
    assert api.untouched() == before
    assert api.dns == []


# ---------------------------------------------------------------------- hostile bodies

FIELDS: dict[str, tuple[dict[str, Any], str]] = {
    "prompt of a number": ({"prompt": 1}, "prompt"),
    "prompt null": ({"prompt": None}, "prompt"),
    "prompt too long": ({"prompt": "x" * 10_001}, "prompt"),
    "model of a number": ({"model": 4}, "model"),
    "model empty": ({"model": ""}, "model"),
    "model in capitals": ({"model": "Flash"}, "model"),
    "mode of a list": ({"mode": ["text"]}, "mode"),
    "aspect unknown": ({"aspect": "5:7"}, "aspect"),
    "aspect of zero": ({"aspect": "0:1"}, "aspect"),
    "aspect of a number": ({"aspect": 1.5}, "aspect"),
    "size unknown": ({"imageSize": "8K"}, "imageSize"),
    "size in small letters": ({"imageSize": "2k"}, "imageSize"),
    "count zero": ({"count": 0}, "count"),
    "count negative": ({"count": -1}, "count"),
    "count of a fraction": ({"count": 1.5}, "count"),
    "count as text": ({"count": "1"}, "count"),
    "count true": ({"count": True}, "count"),
    "images no list": ({"mode": "edit", "imageUrls": PHOTO}, "imageUrls"),
    "images of numbers": ({"mode": "edit", "imageUrls": [1]}, "imageUrls.0"),
    "images of nothing": ({"mode": "edit", "imageUrls": [None]}, "imageUrls.0"),
    "too many images": ({"mode": "edit", "imageUrls": [PHOTO] * 5}, "imageUrls"),
    "edit without an image": ({"mode": "edit"}, "imageUrls"),
    "edit of no images": ({"mode": "edit", "imageUrls": []}, "imageUrls"),
    "text with an image": ({"mode": "text", "imageUrls": [PHOTO]}, "imageUrls"),
}


@pytest.mark.parametrize(("body", "param"), FIELDS.values(), ids=list(FIELDS))
def test_a_wrong_field_is_named_and_nothing_happens(api: Client, body: dict[str, Any], param: str) -> None:
    before = api.untouched()
    reply = api.post("/generate", {**GARDEN, **body})
    assert refusal(reply) == (400, "invalid_request")
    assert param in reply.error["message"]
    assert api.untouched() == before


@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
@pytest.mark.parametrize("path", ["/generate", "/upload"])
def test_whatever_the_body_is(api: Client, path: str, body: str | bytes) -> None:
    before = api.untouched()
    assert refusal(api.post(path, raw=body)) == (400, "invalid_request")
    assert api.untouched() == before


def test_a_body_too_large_is_told_so(api: Client) -> None:
    assert refusal(api.post("/generate", {"prompt": "x" * 2**20})) == (413, "invalid_request")


# ------------------------------------------------------------------------ idempotency


def test_the_same_request_under_the_same_key_is_taken_once(api: Client) -> None:
    headers = {"idempotency-key": "order-1"}
    first = api.post("/generate", GARDEN, headers=headers)
    again = api.post("/generate", GARDEN, headers=headers)
    assert again.json == first.json == {"task_ids": first.json["task_ids"], "email": EMAIL}
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len(api.memory.jobs) == 1
    other = api.post("/generate", {**GARDEN, "count": 2}, headers=headers)
    assert refusal(other) == (409, "conflict")


def test_accepting_costs_three_calls(api: Client) -> None:
    api.calls.made.clear()
    api.generate(mode="edit", imageUrls=[PHOTO, api.core.links.file("media/x/live/uploads/a.png")])
    assert api.calls.made == ["accounts.admit", "store.commit", "queues.send_tasks"]


def test_every_offer_is_for_sale() -> None:
    assert len(OFFERS) == 8
    assert all(offer.price for offer in OFFERS)
    assert set(CAPS) == set(PRICES) == set(MATRIX)
