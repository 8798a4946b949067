"""Offers: what a dialect sells, for how much, and until when. Data, not code."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from fractions import Fraction

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.routes import HOUSE, Route, sandbox_route
from darkroom.domain.errors import RetiredOffer, Unavailable, UnknownOffer


@dataclass(frozen=True, slots=True)
class Units:
    """What of a request affects its price: the resolution's name, and whether a picture is animated."""

    resolution: str = ""
    image_input: bool = False


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an offer lets a request choose.

    The first of each list is the default; an empty list means that there is no choice. ``durations`` are seconds.
    Without ``from_text`` a request needs at least one picture.
    """

    counts: tuple[int, ...] = (1,)
    resolutions: tuple[str, ...] = ()
    durations: tuple[int, ...] = ()
    aspect_ratios: tuple[str, ...] = ()
    from_text: bool = True
    max_images: int = 0


class Lifecycle(StrEnum):
    """An offer's stage. A deprecated offer is still sold; a retired one is refused."""

    ACTIVE = "active"
    DEPRECATED = "deprecated"
    RETIRED = "retired"


@dataclass(frozen=True, slots=True)
class Offer:
    """A logical operation of a dialect with its price per output.

    ``price`` is in credits and ``None`` while unknown: an unknown price is refused, never treated as zero.
    ``resolution_prices`` are exact prices for some resolutions, ``resolution_factors`` multiply the base price for
    others, ``image_input_factor`` applies to requests with a picture. Fractions of a credit are rounded up.
    ``image_input_kind`` is the kind of job a request with a picture becomes, if another than ``kind``.
    ``collection`` is the list that has its outputs. ``deadline_seconds`` bounds the whole job. An offer that is not
    ``counted`` does not use up the plan's allowance for ``feature``.
    """

    id: str
    dialect: str
    kind: str
    model: str
    price: int | None
    feature: Feature
    collection: str
    deadline_seconds: int
    max_count: int
    routes: tuple[Route, ...] = ()
    retires_at: datetime | None = None
    replacement: str | None = None
    resolution_prices: Mapping[str, int] = field(default_factory=dict)
    resolution_factors: Mapping[str, Fraction] = field(default_factory=dict)
    image_input_factor: Fraction = Fraction(1)
    image_input_kind: str = ""
    capabilities: Capabilities = Capabilities()
    notes: str = ""
    deprecated_at: datetime | None = None
    counted: bool = True

    def kind_for(self, units: Units) -> str:
        """The kind of job at ``units``."""
        return (self.image_input_kind if units.image_input else "") or self.kind

    def lifecycle(self, now: datetime) -> Lifecycle:
        """The offer's stage; an offer with an end is deprecated until then."""
        if self.retires_at is not None:
            return Lifecycle.RETIRED if self.retires_at <= now else Lifecycle.DEPRECATED
        deprecated = self.deprecated_at is not None and self.deprecated_at <= now
        return Lifecycle.DEPRECATED if deprecated else Lifecycle.ACTIVE

    def price_for(self, units: Units) -> int | None:
        """Credits per output at ``units``: the one place for both estimates and charges."""
        if self.price is None:
            return None
        exact = self.resolution_prices.get(units.resolution)
        factor = self.resolution_factors.get(units.resolution, Fraction(1))
        price = Fraction(exact) if exact is not None else self.price * factor
        return math.ceil(price * (self.image_input_factor if units.image_input else 1))


@dataclass(frozen=True, slots=True)
class Catalog:
    """All offers, by id."""

    offers: Mapping[str, Offer] = field(default_factory=dict)

    @classmethod
    def of(cls, offers: Iterable[Offer]) -> Catalog:
        """A catalog of ``offers``, whose ids must be unique."""
        by_id: dict[str, Offer] = {}
        for offer in offers:
            if offer.id in by_id:
                raise ValueError(f"offer {offer.id} is listed twice")
            by_id[offer.id] = offer
        return cls(by_id)

    def of_dialect(self, dialect: str) -> tuple[Offer, ...]:
        """What a dialect sells, in the order of its list."""
        return tuple(offer for offer in self.offers.values() if offer.dialect == dialect)

    def named(self, dialect: str, model: str) -> Offer:
        """The dialect's offer of that model.

        Raises
        ------
        UnknownOffer
        """
        for offer in self.of_dialect(dialect):
            if offer.model == model:
                return offer
        raise UnknownOffer("This model is not available.", param="model")

    def priced(self, offer_id: str, now: datetime, units: Units = Units()) -> tuple[Offer, int]:
        """The offer and its current price per output.

        Raises
        ------
        UnknownOffer, RetiredOffer
        """
        offer = self.offers.get(offer_id)
        price = offer.price_for(units) if offer is not None else None
        if offer is None or price is None:
            raise UnknownOffer("This model is not available.", param="model")
        if offer.lifecycle(now) is Lifecycle.RETIRED:
            raise RetiredOffer(
                f"{offer.model} was retired; use {offer.replacement or 'another model'} instead.",
                replacement=offer.replacement,
                param="model",
            )
        return offer, price


def usable_routes(
    offer: Offer,
    work: str,
    *,
    livemode: bool,
    engines: Collection[str],
    sandbox: bool,
    sandbox_fallback: bool,
    now: datetime,
) -> tuple[Route, ...]:
    """The routes that can make the output, first choice first. Test mode has the sandbox alone, if the stack has one.

    What a stack does itself it does in either mode.
    In live mode these are the offer's routes for that work whose engine is switched on; only where there is none
    does the sandbox step in, if this stack has one and lets it.

    Raises
    ------
    Unavailable
        Nothing on this stack can make it.
    """
    if ours := tuple(route for route in offer.routes if route.engine == HOUSE):
        return ours
    if not livemode and not sandbox:
        raise Unavailable(
            "Test keys cannot generate here: this stack was deployed without the sandbox.", retry_after=3600
        )
    if not livemode:
        return (sandbox_route(offer.feature),)
    usable = tuple(route for route in offer.routes if route.engine in engines and route.usable(work, now))
    if usable:
        return usable
    if sandbox and sandbox_fallback:
        return (sandbox_route(offer.feature),)
    raise Unavailable("No engine for this model is configured.", retry_after=60)


def with_routes(offers: Iterable[Offer], routes: Mapping[str, Sequence[Route]]) -> tuple[Offer, ...]:
    """The offers, each with its routes of a table by offer id."""
    return tuple(replace(offer, routes=tuple(routes.get(offer.id, ()))) for offer in offers)
