"""Expanding an accepted batch into its chunks.

One transaction ends the batch's own job, releasing its hold, and creates the chunks' jobs, each with its own hold.
The released credits equal the held ones, so the wallet does not change; and a chunk is a job like any other, with the
same rules for its credits.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from darkroom.domain.billing.ledger import hold_entry, settle_entry
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import Job, new_tasks
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import BatchSpec, ChunkSpec
from darkroom.domain.renders.batches import chunk_id
from darkroom.domain.renders.names import RENDER
from darkroom.domain.writes import AdvanceJob, AppendEntry, CreateJob, Write, WriteRefused
from darkroom.ports.jobs import Jobs
from darkroom.ports.storage import Queues, Store
from darkroom.ports.system import Clock
from darkroom.services.jobs.accept_job import FIRST_CHECK
from darkroom.services.renders.make_render_job import BULK, render_message

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExpandBatch:
    """Handles the message of an accepted batch."""

    jobs: Jobs
    store: Store
    queues: Queues
    clock: Clock

    def __call__(self, message: TaskMessage) -> None:
        """Expand a batch once; one that was expanded or given up before is left alone."""
        batch = self.jobs.get(message.owner, message.job_id)
        if batch is None or batch.terminal:
            logger.info("batch %s needs no expansion", message.job_id)
            return
        now = self.clock.now()
        chunks = chunks_of(batch, now)
        try:
            self.store.commit(*_expansion(batch, chunks, now))
        except WriteRefused as refusal:
            if not isinstance(refusal.write, AdvanceJob):
                raise
            logger.info("batch %s was expanded or given up meanwhile", batch.id)
            return
        self._enqueue(batch, chunks)

    def _enqueue(self, batch: Job, chunks: Sequence[Job]) -> None:
        try:
            self.queues.send_tasks(BULK.queue, [render_message(chunk) for chunk in chunks])
        except Unavailable:
            # The chunks are jobs like any other; housekeeping queues what was not queued.
            logger.warning("batch %s was expanded but not all of it queued", batch.id)


def chunks_of(batch: Job, now: datetime) -> tuple[Job, ...]:
    """The jobs of a batch's chunks.

    They have the batch's times: its units were counted on the day it was accepted, and its deadline is theirs.
    """
    spec = batch.spec_as(BatchSpec)
    return tuple(
        replace(
            batch,
            id=(job_id := chunk_id(batch.id, number)),
            kind=RENDER,
            queue=BULK.queue,  # whichever queue the batch's own message came from
            spec=ChunkSpec(
                template=spec.template,
                version=spec.version,
                ratio=spec.ratio,
                manifest=spec.manifest,
                batch=batch.id,
                offset=chunk.offset,
                length=chunk.length,
            ),
            unit_price=spec.price,
            task_units=1,
            tasks=new_tasks(job_id, chunk.rows),
            check_at=now + FIRST_CHECK,
        )
        for number, chunk in enumerate(spec.chunks)
    )


def _expansion(batch: Job, chunks: Sequence[Job], now: datetime) -> list[Write]:
    expanded = transitions.task_succeeded(batch, 0, None, now, free=True)
    released = settle_entry(batch.owner, batch.id, held=batch.held, charged=0, at=now)
    writes: list[Write] = [AdvanceJob(batch, expanded), AppendEntry(released)]
    for chunk in chunks:
        writes += [CreateJob(chunk), AppendEntry(hold_entry(chunk.owner, chunk.id, chunk.held, now))]
    return writes
