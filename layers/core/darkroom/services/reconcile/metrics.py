"""The names of reconciliation's metrics: alarms know them, so they outlive the names of classes."""

from __future__ import annotations

from enum import StrEnum


class Metric(StrEnum):
    """Every metric of reconciliations. None has dimensions."""

    ROUND = "ReconciliationFinished"
    """The heartbeat: a run that came to its end."""
    DIFFERENCE = "ReconciliationDifference"
    """Something that is not what it follows from."""
