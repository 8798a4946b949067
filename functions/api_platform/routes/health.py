"""Is the API up?"""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from darkroom.http.api import json_response, new_router
from darkroom.wiring import container

router = new_router()


@router.get("/platform/v1/health")
def health() -> Response[str]:
    """Answer without a key and without touching anything that could be down."""
    return json_response(200, {"status": "ok", "stage": container().settings.stage})
