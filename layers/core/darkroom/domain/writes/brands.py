"""Writes of brand kits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.brands.brand_kit import BrandKit


@dataclass(frozen=True, slots=True)
class SaveBrandKit(Write):
    """Put a kit. Condition: its version is one more than the stored one's; only version 1 may be new."""

    kit: BrandKit


@dataclass(frozen=True, slots=True)
class DeleteBrandKit(Write):
    """Remove a kit. Condition: it is there."""

    owner: Owner
    kit_id: str


@dataclass(frozen=True, slots=True)
class SetDefaultBrandKit(Write):
    """Make a kit the owner's default, in place of any other. No condition: ``SaveBrandKit`` comes with it."""

    owner: Owner
    kit_id: str
