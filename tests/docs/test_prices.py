"""What a page says that something costs is what the estimate says, what is held for it, and what is charged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from darkroom.catalog_data import catalog, gencraft, memes, moondraft, pixeldrive
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.catalog.offers import Lifecycle, Units
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.spec import SPECS, KitSpec, Spec, TemplateSpec
from darkroom.services.jobs.submit_job import Submission
from tests.contract.examples import asset
from tests.docs.test_reference import page_of
from tests.harness.core import CoreHarness
from tests.unit.functions.api_agent.client import NOW, PHOTO
from tests.unit.functions.api_agent.client import Client as AgentClient

CATALOG = catalog()
NUMBERS = {"one": 1, "two": 2, "four": 4, "ten": 10}


@dataclass(frozen=True)
class Price:
    """A price as a page states it."""

    offer: str
    credits: int
    resolution: str = ""
    image_input: bool = False

    @property
    def units(self) -> Units:
        return Units(self.resolution, self.image_input)

    def __str__(self) -> str:
        return f"{self.offer} {self.resolution}{' with a picture' if self.image_input else ''}"


def rows_of(page: str, *header: str) -> Iterator[tuple[str, ...]]:
    for table in page_of(page).tables:
        if table.header[: len(header)] == header:
            yield from table.rows


def prose(page: str, pattern: str) -> int:
    """The number that a page's sentence states; the sentence is a pattern with one group."""
    text = re.sub(r"\s+", " ", page_of(page).path.read_text())
    (found,) = set(re.findall(pattern, text))
    return NUMBERS.get(found.lower()) or int(found)


def of_agent() -> Iterator[Price]:
    """Of the tables of images, videos ("720p 10, 15 · 1080p 18, 27") and music."""
    listed = [
        *rows_of("agent", "Model", "Credits"),
        *rows_of("agent", "Model", "Credits, and with a picture"),
    ]
    for model, cell, *_ in listed:
        offer = CATALOG.named("agent", model.split("`")[1])
        takes = offer.capabilities
        for part in cell.replace("a picture is required, ", "").split(" · "):
            if video := re.match(r"(\d+p):? (\d+)(?:, (\d+))?", part):
                resolution, plain, picture = video.groups()
                if takes.from_text:
                    yield Price(offer.id, int(plain), resolution)
                if takes.max_images:
                    yield Price(offer.id, int(picture or plain), resolution, image_input=True)
                continue
            stated = {
                resolution: int(credits)
                for credits, names in re.findall(r"(\d+)(?: \(([^)]*)\))?", part)
                for resolution in (names.split(", ") if names else takes.resolutions or ("",))
            }
            for resolution, credits in stated.items():
                if takes.from_text:
                    yield Price(offer.id, credits, resolution)
                if takes.max_images:
                    yield Price(offer.id, credits, resolution, image_input=True)


def of_gencraft() -> Iterator[Price]:
    for model, _, modes, _, cell in rows_of("gencraft", "Model"):
        name = model.strip("`")
        usual, *others = re.findall(r"(?:(\dK) )?(\d+)", cell)
        prices = {"1K": usual[1], "2K": usual[1], "4K": usual[1], **dict(others)}
        for mode in modes.split(", "):
            for resolution, credits in prices.items():
                yield Price(gencraft.MATRIX[name][mode].id, int(credits), resolution)


def of_moondraft() -> Iterator[Price]:
    offers = {
        "Image, `standard`": moondraft.IMAGE,
        "Image, `premium`": moondraft.IMAGE_PREMIUM,
        "Edit": moondraft.EDIT,
        "Video": moondraft.VIDEO,
        "Enhancement": moondraft.UPSCALE,
        "Refined prompt": moondraft.REFINE,
    }
    stated = {row[0]: row[1] for row in rows_of("moondraft", "", "Credits")}
    for name, offer in offers.items():
        yield Price(offer, int(stated[name]))


def of_pixeldrive() -> Iterator[Price]:
    stated = {row[0]: int(re.findall(r"\d+", row[1])[0]) for row in rows_of("pixeldrive", "", "Credits")}
    yield Price(pixeldrive.RENDER, stated["a render that was made"])
    yield Price(pixeldrive.PREVIEW, stated["a preview"])
    yield Price(pixeldrive.BATCH, stated["a batch"])


def of_memes() -> Iterator[Price]:
    picture = prose("memes", r"Each picture costs (\d+) credit")
    for offer in (memes.IMAGE, memes.IMAGE_FAST, memes.MEME):
        yield Price(offer, picture)
    edit = prose("memes", r"within a mask if there is one\. Needs `generations:write`\. (\w+) credit")
    reframe = prose("memes", r"painting what is missing\. Needs `generations:write`\. (\w+) credit")
    yield from (Price(offer, edit) for offer in memes.EDITS.values())
    yield from (Price(offer, reframe) for offer in memes.REFRAMES.values())
    yield Price(memes.CAROUSEL, prose("memes", r"(\w+) credit for each\b"))
    storyboard = prose("memes", r"tell a story\. Needs `generations:write`\. (\w+) credits")
    assert storyboard == prose("memes", r"and each storyboard (\d+)")
    yield Price(memes.STORYBOARD, storyboard)
    film = prose("memes", r"or from a picture\. Needs `generations:write`\. (\w+) credits")
    assert film == prose("memes", r"each video (\d+) and")
    yield from (Price(offer, film) for offer in (memes.VIDEO, memes.MOTION))


PRICES = [*of_agent(), *of_gencraft(), *of_moondraft(), *of_pixeldrive(), *of_memes()]
SOLD = [price for price in PRICES if CATALOG.offers[price.offer].lifecycle(NOW) is not Lifecycle.RETIRED]


def test_every_offer_that_costs_anything_has_its_price_in_a_page() -> None:
    assert {price.offer for price in PRICES} >= {
        offer.id for offer in CATALOG.offers.values() if offer.price != 0
    }
    for offer in CATALOG.of_dialect("agent"):
        stated = {(price.resolution, price.image_input) for price in PRICES if price.offer == offer.id}
        assert {resolution for resolution, _ in stated} == set(offer.capabilities.resolutions or ("",))


@pytest.mark.parametrize("price", PRICES, ids=str)
def test_the_catalogs_price_is_the_pages(price: Price) -> None:
    assert CATALOG.offers[price.offer].price_for(price.units) == price.credits


def spec_of(price: Price) -> Spec:
    kind = CATALOG.offers[price.offer].kind_for(price.units)
    sort = SPECS.get(kind, Spec)
    return sort("a red kite", "1:1")


def _drawn(price: Price) -> bool:
    """Whether it is made of a template or a kit, and not of words."""
    sort = SPECS.get(CATALOG.offers[price.offer].kind, Spec)
    return issubclass(sort, TemplateSpec | KitSpec) or price.offer == pixeldrive.RENDER


@pytest.mark.parametrize("price", [price for price in SOLD if not _drawn(price)], ids=str)
def test_what_is_held_and_charged_for_it_is_the_pages_price(price: Price) -> None:
    harness = CoreHarness(credits=10_000)
    count = min(2, CATALOG.offers[price.offer].max_count)
    submission = Submission(price.offer, spec_of(price), count, price.units)
    job = harness.submit_job(harness.caller(), submission)
    assert harness.wallet.held == price.credits * count
    for index in range(count):
        stored = harness.job(job.id)
        harness.core.advance_and_settle(
            stored,
            lambda now, index=index: transitions.task_succeeded(now, index, asset(), harness.clock.now()),  # type: ignore[misc]
            still_needed=lambda _: True,
        )
    assert (harness.wallet.held, harness.wallet.spent) == (0, price.credits * count)


AGENTS = [price for price in SOLD if price.offer.startswith("agent.")]


@pytest.mark.parametrize("price", AGENTS, ids=str)
def test_an_agents_estimate_is_what_it_is_charged_and_what_the_page_says(price: Price) -> None:
    client = AgentClient(credits=10_000)
    body: dict[str, Any] = {"model": CATALOG.offers[price.offer].model}
    if price.resolution:
        body["units"] = {"resolution": price.resolution}
    if price.image_input:
        body["input_image_urls"] = [PHOTO]
    estimated: Mapping[str, Any] = client.estimate(**body).data
    assert (estimated["credits"], estimated["credits_per_output"]) == (price.credits, price.credits)
    assert client.generate(**body).status == 200
    client.clock.advance(timedelta(seconds=1))
    client.end(client.job.id)
    caller = client.core.authenticate(client.key, RatePolicy("default", 120))
    assert (caller.wallet.held, caller.wallet.spent) == (0, price.credits)
    (settled,) = [entry for entry in client.memory.entries.values() if entry.id.endswith("#settle")]
    assert settled.spent == price.credits
