"""What an estimate says is what is charged, for everything on the list."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from darkroom.catalog_data.agent import OFFERS, PRICE_VERSION
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Units
from tests.unit.functions.api_agent.client import PHOTO, Client

BEFORE_SORA_ENDED = datetime(2026, 9, 1, tzinfo=UTC)

# The price table of every version there was. A changed price needs a new version and a new line here.
TABLES = {"2026-02-02-v1": "fb0bccf67579c32a42d4c11218b4aeaa3709698deb1f66007b14b6b2343970b7"}

# By model, resolution and whether a picture comes in: what the contract's rows and rules come to.
EXPECTED: dict[tuple[str, str, bool], int] = {
    ("google/nano-banana", "1K", False): 8,
    ("google/nano-banana", "1K", True): 8,
    ("nano-banana-pro", "1K", False): 20,
    ("nano-banana-pro", "1K", True): 20,
    ("nano-banana-pro", "2K", False): 20,
    ("nano-banana-pro", "2K", True): 20,
    ("nano-banana-pro", "4K", False): 40,
    ("nano-banana-pro", "4K", True): 40,
    ("gpt4o_image", "1K", False): 10,
    ("gpt4o_image", "1K", True): 10,
    ("qwen/text-to-image", "1K", False): 15,
    ("qwen/image-to-image", "1K", True): 15,
    ("xai/grok-imagine-image", "1K", False): 20,
    ("xai/grok-imagine-image/edit", "1K", True): 20,
    ("z-image", "1K", False): 20,
    ("sora-2", "720p", False): 10,
    ("sora-2", "720p", True): 15,
    ("sora-2", "1080p", False): 18,
    ("sora-2", "1080p", True): 27,
    ("sora-2-pro", "720p", False): 30,
    ("sora-2-pro", "720p", True): 45,
    ("sora-2-pro", "1080p", False): 54,
    ("sora-2-pro", "1080p", True): 81,
    ("veo3_fast", "720p", False): 50,
    ("veo3_fast", "720p", True): 75,
    ("veo3_fast", "1080p", False): 90,
    ("veo3_fast", "1080p", True): 135,
    ("veo3", "720p", False): 280,
    ("veo3", "720p", True): 420,
    ("veo3", "1080p", False): 350,
    ("veo3", "1080p", True): 525,
    ("doubao-seedance-1.0-pro-fast", "480p", False): 40,
    ("doubao-seedance-1.0-pro-fast", "480p", True): 60,
    ("doubao-seedance-1.0-pro-fast", "720p", False): 40,
    ("doubao-seedance-1.0-pro-fast", "720p", True): 60,
    ("doubao-seedance-1.0-pro-fast", "1080p", False): 72,
    ("doubao-seedance-1.0-pro-fast", "1080p", True): 108,
    ("wan-2.6", "720p", False): 20,
    ("wan-2.6", "720p", True): 30,
    ("wan-2.6", "1080p", False): 300,
    ("wan-2.6", "1080p", True): 450,
    ("fal-ai/ltx-2/image-to-video", "1080p", True): 50,
    ("xai/grok-imagine-video/text-to-video", "480p", False): 10,
    ("xai/grok-imagine-video/text-to-video", "720p", False): 10,
    ("V5", "", False): 35,
    ("V4_5PLUS", "", False): 30,
    ("V4_5", "", False): 25,
    ("V4", "", False): 20,
}


def table() -> Iterator[tuple[str, str, bool, int | None]]:
    for offer in OFFERS:
        takes = offer.capabilities
        inputs = ([False] if takes.from_text else []) + ([True] if takes.max_images else [])
        for resolution in takes.resolutions or ("",):
            for image_input in inputs:
                price = offer.price_for(Units(resolution, image_input))
                yield offer.model, resolution, image_input, price


def test_the_table_is_the_documents() -> None:
    assert {(model, resolution, image): price for model, resolution, image, price in table()} == EXPECTED


def test_a_price_cannot_change_without_its_version() -> None:
    now = hashlib.sha256(json.dumps(sorted(table())).encode()).hexdigest()
    assert TABLES[PRICE_VERSION] == now, "bump PRICE_VERSION in catalog_data/agent.py and add the new table"
    assert len(set(TABLES.values())) == len(TABLES)


FEATURES = {offer.model: offer.feature for offer in OFFERS}
CASES = [
    (model, resolution, image, count)
    for model, resolution, image in EXPECTED
    for count in ((1, 2, 4, 8) if FEATURES[model] is Feature.IMAGES else (1,))
]


@pytest.mark.parametrize(("model", "resolution", "image", "count"), CASES)
def test_what_is_estimated_is_what_is_charged(model: str, resolution: str, image: bool, count: int) -> None:
    api = Client(credits=1000, now=BEFORE_SORA_ENDED)
    units: dict[str, Any] = {"count": count} | ({"resolution": resolution} if resolution else {})
    body: dict[str, Any] = {"model": model, "units": units}
    if image:
        body["input_image_urls"] = [PHOTO]
    estimated = api.estimate(**body).data["credits"]
    assert estimated == EXPECTED[model, resolution, image] * count
    task_id = api.generate(**body).data["task_id"]
    assert api.memory.entries[api.owner, f"{task_id}#hold"].held == estimated
    api.work()
    assert api.memory.entries[api.owner, f"{task_id}#settle"].spent == estimated
    assert api.task(task_id)["credits_charged"] == estimated
    assert (api.wallet.available, api.wallet.held) == (1000 - estimated, 0)


@pytest.mark.parametrize(("credits", "status"), [(320, 200), (319, 402)])
def test_credits_suffice_exactly_or_not_at_all(credits: int, status: int) -> None:
    api = Client(credits=credits)
    assert api.generate(units={"count": 8, "resolution": "4K"}).status == status


@pytest.mark.parametrize("offer", OFFERS, ids=lambda offer: offer.model)
def test_what_is_not_asked_for_costs_the_base_price(offer: Any) -> None:
    api = Client(now=BEFORE_SORA_ENDED)
    data = api.estimate(model=offer.model).data
    assert (data["credits"], data["credits_per_output"], data["units"]["count"]) == (
        offer.price,
        offer.price,
        1,
    )
