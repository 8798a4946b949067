"""What machines read about this API; none of it needs a key."""

from __future__ import annotations

from pathlib import Path

from aws_lambda_powertools.event_handler import Response

from api_agent.words import PREFIX
from darkroom.http import static_documents
from darkroom.http.api import new_router

router = new_router()

OPENAPI, LLMS, ROOT_LLMS = f"{PREFIX}/openapi.json", f"{PREFIX}/llms.txt", "/llms.txt"
PATHS = frozenset({OPENAPI, LLMS, ROOT_LLMS})

_FOLDER = Path(__file__).parent.parent


@router.get(OPENAPI)
def get_openapi() -> Response[str]:
    """This API as an OpenAPI document."""
    return static_documents.openapi(_FOLDER)


@router.get(LLMS)
@router.get(ROOT_LLMS)
def get_llms() -> Response[str]:
    """This API in words for agents."""
    return static_documents.text(_FOLDER / "llms.txt")
