"""``/carousels``: plan, render, list, fetch and delete carousels."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_memes import presenters, submissions
from api_memes.requests import CarouselBody, PlanBody
from api_memes.routes.collections import job_of, jobs_page
from api_memes.routes.envelopes import envelope
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.carousels.plan import CarouselPlan
from darkroom.domain.jobs.job import CAROUSEL, Job
from darkroom.domain.writes import StoredResponse
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.post("/carousels/plan", Scope.GENERATE)
def plan_carousel(request: RequestContext, caller: Caller) -> Response[str]:
    """Plan a carousel."""

    def first_answer(plan: CarouselPlan) -> StoredResponse:
        return stored_response(200, presenters.plan_answer(plan, envelope(request, caller)))

    idempotency = request.idempotency_context(first_answer)
    body = request.parse(PlanBody)
    spec, inputs = submissions.brief(body, caller)
    plan = container().plan_carousel(
        caller, spec, body.business_website, inputs=inputs, idempotency=idempotency
    )
    return json_response(200, presenters.plan_answer(plan, envelope(request, caller)))


@routes.post("/carousels", Scope.GENERATE)
def create_carousel(request: RequestContext, caller: Caller) -> Response[str]:
    """Render a carousel."""

    def first_answer(job: Job) -> StoredResponse:
        answer = presenters.carousel_answer(job, container().links, envelope(request, caller))
        return stored_response(202, answer)

    idempotency = request.idempotency_context(first_answer)
    submission = submissions.carousel(request.parse(CarouselBody), caller)
    job = container().submit_job(caller, submission, idempotency)
    request.extra_headers["Location"] = request.url_of(f"/carousels/{job.id}")
    answer = presenters.carousel_answer(job, container().links, envelope(request, caller))
    return json_response(202, answer)


@routes.get("/carousels", Scope.READ)
def list_carousels(request: RequestContext, caller: Caller) -> Response[str]:
    """List carousels."""
    page = jobs_page(request, caller, CAROUSEL)
    return json_response(200, presenters.carousel_list(page, container().links, envelope(request, caller)))


@routes.get("/carousels/<carousel_id>", Scope.READ)
def get_carousel(request: RequestContext, caller: Caller, carousel_id: str) -> Response[str]:
    """Fetch a carousel."""
    job = job_of(caller.owner, CAROUSEL, carousel_id)
    around = envelope(request, caller, used=job.charged if job.terminal else 0)
    return json_response(200, presenters.carousel_answer(job, container().links, around))


@routes.delete("/carousels/<carousel_id>", Scope.GENERATE)
def delete_carousel(request: RequestContext, caller: Caller, carousel_id: str) -> Response[str]:
    """Delete a carousel."""
    job = job_of(caller.owner, CAROUSEL, carousel_id)
    deletion = container().delete_job(caller, job, refundable=False)
    settled = deletion.job.charged if not job.terminal else 0
    return json_response(200, presenters.deleted_answer(job.id, envelope(request, caller, settled=settled)))
