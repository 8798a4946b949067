"""Accepting a batch of renders of any size: store its payloads, accept one job, send one message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from darkroom.domain.catalog.offers import Catalog
from darkroom.domain.errors import InvalidParam
from darkroom.domain.jobs.spec import PNG, BatchSpec, Encoding
from darkroom.domain.renders.batches import MAX_ROWS, batch_id, manifest, manifest_key, row_ids
from darkroom.domain.renders.views import BatchAccepted
from darkroom.domain.templates.payload import Payload, payload_json
from darkroom.domain.templates.template import Template
from darkroom.ports.storage import Blobs
from darkroom.ports.system import Clock, Ids
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import IdempotencyContext
from darkroom.services.jobs.accept_job import AcceptJob, insufficient
from darkroom.services.renders.make_render_job import BULK, check_size, make_render_job, render_message

MANIFEST_MIME = "application/jsonl"


@dataclass(frozen=True, slots=True)
class RequestBatch:
    """Accepts a batch. A worker expands it into chunks: :mod:`darkroom.services.renders.expand_batch`."""

    accept: AcceptJob
    blobs: Blobs
    clock: Clock
    ids: Ids
    catalog: Catalog
    offer_id: str

    def __call__(
        self,
        caller: Caller,
        template: Template,
        payloads: Sequence[Payload],
        ratio: float,
        idempotency: IdempotencyContext[BatchAccepted] | None = None,
        encoding: Encoding = PNG,
    ) -> BatchAccepted:
        """Hold what the distinct payloads cost and accept the batch, or change nothing.

        Payloads that were rendered before are refunded when the batch ends.

        Raises
        ------
        InvalidParam, InsufficientCredits, RateLimited, Unavailable, AlreadyAnswered, IdempotencyConflict
        """
        if not 1 <= len(payloads) <= MAX_ROWS:
            raise InvalidParam(f"payloads: must have 1 to {MAX_ROWS} items.", param="payloads")
        filled = [payload_json(payload) for payload in payloads]
        for index, one in enumerate(filled):
            check_size(one, f"payloads[{index}]")
        made = manifest(filled, ratio, encoding)
        now = self.clock.now()
        offer, price = self.catalog.priced(self.offer_id, now)
        if caller.wallet.available < price * made.distinct:
            raise insufficient(price * made.distinct, caller.wallet.balance)
        job_id = batch_id(self.ids.new())
        spec = BatchSpec(
            template=template.id,
            version=template.version,
            ratio=ratio,
            encoding=encoding,
            manifest=manifest_key(caller.owner, job_id),
            rows=made.rows,
            chunks=made.chunks,
            price=price,
        )
        job = make_render_job(job_id, caller, offer, price * made.distinct, spec, now, BULK)
        job = replace(job, task_units=made.distinct)
        self.blobs.put(manifest_key(caller.owner, job_id), made.body, MANIFEST_MIME)
        accepted = BatchAccepted(job_id, row_ids(job_id, len(payloads)))
        self.accept(caller, job, [render_message(job)], idempotency, accepted)
        return accepted
