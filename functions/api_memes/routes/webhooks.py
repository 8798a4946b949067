"""``/webhooks``: manage endpoints, and (beyond the contract) look at deliveries and have them sent again."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from aws_lambda_powertools.event_handler import Response

from api_memes import envelope, presenters
from api_memes.requests import RecoverBody, RotateBody, WebhookBody, WebhookPatch
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import MissingParam
from darkroom.domain.paging import Page, PageRequest
from darkroom.domain.webhooks.deliveries import Delivery, DeliveryStatus
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import new_router, request_context
from darkroom.http.paging import page_request
from darkroom.http.params import choice, object_id
from darkroom.http.request_models import parse
from darkroom.services.webhooks.manage_endpoints import Created, Rotated
from darkroom.wiring import container

router = new_router()

_WHAT = "webhook endpoint"


@router.post("/webhooks")
def create_webhook() -> Response[str]:
    """Register an endpoint; the one time, with its next rotation, that its secret is shown."""
    current = request_context(router)
    caller = current.sender(Scope.WEBHOOKS)

    def first_answer(made: Created) -> StoredResponse:
        return envelope.stored(current, caller, _with_secret(made), 201)

    idempotency = current.idempotency_context(first_answer)
    body = parse(WebhookBody, current.json_object())
    created = container().manage_endpoints.create(
        caller, body.url, body.events, body.description, idempotency
    )
    return envelope.answer(current, caller, _with_secret(created), 201)


@router.get("/webhooks")
def list_webhooks() -> Response[str]:
    """List endpoints."""
    current = request_context(router)
    caller = current.sender(Scope.WEBHOOKS)
    page = _page(container().manage_endpoints.all(caller.owner), page_request(current.query()))
    data = [presenters.webhook(endpoint) for endpoint in page.items]
    return envelope.listing(current, caller, data, has_more=page.has_more)


@router.get("/webhooks/<webhook_id>")
def get_webhook(webhook_id: str) -> Response[str]:
    """Fetch an endpoint."""
    current = request_context(router)
    caller = current.sender(Scope.WEBHOOKS)
    endpoint = container().manage_endpoints.get(caller.owner, object_id(webhook_id, _WHAT))
    return envelope.answer(current, caller, {"webhook": presenters.webhook(endpoint)})


@router.patch("/webhooks/<webhook_id>")
def update_webhook(webhook_id: str) -> Response[str]:
    """Change what is given of an endpoint."""
    current = request_context(router)
    caller = current.sender(Scope.WEBHOOKS)
    body = parse(WebhookPatch, current.json_object())
    changes = body.model_dump(exclude_none=True)
    if not changes:
        raise MissingParam("At least one of url, events, enabled, or description is required.")
    endpoint = container().manage_endpoints.update(caller, object_id(webhook_id, _WHAT), **changes)
    return envelope.answer(current, caller, {"webhook": presenters.webhook(endpoint)})


@router.delete("/webhooks/<webhook_id>")
def delete_webhook(webhook_id: str) -> Response[str]:
    """Remove an endpoint."""
    current = request_context(router)
    caller = current.sender(Scope.WEBHOOKS)
    container().manage_endpoints.delete(caller, object_id(webhook_id, _WHAT))
    return envelope.answer(current, caller, {"deleted": True, "id": webhook_id})


@router.post("/webhooks/<webhook_id>/test")
def test_webhook(webhook_id: str) -> Response[str]:
    """Send a test event."""
    current = request_context(router)
    caller = current.sender(Scope.WEBHOOKS)

    def first_answer(sent: Delivery) -> StoredResponse:
        return envelope.stored(current, caller, _delivery(sent), 202)

    idempotency = current.idempotency_context(first_answer)
    sent = container().manage_endpoints.send_test(caller, object_id(webhook_id, _WHAT), idempotency)
    return envelope.answer(current, caller, _delivery(sent), 202)


@router.post("/webhooks/<webhook_id>/rotate-secret")
def rotate_secret(webhook_id: str) -> Response[str]:
    """Give an endpoint a new secret."""
    current = request_context(router)
    caller = current.sender(Scope.WEBHOOKS)

    def first_answer(made: Rotated) -> StoredResponse:
        return envelope.stored(current, caller, _with_secret(made), 200)

    idempotency = current.idempotency_context(first_answer)
    body = parse(RotateBody, current.json_object(optional=True))
    overlap = timedelta(hours=body.overlap_hours)
    rotated = container().manage_endpoints.rotate_secret(
        caller, object_id(webhook_id, _WHAT), overlap, idempotency
    )
    return envelope.answer(current, caller, _with_secret(rotated))


@router.post("/webhooks/<webhook_id>/recover")
def recover(webhook_id: str) -> Response[str]:
    """Send an endpoint's failed deliveries again."""
    current = request_context(router)
    caller = current.sender(Scope.WEBHOOKS)

    def first_answer(queued: int) -> StoredResponse:
        return envelope.stored(current, caller, {"queued": queued}, 202)

    idempotency = current.idempotency_context(first_answer)
    body = parse(RecoverBody, current.json_object())
    queued = container().manage_endpoints.recover(
        caller, object_id(webhook_id, _WHAT), body.since, idempotency
    )
    return envelope.answer(current, caller, {"queued": queued}, 202)


@router.get("/webhooks/<webhook_id>/deliveries")
def list_deliveries(webhook_id: str) -> Response[str]:
    """List deliveries to an endpoint."""
    current = request_context(router)
    caller = current.sender(Scope.WEBHOOKS)
    query = current.query()
    page = container().manage_endpoints.deliveries(
        caller.owner,
        object_id(webhook_id, _WHAT),
        page_request(query),
        status=choice(query, "status", DeliveryStatus),
    )
    data = [presenters.delivery(sent) for sent in page.items]
    return envelope.listing(current, caller, data, has_more=page.has_more)


@router.get("/webhooks/<webhook_id>/deliveries/<delivery_id>")
def get_delivery(webhook_id: str, delivery_id: str) -> Response[str]:
    """Fetch one delivery with the exact body that was signed."""
    current = request_context(router)
    caller = current.sender(Scope.WEBHOOKS)
    sent = container().manage_endpoints.delivery(
        caller.owner, object_id(webhook_id, _WHAT), object_id(delivery_id, "delivery")
    )
    shown = {**presenters.delivery(sent), "payload": sent.payload}
    return envelope.answer(current, caller, {"delivery": shown})


@router.post("/webhooks/<webhook_id>/deliveries/<delivery_id>/replay")
def replay_delivery(webhook_id: str, delivery_id: str) -> Response[str]:
    """Send one delivery again."""
    current = request_context(router)
    caller = current.sender(Scope.WEBHOOKS)

    def first_answer(sent: Delivery) -> StoredResponse:
        return envelope.stored(current, caller, _delivery(sent), 202)

    idempotency = current.idempotency_context(first_answer)
    sent = container().manage_endpoints.replay(
        caller, object_id(webhook_id, _WHAT), object_id(delivery_id, "delivery"), idempotency
    )
    return envelope.answer(current, caller, _delivery(sent), 202)


def _with_secret(made: Created | Rotated) -> dict[str, Any]:
    return {"webhook": {**presenters.webhook(made.endpoint), "secret": made.secret}}


def _delivery(sent: Delivery) -> dict[str, Any]:
    return {"delivery": presenters.delivery(sent)}


def _page(endpoints: Sequence[Endpoint], wanted: PageRequest) -> Page[Endpoint]:
    """A page of a list that is read whole because it is short."""
    ordered = sorted(endpoints, key=lambda endpoint: endpoint.id, reverse=wanted.newest_first)
    after = wanted.after
    if after is not None:
        ordered = [e for e in ordered if (e.id < after if wanted.newest_first else e.id > after)]
    return Page(tuple(ordered[: wanted.limit]), len(ordered) > wanted.limit)
