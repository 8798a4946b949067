"""What the OpenAPI document adds to the pixeldrive routes."""

from __future__ import annotations

from api_pixeldrive import requests, resources
from api_pixeldrive.app import api
from api_pixeldrive.routes import batches, documents, fonts, render, sign, templates
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
_VERSION = Parameter("version", {"type": "integer", "minimum": 1}, "", where="path", required=True)

_RENDERS = (
    Operation(
        render.render,
        "Renders",
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
        idempotent=True,
    ),
    Operation(
        render.render_batch,
        "Renders",
        (
            ResponseSpec(
                202,
                resources.BatchAccepted,
                "Accepted; the credits are reserved.",
                {"batchId": _BATCH, "count": 1, "jobIds": [_ROW]},
            ),
        ),
        description="One credit per distinct payload that was not rendered before. If any payload is wrong nothing "
        "is taken on, and each of them is named.",
        body=requests.BatchBody,
        example={"templateId": _TEMPLATE, "payloads": [{"name": {"text": "Alice"}}]},
        errors=(402, 404, 409),
        idempotent=True,
    ),
    Operation(
        batches.get_batch,
        "Renders",
        (ResponseSpec(200, resources.BatchAnswer, "Counts, and every row in the order of the payloads."),),
        errors=(404,),
    ),
    Operation(
        batches.stream_batch,
        "Renders",
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
        parameters=(_LAST_EVENT,),
        errors=(404,),
    ),
    Operation(
        batches.get_job,
        "Renders",
        (ResponseSpec(200, resources.JobAnswer, "The row."),),
        errors=(404,),
    ),
    Operation(
        sign.sign,
        "Renders",
        (ResponseSpec(200, resources.SignAnswer, "An address that is good for `expiresIn` seconds."),),
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
        templates.template_schema,
        "Templates",
        (ResponseSpec(200, None, "JSON Schema 2020-12."),),
    ),
    Operation(
        templates.create_template,
        "Templates",
        (ResponseSpec(201, resources.TemplateAnswer, "The template, as version 1."),),
        body=requests.TemplateBody,
        example={"name": "Milestone", "document": _DOCUMENT},
        errors=(402, 409),
        idempotent=True,
    ),
    Operation(
        templates.list_templates,
        "Templates",
        (ResponseSpec(200, resources.TemplateList, "A page of templates, without their documents."),),
        parameters=_PAGING,
    ),
    Operation(
        templates.get_template,
        "Templates",
        (ResponseSpec(200, resources.TemplateAnswer, "The template as it is now."),),
        errors=(404,),
    ),
    Operation(
        templates.get_template_version,
        "Templates",
        (ResponseSpec(200, resources.TemplateAnswer, "The version; replaced ones are kept for a week."),),
        parameters=(_VERSION,),
        errors=(404,),
    ),
    Operation(
        templates.change_template,
        "Templates",
        (ResponseSpec(200, resources.TemplateAnswer, "Its next version."),),
        body=requests.TemplatePatch,
        example={"name": "Milestone, blue"},
        errors=(404,),
    ),
    Operation(
        templates.replace_template,
        "Templates",
        (ResponseSpec(200, resources.TemplateAnswer, "Its next version."),),
        body=requests.TemplateBody,
        example={"name": "Milestone", "document": _DOCUMENT},
        errors=(404,),
    ),
    Operation(
        templates.delete_template,
        "Templates",
        (ResponseSpec(200, resources.Deleted, "It is gone; what was rendered of it stays."),),
        errors=(404,),
    ),
    Operation(
        documents.get_openapi,
        "Templates",
        (ResponseSpec(200, None, "OpenAPI 3.1."),),
    ),
)

_FONTS = (
    Operation(
        fonts.create_font,
        "Fonts",
        (ResponseSpec(201, resources.NewFontAnswer, "The font, pending, and the request that uploads it."),),
        description="What is uploaded is judged: fonts that may not be embedded are rejected.",
        body=requests.FontBody,
        example={
            "contentType": "font/woff2",
            "size": 56424,
            "checksumSha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "family": "Acme Sans",
        },
        errors=(402, 409),
        idempotent=True,
    ),
    Operation(
        fonts.list_fonts,
        "Fonts",
        (ResponseSpec(200, resources.FontList, "Those that are ready."),),
    ),
    Operation(
        fonts.get_font,
        "Fonts",
        (ResponseSpec(200, resources.Font, "The font, whatever its status."),),
        errors=(404,),
    ),
    Operation(
        fonts.delete_font,
        "Fonts",
        (ResponseSpec(200, resources.Deleted, "It is gone."),),
        description="A font that a template has is a 409 that names the templates.",
        errors=(404, 409),
    ),
)

DOCUMENT = ApiDocument(
    title="Darkroom: pixeldrive",
    version="1",
    description="Templates and values in, PNGs out: one while you wait, a thousand in bulk, or as tools for agents "
    "(`/pixeldrive/mcp`). Images are served at `/pixeldrive/img/…` and need no key.",
    api=api,
    operations=(*_RENDERS, *_TEMPLATES, *_FONTS),
    error_resource=resources.ErrorAnswer,
    common_errors=(400, 401, 403, 413, 429, 503),
    tags={"Renders": "Images of templates.", "Templates": "What is rendered.", "Fonts": "A workspace's own."},
)
