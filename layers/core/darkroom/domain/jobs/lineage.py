"""Families of pictures: what was made from what."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from darkroom.domain.jobs.assets import Asset, AssetType

PICTURES = frozenset({AssetType.IMAGE, AssetType.CAROUSEL_SLIDE})


@dataclass(frozen=True, slots=True)
class Lineage:
    """A family of pictures, the oldest first; ``root`` is the one that all others come from.

    Deleted members are among them, for they link the others. ``complete`` is false where a family is larger than
    what is read of it.
    """

    root: Asset
    members: tuple[Asset, ...]
    complete: bool = True


def lineage(root_id: str, family: Iterable[Asset], *, complete: bool) -> Lineage:
    """The lineage of a family's pictures. Its films are no edits and are left out.

    Raises
    ------
    ValueError
        There is no picture among them.
    """
    pictures = [asset for asset in family if asset.type in PICTURES]
    ordered = sorted(pictures, key=lambda asset: (asset.id != root_id, asset.created_at, asset.id))
    if not ordered:
        raise ValueError(f"the family of {root_id} has no pictures")
    return Lineage(ordered[0], tuple(ordered), complete)
