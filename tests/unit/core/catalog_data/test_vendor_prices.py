"""Prices of vendors: each has its day and its source, and is of something that is sold."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from darkroom.catalog_data.routes import ROUTES
from darkroom.catalog_data.vendor_prices import PRICES
from darkroom.domain.usage.vendor_prices import OUTPUT, SECOND

MODELS = {(route.engine, route.engine_model) for routes in ROUTES.values() for route in routes}


def test_every_price_says_when_and_where_it_was_read() -> None:
    for price in PRICES.prices:
        assert price.source
        assert date(2026, 1, 1) <= price.read <= date.today()  # noqa: DTZ011


def test_every_price_is_of_a_model_that_is_used() -> None:
    for price in PRICES.prices:
        assert price.models or price.vendor in {vendor for vendor, _ in MODELS}
        assert {(price.vendor, model) for model in price.models} <= MODELS


def test_what_is_not_counted_by_the_vendor_is_counted_by_what_was_made() -> None:
    for term in (term for price in PRICES.prices for term in price.terms):
        assert term.figure or term.unit in (OUTPUT, SECOND)
        assert Fraction(term.usd) > 0


def test_every_vendor_has_prices() -> None:
    # replicate bills by the second of whatever machine a model runs on, and does not tell which that is.
    assert {price.vendor for price in PRICES.prices} == {vendor for vendor, _ in MODELS} - {"replicate"}
