"""What a request that is for a brand names before it is admitted."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.prefetch import PrefetchKey
from darkroom.domain.brands.brand_kit import BrandKit


@dataclass(frozen=True, slots=True)
class BrandKitKey(PrefetchKey[BrandKit]):
    """A brand kit, as it is now."""

    kit_id: str
