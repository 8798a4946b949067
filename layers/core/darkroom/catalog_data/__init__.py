"""Offers as typed constants, one module per dialect, put together into the catalog."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from darkroom.domain.catalog.offers import Catalog


def catalog() -> Catalog:
    """Everything this stack sells. Loaded here, so that one dialect's words do not bring all the others' offers."""
    from darkroom.catalog_data import agent, gencraft, memes, moondraft, pixeldrive
    from darkroom.catalog_data.routes import OWN_ROUTES, ROUTES
    from darkroom.domain.catalog.offers import Catalog, with_routes

    offers = (*agent.OFFERS, *gencraft.OFFERS, *memes.OFFERS, *moondraft.OFFERS, *pixeldrive.OFFERS)
    return Catalog.of(with_routes(offers, {**ROUTES, **OWN_ROUTES}))
