"""What the OpenAPI document adds to the moondraft routes."""

from __future__ import annotations

from api_moondraft import requests, resources
from api_moondraft.app import api
from api_moondraft.routes import account, credits, documents, images, jobs, prompts, sign_in, videos
from darkroom.http.openapi import (
    ApiDocument,
    Operation,
    Parameter,
    ResponseSpec,
)

_PNG = "data:image/png;base64,…"

_PREFER = Parameter(
    "Prefer",
    {"type": "string", "examples": ["respond-async"]},
    "`respond-async` (RFC 7240) answers at once with the job, which can then be polled.",
    where="header",
)
_PREFER_MINIMAL = Parameter(
    "Prefer",
    {"type": "string", "examples": ["return=minimal"]},
    "`return=minimal` (RFC 7240) answers with the addresses of files instead of the files.",
    where="header",
)
_UNDER_WAY = ResponseSpec(202, resources.Job, "The job, for a client that prefers not to wait.")
_GENERATION_ERRORS = (402, 409, 410, 413)

_GENERATION = (
    Operation(
        images.generate,
        "Generation",
        (
            ResponseSpec(
                200,
                resources.Image,
                "The picture.",
                {"success": True, "quality": "premium", "image": _PNG},
            ),
            _UNDER_WAY,
        ),
        description="One credit; three for `premium`.",
        body=requests.GenerateBody,
        example={"prompt": "isometric workspace, soft shadows", "quality": "premium"},
        parameters=(_PREFER,),
        errors=(*_GENERATION_ERRORS, 404),
        idempotent=True,
    ),
    Operation(
        images.generate_batch,
        "Generation",
        (
            ResponseSpec(
                200,
                resources.Batch,
                "A picture or a failure for each prompt.",
                {
                    "results": [{"prompt": "hero shot", "image": _PNG, "success": True}],
                    "quality": "standard",
                },
            ),
            _UNDER_WAY,
        ),
        description="The price of one picture for each prompt. Prompts without a picture are refunded.",
        body=requests.BatchBody,
        example={"prompts": ["hero shot", "side angle"]},
        parameters=(_PREFER,),
        errors=(*_GENERATION_ERRORS, 404),
        idempotent=True,
    ),
    Operation(
        images.edit_image,
        "Generation",
        (
            ResponseSpec(200, resources.EditedImage, "The picture.", {"success": True, "image": _PNG}),
            _UNDER_WAY,
        ),
        description="One credit.",
        body=requests.EditBody,
        example={"prompt": "change the background to a beach sunset", "image": _PNG},
        parameters=(_PREFER,),
        errors=(*_GENERATION_ERRORS, 404),
        idempotent=True,
    ),
    Operation(
        images.enhance_image,
        "Generation",
        (
            ResponseSpec(200, resources.EditedImage, "The picture.", {"success": True, "image": _PNG}),
            _UNDER_WAY,
        ),
        description="Two credits.",
        body=requests.EnhanceBody,
        example={"image": _PNG},
        parameters=(_PREFER,),
        errors=(*_GENERATION_ERRORS, 404),
        idempotent=True,
    ),
    Operation(
        videos.create_video,
        "Generation",
        (
            ResponseSpec(
                200,
                resources.Video,
                "The clip, an MP4.",
                {"success": True, "video": "data:video/mp4;base64,…"},
            ),
            _UNDER_WAY,
        ),
        description="Ten credits. From a `prompt` alone, from an `image` that moves, or from an `image` that speaks "
        "the `audio`.",
        body=requests.VideoBody,
        example={"prompt": "slow pan across mountain lake, sunrise"},
        parameters=(_PREFER,),
        errors=(*_GENERATION_ERRORS, 404),
        idempotent=True,
    ),
    Operation(
        prompts.refine_prompt,
        "Generation",
        (ResponseSpec(200, resources.RefinedPrompt, "The prompt, rewritten."),),
        description="Free.",
        body=requests.RefineBody,
        example={"prompt": "sneakers on marble", "mode": "image"},
        errors=(402, 410, 413),
    ),
    Operation(
        jobs.get_job,
        "Generation",
        (ResponseSpec(200, resources.Job, "The job."),),
        parameters=(_PREFER_MINIMAL,),
        errors=(404,),
    ),
)

_CREDITS = (
    Operation(
        account.get_credits,
        "Credits",
        (ResponseSpec(200, resources.Credits, "The balance.", {"credits": 480, "held": 0}),),
    ),
    Operation(
        account.get_usage,
        "Credits",
        (ResponseSpec(200, resources.Usage, "The actions."),),
    ),
    Operation(
        credits.buy_credits,
        "Credits",
        (ResponseSpec(200, resources.Checkout, "Where to pay."),),
        body=requests.BuyBody,
        example={"pack": "pack_300"},
        errors=(413,),
    ),
    Operation(
        credits.enable_auto_reload,
        "Credits",
        (
            ResponseSpec(
                200,
                resources.AutoReload,
                "The settings.",
                {"enabled": True, "threshold": 50, "pack": "pack_1000", "monthly_limit_cents": 50_000},
            ),
        ),
        body=requests.AutoReloadBody,
        example={"threshold": 50, "pack": "pack_1000"},
        errors=(413,),
    ),
    Operation(
        credits.get_auto_reload,
        "Credits",
        (ResponseSpec(200, resources.AutoReload, "The settings."),),
    ),
    Operation(
        credits.disable_auto_reload,
        "Credits",
        (
            ResponseSpec(
                200,
                resources.AutoReload,
                "The settings.",
                {"enabled": False, "threshold": None, "pack": None, "monthly_limit_cents": None},
            ),
        ),
    ),
)

_ACCESS = (
    Operation(
        sign_in.send_code,
        "Access",
        (ResponseSpec(200, resources.CodeSent, "The same answer for every address."),),
        body=requests.SendCodeBody,
        example={"email": "you@example.com"},
        errors=(400, 413, 429, 503),
    ),
    Operation(
        sign_in.verify_code,
        "Access",
        (ResponseSpec(200, resources.SignedIn, "A key, shown this once."),),
        body=requests.VerifyBody,
        example={"email": "you@example.com", "code": "123456"},
        errors=(400, 413, 429, 503),
    ),
    Operation(
        documents.get_openapi,
        "Access",
        (ResponseSpec(200, None, "An OpenAPI document."),),
    ),
)

DOCUMENT = ApiDocument(
    title="Darkroom: moondraft",
    version="1",
    description="Prompts in, finished pictures and clips out, while the client waits.",
    api=api,
    operations=(*_GENERATION, *_CREDITS, *_ACCESS),
    error_resource=resources.ErrorAnswer,
    common_errors=(400, 401, 429, 500, 503),
    tags={
        "Generation": "Pictures, clips and better prompts.",
        "Credits": "What is left, and how to get more.",
        "Access": "Keys by mail, and this document.",
    },
)
