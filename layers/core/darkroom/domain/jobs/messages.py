"""Queue messages to workers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.jobs.job import Task


class TaskStep(StrEnum):
    """What a message asks a worker to do. The values are in messages under way, so they stay as they are."""

    START = "start"
    POLL = "poll"
    EXPEDITE = "hasten"
    """Poll now: the vendor has called back."""
    CANCEL = "cancel"
    RENDER = "render"
    EXPAND = "expand"
    RECORD = "record"
    """Write what a worker did and could not write: the message has it."""


class TaskBusy(Exception):
    """Another worker holds the task; the message is to come back in ``retry_after`` seconds."""

    def __init__(self, retry_after: int) -> None:
        super().__init__("another worker holds the task")
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class TaskMessage:
    """Work for a worker: one step of one task of one job.

    ``render`` and ``expand`` are about a whole job, of ``count`` tasks: a render's rows, and a batch's chunks.
    ``expedite`` says which ``vendor`` called back, and about which work: ``work_id`` is the vendor's name for it.
    ``hops`` counts the messages before this one that workers sent each other; whoever starts a chain starts at 0.
    ``record`` has the ``task`` as it is to become: waiting for its handle, or with what it is to end with.
    """

    owner: Owner
    job_id: str
    index: int
    step: TaskStep = TaskStep.START
    count: int = 1
    vendor: str = ""
    work_id: str = ""
    task: Task | None = None
    hops: int = 0
