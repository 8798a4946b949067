"""Offers: what they cost, where they stand, who can make them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Catalog, Lifecycle, Offer, Units, usable_routes, with_routes
from darkroom.domain.catalog.routes import Queue, Route, Work
from darkroom.domain.errors import RetiredOffer, Unavailable, UnknownOffer
from tests.fakes.system import START

OFFER = Offer(
    id="d.kite",
    dialect="d",
    kind="image",
    model="kite",
    price=10,
    feature=Feature.IMAGES,
    collection="image",
    deadline_seconds=60,
    max_count=4,
    resolution_prices={"4K": 25},
    resolution_factors={"2K": Fraction(3, 2)},
    image_input_factor=Fraction(11, 10),
    image_input_kind="edit",
)
DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("units", "price"),
    [
        (Units(), 10),
        (Units("1K"), 10),
        (Units("2K"), 15),
        (Units("4K"), 25),
        (Units(image_input=True), 11),
        (Units("2K", image_input=True), 17),  # 16.5, rounded up
        (Units("4K", image_input=True), 28),  # 27.5, rounded up
    ],
)
def test_the_price_follows_from_the_units(units: Units, price: int) -> None:
    assert OFFER.price_for(units) == price


def test_an_unknown_price_stays_unknown_at_any_units() -> None:
    unpriced = replace(OFFER, price=None)
    assert unpriced.price_for(Units()) is None
    assert unpriced.price_for(Units("4K", image_input=True)) is None


def test_a_picture_that_comes_in_may_change_what_is_done() -> None:
    assert OFFER.kind_for(Units()) == "image"
    assert OFFER.kind_for(Units(image_input=True)) == "edit"
    assert replace(OFFER, image_input_kind="").kind_for(Units(image_input=True)) == "image"


@pytest.mark.parametrize(
    ("changes", "stands"),
    [
        ({}, Lifecycle.ACTIVE),
        ({"deprecated_at": START + DAY}, Lifecycle.ACTIVE),
        ({"deprecated_at": START}, Lifecycle.DEPRECATED),
        ({"retires_at": START + DAY}, Lifecycle.DEPRECATED),
        ({"retires_at": START}, Lifecycle.RETIRED),
    ],
)
def test_an_offer_is_deprecated_before_it_is_retired(changes: dict[str, object], stands: Lifecycle) -> None:
    assert replace(OFFER, **changes).lifecycle(START) is stands  # type: ignore[arg-type]


def test_an_id_is_listed_once() -> None:
    with pytest.raises(ValueError, match="listed twice"):
        Catalog.of([OFFER, replace(OFFER, model="other")])


def test_a_model_is_looked_up_within_its_dialect() -> None:
    other = replace(OFFER, id="e.kite", dialect="e", price=1)
    catalog = Catalog.of([OFFER, other])
    assert catalog.named("e", "kite") == other
    assert catalog.of_dialect("d") == (OFFER,)
    with pytest.raises(UnknownOffer):
        catalog.named("d", "boat")


def test_only_what_has_a_price_and_has_not_ended_is_sold() -> None:
    retired = replace(OFFER, id="r", retires_at=START, replacement="dragon")
    catalog = Catalog.of([OFFER, replace(OFFER, id="u", price=None), retired])
    assert catalog.priced("d.kite", START, Units("2K")) == (OFFER, 15)
    for missing in ("u", "no such"):
        with pytest.raises(UnknownOffer):
            catalog.priced(missing, START)
    with pytest.raises(RetiredOffer) as refused:
        catalog.priced("r", START)
    assert refused.value.replacement == "dragon"
    assert "dragon" in refused.value.detail


def engines_of(
    offer: Offer,
    *engines: str,
    livemode: bool = True,
    sandbox: bool = True,
    fallback: bool = False,
    work: str = Work.IMAGE,
) -> list[str]:
    routes = usable_routes(
        offer,
        work,
        livemode=livemode,
        engines=engines,
        sandbox=sandbox,
        sandbox_fallback=fallback,
        now=START,
    )
    return [route.engine for route in routes]


ROUTED = replace(
    OFFER,
    routes=(
        Route("a", Queue.VENDORS, kinds=frozenset({Work.EDIT})),
        Route("b", Queue.VENDORS, retires_at=START),
        Route("c", Queue.VENDORS),
        Route("d", Queue.VENDORS),
    ),
)


def test_the_routes_are_those_switched_on_that_can_do_the_work_in_order() -> None:
    assert engines_of(ROUTED, "a", "b", "c", "d") == ["c", "d"]
    assert engines_of(ROUTED, "d", "a", work=Work.EDIT) == ["a", "d"]


def test_the_sandbox_makes_everything_in_test_mode_and_live_only_what_nobody_can() -> None:
    assert engines_of(ROUTED, "c", livemode=False) == ["sandbox"]
    assert engines_of(ROUTED, "c", fallback=True) == ["c"]
    assert engines_of(ROUTED, "b", fallback=True) == ["sandbox"]
    with pytest.raises(Unavailable):
        engines_of(ROUTED, "b")


def test_a_table_of_routes_replaces_those_of_the_offers_in_it() -> None:
    route = Route("x", Queue.VENDORS)
    kite, boat = with_routes([ROUTED, replace(OFFER, id="d.boat")], {"d.boat": [route]})
    assert (kite.routes, boat.routes) == ((), (route,))
