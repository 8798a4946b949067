"""``/generations``: list, poll and cancel jobs."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_memes import presenters
from api_memes.requests import GenerationType
from api_memes.routes.envelopes import envelope, generation_answer
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import NotFound
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.writes import StoredResponse
from darkroom.http.paging import page_request
from darkroom.http.params import choices, object_id
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()

_KINDS = frozenset(kind.value for kind in GenerationType)


@routes.get("/generations", Scope.READ)
def list_generations(request: RequestContext, caller: Caller) -> Response[str]:
    """List jobs."""
    query = request.query()
    kinds = {kind.value for kind in choices(query, "type", GenerationType)} or _KINDS
    statuses = choices(query, "status", JobStatus)
    page = container().jobs.list(caller.owner, page_request(query), kinds=kinds, statuses=statuses)
    answer = presenters.generation_list(page, container().links, envelope(request, caller))
    return json_response(200, answer)


@routes.get("/generations/<generation_id>", Scope.READ)
def get_generation(request: RequestContext, caller: Caller, generation_id: str) -> Response[str]:
    """Poll a job."""
    object_id(generation_id, "generation")
    job = container().jobs.get(caller.owner, generation_id)
    job = job or container().find_slide(caller.owner, generation_id)
    if job is None or job.late or job.kind not in _KINDS or job.deleted_at is not None:
        raise NotFound("No such generation.")
    return json_response(200, generation_answer(request, caller, job))


@routes.post("/generations/<generation_id>/cancel", Scope.GENERATE)
def cancel_generation(request: RequestContext, caller: Caller, generation_id: str) -> Response[str]:
    """Cancel a job."""

    def first_answer(job: Job) -> StoredResponse:
        return stored_response(200, generation_answer(request, caller, job, ended_here=True))

    idempotency = request.idempotency_context(first_answer)
    job = container().cancel_job(caller, object_id(generation_id, "generation"), idempotency)
    return json_response(200, generation_answer(request, caller, job, ended_here=True))
