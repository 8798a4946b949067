"""Making what is asked for and answering with it: what all endpoints that cost credits share."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from aws_lambda_powertools.event_handler import Response

from api_moondraft import presenters, results
from api_moondraft.errors import TABLE
from api_moondraft.files import Wanted, put_away
from api_moondraft.rates import PREFIX
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import OutcomeError, Unavailable
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.jobs.spec import Spec
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import RequestContext, encode, json_response
from darkroom.http.waiting import outcome_error, wants_async
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import AlreadyAnswered
from darkroom.services.jobs.submit_job import Submission
from darkroom.wiring import container


@dataclass(frozen=True, slots=True)
class Order:
    """What a parsed body asks for; ``spec`` is without the inputs, which ``files`` become."""

    offer_id: str
    spec: Spec
    files: Sequence[Wanted] = ()
    count: int = 1


def run(current: RequestContext, read: Callable[[], Order]) -> Response[str]:
    """Make what ``read`` finds in the request, and answer with it, or at once if the sender prefers that.

    Raises
    ------
    DomainError
        Whatever is wrong with the request or became of it.
    """
    caller = current.sender(Scope.GENERATE)
    job = _accepted(current, caller, read)
    if wants_async(current.header("prefer")):
        return _under_way(current, job)
    return _ended(container().run_job.finish(job))


def _accepted(current: RequestContext, caller: Caller, read: Callable[[], Order]) -> Job:
    """The job, new or the one an earlier request with the same idempotency key was answered with."""

    def first_answer(job: Job) -> StoredResponse:
        return StoredResponse(202, encode({"id": job.id}))

    try:
        idempotency = current.idempotency_context(first_answer)
        return container().submit_job(caller, _submission(caller, read()), idempotency)
    except AlreadyAnswered as before:
        current.extra_headers["Idempotent-Replayed"] = "true"
        job = container().jobs.get(caller.owner, json.loads(before.response.body)["id"])
        if job is None:
            raise Unavailable("The earlier request cannot be read just now.") from before
        return job


def _submission(caller: Caller, order: Order) -> Submission:
    """What is to be submitted. Files are put away last, when nothing else stands against the request."""
    container().submit_job.check_credits(caller, order.offer_id, order.count)
    spec = replace(order.spec, inputs=put_away(caller.owner, order.files))
    return Submission(order.offer_id, spec, order.count)


def _under_way(current: RequestContext, job: Job) -> Response[str]:
    current.extra_headers |= {
        "Location": f"{PREFIX}/jobs/{job.id}",
        "Preference-Applied": "respond-async",
    }
    return json_response(202, presenters.job(job, results.outputs(job)))


def _ended(job: Job) -> Response[str]:
    """The answer to one who waited. A batch that delivered something is a success with its failures in it."""
    refusal = _refusal(job)
    if refusal is None:
        return json_response(200, presenters.result(job, results.outputs(job)))
    if not presenters.is_batch(job):
        raise refusal
    told = presenters.result(job, results.outputs(job))
    return json_response(TABLE.row(refusal).status, {"error": refusal.detail, **told})


def _refusal(job: Job) -> OutcomeError | Unavailable | None:
    if job.status is JobStatus.CANCELED and not job.succeeded_tasks:
        return Unavailable(presenters.failure(None))
    found = outcome_error(job)
    return type(found)(presenters.failure(job.failure)) if found else None
