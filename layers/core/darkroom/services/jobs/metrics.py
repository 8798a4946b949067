"""The names of metrics of jobs and their messages: alarms know them, so they outlive the names of classes."""

from __future__ import annotations

from enum import StrEnum


class Metric(StrEnum):
    """Every metric of jobs. None has dimensions."""

    ROUND = "HousekeepingRound"
    """Housekeeping's heartbeat: a round that came to all of its parts."""
    CHAIN_CUT = "TaskChainCut"
    """A chain of messages that went on faster than any task needs: housekeeping takes the task up again."""
    SET_ASIDE = "HousekeepingSetAside"
    """A row that a round could not read, or could do nothing with."""
