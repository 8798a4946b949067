"""Writes of jobs and of what they make."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from datetime import datetime

    from darkroom.domain.jobs.assets import Asset
    from darkroom.domain.jobs.job import Job


@dataclass(frozen=True, slots=True)
class CreateJob(Write):
    """Put a job. Condition: none of that id exists."""

    job: Job


@dataclass(frozen=True, slots=True)
class AdvanceJob(Write):
    """Write what differs between two versions of a job, task by task.

    Condition: the stored job is open and its finished set equals ``before.finished``.
    """

    precedence: ClassVar[int] = 1

    before: Job
    after: Job


@dataclass(frozen=True, slots=True)
class ChargeLateWork(Write):
    """Note what was charged for late work, and when.

    Condition: it has ended, and nothing was charged for it before.
    """

    precedence: ClassVar[int] = 1

    job: Job
    charged: int
    at: datetime


@dataclass(frozen=True, slots=True)
class DeleteJob(Write):
    """Mark an ended job as deleted, which takes it out of all lists, and note what was refunded with that.

    Condition: it has ended and is not deleted.
    """

    precedence: ClassVar[int] = 1

    job: Job
    at: datetime
    refunded: int = 0


@dataclass(frozen=True, slots=True)
class SaveAsset(Write):
    """Put an asset; the same asset again changes nothing. No condition."""

    asset: Asset


@dataclass(frozen=True, slots=True)
class JoinFamily(Write):
    """Note an asset as a descendant of its ``root_id``. The same again changes nothing. No condition."""

    asset: Asset


@dataclass(frozen=True, slots=True)
class DeleteAsset(Write):
    """Put an asset as soft-deleted. Condition: it is there and was not deleted before."""

    asset: Asset
    at: datetime
