"""What the OpenAPI document adds to the memes routes."""

from __future__ import annotations

from api_memes import requests, resources
from api_memes.app import api
from api_memes.routes import (
    account,
    brand_kits,
    carousels,
    documents,
    files,
    generations,
    images,
    memes,
    prompts,
    storyboards,
    videos,
    webhooks,
)
from api_memes.versions import HEADER, LATEST, VERSIONS
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.webhooks.deliveries import DeliveryStatus
from darkroom.http.file_requests import UploadBody
from darkroom.http.openapi import (
    RATE_LIMIT_HEADERS,
    ApiDocument,
    Operation,
    Parameter,
    ResponseSpec,
    paging,
)

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
        images.create_image,
        "Images",
        (_ACCEPTED, _ENDED),
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
        idempotent=True,
    ),
    Operation(
        images.edit_image,
        "Images",
        (_ACCEPTED, _ENDED),
        description="One credit. `image_id` is an asset's id or an https URL; `mask` a PNG as a `data:` URL, or like "
        "`image_id`. The new asset's `parent_id` is the edited one.",
        body=requests.EditBody,
        example={"image_id": _ASSET_ID, "instruction": "make it autumn"},
        parameters=(_PREFER,),
        errors=_CREATE_ERRORS,
        idempotent=True,
    ),
    Operation(
        images.reframe_image,
        "Images",
        (_ENDED, _ACCEPTED),
        description="One credit. Answers 200 with the finished generation if it ends within eight seconds, else 202.",
        body=requests.ReframeBody,
        example={"image_id": _ASSET_ID, "aspect_ratio": "9:16"},
        parameters=(_PREFER,),
        errors=_CREATE_ERRORS,
        idempotent=True,
    ),
    Operation(
        images.list_images,
        "Images",
        (ResponseSpec(200, resources.AssetList, "A page of images."),),
        parameters=(*_PAGING, _SEARCH),
    ),
    Operation(
        images.get_image,
        "Images",
        (ResponseSpec(200, resources.ImageAnswer, "The image."),),
        errors=(404,),
    ),
)

_MEMES = (
    Operation(
        memes.create_meme,
        "Memes",
        (_ACCEPTED, _ENDED),
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
        idempotent=True,
    ),
    Operation(
        memes.list_memes,
        "Memes",
        (ResponseSpec(200, resources.AssetList, "A page of memes."),),
        parameters=(*_PAGING, _SEARCH, _EXCLUDE_CAROUSEL),
    ),
    Operation(
        memes.get_meme,
        "Memes",
        (ResponseSpec(200, resources.MemeAnswer, "The meme."),),
        errors=(404,),
    ),
    Operation(
        memes.get_lineage,
        "Memes",
        (ResponseSpec(200, resources.LineageAnswer, "The family."),),
        description="The root and every edit and reframe derived from it, the oldest first.",
        errors=(404,),
    ),
    Operation(
        memes.delete_meme,
        "Memes",
        (ResponseSpec(200, resources.DeletedAnswer, "Deleted."),),
        description="The meme leaves the lists; what was made from it stays.",
        errors=(404,),
    ),
)

_STORYBOARDS = (
    Operation(
        storyboards.create_storyboard,
        "Storyboards",
        (_ACCEPTED, _ENDED),
        description="Four credits for one picture of three or four panels. At least one of `goal`, `brand_kit_id` "
        "and `brand_context` is needed.",
        body=requests.StoryboardBody,
        example={
            "goal": "Cold brew saves the night before a deadline",
            "preset": "problem-solution",
            "panel_count": 4,
            "tone": "playful",
        },
        parameters=(_PREFER,),
        errors=_CREATE_ERRORS,
        idempotent=True,
    ),
    Operation(
        storyboards.get_storyboard,
        "Storyboards",
        (ResponseSpec(200, resources.GenerationAnswer, "The storyboard's job."),),
        errors=(404,),
    ),
)

_PICTURE_SOURCE = (
    "Free. `source` is an https URL, an asset's or file's id, or a `data:` URL: PNG, JPEG, WebP or SVG."
)
_KIT = ResponseSpec(200, resources.BrandKitAnswer, "The brand kit.")

_BRAND_KITS = (
    Operation(
        brand_kits.list_brand_kits,
        "Brand kits",
        (ResponseSpec(200, resources.BrandKitList, "A page of brand kits."),),
        parameters=_PAGING,
    ),
    Operation(
        brand_kits.create_brand_kit,
        "Brand kits",
        (ResponseSpec(201, resources.BrandKitAnswer, "The new brand kit."),),
        description="Free, and as many as you like.",
        body=requests.BrandKitBody,
        example={
            "name": "Dawn Roasters",
            "company_name": "Dawn Roasters",
            "website_url": "https://dawnroasters.example",
            "brand_colors": ["#3B2A1A", "#E8C39E"],
            "tone_of_voice": "warm, witty, unpretentious",
        },
        errors=(409,),
        idempotent=True,
    ),
    Operation(
        brand_kits.analyze_url,
        "Brand kits",
        (ResponseSpec(200, resources.WebsiteAnswer, "The profile; nothing is stored."),),
        description="Free. What the page does not say is `null`.",
        body=requests.AnalyzeBody,
        example={"url": "https://dawnroasters.example"},
        errors=(409, 422),
        idempotent=True,
    ),
    Operation(brand_kits.get_brand_kit, "Brand kits", (_KIT,), errors=(404,)),
    Operation(
        brand_kits.update_brand_kit,
        "Brand kits",
        (_KIT,),
        description="Members that are sent are changed; `null` clears one.",
        body=requests.BrandKitPatch,
        example={"tone_of_voice": "dry", "target_audience": None},
        errors=(404,),
    ),
    Operation(
        brand_kits.delete_brand_kit,
        "Brand kits",
        (ResponseSpec(200, resources.DeletedAnswer, "Removed."),),
        errors=(404,),
    ),
    Operation(
        brand_kits.set_default_brand_kit,
        "Brand kits",
        (_KIT,),
        description="No other is the default then.",
        errors=(404, 409),
        idempotent=True,
    ),
    Operation(
        brand_kits.set_brand_kit_logo,
        "Brand kits",
        (_KIT,),
        description=_PICTURE_SOURCE,
        body=requests.PictureBody,
        example={"source": "https://yourcdn.example/logo.svg"},
        errors=(404, 409, 422),
        idempotent=True,
    ),
    Operation(
        brand_kits.delete_brand_kit_logo,
        "Brand kits",
        (ResponseSpec(200, resources.BrandKitAnswer, "The brand kit without a logo."),),
        errors=(404,),
    ),
    Operation(
        brand_kits.add_product_reference,
        "Brand kits",
        (ResponseSpec(201, resources.ProductReferenceAnswer, "The brand kit with one more product."),),
        description=f"{_PICTURE_SOURCE} A kit has at most five.",
        body=requests.PictureBody,
        example={"source": "https://yourcdn.example/tin.jpg"},
        errors=(404, 409, 422),
        idempotent=True,
    ),
    Operation(
        brand_kits.delete_product_reference,
        "Brand kits",
        (ResponseSpec(200, resources.BrandKitAnswer, "The brand kit without that product."),),
        errors=(404,),
    ),
)

_SLIDE = {"role": "hook", "on_image_text": "5 cold brew myths", "visual_direction": "a tall glass"}

_CAROUSELS = (
    Operation(
        carousels.plan_carousel,
        "Carousels",
        (ResponseSpec(200, resources.PlanAnswer, "The plan."),),
        description="Free. The plan can be rendered for a week. A page that cannot be read is left out.",
        body=requests.PlanBody,
        example={
            "brief": "5 myths about cold brew, debunked, for first-time buyers",
            "goal": "leads",
            "platform": "ig-portrait",
            "slide_count": 5,
        },
        errors=(404, 409, 422),
        idempotent=True,
    ),
    Operation(
        carousels.create_carousel,
        "Carousels",
        (ResponseSpec(202, resources.CarouselAnswer, "Accepted; the credits are reserved."),),
        description="One credit per delivered slide. Either `plan_id` or `plan` is needed; a plan's members may "
        "stand in the body itself.",
        body=requests.CarouselBody,
        example={"plan": {"concept_title": "Cold Brew Myths, Busted", "slides": [_SLIDE, _SLIDE, _SLIDE]}},
        errors=_CREATE_ERRORS,
        idempotent=True,
    ),
    Operation(
        carousels.list_carousels,
        "Carousels",
        (ResponseSpec(200, resources.CarouselList, "A page of carousels."),),
        parameters=_PAGING,
    ),
    Operation(
        carousels.get_carousel,
        "Carousels",
        (ResponseSpec(200, resources.CarouselAnswer, "The carousel."),),
        errors=(404,),
    ),
    Operation(
        carousels.delete_carousel,
        "Carousels",
        (ResponseSpec(200, resources.DeletedAnswer, "Deleted."),),
        description="One that is being made is canceled; delivered slides stay paid.",
        errors=(404,),
    ),
)

_PROMPTS = (
    Operation(
        prompts.enhance_prompt,
        "Prompts",
        (ResponseSpec(200, resources.EnhancedAnswer, "The prompt, enhanced."),),
        description="Free. A page that cannot be read is left out; `reference_images` are https URLs or assets' ids.",
        body=requests.EnhanceBody,
        example={
            "prompt": "funny ad about mondays and coffee",
            "website_url": "https://dawnroasters.example",
        },
        errors=(404, 409, 422),
        idempotent=True,
    ),
)

_VIDEOS = (
    Operation(
        videos.create_video,
        "Videos",
        (_ACCEPTED, _ENDED),
        description="Ten credits per delivered video. At least one of `prompt`, `business_url`, `brand_kit_id` and "
        "`brand_context` is needed. One `ref` is animated (`forge-motion`), other references are gone by "
        "(`forge-video`).",
        body=requests.VideoBody,
        example={
            "prompt": "A latte being poured in slow motion, steam rising, warm morning light",
            "aspect_ratio": "9:16",
            "duration": 6,
        },
        parameters=(_PREFER,),
        errors=_CREATE_ERRORS,
        idempotent=True,
    ),
    Operation(
        videos.animate_image,
        "Videos",
        (_ACCEPTED, _ENDED),
        description="Ten credits. Five seconds in 720p by `forge-motion`, in the image's own ratio.",
        body=requests.AnimateBody,
        example={"image_id": _ASSET_ID},
        parameters=(_PREFER,),
        errors=_CREATE_ERRORS,
        idempotent=True,
    ),
    Operation(
        videos.list_videos,
        "Videos",
        (ResponseSpec(200, resources.GenerationList, "A page of video jobs."),),
        parameters=_PAGING,
    ),
    Operation(
        videos.get_video,
        "Videos",
        (ResponseSpec(200, resources.GenerationAnswer, "The video job."),),
        errors=(404,),
    ),
    Operation(
        videos.delete_video,
        "Videos",
        (ResponseSpec(200, resources.DeletedVideoAnswer, "Deleted."),),
        description="One that is being made is canceled. One that was delivered is refunded, up to the operator's "
        "limit for the workspace and day.",
        errors=(404,),
    ),
)

_GENERATIONS = (
    Operation(
        generations.list_generations,
        "Generations",
        (ResponseSpec(200, resources.GenerationList, "A page of jobs."),),
        parameters=(*_PAGING, _TYPE, _STATUS),
    ),
    Operation(
        generations.get_generation,
        "Generations",
        (ResponseSpec(200, resources.GenerationAnswer, "The job."),),
        errors=(404,),
    ),
    Operation(
        generations.cancel_generation,
        "Generations",
        (ResponseSpec(200, resources.GenerationAnswer, "The canceled job."),),
        description="What was delivered so far is kept and charged; the rest is refunded.",
        errors=(404, 409),
        idempotent=True,
    ),
)

_WEBHOOK = ResponseSpec(200, resources.WebhookAnswer, "The endpoint.")
_DELIVERY_QUEUED = ResponseSpec(202, resources.DeliveryAnswer, "The delivery that will be tried.")

_WEBHOOKS = (
    Operation(
        webhooks.create_webhook,
        "Webhooks",
        (ResponseSpec(201, resources.WebhookSecretAnswer, "The endpoint with its signing secret."),),
        body=requests.WebhookBody,
        example={
            "url": "https://example.com/hooks/memes",
            "events": ["generation.completed", "generation.failed"],
        },
        errors=(409,),
        idempotent=True,
    ),
    Operation(
        webhooks.list_webhooks,
        "Webhooks",
        (ResponseSpec(200, resources.WebhookList, "A page of endpoints."),),
        parameters=_PAGING,
    ),
    Operation(
        webhooks.get_webhook,
        "Webhooks",
        (_WEBHOOK,),
        errors=(404,),
    ),
    Operation(
        webhooks.update_webhook,
        "Webhooks",
        (_WEBHOOK,),
        body=requests.WebhookPatch,
        example={"enabled": False},
        errors=(404,),
    ),
    Operation(
        webhooks.delete_webhook,
        "Webhooks",
        (ResponseSpec(200, resources.DeletedAnswer, "Removed."),),
        errors=(404,),
    ),
    Operation(
        webhooks.test_webhook,
        "Webhooks",
        (_DELIVERY_QUEUED,),
        errors=(404, 409),
        idempotent=True,
    ),
    Operation(
        webhooks.rotate_webhook_secret,
        "Webhooks",
        (ResponseSpec(200, resources.WebhookSecretAnswer, "The endpoint with its new secret."),),
        description="Until the overlap ends, deliveries carry a signature of each secret.",
        body=requests.RotateBody,
        body_required=False,
        errors=(404, 409),
        idempotent=True,
    ),
    Operation(
        webhooks.recover_webhook,
        "Webhooks",
        (ResponseSpec(202, resources.RecoverAnswer, "How many are sent again."),),
        body=requests.RecoverBody,
        example={"since": "2026-06-18T17:04:22Z"},
        errors=(404, 409),
        idempotent=True,
    ),
    Operation(
        webhooks.list_deliveries,
        "Webhooks",
        (ResponseSpec(200, resources.DeliveryList, "A page of deliveries."),),
        parameters=(*_PAGING, _DELIVERY_STATUS),
        errors=(404,),
    ),
    Operation(
        webhooks.get_delivery,
        "Webhooks",
        (ResponseSpec(200, resources.DeliveryPayloadAnswer, "The delivery."),),
        errors=(404,),
    ),
    Operation(
        webhooks.replay_delivery,
        "Webhooks",
        (_DELIVERY_QUEUED,),
        errors=(404, 409),
        idempotent=True,
    ),
)

_FILES = (
    Operation(
        files.create_file,
        "Files",
        (ResponseSpec(201, resources.UploadAnswer, "The pending file, and the request that uploads it."),),
        description="Send `upload` as it is, with the file as its body. At most 25 MB for pictures and 50 MB for "
        "sounds. The file is checked at once and becomes `ready` or `rejected`.",
        body=UploadBody,
        example={
            "filename": "hero.png",
            "content_type": "image/png",
            "size": 70,
            "checksum_sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        },
        errors=(409,),
        idempotent=True,
    ),
    Operation(
        files.list_files,
        "Files",
        (ResponseSpec(200, resources.FileList, "A page of files."),),
        parameters=_PAGING,
    ),
    Operation(
        files.get_file,
        "Files",
        (ResponseSpec(200, resources.FileAnswer, "The file."),),
        errors=(404,),
    ),
    Operation(
        files.delete_file,
        "Files",
        (ResponseSpec(200, resources.DeletedAnswer, "Removed, bytes and all."),),
        errors=(404,),
    ),
)

_ACCOUNT = (
    Operation(
        account.get_account,
        "Account",
        (ResponseSpec(200, resources.AccountAnswer, "The account."),),
    ),
    Operation(
        account.get_usage,
        "Account",
        (ResponseSpec(200, resources.UsageAnswer, "What is used and left."),),
    ),
    Operation(
        documents.get_openapi,
        "Account",
        (ResponseSpec(200, None, "An OpenAPI document."),),
    ),
)

DOCUMENT = ApiDocument(
    title="Darkroom: memes",
    version=LATEST,
    description="Branded images and memes: submit, poll (or be called), use `output[]`.",
    api=api,
    operations=(
        *_IMAGES,
        *_MEMES,
        *_VIDEOS,
        *_CAROUSELS,
        *_STORYBOARDS,
        *_BRAND_KITS,
        *_PROMPTS,
        *_GENERATIONS,
        *_FILES,
        *_WEBHOOKS,
        *_ACCOUNT,
    ),
    error_resource=resources.ErrorAnswer,
    common_errors=(400, 401, 403, 429, 500, 503),
    tags={
        "Images": "Ad images.",
        "Memes": "Branded memes.",
        "Videos": "Short films.",
        "Carousels": "Planned sets of slides.",
        "Storyboards": "Stories of three or four panels.",
        "Brand kits": "Stored brands.",
        "Prompts": "Rough ideas worked out.",
        "Generations": "The jobs that make them.",
        "Files": "Uploads, to use as inputs.",
        "Webhooks": "Events instead of polling.",
        "Account": "Who the key is, and what is left.",
    },
    headers={**RATE_LIMIT_HEADERS, HEADER: "The version that was used."},
    common_parameters=(
        Parameter(HEADER, {"type": "string", "enum": list(VERSIONS)}, "A dated version.", where="header"),
    ),
)
