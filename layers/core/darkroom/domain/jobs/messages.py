"""Queue messages to workers."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner


@dataclass(frozen=True, slots=True)
class TaskMessage:
    """Work for a worker: one task of one job. ``step`` is ``start``, ``poll``, ``hasten`` (poll now) or ``cancel``.

    ``render`` and ``expand`` are about a whole job, of ``count`` tasks: a render's rows, and a batch's chunks.
    ``hasten`` says which ``vendor`` called, and about which work: ``work_id`` is the vendor's name for it.
    """

    owner: Owner
    job_id: str
    index: int
    step: str = "start"
    count: int = 1
    vendor: str = ""
    work_id: str = ""
