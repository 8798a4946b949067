"""The memes routes as its OpenAPI document tells of them."""

from __future__ import annotations

from api_memes import requests, resources
from api_memes.accepting import PREFIX
from api_memes.errors import TABLE
from api_memes.versions import HEADER, LATEST, VERSIONS
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.webhooks.deliveries import DeliveryStatus
from darkroom.http.openapi import ApiDocument, Operation, Parameter, ResponseSpec, paging

_GENERATION_ID = "0197840f-2a3b-7c44-9d51-3f6c2b1e8a90"
_ASSET_ID = "5f2b1c34-7a90-4c0e-9b21-2e6f3a8d1c44"

_QUEUED = {
    "generation": {
        "id": _GENERATION_ID,
        "object": "generation",
        "type": "meme",
        "status": "queued",
        "model": "forge-image",
        "requested_count": 2,
        "completed_count": 0,
        "failed_count": 0,
        "output": [],
        "error": None,
        "created_at": "2026-06-18T17:04:22Z",
        "completed_at": None,
    },
    "usage": {
        "credits_used": 0,
        "credits_remaining": 480,
        "interval": "rolling_30_days",
        "reset_at": "2026-07-01T00:00:00Z",
    },
    "meta": {"request_id": f"req_{_GENERATION_ID}", "livemode": True},
}

_PAGING = paging("next_cursor")
_SEARCH = Parameter("q", {"type": "string", "maxLength": 200}, "Text to find in prompts, ignoring case.")
_TYPE = Parameter(
    "type",
    {"type": "array", "items": {"type": "string", "enum": [kind.value for kind in requests.GenerationType]}},
    "Only these types, separated by commas.",
)
_STATUS = Parameter(
    "status",
    {"type": "array", "items": {"type": "string", "enum": [status.value for status in JobStatus]}},
    "Only these statuses, separated by commas.",
)
_EXCLUDE_CAROUSEL = Parameter(
    "exclude_carousel", {"type": "boolean", "default": False}, "Leave out what carousels made."
)
_DELIVERY_STATUS = Parameter(
    "status", {"type": "string", "enum": [status.value for status in DeliveryStatus]}, "Only this status."
)
_PREFER = Parameter(
    "Prefer",
    {"type": "string", "examples": ["wait=10"]},
    "`wait=N` (RFC 7240) holds the answer back until the generation has ended, at most N (≤ 20) seconds.",
    where="header",
)

_ACCEPTED = ResponseSpec(202, resources.GenerationAnswer, "Accepted; the credits are reserved.", _QUEUED)
_ENDED = ResponseSpec(200, resources.GenerationAnswer, "Ended while the client waited.")
_CREATE_ERRORS = (403, 404, 409, 422)

_IMAGES = (
    Operation(
        "POST",
        "/images",
        "createImage",
        "Images",
        "Create images",
        (_ACCEPTED, _ENDED),
        Scope.GENERATE,
        description="One credit per delivered image. At least one of `prompt`, `brand_kit_id`, "
        "`brand_context` and `reference_images` is needed.",
        body=requests.ImageBody,
        example={
            "prompt": "Minimalist product hero on a sunlit kitchen counter",
            "brand_context": {"company_name": "Dawn Roasters", "brand_colors": ["#3B2A1A", "#E8C39E"]},
            "reference_images": [{"type": "logo", "source": "https://yourcdn.example/logo.png"}],
            "aspect_ratio": "4:5",
            "count": 3,
        },
        parameters=(_PREFER,),
        errors=_CREATE_ERRORS,
    ),
    Operation(
        "POST",
        "/images/edits",
        "editImage",
        "Images",
        "Edit an image",
        (_ACCEPTED, _ENDED),
        Scope.GENERATE,
        description="One credit. `image_id` is an asset's id or an https URL; `mask` a PNG as a `data:` URL, or like "
        "`image_id`. The new asset's `parent_id` is the edited one.",
        body=requests.EditBody,
        example={"image_id": _ASSET_ID, "instruction": "make it autumn"},
        parameters=(_PREFER,),
        errors=_CREATE_ERRORS,
    ),
    Operation(
        "POST",
        "/images/reframe",
        "reframeImage",
        "Images",
        "Give an image another aspect ratio",
        (_ENDED, _ACCEPTED),
        Scope.GENERATE,
        description="One credit. Answers 200 with the finished generation if it ends within eight seconds, else 202.",
        body=requests.ReframeBody,
        example={"image_id": _ASSET_ID, "aspect_ratio": "9:16"},
        parameters=(_PREFER,),
        errors=_CREATE_ERRORS,
    ),
    Operation(
        "GET",
        "/images",
        "listImages",
        "Images",
        "List images",
        (ResponseSpec(200, resources.AssetList, "A page of images."),),
        Scope.READ,
        parameters=(*_PAGING, _SEARCH),
    ),
    Operation(
        "GET",
        "/images/<image_id>",
        "getImage",
        "Images",
        "Fetch an image",
        (ResponseSpec(200, resources.ImageAnswer, "The image."),),
        Scope.READ,
        errors=(404,),
    ),
)

_MEMES = (
    Operation(
        "POST",
        "/memes",
        "createMeme",
        "Memes",
        "Create memes",
        (_ACCEPTED, _ENDED),
        Scope.GENERATE,
        description="One credit per delivered meme. At least one of `prompt`, `brand_kit_id`, "
        "`brand_context` and `template_prompt` is needed.",
        body=requests.MemeBody,
        example={
            "prompt": "When the coffee finally kicks in on a Monday",
            "brand_context": {"company_name": "Dawn Roasters", "industry": "coffee"},
            "aspect_ratio": "1:1",
            "count": 2,
        },
        parameters=(_PREFER,),
        errors=_CREATE_ERRORS,
    ),
    Operation(
        "GET",
        "/memes",
        "listMemes",
        "Memes",
        "List memes",
        (ResponseSpec(200, resources.AssetList, "A page of memes."),),
        Scope.READ,
        parameters=(*_PAGING, _SEARCH, _EXCLUDE_CAROUSEL),
    ),
    Operation(
        "GET",
        "/memes/<meme_id>",
        "getMeme",
        "Memes",
        "Fetch a meme",
        (ResponseSpec(200, resources.MemeAnswer, "The meme."),),
        Scope.READ,
        errors=(404,),
    ),
)

_GENERATIONS = (
    Operation(
        "GET",
        "/generations",
        "listGenerations",
        "Generations",
        "List jobs",
        (ResponseSpec(200, resources.GenerationList, "A page of jobs."),),
        Scope.READ,
        parameters=(*_PAGING, _TYPE, _STATUS),
    ),
    Operation(
        "GET",
        "/generations/<generation_id>",
        "getGeneration",
        "Generations",
        "Poll a job",
        (ResponseSpec(200, resources.GenerationAnswer, "The job."),),
        Scope.READ,
        errors=(404,),
    ),
    Operation(
        "POST",
        "/generations/<generation_id>/cancel",
        "cancelGeneration",
        "Generations",
        "Cancel a job",
        (ResponseSpec(200, resources.GenerationAnswer, "The canceled job."),),
        Scope.GENERATE,
        description="What was delivered so far is kept and charged; the rest is refunded.",
        errors=(404, 409),
    ),
)

_WEBHOOK = ResponseSpec(200, resources.WebhookAnswer, "The endpoint.")
_DELIVERY_QUEUED = ResponseSpec(202, resources.DeliveryAnswer, "The delivery that will be tried.")

_WEBHOOKS = (
    Operation(
        "POST",
        "/webhooks",
        "createWebhook",
        "Webhooks",
        "Register an endpoint",
        (ResponseSpec(201, resources.WebhookSecretAnswer, "The endpoint with its signing secret."),),
        Scope.WEBHOOKS,
        body=requests.WebhookBody,
        example={
            "url": "https://example.com/hooks/memes",
            "events": ["generation.completed", "generation.failed"],
        },
        errors=(409,),
    ),
    Operation(
        "GET",
        "/webhooks",
        "listWebhooks",
        "Webhooks",
        "List endpoints",
        (ResponseSpec(200, resources.WebhookList, "A page of endpoints."),),
        Scope.WEBHOOKS,
        parameters=_PAGING,
    ),
    Operation(
        "GET",
        "/webhooks/<webhook_id>",
        "getWebhook",
        "Webhooks",
        "Fetch an endpoint",
        (_WEBHOOK,),
        Scope.WEBHOOKS,
        errors=(404,),
    ),
    Operation(
        "PATCH",
        "/webhooks/<webhook_id>",
        "updateWebhook",
        "Webhooks",
        "Change an endpoint",
        (_WEBHOOK,),
        Scope.WEBHOOKS,
        body=requests.WebhookPatch,
        example={"enabled": False},
        errors=(404,),
    ),
    Operation(
        "DELETE",
        "/webhooks/<webhook_id>",
        "deleteWebhook",
        "Webhooks",
        "Remove an endpoint",
        (ResponseSpec(200, resources.DeletedAnswer, "Removed."),),
        Scope.WEBHOOKS,
        errors=(404,),
    ),
    Operation(
        "POST",
        "/webhooks/<webhook_id>/test",
        "testWebhook",
        "Webhooks",
        "Send a test event",
        (_DELIVERY_QUEUED,),
        Scope.WEBHOOKS,
        errors=(404, 409),
    ),
    Operation(
        "POST",
        "/webhooks/<webhook_id>/rotate-secret",
        "rotateWebhookSecret",
        "Webhooks",
        "New secret",
        (ResponseSpec(200, resources.WebhookSecretAnswer, "The endpoint with its new secret."),),
        Scope.WEBHOOKS,
        description="Until the overlap ends, deliveries carry a signature of each secret.",
        body=requests.RotateBody,
        body_required=False,
        errors=(404, 409),
    ),
    Operation(
        "POST",
        "/webhooks/<webhook_id>/recover",
        "recoverWebhook",
        "Webhooks",
        "Resend what failed",
        (ResponseSpec(202, resources.RecoverAnswer, "How many are sent again."),),
        Scope.WEBHOOKS,
        body=requests.RecoverBody,
        example={"since": "2026-06-18T17:04:22Z"},
        errors=(404, 409),
    ),
    Operation(
        "GET",
        "/webhooks/<webhook_id>/deliveries",
        "listDeliveries",
        "Webhooks",
        "List deliveries",
        (ResponseSpec(200, resources.DeliveryList, "A page of deliveries."),),
        Scope.WEBHOOKS,
        parameters=(*_PAGING, _DELIVERY_STATUS),
        errors=(404,),
    ),
    Operation(
        "GET",
        "/webhooks/<webhook_id>/deliveries/<delivery_id>",
        "getDelivery",
        "Webhooks",
        "A delivery",
        (ResponseSpec(200, resources.DeliveryPayloadAnswer, "The delivery."),),
        Scope.WEBHOOKS,
        errors=(404,),
    ),
    Operation(
        "POST",
        "/webhooks/<webhook_id>/deliveries/<delivery_id>/replay",
        "replayDelivery",
        "Webhooks",
        "Send a delivery again",
        (_DELIVERY_QUEUED,),
        Scope.WEBHOOKS,
        errors=(404, 409),
    ),
)

_ACCOUNT = (
    Operation(
        "GET",
        "/account",
        "getAccount",
        "Account",
        "Workspace, plan and key",
        (ResponseSpec(200, resources.AccountAnswer, "The account."),),
        Scope.ACCOUNT,
    ),
    Operation(
        "GET",
        "/account/usage",
        "getUsage",
        "Account",
        "Credits and allowances",
        (ResponseSpec(200, resources.UsageAnswer, "What is used and left."),),
        Scope.ACCOUNT,
    ),
    Operation(
        "GET",
        "/openapi.json",
        "getOpenapi",
        "Account",
        "This document",
        (ResponseSpec(200, None, "An OpenAPI document."),),
        None,
    ),
)

DOCUMENT = ApiDocument(
    title="Darkroom: memes",
    version=LATEST,
    description="Branded images and memes: submit, poll (or be called), use `output[]`.",
    prefix=PREFIX,
    operations=(*_IMAGES, *_MEMES, *_GENERATIONS, *_WEBHOOKS, *_ACCOUNT),
    error_model=resources.ErrorAnswer,
    errors=TABLE,
    common_errors=(400, 401, 403, 429, 500, 503),
    tags={
        "Images": "Ad images.",
        "Memes": "Branded memes.",
        "Generations": "The jobs that make them.",
        "Webhooks": "Being told instead of polling.",
        "Account": "Who the key is, and what is left.",
    },
    headers={
        "X-Request-Id": "This request's id.",
        HEADER: "The version that was used.",
        "RateLimit-Limit": "Requests per minute.",
        "RateLimit-Remaining": "Requests left now.",
        "RateLimit-Reset": "Seconds until the window moves on.",
        "RateLimit-Policy": "The same as the IETF draft writes it.",
        "RateLimit": "The same as the IETF draft writes it.",
    },
    common_parameters=(
        Parameter(HEADER, {"type": "string", "enum": list(VERSIONS)}, "A dated version.", where="header"),
    ),
    post_parameters=(
        Parameter(
            "Idempotency-Key",
            {"type": "string", "minLength": 1, "maxLength": 255},
            "Repeating a request with the same key and body within 24 hours repeats its first answer.",
            where="header",
        ),
    ),
)
