"""Rendering one payload while the caller waits; a render that was made before is immediate and free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NoReturn

from darkroom.domain.errors import GenerationFailed, GenerationTimedOut, InvalidParam
from darkroom.domain.jobs.facts import RefusedPayload
from darkroom.domain.jobs.job import FailureCode, Job, Task
from darkroom.domain.jobs.spec import PNG, Encoding, RenderSpec, TemplateSpec
from darkroom.domain.renders.names import PREVIEW, image_key, payload_key, preview_key
from darkroom.domain.renders.rendered import Rendered
from darkroom.domain.renders.views import RenderOutcome
from darkroom.domain.templates.payload import Payload, payload_json
from darkroom.services.renders.make_render_job import (
    FREE,
    INTERACTIVE,
    check_size,
    make_render_job,
    render_message,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from darkroom.domain.catalog.offers import Catalog
    from darkroom.domain.templates.template import Template
    from darkroom.ports.system import Clock, Ids
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.idempotency import IdempotencyContext
    from darkroom.services.jobs.accept_job import AcceptJob


@dataclass(frozen=True, slots=True)
class RequestRender:
    """Renders one payload. ``finish`` waits for an accepted job, and gives it up when the time is up."""

    accept: AcceptJob
    finish: Callable[[Job], Job]
    clock: Clock
    ids: Ids
    catalog: Catalog
    offer_id: str
    preview_offer_id: str

    def __call__(
        self,
        caller: Caller,
        template: Template,
        payload: Payload,
        ratio: float,
        preview: bool = False,
        cached: Rendered | None = None,
        idempotency: IdempotencyContext[Job] | None = None,
        encoding: Encoding = PNG,
    ) -> RenderOutcome:
        """Render the payload, or return ``cached`` if that is the same render.

        A preview is always made anew, is free, and is stored for about an hour.

        Raises
        ------
        InsufficientCredits, RateLimited, Unavailable, AlreadyAnswered, IdempotencyConflict
        InvalidParam
            The payload is too large, or a picture in it cannot be used; nothing was charged.
        GenerationFailed, GenerationTimedOut
            Nothing was charged.
        """
        filled = payload_json(payload)
        check_size(filled, "payload")
        key = payload_key(filled, ratio, encoding)
        if cached is not None and not preview and _is_of(cached, template, key):
            return _from_cache(cached, caller)
        now = self.clock.now()
        offer, price = self.catalog.priced(self.preview_offer_id if preview else self.offer_id, now)
        spec = RenderSpec(
            template=template.id,
            version=template.version,
            ratio=ratio,
            encoding=encoding,
            payloads=(filled,),
        )
        route = FREE if preview else INTERACTIVE
        job = make_render_job(self.ids.new(), caller, offer, price, spec, now, route)
        accepted = self.accept(caller, job, [render_message(job)], idempotency, job, waited_for=True)
        return self.outcome(caller, self.finish(accepted))

    def outcome(self, caller: Caller, job: Job) -> RenderOutcome:
        """The outcome of an ended job of a single render.

        Raises
        ------
        InvalidParam, GenerationFailed, GenerationTimedOut
        """
        (task,) = job.tasks
        if task not in job.succeeded_tasks:
            _raise(task)
        preview, facts, spec = job.kind == PREVIEW, task.render_facts, job.spec_as(TemplateSpec)
        return RenderOutcome(
            key=preview_key(job.owner, job.id, spec.encoding)
            if preview
            else image_key(spec.template, facts.fields_hash, spec.encoding),
            fields_hash=facts.fields_hash,
            from_cache=task.free,
            render_ms=facts.render_ms,
            size=facts.upload_bytes,
            credits_remaining=caller.wallet.remaining - job.charged,
            preview=preview,
            warnings=facts.warnings,
        )


def _is_of(cached: Rendered, template: Template, key: str) -> bool:
    """Whether the cached render is of this template's version and of this payload."""
    return (cached.owner, cached.template_id, cached.version, cached.payload_key) == (
        template.owner,
        template.id,
        template.version,
        key,
    )


def _from_cache(cached: Rendered, caller: Caller) -> RenderOutcome:
    return RenderOutcome(
        key=cached.storage_key,
        fields_hash=cached.fields_hash,
        from_cache=True,
        render_ms=cached.render_ms,
        size=cached.size,
        credits_remaining=caller.wallet.remaining,
        warnings=cached.warnings,
    )


def _raise(task: Task) -> NoReturn:
    match task.failure:
        case FailureCode.INPUT_REJECTED:
            param = task.facts.param if isinstance(task.facts, RefusedPayload) else "payload"
            raise InvalidParam(task.reason or "The payload cannot be rendered.", param=param)
        case FailureCode.TIMED_OUT:
            raise GenerationTimedOut("The render did not finish in time.")
        case _:
            raise GenerationFailed("The render failed.")
