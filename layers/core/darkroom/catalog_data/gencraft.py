"""What the gencraft dialect sells: a model in a mode. Prices are credits per delivered image.

The contract names no prices; these follow the agent dialect's for the same models. Editing costs what making does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Offer

DIALECT = "gencraft"

IMAGE_DEADLINE_SECONDS = 600

TEXT = "text"
EDIT = "edit"

# What the core calls a mode.
KINDS: Mapping[str, str] = {TEXT: "image", EDIT: "edit"}


@dataclass(frozen=True, slots=True)
class _Model:
    name: str
    price: int
    max_count: int
    modes: tuple[str, ...] = (TEXT, EDIT)
    resolution_prices: Mapping[str, int] = field(default_factory=dict)


_MODELS = (
    _Model("gpt-image-2", price=10, max_count=4, resolution_prices={"4K": 20}),
    _Model("pro", price=20, max_count=2, resolution_prices={"4K": 40}),
    _Model("flash2", price=12, max_count=4, resolution_prices={"4K": 24}),
    _Model("flash", price=8, max_count=4),
)


def _offer(model: _Model, mode: str) -> Offer:
    return Offer(
        id=f"{DIALECT}.{model.name}.{mode}",
        dialect=DIALECT,
        kind=KINDS[mode],
        model=model.name,
        price=model.price,
        feature=Feature.IMAGES,
        collection="image",
        deadline_seconds=IMAGE_DEADLINE_SECONDS,
        max_count=model.max_count,
        resolution_prices=model.resolution_prices,
    )


# The support matrix: a model without an offer for a mode does not support it.
MATRIX: Mapping[str, Mapping[str, Offer]] = {
    model.name: {mode: _offer(model, mode) for mode in model.modes} for model in _MODELS
}
OFFERS = tuple(offer for modes in MATRIX.values() for offer in modes.values())
