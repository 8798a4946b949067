"""The pixeldrive routes as its OpenAPI document tells of them."""

from __future__ import annotations

from api_pixeldrive import requests, resources
from api_pixeldrive.errors import TABLE
from api_pixeldrive.prefetch import PREFIX
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.openapi import ApiDocument, Operation, Parameter, ResponseSpec, paging

_TEMPLATE = "ee3a339f-2826-406c-a6e4-04b9a7b4d373"
_IMAGE = f"https://api.example/pixeldrive/img/t/{_TEMPLATE}/a1b2c3d4e5f6g7h8.png"
_BATCH, _ROW = "770e8400-e29b-41d4-a716-446655440000", "770e8400-e29b-41d4-a716-446655440001"

_PAGING = paging("nextCursor")
_LAST_EVENT = Parameter(
    "Last-Event-ID",
    {"type": "string"},
    "Which event was seen last; EventSource sends it by itself.",
    "header",
)

_RENDERS = (
    Operation(
        "POST",
        "/render",
        "render",
        "Renders",
        "Render an image",
        (
            ResponseSpec(
                200,
                resources.RenderAnswer,
                "The image.",
                {
                    "url": _IMAGE,
                    "fromCache": False,
                    "fieldsHash": "a1b2c3d4e5f6g7h8",
                    "renderMs": 620,
                    "uploadBytes": 254714,
                    "creditsRemaining": 9999,
                },
            ),
        ),
        Scope.GENERATE,
        description="One credit; free if the same payload was rendered before, if it fails, and for previews.",
        body=requests.RenderBody,
        example={
            "templateId": _TEMPLATE,
            "payload": {
                "headline": {"text": "500K followers"},
                "avatar": {"src": "https://example.com/pic.jpg"},
            },
            "pixelRatio": 1,
        },
        errors=(402, 404, 409, 500),
    ),
    Operation(
        "POST",
        "/render/batch",
        "renderBatch",
        "Renders",
        "Render up to a thousand images",
        (
            ResponseSpec(
                202,
                resources.BatchAccepted,
                "Accepted; the credits are reserved.",
                {"batchId": _BATCH, "count": 1, "jobIds": [_ROW]},
            ),
        ),
        Scope.GENERATE,
        description="One credit per distinct payload that was not rendered before. If any payload is wrong nothing "
        "is taken on, and each of them is named.",
        body=requests.BatchBody,
        example={"templateId": _TEMPLATE, "payloads": [{"name": {"text": "Alice"}}]},
        errors=(402, 404, 409),
    ),
    Operation(
        "GET",
        "/batches/<batch_id>",
        "getBatch",
        "Renders",
        "How a batch stands",
        (ResponseSpec(200, resources.BatchAnswer, "Counts, and every row in the order of the payloads."),),
        Scope.READ,
        errors=(404,),
    ),
    Operation(
        "GET",
        "/batches/<batch_id>/stream",
        "streamBatch",
        "Renders",
        "A batch's progress as server-sent events",
        (
            ResponseSpec(
                200,
                None,
                "`progress` events with the counts, then one `done` event with the results. An answer ends after "
                "what is new; a standard client asks again by itself.",
                media="text/event-stream",
            ),
            ResponseSpec(204, None, "Nothing more will come.", media="text/event-stream"),
        ),
        Scope.READ,
        parameters=(_LAST_EVENT,),
        errors=(404,),
    ),
    Operation(
        "GET",
        "/jobs/<job_id>",
        "getJob",
        "Renders",
        "How one row of a batch stands",
        (ResponseSpec(200, resources.JobAnswer, "The row."),),
        Scope.READ,
        errors=(404,),
    ),
    Operation(
        "POST",
        "/sign",
        "sign",
        "Renders",
        "Sign an image's address",
        (ResponseSpec(200, resources.SignAnswer, "An address that is good for `expiresIn` seconds."),),
        Scope.READ,
        description="Exactly one of `key` and `url`, of an image of the workspace.",
        body=requests.SignBody,
        example={"url": _IMAGE, "expiresIn": 7200},
        errors=(404,),
    ),
)

_DOCUMENT = {
    "canvas": {"width": 1200, "height": 630, "background": "#101418"},
    "elements": [
        {
            "type": "text",
            "id": "headline",
            "x": 80,
            "y": 80,
            "width": 1040,
            "height": 300,
            "text": "500K followers",
            "fontSize": 96,
            "color": "#ffffff",
        }
    ],
}

_TEMPLATES = (
    Operation(
        "GET",
        "/templates/schema",
        "templateSchema",
        "Templates",
        "The JSON Schema of documents",
        (ResponseSpec(200, None, "JSON Schema 2020-12."),),
        None,
    ),
    Operation(
        "POST",
        "/templates",
        "createTemplate",
        "Templates",
        "Create a template",
        (ResponseSpec(201, resources.TemplateAnswer, "The template, as version 1."),),
        Scope.GENERATE,
        body=requests.TemplateBody,
        example={"name": "Milestone", "document": _DOCUMENT},
        errors=(409,),
    ),
    Operation(
        "GET",
        "/templates",
        "listTemplates",
        "Templates",
        "List templates",
        (ResponseSpec(200, resources.TemplateList, "A page of templates, without their documents."),),
        Scope.READ,
        parameters=_PAGING,
    ),
    Operation(
        "GET",
        "/templates/<template_id>",
        "getTemplate",
        "Templates",
        "Fetch a template",
        (ResponseSpec(200, resources.TemplateAnswer, "The template as it is now."),),
        Scope.READ,
        errors=(404,),
    ),
    Operation(
        "GET",
        "/templates/<template_id>/versions/<version>",
        "getTemplateVersion",
        "Templates",
        "Fetch a version of a template",
        (ResponseSpec(200, resources.TemplateAnswer, "The version; replaced ones are kept for a week."),),
        Scope.READ,
        errors=(404,),
    ),
    Operation(
        "PATCH",
        "/templates/<template_id>",
        "changeTemplate",
        "Templates",
        "Change a template",
        (ResponseSpec(200, resources.TemplateAnswer, "Its next version."),),
        Scope.GENERATE,
        body=requests.TemplatePatch,
        example={"name": "Milestone, blue"},
        errors=(404,),
    ),
    Operation(
        "PUT",
        "/templates/<template_id>",
        "replaceTemplate",
        "Templates",
        "Replace a template",
        (ResponseSpec(200, resources.TemplateAnswer, "Its next version."),),
        Scope.GENERATE,
        body=requests.TemplateBody,
        example={"name": "Milestone", "document": _DOCUMENT},
        errors=(404,),
    ),
    Operation(
        "DELETE",
        "/templates/<template_id>",
        "deleteTemplate",
        "Templates",
        "Delete a template",
        (ResponseSpec(200, resources.Deleted, "It is gone; what was rendered of it stays."),),
        Scope.GENERATE,
        errors=(404,),
    ),
    Operation(
        "GET",
        "/openapi.json",
        "getOpenapi",
        "Templates",
        "This document",
        (ResponseSpec(200, None, "OpenAPI 3.1."),),
        None,
    ),
)

DOCUMENT = ApiDocument(
    title="Darkroom: pixeldrive",
    version="1",
    description="Templates and values in, PNGs out: one while you wait, a thousand in bulk, or as tools for agents "
    "(`/pixeldrive/mcp`). Images are served at `/pixeldrive/img/…` and need no key.",
    prefix=PREFIX,
    operations=(*_RENDERS, *_TEMPLATES),
    error_model=resources.ErrorAnswer,
    errors=TABLE,
    common_errors=(400, 401, 403, 413, 429, 503),
    tags={"Renders": "Images of templates.", "Templates": "What is rendered."},
    headers={
        "X-Request-Id": "What to name when you ask us about a request.",
        "RateLimit-Limit": "Requests per minute.",
        "RateLimit-Remaining": "What is left of them.",
        "RateLimit-Reset": "Seconds until more are there.",
    },
    post_parameters=(
        Parameter(
            "Idempotency-Key",
            {"type": "string", "minLength": 1, "maxLength": 255},
            "Repeated with the same body within 24 hours, the first answer is given again.",
            "header",
        ),
    ),
)
