"""Rendering what a request asks for: what the endpoint and the tools for agents share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from darkroom.domain.errors import InvalidParam, NotFound, Unavailable
from darkroom.domain.jobs.job import Job
from darkroom.domain.renders.renders import RenderOutcome
from darkroom.domain.templates.definition import output_size
from darkroom.domain.templates.payload import Payload, parse_payload
from darkroom.domain.templates.template import Template
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import encode
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import IdempotencyContext
from darkroom.wiring import container


def template_of(caller: Caller) -> Template:
    """The template that was read along with the request's sender.

    Raises
    ------
    NotFound
    """
    if caller.template is None:
        raise NotFound("No such template.", param="templateId")
    return caller.template


def render(
    caller: Caller,
    payload: Mapping[str, Any],
    ratio: float,
    *,
    preview: bool,
    idempotency: IdempotencyContext[Job] | None = None,
) -> RenderOutcome:
    """Render a payload.

    Raises
    ------
    DomainError
        Whatever is wrong with the request or became of it; nothing was charged.
    """
    template = template_of(caller)
    output_size(template.document, ratio)
    filled = parse_payload(template.document, payload)
    return container().request_render(
        caller,
        template,
        filled,
        ratio,
        preview=preview,
        cached=caller.rendered,
        idempotency=idempotency,
    )


def first_answer(job: Job) -> StoredResponse:
    """What is kept of a render with an idempotency key: its job, whose end is the answer."""
    return StoredResponse(200, encode({"id": job.id}))


def answered_before(caller: Caller, stored: StoredResponse) -> RenderOutcome:
    """The render an earlier request with the same idempotency key asked for.

    Raises
    ------
    DomainError
    """
    job = container().jobs.get(caller.owner, json.loads(stored.body)["id"])
    if job is None:
        raise Unavailable("The earlier request cannot be read just now.")
    outcome = container().request_render.outcome(caller, container().request_render.finish(job))
    # The wallet was read when the job had ended, so what it cost is not in it any more.
    settled = outcome.credits_remaining + job.charged if job.terminal else outcome.credits_remaining
    return replace(outcome, credits_remaining=settled)


def payloads_of(template: Template, given: list[Any]) -> list[Payload]:
    """A batch's payloads.

    Raises
    ------
    InvalidParam
        It names every payload that is wrong, with the first thing that is wrong with it.
    """
    good, wrong = [], []
    for index, one in enumerate(given):
        try:
            good.append(parse_payload(template.document, one, param=f"payloads[{index}]"))
        except InvalidParam as mistake:
            wrong.append(mistake)
    if wrong:
        raise InvalidParam(wrong[0].detail, param=wrong[0].param, also=tuple(wrong[1:]))
    return good
