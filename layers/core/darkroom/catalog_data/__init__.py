"""Offers as typed constants, one module per dialect, put together into the catalog."""

from __future__ import annotations

from darkroom.catalog_data import agent, gencraft, memes, moondraft
from darkroom.domain.catalog import Catalog


def catalog() -> Catalog:
    """Everything this stack sells."""
    return Catalog.of((*agent.OFFERS, *gencraft.OFFERS, *memes.OFFERS, *moondraft.OFFERS))
