"""The offline engine behind the API: what comes back is what the document says it is, to the pixel."""

from __future__ import annotations

import base64
from typing import Any, cast

import pytest

from api_moondraft.requests import SIZES
from darkroom.domain.media.sniffing import sniff
from darkroom_sandbox.engine import SandboxEngine
from darkroom_sandbox.stills import STILLS
from tests.unit.functions.api_moondraft.client import Client, data_url


@pytest.fixture
def studio() -> Client:
    api = Client()
    api.studio = cast("Any", SandboxEngine(api.clock, STILLS))
    return api


def size_of(url: str) -> tuple[int, int]:
    media = sniff(base64.b64decode(url.removeprefix("data:image/png;base64,")))
    assert media is not None
    return media.width, media.height


@pytest.mark.parametrize("ratio", SIZES)
def test_every_ratio_comes_out_at_its_exact_size(studio: Client, ratio: str) -> None:
    reply = studio.post("/generate", {"prompt": "a lighthouse at dusk", "aspect_ratio": ratio})
    assert size_of(reply.json["image"]) == SIZES[ratio]


def test_pictures_are_referred_to_edited_and_doubled(studio: Client) -> None:
    first = studio.post("/generate", {"prompt": "sneakers on marble", "aspect_ratio": "1:1"}).json["image"]
    references = {"style_ref": first, "character_ref": first}
    assert studio.post("/generate", {"prompt": "a poster", **references}).status == 200
    edited = studio.post("/edit", {"prompt": "make it a beach sunset", "image": first}).json["image"]
    assert edited != first
    doubled = studio.post("/enhance", {"image": first}).json["image"]
    if doubled.startswith("https://"):
        asset = studio.last_job.tasks[0].asset
        assert asset is not None
        doubled = data_url(studio.blobs.get(asset.storage_key))
    assert size_of(doubled) == (2048, 2048)


def test_a_batch_s_prompts_are_painted_each_for_itself(studio: Client) -> None:
    reply = studio.post("/generate/batch", {"prompts": ["a red cat", "a blue lake", "[[fail]]"]})
    images = [item.get("image") for item in reply.json["results"]]
    assert images[0] != images[1]
    assert images[2] is None
