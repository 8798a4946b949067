"""Expanding an accepted batch into its chunks.

One transaction ends the batch's own job, releasing its hold, and creates the chunks' jobs, each with its own hold.
The released credits equal the held ones, so the wallet does not change; and a chunk is a job like any other, with the
same rules for its credits.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from darkroom.domain.billing.ledger import hold_entry, settle_entry
from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.chains import may_go_on
from darkroom.domain.jobs.job import Job, new_tasks
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import BatchSpec, ChunkSpec
from darkroom.domain.renders.batches import chunk_id
from darkroom.domain.renders.lanes import LANES, lane_names, limit_name, room_in, wait_seconds
from darkroom.domain.renders.names import RENDER
from darkroom.domain.vendors.vendor_limits import VendorLimit
from darkroom.domain.writes import AdvanceJob, AppendEntry, CreateJob, TakeSlots, Write, WriteRefused
from darkroom.ports.jobs import Jobs
from darkroom.ports.storage import Queues, Store
from darkroom.ports.system import Clock
from darkroom.ports.vendors import VendorLimits
from darkroom.services.jobs.accept_job import FIRST_CHECK
from darkroom.services.renders.make_render_job import BULK, render_message

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ExpandBatch:
    """Handles the message of an accepted batch."""

    jobs: Jobs
    store: Store
    vendor_limits: VendorLimits
    queues: Queues
    clock: Clock

    def __call__(self, message: TaskMessage) -> None:
        """Expand a batch once; one that was expanded or given up before is left alone."""
        batch = self.jobs.get(message.owner, message.job_id)
        if batch is None or batch.terminal:
            logger.info("batch %s needs no expansion", message.job_id)
            return
        now = self.clock.now()
        lanes = min(LANES, len(batch.spec_as(BatchSpec).chunks))
        while lanes:
            chunks = chunks_of(batch, now, lanes)
            try:
                self.store.commit(*_expansion(batch, chunks, now, lanes))
            except WriteRefused as refusal:
                if isinstance(refusal.write, AdvanceJob):
                    logger.info("batch %s was expanded or given up meanwhile", batch.id)
                    return
                lanes = min(self._free_lanes(batch, refusal, now), lanes)
            else:
                self._enqueue(batch, chunks[:lanes])
                return
        self._wait(batch, message, now)

    def _free_lanes(self, batch: Job, refusal: WriteRefused, now: datetime) -> int:
        """How many lanes there are for the batch after all; those that have ended are given back first."""
        if not isinstance(refusal.write, TakeSlots) or not isinstance(refusal.current, VendorLimit):
            raise refusal
        room = room_in(refusal.current, now)
        for one in room.ended:
            self.vendor_limits.leave(limit_name(batch.owner), one)
        return room.free

    def _wait(self, batch: Job, message: TaskMessage, now: datetime) -> None:
        """Look again a little later, for the workspace's other batches have all its lanes; at the deadline, never."""
        if now >= batch.deadline_at or not may_go_on(message.hops, now - batch.created_at):
            return
        seconds = wait_seconds(message.hops)
        self.jobs.postpone(batch, now + timedelta(seconds=seconds) + FIRST_CHECK)
        again = replace(message, hops=message.hops + 1)
        self.queues.send_tasks(BULK.queue, [again], delay_seconds=seconds)

    def _enqueue(self, batch: Job, chunks: Sequence[Job]) -> None:
        """Queue the first chunk of each lane; each sends the next."""
        try:
            self.queues.send_tasks(BULK.queue, [render_message(chunk) for chunk in chunks])
        except Unavailable:
            # The chunks are jobs like any other; housekeeping queues what was not queued.
            logger.warning("batch %s was expanded but not all of it queued", batch.id)


def chunks_of(batch: Job, now: datetime, lanes: int = LANES) -> tuple[Job, ...]:
    """The jobs of a batch's chunks, in so many lanes.

    They have the batch's times: its units were counted on the day it was accepted, and its deadline is theirs.
    """
    spec = batch.spec_as(BatchSpec)
    rows = [chunk.rows for chunk in spec.chunks]
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
                encoding=spec.encoding,
                manifest=spec.manifest,
                batch=batch.id,
                offset=chunk.offset,
                length=chunk.length,
                after=chunk_id(batch.id, number - lanes) if number >= lanes else "",
                then=chunk_id(batch.id, number + lanes) if number + lanes < len(rows) else "",
                then_rows=rows[number + lanes] if number + lanes < len(rows) else 0,
                lane=lane_names(batch.id, lanes)[number % lanes],
            ),
            unit_price=spec.price,
            task_units=1,
            tasks=new_tasks(job_id, chunk.rows),
            check_at=now + FIRST_CHECK,
        )
        for number, chunk in enumerate(spec.chunks)
    )


def _expansion(batch: Job, chunks: Sequence[Job], now: datetime, lanes: int) -> list[Write]:
    expanded = transitions.task_succeeded(batch, 0, None, now, free=True)
    released = settle_entry(batch.owner, batch.id, held=batch.held, charged=0, at=now)
    taken = TakeSlots(limit_name(batch.owner), lane_names(batch.id, lanes), LANES, batch.deadline_at)
    writes: list[Write] = [AdvanceJob(batch, expanded), AppendEntry(released), taken]
    for chunk in chunks:
        writes += [CreateJob(chunk), AppendEntry(hold_entry(chunk.owner, chunk.id, chunk.held, now))]
    return writes
