"""Writes of manifests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from darkroom.domain.manifests.manifest import Manifest


@dataclass(frozen=True, slots=True)
class SaveManifest(Write):
    """Put a manifest. Condition: its version is one more than the stored one's; only version 1 may be new.

    A manifest that moved on explains that the jobs of its segment are already there.
    """

    precedence: ClassVar[int] = 1

    manifest: Manifest
