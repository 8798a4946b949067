"""What machines read about this API; it needs no key."""

from __future__ import annotations

from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from darkroom.http import static_documents
from darkroom.http.api import new_router

router = new_router()


@router.get("/openapi.json")
def get_openapi() -> Response[str]:
    """This API as an OpenAPI document."""
    return static_documents.openapi(Path(__file__).parent.parent)
