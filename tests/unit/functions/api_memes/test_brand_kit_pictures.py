"""A kit's logo and products: from every source there is, replaced and removed, and used."""

from __future__ import annotations

import base64
import io
from typing import Any
from urllib.parse import quote

import pytest
from PIL import Image

from darkroom.domain.catalog.routes import Queue
from darkroom.domain.files.uploads import MAX_STORED_BYTES, FileUsage
from darkroom.domain.media.sniffing import sniff
from tests.harness.pictures import png
from tests.unit.functions.api_memes.client import UNKNOWN_ID, Client, ClientResponse

URL = "https://yourcdn.example/logo.svg"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="40" height="20"/></svg>'


@pytest.fixture
def api() -> Client:
    made = Client()
    made.fetcher.pages[URL] = DRAWING
    made.fetcher.pages["https://yourcdn.example/tin.png"] = png()
    return made


@pytest.fixture
def kit_id(api: Client) -> str:
    kit: str = api.post("/brand-kits", {"name": "n"}).json["brand_kit"]["id"]
    return kit


def logo(api: Client, kit_id: str, source: Any = URL, **options: Any) -> ClientResponse:
    return api.post(f"/brand-kits/{kit_id}/logo", {"source": source}, **options)


def product(
    api: Client, kit_id: str, source: Any = "https://yourcdn.example/tin.png", **options: Any
) -> ClientResponse:
    return api.post(f"/brand-kits/{kit_id}/product-references", {"source": source}, **options)


def kit_of(api: Client, kit_id: str) -> dict[str, Any]:
    kit: dict[str, Any] = api.get(f"/brand-kits/{kit_id}").json["brand_kit"]
    return kit


def stored_asset(api: Client) -> str:
    """The id of an asset whose bytes are there."""
    job_id = api.create()
    asset = api.end(job_id).tasks[0].asset
    assert asset is not None
    api.blobs.put(asset.storage_key, png(), "image/png")
    return asset.id


def test_a_drawing_from_the_web_becomes_the_kits_logo_for_nothing(api: Client, kit_id: str) -> None:
    before = api.wallet
    reply = logo(api, kit_id)
    assert reply.status == 200, reply.body
    found = reply.json["brand_kit"]["logo"]
    assert found["aspect_ratio"] == "2:1"
    assert reply.json["brand_kit"]["logo_url"] == found["url"]
    assert kit_of(api, kit_id) == reply.json["brand_kit"]
    asset = api.memory.assets[api.owner, found["asset_id"]]
    assert (asset.mime, asset.collection) == ("image/png", "brand")
    media = sniff(api.blobs.get(asset.storage_key))
    assert media is not None
    assert (media.mime, media.width, media.height) == ("image/png", 1024, 512)
    (job,) = api.memory.jobs.values()
    assert (job.kind, job.queue, job.held) == ("import", Queue.RENDERS, 0)
    assert api.wallet == before
    assert api.get("/generations").json["data"] == []
    assert api.get("/images").json["data"] == []
    api.check_books()


@pytest.mark.parametrize(
    "source",
    [
        "data:image/png;base64," + base64.b64encode(png()).decode(),
        "data:image/svg+xml;base64," + base64.b64encode(DRAWING).decode(),
        "data:image/svg+xml," + quote(DRAWING),
        "data:image/svg+xml;charset=utf-8," + quote(DRAWING),
        URL,
        "https://yourcdn.example/tin.png",
    ],
)
@pytest.mark.parametrize("key", ["live", "test"])
def test_pictures_come_from_everywhere(api: Client, source: str, key: str) -> None:
    made = api.post("/brand-kits", {"name": "n"}, key=key).json["brand_kit"]["id"]
    reply = logo(api, made, source, key=key)
    assert reply.status == 200, reply.body
    assert reply.json["brand_kit"]["logo"]["url"].startswith("https://")


def test_an_asset_is_a_source_and_so_is_a_kits_picture(api: Client, kit_id: str) -> None:
    assert logo(api, kit_id, stored_asset(api)).status == 200
    mine = kit_of(api, kit_id)["logo"]["asset_id"]
    assert product(api, kit_id, mine).status == 201
    reference = {"type": "ref", "source": mine}
    assert api.post("/images", {"reference_images": [reference]}).status == 202


def test_a_logo_is_replaced_and_removed(api: Client, kit_id: str) -> None:
    first = logo(api, kit_id).json["brand_kit"]["logo"]
    second = logo(api, kit_id, "https://yourcdn.example/tin.png").json["brand_kit"]["logo"]
    assert second["asset_id"] != first["asset_id"]
    for _ in range(2):  # whoever asks again finds it gone
        reply = api.ask("DELETE", f"/brand-kits/{kit_id}/logo")
        assert (reply.status, reply.json["brand_kit"]["logo"], reply.json["brand_kit"]["logo_url"]) == (
            200,
            None,
            None,
        )
    assert api.memory.assets[api.owner, second["asset_id"]].deleted_at is None, "for what is under way"
    api.work()
    for gone in (first, second):
        assert api.memory.assets[api.owner, gone["asset_id"]].deleted_at is not None
        reply = api.post("/images", {"reference_images": [{"type": "logo", "source": gone["asset_id"]}]})
        assert reply.refusal == (404, "not_found_error", "resource_not_found")


def test_who_stores_too_much_is_told_so(api: Client, kit_id: str) -> None:
    api.memory.file_usage[api.owner] = FileUsage(stored_bytes=MAX_STORED_BYTES + 1)
    for put in (logo, product):
        assert put(api, kit_id).refusal == (429, "quota_error", "feature_quota_exceeded")


def test_five_products_fit_and_each_can_go(api: Client, kit_id: str) -> None:
    added = []
    for number in range(5):
        reply = product(api, kit_id)
        assert reply.status == 201, reply.body
        added.append(reply.json["product_reference"]["id"])
        assert [one["id"] for one in reply.json["brand_kit"]["product_references"]] == added
        assert len(added) == number + 1
    sixth = product(api, kit_id)
    assert (*sixth.refusal, sixth.error["param"]) == (400, "invalid_request_error", "invalid_param", "source")
    reply = api.ask("DELETE", f"/brand-kits/{kit_id}/product-references/{added[2]}")
    assert [one["id"] for one in reply.json["brand_kit"]["product_references"]] == added[:2] + added[3:]
    assert api.ask("DELETE", f"/brand-kits/{kit_id}/product-references/{added[2]}").status == 404
    assert product(api, kit_id).status == 201


@pytest.mark.parametrize("put", [logo, product])
@pytest.mark.parametrize(
    "source",
    [
        None,
        "",
        7,
        "http://10.0.0.1/logo.svg",
        "ftp://x.test/a.png",
        "https://gone.example/logo.png",
        "data:image/png;base64,!!!",
        "data:image/png;base64," + base64.b64encode(b"GIF89a nothing").decode(),
        "data:text/html," + quote("<html>"),
        "data:image/svg+xml," + quote("<html><title>x</title>"),
        "data:image/svg+xml," + quote('<svg xmlns="http://www.w3.org/2000/svg"><image href="//x"/></svg>'),
        "data:image/svg+xml,",
    ],
)
def test_what_is_no_picture_is_refused_by_name(api: Client, kit_id: str, put: Any, source: Any) -> None:
    reply = put(api, kit_id, source)
    assert (reply.status, reply.error["param"]) == (400, "source")
    kit = kit_of(api, kit_id)
    assert (kit["logo"], kit["product_references"]) == (None, [])


@pytest.mark.parametrize("put", [logo, product])
def test_strangers_kits_and_pictures_are_not_there(api: Client, kit_id: str, put: Any) -> None:
    foreign = api.post("/brand-kits", {"name": "n"}, key="test").json["brand_kit"]["id"]
    mine = stored_asset(api)
    for reply in (
        put(api, foreign),
        put(api, UNKNOWN_ID),
        put(api, kit_id, UNKNOWN_ID),
        put(api, foreign, mine, key="test"),
    ):
        assert reply.refusal == (404, "not_found_error", "resource_not_found")


def test_strangers_removals_find_nothing(api: Client, kit_id: str) -> None:
    logo(api, kit_id)
    reference = product(api, kit_id).json["product_reference"]["id"]
    other = api.post("/brand-kits", {"name": "n"}).json["brand_kit"]["id"]
    for path, key in (
        (f"{kit_id}/logo", "test"),
        (f"{kit_id}/product-references/{reference}", "test"),
        (f"{other}/product-references/{reference}", "live"),
        (f"{UNKNOWN_ID}/logo", "live"),
        (f"{kit_id}/product-references/x", "live"),
    ):
        assert api.ask("DELETE", f"/brand-kits/{path}", key=key).status == 404
    kit = kit_of(api, kit_id)
    assert kit["logo"]
    assert len(kit["product_references"]) == 1


def test_a_plan_shows_those_of_its_kits_pictures_that_are_left_when_it_is_rendered(
    api: Client, kit_id: str
) -> None:
    logo(api, kit_id)
    product(api, kit_id)
    plan = api.post("/carousels/plan", {"brief": "5 myths about kites", "brand_kit_id": kit_id}).json["plan"]
    logo(api, kit_id, "https://yourcdn.example/tin.png")
    assert api.post("/carousels", {"plan_id": plan["id"]}).status == 202
    assert [one.role for one in api.last_job.spec.inputs] == ["logo", "product"]
    api.work()
    assert api.post("/carousels", {"plan_id": plan["id"]}).status == 202
    assert [one.role for one in api.last_job.spec.inputs] == ["product"]


def test_products_come_from_the_site_by_themselves(api: Client) -> None:
    site = "https://dawn.example/"
    api.fetcher.pages[site] = b'<title>Dawn</title><meta property="og:image" content="/tin.png"><p>x'
    api.fetcher.pages[f"{site}tin.png"] = photograph(300)
    reply = api.post("/brand-kits", {"name": "n", "website_url": site})
    assert (reply.status, reply.json["brand_kit"]["product_references"]) == (201, [])
    api.work()
    (found,) = kit_of(api, reply.json["brand_kit"]["id"])["product_references"]
    assert found["aspect_ratio"] == "1:1"
    assert api.get("/generations").json["data"] == []
    api.check_books()


def photograph(side: int) -> bytes:
    into = io.BytesIO()
    Image.new("RGB", (side, side), (200, 100, 50)).save(into, "PNG")
    return into.getvalue()


def test_a_worker_that_takes_too_long_is_told(api: Client, kit_id: str) -> None:
    api.house_works = False
    asked_at = api.clock.now()
    assert logo(api, kit_id).refusal == (422, "generation_error", "generation_timed_out")
    assert (api.clock.now() - asked_at).total_seconds() < 25
    assert kit_of(api, kit_id)["logo"] is None


@pytest.mark.parametrize("put", [logo, product])
def test_a_repeated_request_puts_one_picture(api: Client, kit_id: str, put: Any) -> None:
    headers = {"Idempotency-Key": "picture-1"}
    first, again = (put(api, kit_id, headers=headers) for _ in range(2))
    assert (again.body, again.headers["Idempotent-Replayed"]) == (first.body, "true")
    assert len(api.memory.jobs) == 1
    assert put(api, kit_id, UNKNOWN_ID, headers=headers).refusal == (
        409,
        "conflict_error",
        "idempotency_conflict",
    )


def test_what_a_kit_shows_goes_along_with_what_is_made(api: Client, kit_id: str) -> None:
    logo(api, kit_id)
    product(api, kit_id)
    api.create(brand_kit_id=kit_id)
    spec = api.last_job.spec
    kit = kit_of(api, kit_id)
    assert [(one.role, one.asset_id) for one in spec.inputs] == [
        ("logo", kit["logo"]["asset_id"]),
        ("product", kit["product_references"][0]["asset_id"]),
    ]
    api.work()
    assert [role for role, _ in api.engine.taken] == ["logo", "product"]
