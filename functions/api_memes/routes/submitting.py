"""Submits what a request asks for and answers with the generation; images and memes share it."""

from __future__ import annotations

from collections.abc import Callable

from aws_lambda_powertools.event_handler import Response

from api_memes.routes.envelopes import generation_answer
from darkroom.domain.jobs.job import Job
from darkroom.domain.writes import StoredResponse
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, refused_response, stored_response
from darkroom.http.waiting import outcome_error, preferred_wait_seconds
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.submit_job import Submission
from darkroom.wiring import container


def submit(
    request: RequestContext, caller: Caller, read: Callable[[], Submission], *, wait_seconds: int = 0
) -> Response[str]:
    """Submit what ``read`` makes of the body. A repeated request gets its first answer and is not read.

    The answer waits for the generation's end as long as the client prefers, else ``wait_seconds``; what it is in the
    end is what a repeated request gets. Where too many of the workspace's requests wait already, it does not wait.

    Raises
    ------
    DomainError
        The request cannot be accepted.
    """

    def first_answer(job: Job) -> StoredResponse:
        return stored_response(202, generation_answer(request, caller, job))

    idempotency = request.idempotency_context(first_answer)
    job = container().submit_job(caller, read(), idempotency)
    request.extra_headers["Location"] = request.url_of(f"/generations/{job.id}")
    preferred = preferred_wait_seconds(request.header("prefer"))
    if not (preferred or wait_seconds):
        return json_response(202, generation_answer(request, caller, job))
    with container().bound_waits.offered(caller.owner) as has_room:
        if preferred and has_room:
            request.extra_headers["Preference-Applied"] = f"wait={preferred}"
        job = container().wait_for_job(job, (preferred or wait_seconds) if has_room else 0)
    refusal = outcome_error(job)
    response = (
        refused_response(request, refusal)
        if refusal
        else stored_response(
            200 if job.terminal else 202, generation_answer(request, caller, job, ended_here=True)
        )
    )
    container().keep_response(caller, idempotency, response)
    return Response(response.status, "application/json", response.body)
