"""Submits what a request asks for and answers with the outputs; all endpoints that cost credits share it."""

from __future__ import annotations

from collections.abc import Callable

from aws_lambda_powertools.event_handler import Response

from api_moondraft import presenters
from api_moondraft.errors import TABLE
from api_moondraft.outputs import outputs
from darkroom.domain.errors import OutcomeError, Unavailable
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.writes import StoredResponse
from darkroom.http.job_replay import is_job, recorded_job, stored_job
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.waiting import outcome_error, prefers_async, prefers_minimal
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import AlreadyAnswered
from darkroom.services.jobs.submit_job import Submission
from darkroom.wiring import container


def submit(request: RequestContext, caller: Caller, read: Callable[[], Submission]) -> Response[str]:
    """Submit what ``read`` makes of the body. Answers with the outputs, or at once if the client prefers that.

    Raises
    ------
    DomainError
        The request cannot be accepted, or its job failed.
    """
    preference = request.header("prefer")
    at_once = prefers_async(preference)
    try:
        idempotency = request.idempotency_context(_accepted if at_once else stored_job)
        job = container().submit_job(caller, read(), idempotency, waited_for=not at_once)
    except AlreadyAnswered as earlier:
        if not is_job(earlier.response):
            raise
        # An output does not fit into a record, so the answer of who waited is made of the job again.
        request.extra_headers["Idempotent-Replayed"] = "true"
        job = recorded_job(container().jobs, caller.owner, earlier.response)
        waited_for = job.terminal and not prefers_minimal(preference)
        if waited_for or not at_once:
            return _finished(container().run_job.again(caller, job))
    if not at_once:
        return _finished(container().run_job.finish(job))
    request.extra_headers |= {
        "Location": request.url_of(f"/jobs/{job.id}"),
        "Preference-Applied": "respond-async",
    }
    accepted = _accepted(job)
    return Response(accepted.status, "application/json", accepted.body)


def _accepted(job: Job) -> StoredResponse:
    """The answer to a client that does not wait. It is small, whatever the job has made since."""
    return stored_response(202, presenters.job(job, outputs(job, room=0)))


def _finished(job: Job) -> Response[str]:
    """The answer to a client that waited. A batch with at least one output is a success."""
    error = _error(job)
    if error is None:
        return json_response(200, presenters.result(job, outputs(job)))
    if not presenters.is_batch(job):
        raise error
    answer = presenters.failed_batch(job, outputs(job), error.detail)
    return json_response(TABLE.row(error).status, answer)


def _error(job: Job) -> OutcomeError | Unavailable | None:
    if job.status is JobStatus.CANCELED and not job.succeeded_tasks:
        return Unavailable(presenters.failure(None))
    error = outcome_error(job)
    return type(error)(presenters.failure(job.failure, job.failure_reason)) if error else None
