"""The rows of the assets table that a request's prefetch keys lead to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.keys import Key
from darkroom.domain.accounts.prefetch import PrefetchKey
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.brands.brand_kit import BrandKit
from darkroom.domain.brands.prefetch import BrandKitKey
from darkroom.domain.carousels.plan import CarouselPlan, PlanKey
from darkroom.domain.renders.prefetch import RenderKey, TemplateKey
from darkroom.domain.renders.rendered import Rendered
from darkroom.domain.serialization import from_document


@dataclass(frozen=True, slots=True)
class _Place:
    row_key: Callable[[Owner, Any], Key]
    read: Callable[[Mapping[str, Any]], Any]


def row_key(key: PrefetchKey[Any], owner: Owner) -> Key:
    """The key of the row that a prefetch key leads to."""
    return _PLACES[type(key)].row_key(owner, key)


def read(key: PrefetchKey[Any], row: Mapping[str, Any]) -> Any:
    """What is in that row."""
    return _PLACES[type(key)].read(row)


def _template(row: Mapping[str, Any]) -> Any:
    # Its models take a while to load, which only those who ask for templates are to wait for.
    from darkroom.domain.templates.template import Template  # noqa: PLC0415

    return from_document(Template, row)


_PLACES: Mapping[type[PrefetchKey[Any]], _Place] = {
    PlanKey: _Place(
        lambda owner, key: keys.plan(owner, key.plan_id), lambda row: from_document(CarouselPlan, row)
    ),
    TemplateKey: _Place(lambda owner, key: keys.template(owner, key.template_id), _template),
    BrandKitKey: _Place(
        lambda owner, key: keys.brand_kit(owner, key.kit_id), lambda row: from_document(BrandKit, row)
    ),
    RenderKey: _Place(
        lambda owner, key: keys.rendered(owner, key.template_id, key.payload_key),
        lambda row: from_document(Rendered, row),
    ),
}
