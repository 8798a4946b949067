"""``/generate``: take a request for images."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_gencraft import presenters, references
from api_gencraft.requests import GenerateBody
from darkroom.catalog_data.gencraft import EDIT, MATRIX
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.catalog.offers import Offer, Units
from darkroom.domain.errors import InvalidParam, MissingParam
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.domain.media import sizes
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import encode, json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.submit_job import Submission
from darkroom.wiring import container

router = new_router()


@router.post("/generate")
def generate() -> Response[str]:
    """Take a request; each of its images is a task to poll for."""
    current = request_context(router)
    caller = current.sender(Scope.GENERATE)

    def first_answer(job: Job) -> StoredResponse:
        return StoredResponse(200, encode(presenters.accepted(job, caller.workspace)))

    idempotency = current.idempotency_context(first_answer)
    body = parse(GenerateBody, current.json_object())
    job = container().submit_job(caller, _submission(caller, body), idempotency)
    return json_response(200, presenters.accepted(job, caller.workspace))


def _submission(caller: Caller, body: GenerateBody) -> Submission:
    offer = _offer(body)
    _require_fitting_images(body)
    spec = ImageSpec(
        prompt=body.prompt,
        aspect_ratio=body.aspect,
        inputs=references.inputs(caller.owner, body.image_urls),
        size=sizes.pixels(body.aspect, body.image_size),
        resolution=body.image_size,
    )
    return Submission(offer.id, spec, min(body.count, offer.max_count), Units(resolution=body.image_size))


def _offer(body: GenerateBody) -> Offer:
    modes = MATRIX[body.model]
    if body.mode not in modes:
        raise InvalidParam(
            f"mode: {body.model} does not support {body.mode}, only {', '.join(modes)}.", param="mode"
        )
    return modes[body.mode]


def _require_fitting_images(body: GenerateBody) -> None:
    if body.mode == EDIT and not body.image_urls:
        raise MissingParam("imageUrls is required for mode edit.", param="imageUrls")
    if body.mode != EDIT and body.image_urls:
        raise InvalidParam("imageUrls: only mode edit takes images.", param="imageUrls")
