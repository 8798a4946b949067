"""What the OpenAPI document adds to the agent routes."""

from __future__ import annotations

from api_agent import requests, resources
from api_agent.app import api
from api_agent.requests import IDENTITY_HEADER
from api_agent.routes import access, credits, documents, generate, models, tasks
from darkroom.catalog_data.agent import PRICE_VERSION
from darkroom.http.openapi import ApiDocument, Operation, Parameter, ResponseSpec

_TASK_ID = "0197840f-2a3b-7c44-9d51-3f6c2b1e8a90"
_TOKEN = "ag_live_0000000000000000000000…"  # noqa: S105  (an example)

_ACCEPTED = {
    "task_id": _TASK_ID,
    "provider_task_id": "5f2b1c34-7a90-5c0e-9b21-2e6f3a8d1c44",
    "status": "pending",
    "usage_event_id": f"{_TASK_ID}#hold",
}
_DONE = {
    **_ACCEPTED,
    "status": "completed",
    "product": "image",
    "model": "nano-banana-pro",
    "outputs": ["https://api.example.com/files/3f9a…/5f2b1c34.png"],
    "credits_held": 0,
    "credits_charged": 20,
    "error": None,
    "error_message": None,
    "created_at": "2026-11-20T12:00:00Z",
    "completed_at": "2026-11-20T12:00:09Z",
}
_ESTIMATED = {
    "product": "image",
    "model": "nano-banana-pro",
    "units": {"count": 1, "resolution": "1K", "duration": None, "aspect_ratio": "1:1"},
    "image_input": False,
    "credits": 20,
    "credits_per_output": 20,
    "price_version": PRICE_VERSION,
    "available": 480,
    "sufficient": True,
    "status": "active",
    "replacement": None,
}
_BALANCE = {"balance": 480, "held": 0, "spent": 20, "livemode": True, "price_version": PRICE_VERSION}
_ACCESS = {
    "access_token": _TOKEN,
    "token_type": "Bearer",
    "expires_in": 900,
    "expires_at": "2026-11-20T12:15:00Z",
}


def _ok(data: object) -> dict[str, object]:
    return {"code": 0, "message": "ok", "data": data}


_OPERATIONS = (
    Operation(
        access.exchange_moltbook_identity,
        "Access",
        (ResponseSpec(200, resources.AccessAnswer, "A token for fifteen minutes.", _ok(_ACCESS)),),
        description="The identity is verified with Moltbook. The same agent always comes to the same credits.",
        body=requests.ExchangeBody,
        body_required=False,
        example={"token": "<identity token>"},
        parameters=(
            Parameter(IDENTITY_HEADER, {"type": "string"}, "The token, instead of a body.", where="header"),
        ),
        errors=(400, 401, 413, 429, 500, 503),
    ),
    Operation(
        credits.get_balance,
        "Credits",
        (ResponseSpec(200, resources.BalanceAnswer, "The credits of the key's mode.", _ok(_BALANCE)),),
    ),
    Operation(
        credits.estimate,
        "Credits",
        (ResponseSpec(200, resources.EstimateAnswer, "What is charged for it.", _ok(_ESTIMATED)),),
        description="Send what you would send to `/v1/generate`. Nothing is reserved.",
        body=requests.EstimateBody,
        example={
            "product": "image",
            "model": "nano-banana-pro",
            "units": {"count": 1, "resolution": "1K"},
            "price_version": PRICE_VERSION,
        },
        errors=(409, 410, 413),
    ),
    Operation(
        models.list_models,
        "Models",
        (ResponseSpec(200, resources.ModelsAnswer, "Every model, the retired too."),),
    ),
    Operation(
        generate.generate,
        "Generate",
        (ResponseSpec(200, resources.GenerateAnswer, "Taken; the credits are reserved.", _ok(_ACCEPTED)),),
        description="The same `request_id` with the same body repeats the first answer and is never charged "
        "again; with another body it is refused. `prompt` is required without `input_image_urls`. "
        "Models that end say so in `Deprecation`, `Sunset` and `Link` headers.",
        body=requests.GenerateBody,
        example={
            "model": "nano-banana-pro",
            "prompt": "A lighthouse in a storm, oil on canvas",
            "request_id": "3f1c9a52-0e9b-4b8d-9a1a-1f2e3d4c5b6a",
        },
        errors=(402, 409, 410, 413),
    ),
    Operation(
        tasks.get_task,
        "Generate",
        (ResponseSpec(200, resources.TaskAnswer, "The task.", _ok(_DONE)),),
        errors=(404,),
    ),
    Operation(
        documents.get_openapi,
        "Documents",
        (ResponseSpec(200, None, "An OpenAPI document."),),
    ),
    Operation(
        documents.get_llms,
        "Documents",
        (ResponseSpec(200, None, "Plain text.", media="text/plain"),),
    ),
)

DOCUMENT = ApiDocument(
    title="Darkroom: agent",
    version="1",
    description="Media generation for AI agents, priced in credits: estimate, generate, poll the task.",
    api=api,
    operations=_OPERATIONS,
    error_resource=resources.ErrorAnswer,
    common_errors=(400, 401, 403, 429, 500, 503),
    tags={
        "Access": "Tokens for agents.",
        "Credits": "What is left and what things cost.",
        "Models": "What there is.",
        "Generate": "Requests and their tasks.",
        "Documents": "For machines.",
    },
)
