"""JSON answers, in the one spelling of JSON that is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from darkroom.domain.writes import StoredResponse

if TYPE_CHECKING:
    from darkroom.domain.errors import DomainError
    from darkroom.http.request_context import RequestContext

type JsonObject = Mapping[str, object]


def encode(body: JsonObject) -> str:
    """Compact JSON, unicode as it is."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def json_response(status: int, body: JsonObject, headers: Mapping[str, str] | None = None) -> Response[str]:
    """An answer with a JSON body."""
    return Response(status, "application/json", encode(body), headers=dict(headers or {}))


def refused_response(request: RequestContext, error: DomainError) -> StoredResponse:
    """A refusal as an idempotency record keeps it: for an error that is the outcome of what was accepted."""
    status, body, _ = request.dialect.errors.answer(error, request.request_id)
    return stored_response(status, body)


def stored_response(status: int, body: JsonObject) -> StoredResponse:
    """The same answer as an idempotency record keeps it for a repeated request."""
    return StoredResponse(status, encode(body))
