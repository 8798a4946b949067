"""What machines read about this API; it needs no key."""

from __future__ import annotations

from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from darkroom.http import static_documents
from darkroom.http.request_context import RequestContext
from darkroom.http.routing import Routes

routes = Routes()

_FOLDER = Path(__file__).parent.parent


@routes.get("/openapi.json", scope=None)
def get_openapi(request: RequestContext) -> Response[str]:
    """This document."""
    return static_documents.openapi(_FOLDER, request)
