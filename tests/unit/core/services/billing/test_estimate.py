"""Estimates: a request completed with what its model does by default, and priced as it is charged."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Capabilities, Catalog, Lifecycle, Offer
from darkroom.domain.errors import (
    CountOutOfRange,
    DomainError,
    InvalidAspectRatio,
    InvalidParam,
    MissingParam,
    RetiredOffer,
    UnknownOffer,
    UnsupportedVersion,
)
from darkroom.services.billing.estimate import Estimate, Quote, QuoteRequest
from tests.fakes.system import START, FakeClock

KITE = Offer(
    id="d.kite",
    dialect="d",
    kind="image",
    model="kite",
    price=10,
    feature=Feature.IMAGES,
    collection="image",
    deadline_seconds=60,
    max_count=4,
    resolution_factors={"2K": Fraction(3, 2)},
    image_input_factor=Fraction(2),
    capabilities=Capabilities(
        counts=(1, 2, 4), resolutions=("1K", "2K"), aspect_ratios=("16:9", "1:1"), max_images=2
    ),
)
PLAIN = replace(KITE, id="d.plain", model="plain", capabilities=Capabilities())
FROM_PICTURES = replace(
    KITE, id="d.edit", model="edit", capabilities=Capabilities(from_text=False, max_images=1)
)
RETIRED = replace(KITE, id="d.old", model="old", retires_at=START)
ESTIMATE = Estimate(Catalog.of([KITE, PLAIN, FROM_PICTURES, RETIRED]), FakeClock(), "d", "v2")


def quote(model: str = "kite", **request: Any) -> Quote:
    return ESTIMATE(QuoteRequest(model, **request))


def test_what_a_request_leaves_out_is_the_first_of_what_there_is() -> None:
    quoted = quote()
    assert (quoted.count, quoted.resolution, quoted.aspect_ratio) == (1, "1K", "16:9")
    assert (quoted.duration, quoted.unit_price, quoted.credits) == (None, 10, 10)
    assert quoted.lifecycle is Lifecycle.ACTIVE


def test_the_price_is_for_all_outputs_at_what_was_asked_for() -> None:
    quoted = quote(count=4, resolution="2K", images=1)
    assert (quoted.unit_price, quoted.credits) == (30, 120)
    assert KITE.price_for(quoted.units) == quoted.unit_price


def test_a_picture_that_comes_in_gives_its_own_shape() -> None:
    assert quote(images=1).aspect_ratio == "auto"
    assert quote(images=1, aspect_ratio="1:1").aspect_ratio == "1:1"
    with pytest.raises(InvalidAspectRatio):
        quote(aspect_ratio="auto")


@pytest.mark.parametrize(
    ("model", "request_", "error", "param"),
    [
        ("boat", {}, UnknownOffer, "model"),
        ("old", {}, RetiredOffer, "model"),
        ("kite", {"feature": Feature.VIDEO}, InvalidParam, "product"),
        ("kite", {"price_version": "v1"}, UnsupportedVersion, "price_version"),
        ("kite", {"count": 3}, CountOutOfRange, "units.count"),
        ("kite", {"resolution": "8K"}, InvalidParam, "units.resolution"),
        ("kite", {"aspect_ratio": "2:1"}, InvalidAspectRatio, "units.aspect_ratio"),
        ("kite", {"duration": 5}, InvalidParam, "units.duration"),
        ("kite", {"images": 3}, InvalidParam, "input_image_urls"),
        ("plain", {"images": 1}, InvalidParam, "input_image_urls"),
        ("plain", {"resolution": "1K"}, InvalidParam, "units.resolution"),
    ],
)
def test_what_a_model_does_not_do_is_refused_by_name(
    model: str, request_: dict[str, Any], error: type[DomainError], param: str
) -> None:
    with pytest.raises(error) as refused:
        quote(model, **request_)
    assert refused.value.param == param


def test_what_is_said_in_agreement_is_accepted() -> None:
    assert quote(feature=Feature.IMAGES, price_version="v2", images=2).images == 2


def test_a_model_says_what_it_cannot_go_without() -> None:
    with pytest.raises(MissingParam) as refused:
        quote().require_inputs("  ")
    assert refused.value.param == "prompt"
    with pytest.raises(MissingParam) as refused:
        quote("edit").require_inputs("a kite")
    assert refused.value.param == "input_image_urls"
    quote().require_inputs("a kite")
    quote("edit", images=1).require_inputs("")


def test_a_list_has_what_is_retired_too() -> None:
    listed = {offer.model: lifecycle for offer, lifecycle in ESTIMATE.listed()}
    assert listed["old"] is Lifecycle.RETIRED
    assert listed["kite"] is Lifecycle.ACTIVE
    assert len(listed) == 4
