"""Parsed bodies as renders and batches; the endpoints and the tools for agents share it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from api_pixeldrive.requests import BatchBody
from darkroom.domain.errors import InvalidParam, NotFound
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import PNG, Encoding
from darkroom.domain.renders.names import encoding
from darkroom.domain.renders.prefetch import RenderKey, TemplateKey
from darkroom.domain.renders.views import BatchAccepted, RenderOutcome
from darkroom.domain.templates.definition import output_size
from darkroom.domain.templates.payload import Payload, parse_payload
from darkroom.domain.templates.template import Template
from darkroom.domain.writes import StoredResponse
from darkroom.http.job_replay import recorded_job
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import IdempotencyContext
from darkroom.wiring import container


def template_of(caller: Caller, template_id: str) -> Template:
    """The template that was read when the request was admitted; of a large request it is read now.

    Raises
    ------
    NotFound
    """
    template = caller.prefetched.get(TemplateKey)
    if template is None:
        template = container().templates.get(caller.owner, template_id.lower())
    if template is None:
        raise NotFound("No such template.", param="templateId")
    return template


def render(
    caller: Caller,
    template_id: str,
    payload: Mapping[str, Any],
    ratio: float,
    *,
    preview: bool,
    idempotency: IdempotencyContext[Job] | None = None,
    written: Encoding = PNG,
) -> RenderOutcome:
    """Render a payload of a template.

    Raises
    ------
    DomainError
        Whatever is wrong with the request or became of it; nothing was charged.
    """
    template = template_of(caller, template_id)
    output_size(template.document, ratio)
    filled = parse_payload(template.document, payload)
    return container().request_render(
        caller,
        template,
        filled,
        ratio,
        preview=preview,
        cached=caller.prefetched.get(RenderKey),
        idempotency=idempotency,
        encoding=written,
    )


def repeated(caller: Caller, stored: StoredResponse) -> RenderOutcome:
    """The outcome of an earlier request with the same idempotency key.

    Raises
    ------
    DomainError
    """
    job = recorded_job(container().jobs, caller.owner, stored)
    outcome = container().request_render.outcome(caller, container().run_job.again(caller, job))
    # The wallet was read after the job had ended, so its cost has already left it.
    settled = outcome.credits_remaining + job.charged if job.terminal else outcome.credits_remaining
    return replace(outcome, credits_remaining=settled)


def batch(
    caller: Caller, body: BatchBody, idempotency: IdempotencyContext[BatchAccepted] | None
) -> BatchAccepted:
    """Accept up to a thousand renders of the request's template.

    Raises
    ------
    DomainError
    """
    # A batch is billed to the key's own workspace.
    if body.userId not in (None, caller.owner.workspace_id):
        raise InvalidParam("userId: must be the account of this API key.", param="userId")
    template = template_of(caller, body.templateId)
    output_size(template.document, body.pixelRatio)
    payloads = _payloads(template, body.payloads)
    written = encoding(body.format, body.quality)
    return container().request_batch(caller, template, payloads, body.pixelRatio, idempotency, written)


def _payloads(template: Template, values: Sequence[Any]) -> list[Payload]:
    """A batch's payloads.

    Raises
    ------
    InvalidParam
        It names every payload that is wrong, with the first mistake in each.
    """
    payloads, mistakes = [], []
    for index, value in enumerate(values):
        try:
            payloads.append(parse_payload(template.document, value, param=f"payloads[{index}]"))
        except InvalidParam as mistake:
            mistakes.append(mistake)
    if mistakes:
        raise InvalidParam(mistakes[0].detail, param=mistakes[0].param, also=tuple(mistakes[1:]))
    return payloads
