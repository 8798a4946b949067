"""``/webhooks``: manage endpoints, and (beyond the contract) inspect, replay and recover deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from aws_lambda_powertools.event_handler import Response

from api_memes import presenters
from api_memes.requests import RecoverBody, RotateBody, WebhookBody, WebhookPatch
from api_memes.routes.envelopes import envelope
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import MissingParam
from darkroom.domain.paging import Page, PageRequest, unknown_cursor
from darkroom.domain.webhooks.deliveries import Delivery, DeliveryStatus
from darkroom.domain.webhooks.endpoints import Endpoint, EndpointWithSecret
from darkroom.domain.writes import StoredResponse
from darkroom.http.paging import page_request
from darkroom.http.params import choice, object_id
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()

_ENDPOINT = "webhook endpoint"


@routes.post("/webhooks", Scope.WEBHOOKS)
def create_webhook(request: RequestContext, caller: Caller) -> Response[str]:
    """Register an endpoint."""

    def first_answer(created: EndpointWithSecret) -> StoredResponse:
        return stored_response(201, presenters.webhook_secret_answer(created, envelope(request, caller)))

    idempotency = request.idempotency_context(first_answer)
    body = request.parse(WebhookBody)
    created = container().manage_endpoints.create(
        caller, body.url, body.events, body.description, idempotency
    )
    return json_response(201, presenters.webhook_secret_answer(created, envelope(request, caller)))


@routes.get("/webhooks", Scope.WEBHOOKS)
def list_webhooks(request: RequestContext, caller: Caller) -> Response[str]:
    """List endpoints."""
    page = _page(container().manage_endpoints.all(caller.owner), page_request(request.query()))
    return json_response(200, presenters.webhook_list(page, envelope(request, caller)))


@routes.get("/webhooks/<webhook_id>", Scope.WEBHOOKS)
def get_webhook(request: RequestContext, caller: Caller, webhook_id: str) -> Response[str]:
    """Fetch an endpoint."""
    endpoint = container().manage_endpoints.get(caller.owner, object_id(webhook_id, _ENDPOINT))
    return json_response(200, presenters.webhook_answer(endpoint, envelope(request, caller)))


@routes.patch("/webhooks/<webhook_id>", Scope.WEBHOOKS)
def update_webhook(request: RequestContext, caller: Caller, webhook_id: str) -> Response[str]:
    """Change an endpoint."""
    changes = request.parse(WebhookPatch).model_dump(exclude_none=True)
    if not changes:
        raise MissingParam("At least one of url, events, enabled, or description is required.")
    endpoint = container().manage_endpoints.update(caller, object_id(webhook_id, _ENDPOINT), **changes)
    return json_response(200, presenters.webhook_answer(endpoint, envelope(request, caller)))


@routes.delete("/webhooks/<webhook_id>", Scope.WEBHOOKS)
def delete_webhook(request: RequestContext, caller: Caller, webhook_id: str) -> Response[str]:
    """Remove an endpoint."""
    container().manage_endpoints.delete(caller, object_id(webhook_id, _ENDPOINT))
    return json_response(200, presenters.deleted_answer(webhook_id, envelope(request, caller)))


@routes.post("/webhooks/<webhook_id>/test", Scope.WEBHOOKS)
def test_webhook(request: RequestContext, caller: Caller, webhook_id: str) -> Response[str]:
    """Send a test event."""

    def first_answer(delivery: Delivery) -> StoredResponse:
        return stored_response(202, presenters.delivery_answer(delivery, envelope(request, caller)))

    idempotency = request.idempotency_context(first_answer)
    delivery = container().send_test_event(caller, object_id(webhook_id, _ENDPOINT), idempotency)
    return json_response(202, presenters.delivery_answer(delivery, envelope(request, caller)))


@routes.post("/webhooks/<webhook_id>/rotate-secret", Scope.WEBHOOKS)
def rotate_webhook_secret(request: RequestContext, caller: Caller, webhook_id: str) -> Response[str]:
    """Give an endpoint a new secret."""

    def first_answer(rotated: EndpointWithSecret) -> StoredResponse:
        return stored_response(200, presenters.webhook_secret_answer(rotated, envelope(request, caller)))

    idempotency = request.idempotency_context(first_answer)
    body = request.parse(RotateBody, optional=True)
    overlap = timedelta(hours=body.overlap_hours)
    rotated = container().rotate_secret(caller, object_id(webhook_id, _ENDPOINT), overlap, idempotency)
    return json_response(200, presenters.webhook_secret_answer(rotated, envelope(request, caller)))


@routes.post("/webhooks/<webhook_id>/recover", Scope.WEBHOOKS)
def recover_webhook(request: RequestContext, caller: Caller, webhook_id: str) -> Response[str]:
    """Send an endpoint's failed deliveries again."""

    def first_answer(queued: int) -> StoredResponse:
        return stored_response(202, presenters.recover_answer(queued, envelope(request, caller)))

    idempotency = request.idempotency_context(first_answer)
    body = request.parse(RecoverBody)
    queued = container().recover_deliveries(caller, object_id(webhook_id, _ENDPOINT), body.since, idempotency)
    return json_response(202, presenters.recover_answer(queued, envelope(request, caller)))


@routes.get("/webhooks/<webhook_id>/deliveries", Scope.WEBHOOKS)
def list_deliveries(request: RequestContext, caller: Caller, webhook_id: str) -> Response[str]:
    """List deliveries."""
    query = request.query()
    page = container().read_deliveries.list(
        caller.owner,
        object_id(webhook_id, _ENDPOINT),
        page_request(query),
        status=choice(query, "status", DeliveryStatus),
    )
    return json_response(200, presenters.delivery_list(page, envelope(request, caller)))


@routes.get("/webhooks/<webhook_id>/deliveries/<delivery_id>", Scope.WEBHOOKS)
def get_delivery(request: RequestContext, caller: Caller, webhook_id: str, delivery_id: str) -> Response[str]:
    """Fetch a delivery with the exact body that is signed."""
    delivery = container().read_deliveries.get(
        caller.owner, object_id(webhook_id, _ENDPOINT), object_id(delivery_id, "delivery")
    )
    return json_response(200, presenters.delivery_payload_answer(delivery, envelope(request, caller)))


@routes.post("/webhooks/<webhook_id>/deliveries/<delivery_id>/replay", Scope.WEBHOOKS)
def replay_delivery(
    request: RequestContext, caller: Caller, webhook_id: str, delivery_id: str
) -> Response[str]:
    """Send a delivery again."""

    def first_answer(delivery: Delivery) -> StoredResponse:
        return stored_response(202, presenters.delivery_answer(delivery, envelope(request, caller)))

    idempotency = request.idempotency_context(first_answer)
    delivery = container().replay_delivery(
        caller, object_id(webhook_id, _ENDPOINT), object_id(delivery_id, "delivery"), idempotency
    )
    return json_response(202, presenters.delivery_answer(delivery, envelope(request, caller)))


def _page(endpoints: Sequence[Endpoint], page: PageRequest) -> Page[Endpoint]:
    """A page of a list that is read whole because it is short."""
    ordered = sorted(endpoints, key=lambda endpoint: endpoint.id, reverse=page.newest_first)
    after = page.after
    if after is not None:
        if all(endpoint.id != after for endpoint in endpoints):
            raise unknown_cursor()
        ordered = [e for e in ordered if (e.id < after if page.newest_first else e.id > after)]
    return Page(tuple(ordered[: page.limit]), len(ordered) > page.limit)
