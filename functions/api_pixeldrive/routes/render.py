"""``/render`` and ``/render/batch``."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_pixeldrive import presenters
from api_pixeldrive.rendering import answered_before, first_answer, payloads_of, render, template_of
from api_pixeldrive.requests import BatchBody, RenderBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam
from darkroom.domain.renders.renders import BatchAccepted, RenderOutcome
from darkroom.domain.templates.definition import output_size
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import encode, json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.services.idempotency import AlreadyAnswered
from darkroom.wiring import container

router = new_router()


@router.post("/render")
def render_one() -> Response[str]:
    """Render one image while the client waits."""
    current = request_context(router)
    caller = current.sender(Scope.GENERATE)
    try:
        idempotency = current.idempotency_context(first_answer)
        body = parse(RenderBody, current.json_object())
        outcome = render(
            caller,
            body.payload,
            body.pixelRatio,
            preview=body.preview,
            idempotency=idempotency,
        )
    except AlreadyAnswered as before:
        current.extra_headers["Idempotent-Replayed"] = "true"
        outcome = answered_before(caller, before.response)
    return json_response(200, _shown(outcome))


@router.post("/render/batch")
def render_batch() -> Response[str]:
    """Take up to a thousand renders on; they are made while nobody waits."""
    current = request_context(router)
    caller = current.sender(Scope.GENERATE)
    idempotency = current.idempotency_context(_accepted)
    body = parse(BatchBody, current.json_object())
    _check_account(caller.owner, body.userId)
    template = template_of(caller)
    output_size(template.document, body.pixelRatio)
    payloads = payloads_of(template, body.payloads)
    batch = container().request_batch(caller, template, payloads, body.pixelRatio, idempotency)
    answer = _accepted(batch)
    return Response(answer.status, "application/json", answer.body)


def _shown(outcome: RenderOutcome) -> dict[str, object]:
    return presenters.render(outcome, container().image_links, container().clock.now())


def _accepted(batch: BatchAccepted) -> StoredResponse:
    told = {"batchId": batch.batch_id, "count": len(batch.row_ids), "jobIds": list(batch.row_ids)}
    return StoredResponse(202, encode(told))


def _check_account(owner: Owner, user_id: str | None) -> None:
    """A batch is billed to whoever's key it came with.

    Raises
    ------
    InvalidParam
    """
    if user_id not in (None, owner.workspace_id):
        raise InvalidParam("userId: must be the account of this API key.", param="userId")
