"""What a brand kit grounds reaches every vendor: its words, its logo, and as many products as the model takes."""

from __future__ import annotations

import base64

import pytest

from darkroom.catalog_data import memes
from darkroom.catalog_data.routes import ROUTES
from darkroom.domain.brands.brand_kit import grounding_of
from darkroom.domain.catalog.routes import Route, Work
from darkroom.domain.jobs.engine import TaskRequest
from darkroom.domain.jobs.spec import BrandProfile, Input
from darkroom_vendors.base import VendorRequest
from darkroom_vendors.registry import vendor
from tests.contract.examples import brand_kit
from tests.harness.pictures import png
from tests.harness.vendor_adapters import make_task_request

REFERENCES, PRODUCTS = 2, 5
MOST_AT_ONE = 3  # what the model with the fewest takes
ROLES = (*("ref",) * REFERENCES, "logo", *("product",) * PRODUCTS)
FILES = {f"{role}.{number}": png(number + 2, 5) for number, role in enumerate(ROLES)}
OF_KITS = [
    route
    for offer in (memes.IMAGE, memes.IMAGE_FAST, memes.MEME)
    for route in ROUTES[offer]
    if Work.REFERENCES in route.kinds
]


def request_on(route: Route) -> TaskRequest:
    profile = grounding_of(brand_kit(tone_of_voice="warm"), BrandProfile(industry="coffee")).profile
    return make_task_request(
        route.engine_model,
        "a tin",
        kind="meme",
        ratio="1:1",
        input_files=FILES,
        options=route.options,
        brand=profile,
        inputs=tuple(Input(role, "k", stored=True) for role in ROLES),
    )


def sent(route: Route) -> str:
    first: VendorRequest = next(vendor(route.engine).start(request_on(route), None))
    return repr(first)


def shows(text: str, name: str) -> bool:
    """Whether a picture is in a request: by its address, inline, or as a file."""
    data = FILES[name]
    return (
        f"https://media.example/{name}'" in text
        or base64.b64encode(data).decode() in text
        or repr(data)[2:-1] in text
    )


@pytest.mark.parametrize("route", OF_KITS, ids=lambda route: f"{route.engine} {route.engine_model}")
def test_words_colours_logo_and_products_reach_the_vendor(route: Route) -> None:
    text = sent(route)
    for word in ("Dawn Roasters", "coffee", "warm", "#3B2A1A", "the logo", "show the product"):
        assert word in text
    names = list(FILES)
    shown = [name for name in names if shows(text, name)]
    assert shown == names[: len(shown)], "from the front, so that products are the first to be left out"
    assert len(shown) > MOST_AT_ONE
    assert "logo.2" in shown
