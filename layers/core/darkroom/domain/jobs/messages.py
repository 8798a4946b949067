"""Queue messages to workers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from darkroom.domain.accounts.workspaces import Owner


class TaskStep(StrEnum):
    """What a message asks a worker to do. The values are in messages under way, so they stay as they are."""

    START = "start"
    POLL = "poll"
    EXPEDITE = "hasten"
    """Poll now: the vendor has called back."""
    CANCEL = "cancel"
    RENDER = "render"
    EXPAND = "expand"


@dataclass(frozen=True, slots=True)
class TaskMessage:
    """Work for a worker: one step of one task of one job.

    ``render`` and ``expand`` are about a whole job, of ``count`` tasks: a render's rows, and a batch's chunks.
    ``expedite`` says which ``vendor`` called back, and about which work: ``work_id`` is the vendor's name for it.
    """

    owner: Owner
    job_id: str
    index: int
    step: TaskStep = TaskStep.START
    count: int = 1
    vendor: str = ""
    work_id: str = ""
