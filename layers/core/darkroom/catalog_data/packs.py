"""The packs of credits this stack sells. Their sizes are documented; the operator sets their prices."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from darkroom.domain.billing.packs import Pack

PACKS: Mapping[str, Pack] = {
    pack.id: pack
    for pack in (
        Pack("pack_100", 100, price_cents=900),
        Pack("pack_300", 300, price_cents=2_400),
        Pack("pack_1000", 1_000, price_cents=6_900),
    )
}

# What a credit earns at least, in millionths of a dollar: its price in the pack that sells it cheapest.
CREDIT_MICROS = min(Fraction(pack.price_cents * 10_000, pack.credits) for pack in PACKS.values())
