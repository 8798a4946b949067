"""Writes of reconciliations."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from darkroom.domain.reconcile.books import Reconciliation


@dataclass(frozen=True, slots=True)
class SaveReconciliation(Write):
    """Put a run's result in the place of the last one's. No condition."""

    result: Reconciliation
