"""Offers as typed constants, one module per dialect, put together into the catalog."""

from __future__ import annotations

from darkroom.catalog_data import memes
from darkroom.domain.catalog import Catalog


def catalog() -> Catalog:
    """Everything this stack sells."""
    return Catalog.of(memes.OFFERS)
