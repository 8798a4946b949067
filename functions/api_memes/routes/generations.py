"""``/generations``: list, poll and cancel jobs."""

from __future__ import annotations

from collections.abc import Collection

from aws_lambda_powertools.event_handler import Response

from api_memes import envelope, presenters
from api_memes.requests import GenerationType
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import NotFound
from darkroom.domain.jobs.job import Job, JobStatus
from darkroom.domain.paging import Page, PageRequest
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import encode, json_response, new_router, request_context
from darkroom.http.paging import page_request
from darkroom.http.params import choices, object_id
from darkroom.wiring import container

router = new_router()

_KINDS = frozenset(kind.value for kind in GenerationType)


@router.get("/generations")
def list_generations() -> Response[str]:
    """List jobs, filtered by type and status."""
    current = request_context(router)
    caller = current.sender(Scope.READ)
    query = current.query()
    kinds = {kind.value for kind in choices(query, "type", GenerationType)} or _KINDS
    page = _jobs(caller.owner, page_request(query), kinds, choices(query, "status", JobStatus))
    data = [presenters.generation(job, container().links) for job in page.items]
    return envelope.listing(current, caller, data, has_more=page.has_more)


@router.get("/generations/<generation_id>")
def get_generation(generation_id: str) -> Response[str]:
    """Poll a job."""
    current = request_context(router)
    caller = current.sender(Scope.READ)
    job = container().jobs.get(caller.owner, object_id(generation_id, "generation"))
    if job is None or job.kind not in _KINDS:
        raise NotFound("No such generation.")
    return json_response(200, envelope.generation(current, caller, job))


@router.post("/generations/<generation_id>/cancel")
def cancel_generation(generation_id: str) -> Response[str]:
    """Stop a job; what it made so far is kept and charged."""
    current = request_context(router)
    caller = current.sender(Scope.GENERATE)

    def first_answer(job: Job) -> StoredResponse:
        return StoredResponse(200, encode(envelope.generation(current, caller, job, ended_here=True)))

    idempotency = current.idempotency_context(first_answer)
    job = container().cancel_job(caller, object_id(generation_id, "generation"), idempotency)
    return json_response(200, envelope.generation(current, caller, job, ended_here=True))


def _jobs(
    owner: Owner, wanted: PageRequest, kinds: Collection[str], statuses: Collection[JobStatus]
) -> Page[Job]:
    """One page of jobs in any of ``statuses``: a list of each, merged by id, the order all lists are in."""
    each = tuple(statuses) or (None,)
    pages = [container().jobs.list(owner, wanted, kinds=kinds, status=status) for status in each]
    found = {job.id: job for page in pages for job in page.items}
    ordered = sorted(found.values(), key=lambda job: job.id, reverse=wanted.newest_first)
    more = len(ordered) > wanted.limit or any(page.has_more for page in pages)
    return Page(tuple(ordered[: wanted.limit]), more)
