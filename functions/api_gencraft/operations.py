"""What the OpenAPI document adds to the gencraft routes."""

from __future__ import annotations

from api_gencraft import requests, resources
from api_gencraft.app import api
from api_gencraft.routes import documents, generate, history, tasks, upload, user
from darkroom.http.openapi import (
    ApiDocument,
    Operation,
    Parameter,
    ResponseSpec,
)

_TASK_ID = "task_0197840f2a3b7c449d513f6c2b1e8a90_0"
_IMAGE = "https://api.example/files/3f9a…/5f2b1c34.png"

_ID = Parameter("task_id", {"type": "string"}, "One of `task_ids`.", where="path", required=True)
_IDS = Parameter(
    "ids",
    {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": tasks.MAX_IDS},
    "Task ids, separated by commas.",
    required=True,
)
_PAGE = Parameter(
    "page",
    {"type": "integer", "minimum": 1, "maximum": history.MAX_PAGE, "default": 1},
    "Which page.",
)
_LIMIT = Parameter(
    "limit",
    {"type": "integer", "minimum": 1, "maximum": history.MAX_LIMIT, "default": history.DEFAULT_LIMIT},
    "The size of a page.",
)

_COMPLETED = {"task_id": _TASK_ID, "status": "completed", "progress": 100, "imageUrl": _IMAGE}

_OPERATIONS = (
    Operation(
        generate.generate,
        "Images",
        (
            ResponseSpec(
                200,
                resources.Accepted,
                "Taken; the credits are reserved.",
                {"task_ids": [_TASK_ID], "email": "you@example.com"},
            ),
        ),
        body=requests.GenerateBody,
        example={
            "prompt": "A serene Japanese garden in autumn",
            "model": "flash",
            "mode": "text",
            "aspect": "16:9",
            "imageSize": "2K",
            "count": 1,
        },
        errors=(402, 409, 410, 413),
        idempotent=True,
    ),
    Operation(
        tasks.get_tasks,
        "Images",
        (ResponseSpec(200, resources.TaskList, "The tasks.", {"tasks": [_COMPLETED]}),),
        description="An id that is not known is answered as a failed task.",
        parameters=(_IDS,),
    ),
    Operation(
        tasks.get_task,
        "Images",
        (ResponseSpec(200, resources.Task, "The task.", _COMPLETED),),
        parameters=(_ID,),
        errors=(404,),
    ),
    Operation(
        upload.upload_image,
        "Images",
        (
            ResponseSpec(
                200,
                resources.Upload,
                "Where it is kept.",
                {"url": _IMAGE, "filename": "cat.png", "content_type": "image/png", "bytes": 524288},
            ),
        ),
        description="At most 25 MB; PNG, JPEG, WebP, GIF or BMP. Use the answer's `url` in `imageUrls`.",
        body=requests.UploadBody,
        example={"source_url": "https://example.com/cat.png"},
        errors=(402, 409, 413),
        idempotent=True,
    ),
    Operation(
        history.get_history,
        "Images",
        (ResponseSpec(200, resources.History, "A page."),),
        parameters=(_PAGE, _LIMIT),
    ),
    Operation(
        user.get_user_status,
        "Account",
        (
            ResponseSpec(
                200,
                resources.Account,
                "The account.",
                {"email": "you@example.com", "tier": "pro", "has_key": True},
            ),
        ),
    ),
    Operation(
        documents.get_openapi,
        "Account",
        (ResponseSpec(200, None, "An OpenAPI document."),),
    ),
)

DOCUMENT = ApiDocument(
    title="Darkroom: gencraft",
    version="1",
    description="Images from prompts and pictures: submit, poll the tasks.",
    api=api,
    operations=_OPERATIONS,
    error_resource=resources.ErrorAnswer,
    common_errors=(400, 401, 403, 429, 500, 503),
    tags={
        "Images": "Requests, their tasks, and pictures to work on.",
        "Account": "Who the key belongs to.",
    },
)
