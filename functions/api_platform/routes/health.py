"""Is the API up?"""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_platform import presenters
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.wiring import container

routes = Routes()


@routes.get("/health", scope=None)
def get_health(_request: RequestContext) -> Response[str]:
    """Is the API up?"""
    return json_response(
        200, presenters.health(container().settings.stage)
    )  # reads nothing that could be down
