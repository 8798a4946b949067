"""Edits and reframes: what is taken, what is refused, and whose child the result is."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from darkroom.domain.jobs.job import FailureCode, Job
from tests.fakes import FakeBlobs
from tests.harness import pictures
from tests.unit.functions.api_memes.client import UNKNOWN_ID, Client

EDITS, REFRAME = "/images/edits", "/images/reframe"


def mask_of(data: bytes, mime: str = "image/png") -> str:
    return f"data:{mime};base64,{base64.b64encode(data).decode()}"


@pytest.fixture
def blobs(api: Client) -> FakeBlobs:
    api.core.blobs = fake = FakeBlobs()
    return fake


def source(api: Client, path: str = "/images") -> str:
    """The id of a finished picture."""
    job = api.end(api.create(path))
    assert job.tasks[0].asset is not None
    return job.tasks[0].asset.id


def newest(api: Client) -> Job:
    return api.memory.jobs[max(api.memory.jobs, key=lambda place: place[1])]


def untouched(api: Client, blobs: FakeBlobs, deed: Any) -> Any:
    """What the deed answered; it must have left nothing behind."""
    before = (api.wallet, len(api.memory.jobs), dict(blobs.objects))
    answer = deed()
    assert (api.wallet, len(api.memory.jobs), dict(blobs.objects)) == before
    return answer


@pytest.mark.parametrize(("path", "collection"), [("/images", "image"), ("/memes", "meme")])
def test_an_edit_is_a_child_in_its_sources_list(
    api: Client, blobs: FakeBlobs, path: str, collection: str
) -> None:
    parent = source(api, path)
    body = {"image_id": parent, "instruction": "make it autumn", "mask": mask_of(pictures.png(64, 64))}
    reply = api.post(EDITS, body)
    assert reply.status == 202
    assert reply.json["generation"]["type"] == "edit"
    assert reply.json["generation"]["model"] == "forge-edit"
    job = newest(api)
    assert [one.role for one in job.spec.inputs] == ["source", "mask"]
    assert job.collection == collection
    assert len(blobs.objects) == 1
    assert api.wallet.held == 1


def test_references_and_a_ratio_go_along(api: Client) -> None:
    parent, other = source(api), source(api)
    references = [{"type": "ref", "source": other}, {"type": "logo", "source": "https://cdn.example/l.png"}]
    body = {"image_id": parent, "instruction": "x", "reference_images": references, "aspect_ratio": "16:9"}
    assert api.post(EDITS, body).status == 202
    job = newest(api)
    assert [one.role for one in job.spec.inputs] == ["source", "ref", "logo"]
    assert job.spec.aspect_ratio == "16:9"


def test_an_address_can_be_edited_too(api: Client) -> None:
    assert api.post(EDITS, {"image_id": "https://cdn.example/a.png", "instruction": "x"}).status == 202
    assert newest(api).collection == "image"


@pytest.mark.parametrize(
    "mask",
    [
        "hello",
        "data:image/png;base64,",
        "data:image/png;base64,!!!",
        "data:image/png,plain",
        mask_of(b"no picture at all"),
        mask_of(pictures.png(64, 64)[:40]),
        mask_of(pictures.png(64, 64) + b"PK\x03\x04"),
        mask_of(pictures.png(30_000, 30_000)),
        mask_of(pictures.jpeg(64, 64), "image/png"),
    ],
)
def test_unusable_masks_are_refused_before_anything_is_kept(api: Client, blobs: FakeBlobs, mask: str) -> None:
    body = {"image_id": source(api), "instruction": "x", "mask": mask}
    reply = untouched(api, blobs, lambda: api.post(EDITS, body))
    assert reply.refusal == (400, "invalid_request_error", "invalid_mask")
    assert reply.error["param"] == "mask"


@pytest.mark.parametrize(
    ("changes", "code", "param"),
    [
        ({"image_id": None}, "missing_required_param", "image_id"),
        ({"instruction": None}, "missing_required_param", "instruction"),
        ({"instruction": "  "}, "invalid_param", "instruction"),
        ({"instruction": "x" * 2001}, "invalid_param", "instruction"),
        ({"image_id": 5}, "invalid_param", "image_id"),
        ({"mask": 5}, "invalid_mask", "mask"),
        ({"aspect_ratio": "7:5"}, "invalid_aspect_ratio", "aspect_ratio"),
        ({"image_id": "http://cdn.example/a.png"}, "invalid_param", "image_id"),
    ],
)
def test_bad_edits_name_the_field(
    api: Client, blobs: FakeBlobs, changes: dict[str, Any], code: str, param: str
) -> None:
    body = {"image_id": source(api), "instruction": "x", **changes}
    reply = untouched(api, blobs, lambda: api.post(EDITS, body))
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, code, param)


@pytest.mark.parametrize("path", [EDITS, REFRAME])
@pytest.mark.parametrize("image_id", ["asset_a1", "..", "x" * 100, "data:image/png;base64,AAAA"])
def test_what_names_no_picture_is_refused_by_name(
    api: Client, blobs: FakeBlobs, path: str, image_id: str
) -> None:
    body = {"image_id": image_id, "instruction": "x", "aspect_ratio": "9:16"}
    reply = untouched(api, blobs, lambda: api.post(path, body))
    assert reply.refusal == (400, "invalid_request_error", "invalid_param")
    assert reply.error["param"] == "image_id"
    assert reply.error["message"] == "image_id must be an https URL or the id of an asset."


@pytest.mark.parametrize("path", [EDITS, REFRAME])
@pytest.mark.parametrize("image_id", [UNKNOWN_ID])
def test_what_is_not_there_cannot_be_worked_on(
    api: Client, blobs: FakeBlobs, path: str, image_id: str
) -> None:
    body = {"image_id": image_id, "instruction": "x", "aspect_ratio": "9:16"}
    reply = untouched(api, blobs, lambda: api.post(path, body))
    assert (reply.status, reply.error["param"]) == (404, "image_id")


def test_an_edit_that_cannot_be_paid_keeps_no_mask(blobs_of_poor: tuple[Client, FakeBlobs]) -> None:
    api, blobs = blobs_of_poor
    parent = source(api)
    body = {"image_id": parent, "instruction": "x", "mask": mask_of(pictures.png(64, 64))}
    assert untouched(api, blobs, lambda: api.post(EDITS, body)).refusal[2] == "quota_exceeded"


@pytest.fixture
def blobs_of_poor() -> tuple[Client, FakeBlobs]:
    api = Client(credits=1)
    api.core.blobs = blobs = FakeBlobs()
    return api, blobs


def test_a_reframe_that_ends_in_time_is_answered_with_its_end(api: Client) -> None:
    parent = source(api)
    api.meanwhile.append(lambda: api.end(newest(api).id))
    reply = api.post(REFRAME, {"image_id": parent, "aspect_ratio": "9:16"})
    assert reply.status == 200
    assert reply.json["generation"]["type"] == "reframe"
    assert reply.json["generation"]["status"] == "succeeded"
    assert reply.json["usage"]["credits_used"] == 1


def test_a_reframe_that_takes_longer_goes_on(api: Client) -> None:
    reply = api.post(REFRAME, {"image_id": source(api), "aspect_ratio": "9:16"})
    assert (reply.status, reply.json["generation"]["status"]) == (202, "queued")
    assert "Preference-Applied" not in reply.headers


def test_a_reframe_that_fails_meanwhile_is_a_422(api: Client) -> None:
    parent = source(api)
    api.meanwhile.append(lambda: api.end(newest(api).id, FailureCode.FAILED))
    reply = api.post(REFRAME, {"image_id": parent, "aspect_ratio": "9:16"})
    assert reply.refusal == (422, "generation_error", "generation_failed")


@pytest.mark.parametrize("ratio", ["1:1", "auto", "21:9", "3:4", "", None, 5])
def test_a_reframe_needs_another_documented_ratio(api: Client, blobs: FakeBlobs, ratio: Any) -> None:
    body = {"image_id": source(api), "aspect_ratio": ratio}
    reply = untouched(api, blobs, lambda: api.post(REFRAME, body))
    expected = "missing_required_param" if ratio is None else "invalid_aspect_ratio"
    assert (reply.status, reply.error["code"]) == (400, expected)
