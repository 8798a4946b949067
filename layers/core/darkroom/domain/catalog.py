"""Offers: what a dialect sells, for how much, made by which engine, and until when. Data, not code."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from darkroom.domain.accounts import Feature
from darkroom.domain.errors import RetiredOffer, Unavailable, UnknownOffer

SANDBOX = "sandbox"


class Queue(StrEnum):
    """Which workers take a route's tasks: those that call vendors or those that make pixels."""

    GENERATION = "generation"
    RENDER = "render"


@dataclass(frozen=True, slots=True)
class Route:
    """One way to make an offer's output: an engine and what the engine calls the model."""

    engine: str
    queue: Queue
    engine_model: str = ""


SANDBOX_ROUTE = Route(SANDBOX, Queue.RENDER)


@dataclass(frozen=True, slots=True)
class Offer:
    """A logical operation of a dialect with its price per output.

    ``price`` is in credits and ``None`` while unknown: an unknown price is refused, never taken for zero.
    ``collection`` is the list its outputs show up in. ``deadline_seconds`` bounds the whole job.
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


@dataclass(frozen=True, slots=True)
class Catalog:
    """All offers, by id."""

    offers: Mapping[str, Offer] = field(default_factory=dict)

    @classmethod
    def of(cls, offers: Iterable[Offer]) -> Catalog:
        """A catalog of ``offers``; two of one id are a mistake in the data."""
        by_id: dict[str, Offer] = {}
        for offer in offers:
            if offer.id in by_id:
                raise ValueError(f"offer {offer.id} is listed twice")
            by_id[offer.id] = offer
        return cls(by_id)

    def priced(self, offer_id: str, now: datetime) -> tuple[Offer, int]:
        """The offer and its price, if it can be sold now.

        Raises
        ------
        UnknownOffer, RetiredOffer
        """
        offer = self.offers.get(offer_id)
        if offer is None or offer.price is None:
            raise UnknownOffer("This model is not available.", param="model")
        if offer.retires_at is not None and offer.retires_at <= now:
            raise RetiredOffer(
                f"{offer.model} was retired; use {offer.replacement or 'another model'} instead.",
                replacement=offer.replacement,
                param="model",
            )
        return offer, offer.price


def choose_route(
    offer: Offer, *, livemode: bool, engines: Collection[str], sandbox_fallback: bool
) -> Route:
    """Pick who makes the output: test mode always the sandbox, live mode the first engine that is configured.

    Raises
    ------
    Unavailable
        No engine is configured and this stack does not let live keys fall back to the sandbox.
    """
    if not livemode:
        return SANDBOX_ROUTE
    for route in offer.routes:
        if route.engine in engines:
            return route
    if sandbox_fallback:
        return SANDBOX_ROUTE
    raise Unavailable("No engine for this model is configured.", retry_after=60)
