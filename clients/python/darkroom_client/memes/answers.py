"""What the API answers. Generated from the OpenAPI document by `make openapi`; do not edit."""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, BaseModel


class GenerationError(BaseModel):
    """
    Why outputs are missing.
    """

    type: Literal["generation_error"] | str
    code: Literal["content_blocked", "generation_failed", "generation_timed_out"] | str
    message: str


class Meta(BaseModel):
    """
    Which request this was, and with which kind of key.
    """

    request_id: str
    livemode: bool


class PlannedSlide(BaseModel):
    """
    One slide of a plan.
    """

    slide_index: int
    role: str
    on_image_text: str
    visual_direction: str


class Upload(BaseModel):
    """
    The request that uploads a file, with all these headers, until `expires_at`.
    """

    url: str
    method: Literal["PUT"] | str
    headers: dict[str, str]
    expires_at: AwareDatetime


class Usage(BaseModel):
    """
    Credits used by what the answer is about, and left.
    """

    credits_used: int
    credits_remaining: int
    interval: Literal["rolling_30_days"] | str
    reset_at: AwareDatetime


class Webhook(BaseModel):
    """
    A webhook endpoint. `disabled_reason` says why we switched it off.
    """

    id: str
    object: Literal["webhook_endpoint"] | str
    url: str
    events: list[
        Literal[
            "generation.completed",
            "generation.partial",
            "generation.failed",
            "generation.canceled",
            "webhook.disabled",
            "file.ready",
            "file.rejected",
        ]
        | str
    ]
    enabled: bool
    description: str
    livemode: bool
    created_at: AwareDatetime
    disabled_reason: str | None


class WebhookAnswer(BaseModel):
    """
    One webhook endpoint.
    """

    usage: Usage
    meta: Meta
    webhook: Webhook


class WebhookList(BaseModel):
    """
    A page of webhook endpoints.
    """

    usage: Usage
    meta: Meta
    has_more: bool
    next_cursor: str | None
    data: list[Webhook]


class WebhookWithSecret(BaseModel):
    """
    A webhook endpoint with its signing secret, `null` when an earlier answer is repeated.
    """

    id: str
    object: Literal["webhook_endpoint"] | str
    url: str
    events: list[
        Literal[
            "generation.completed",
            "generation.partial",
            "generation.failed",
            "generation.canceled",
            "webhook.disabled",
            "file.ready",
            "file.rejected",
        ]
        | str
    ]
    enabled: bool
    description: str
    livemode: bool
    created_at: AwareDatetime
    disabled_reason: str | None
    secret: str | None


class WebsiteAnswer(BaseModel):
    """
    A brand's profile as its website shows it; `null` where it does not say.
    """

    usage: Usage
    meta: Meta
    company_name: str | None
    industry: str | None
    tone_of_voice: str | None
    brand_colors: list[str]
    target_audience: str | None
    website_url: str
    website_context: str | None
    title: str | None
    description: str | None
    fonts: list[str]
    logo_candidates: list[str]
    product_candidates: list[str]
    model: Literal["forge-copy-fast"] | str


class Allowance(BaseModel):
    """
    A feature's allowance over thirty days, in outputs.
    """

    limit: int
    used: int
    remaining: int
    interval: Literal["rolling_30_days"] | str
    reset_at: AwareDatetime


class Allowances(BaseModel):
    """
    Allowances by feature.
    """

    images: Allowance
    video: Allowance


class Asset(BaseModel):
    """
    One output.
    """

    id: str
    type: Literal["image", "video", "carousel_slide", "analysis"] | str
    url: str
    aspect_ratio: str
    slide_index: int | None
    parent_id: str | None
    model: str
    created_at: AwareDatetime


class AssetList(BaseModel):
    """
    A page of assets.
    """

    usage: Usage
    meta: Meta
    has_more: bool
    next_cursor: str | None
    data: list[Asset]


class Attempt(BaseModel):
    """
    One try at a delivery.
    """

    at: AwareDatetime
    status: int | None
    duration_ms: int
    error: Literal["timeout", "connection", "url_refused", "redirect", "status"] | str | None
    explanation: str | None
    response: str


class CarouselSlide(BaseModel):
    """
    One slide of a set. `id` is a generation's too; `asset` is there once the slide is.
    """

    slide_index: int
    role: str
    on_image_text: str
    visual_direction: str
    id: str
    status: Literal["queued", "processing", "succeeded", "partial", "failed", "canceled"] | str
    asset: Asset | None
    error: GenerationError | None


class DeletedAnswer(BaseModel):
    """
    What was deleted.
    """

    usage: Usage
    meta: Meta
    deleted: Literal[True]
    id: str


class DeletedVideoAnswer(BaseModel):
    """
    A deleted video. `credits_refunded` were given back, `refund` says why or why not.
    """

    usage: Usage
    meta: Meta
    deleted: Literal[True]
    id: str
    credits_refunded: int
    refund: Literal["refunded", "not_charged", "limit_reached"] | str


class Delivery(BaseModel):
    """
    One event for one endpoint. `failure` says why it will not be tried again by itself.
    """

    id: str
    object: Literal["webhook_delivery"] | str
    webhook_id: str
    event_id: str
    event_type: (
        Literal[
            "generation.completed",
            "generation.partial",
            "generation.failed",
            "generation.canceled",
            "webhook.disabled",
            "file.ready",
            "file.rejected",
            "batch.completed",
            "credits.low",
            "credits.reloaded",
            "credits.reload_failed",
            "budget.reached",
            "webhook.test",
        ]
        | str
    )
    status: Literal["pending", "succeeded", "failed"] | str
    failure: Literal["retries_exhausted", "gone", "endpoint_disabled", "endpoint_deleted"] | str | None
    attempts: list[Attempt]
    next_attempt_at: AwareDatetime | None
    created_at: AwareDatetime


class DeliveryAnswer(BaseModel):
    """
    One delivery.
    """

    usage: Usage
    meta: Meta
    delivery: Delivery


class DeliveryList(BaseModel):
    """
    A page of deliveries.
    """

    usage: Usage
    meta: Meta
    has_more: bool
    next_cursor: str | None
    data: list[Delivery]


class DeliveryWithPayload(BaseModel):
    """
    A delivery with the exact body that is signed and sent.
    """

    id: str
    object: Literal["webhook_delivery"] | str
    webhook_id: str
    event_id: str
    event_type: (
        Literal[
            "generation.completed",
            "generation.partial",
            "generation.failed",
            "generation.canceled",
            "webhook.disabled",
            "file.ready",
            "file.rejected",
            "batch.completed",
            "credits.low",
            "credits.reloaded",
            "credits.reload_failed",
            "budget.reached",
            "webhook.test",
        ]
        | str
    )
    status: Literal["pending", "succeeded", "failed"] | str
    failure: Literal["retries_exhausted", "gone", "endpoint_disabled", "endpoint_deleted"] | str | None
    attempts: list[Attempt]
    next_attempt_at: AwareDatetime | None
    created_at: AwareDatetime
    payload: str


class EnhancedAnswer(BaseModel):
    """
    A prompt, enhanced.
    """

    usage: Usage
    meta: Meta
    enhanced_prompt: str
    original_prompt: str
    model: Literal["forge-prompt"] | str


class FileError(BaseModel):
    """
    Why a file was rejected.
    """

    code: (
        Literal[
            "size_mismatch",
            "checksum_mismatch",
            "type_mismatch",
            "too_large",
            "damaged",
            "too_complex",
            "not_allowed",
        ]
        | str
    )
    message: str


class Generation(BaseModel):
    """
    A job: poll it until its status is terminal.
    """

    id: str
    object: Literal["generation"] | str
    type: Literal["meme", "image", "edit", "reframe", "video", "carousel", "storyboard"] | str
    status: Literal["queued", "processing", "succeeded", "partial", "failed", "canceled"] | str
    model: str
    requested_count: int
    completed_count: int
    failed_count: int
    output: list[Asset]
    error: GenerationError | None
    created_at: AwareDatetime
    completed_at: AwareDatetime | None


class GenerationAnswer(BaseModel):
    """
    One generation.
    """

    usage: Usage
    meta: Meta
    generation: Generation


class GenerationList(BaseModel):
    """
    A page of generations.
    """

    usage: Usage
    meta: Meta
    has_more: bool
    next_cursor: str | None
    data: list[Generation]


class ImageAnswer(BaseModel):
    """
    One image.
    """

    usage: Usage
    meta: Meta
    image: Asset


class Key(BaseModel):
    """
    The key in use, without its secret.
    """

    id: str
    prefix: str
    name: str
    scopes: list[
        Literal[
            "generations:write",
            "generations:read",
            "webhooks:manage",
            "account:read",
            "keys:manage",
            "billing:manage",
            "admin",
        ]
        | str
    ]
    expires_at: AwareDatetime | None


class KitPicture(BaseModel):
    """
    A picture of a brand kit: an asset, as a PNG.
    """

    id: str
    asset_id: str
    url: str
    aspect_ratio: str
    created_at: AwareDatetime


class MemeAnswer(BaseModel):
    """
    One meme.
    """

    usage: Usage
    meta: Meta
    meme: Asset


class Plan(BaseModel):
    """
    A carousel's strategy, to be rendered until it expires.
    """

    id: str
    object: Literal["carousel_plan"] | str
    concept_title: str
    viral_mechanic: str
    audience: str
    cta: str
    goal: str
    platform: str | None
    aspect_ratio: str
    slides: list[PlannedSlide]
    created_at: AwareDatetime
    expires_at: AwareDatetime


class PlanAnswer(BaseModel):
    """
    A plan.
    """

    usage: Usage
    meta: Meta
    plan: Plan
    model: Literal["forge-plan"] | str


class RecoverAnswer(BaseModel):
    """
    How many failed deliveries are sent again.
    """

    usage: Usage
    meta: Meta
    queued: int


class Relative(BaseModel):
    """
    One member of a family: an asset, of which `url` is `null` once it is deleted.
    """

    id: str
    type: Literal["image", "video", "carousel_slide", "analysis"] | str
    url: str | None
    aspect_ratio: str
    slide_index: int | None
    parent_id: str | None
    model: str
    created_at: AwareDatetime
    deleted: bool


class UsageAnswer(BaseModel):
    """
    Credits and allowances.
    """

    usage: Usage
    meta: Meta
    plan: str
    credits_remaining: int
    intervals: Allowances


class WebhookSecretAnswer(BaseModel):
    """
    One webhook endpoint, its secret shown this once.
    """

    usage: Usage
    meta: Meta
    webhook: WebhookWithSecret


class Account(BaseModel):
    """
    The workspace as the key sees it.
    """

    id: str
    object: Literal["account"] | str
    name: str
    plan: str
    livemode: bool
    key: Key
    created_at: AwareDatetime


class AccountAnswer(BaseModel):
    """
    The account.
    """

    usage: Usage
    meta: Meta
    account: Account


class BrandKit(BaseModel):
    """
    A stored brand.
    """

    id: str
    object: Literal["brand_kit"] | str
    name: str
    company_name: str | None
    industry: str | None
    tone_of_voice: str | None
    brand_colors: list[str]
    target_audience: str | None
    website_url: str | None
    website_context: str | None
    auto_attach_product_references: bool
    logo: KitPicture | None
    logo_url: str | None
    product_references: list[KitPicture]
    is_default: bool
    created_at: AwareDatetime
    updated_at: AwareDatetime


class BrandKitAnswer(BaseModel):
    """
    One brand kit.
    """

    usage: Usage
    meta: Meta
    brand_kit: BrandKit


class BrandKitList(BaseModel):
    """
    A page of brand kits.
    """

    usage: Usage
    meta: Meta
    has_more: bool
    next_cursor: str | None
    data: list[BrandKit]


class CarouselSet(BaseModel):
    """
    A rendered carousel. Its `id` is a generation's too.
    """

    id: str
    object: Literal["carousel_set"] | str
    status: Literal["queued", "processing", "succeeded", "partial", "failed", "canceled"] | str
    model: str
    plan_id: str | None
    concept_title: str | None
    viral_mechanic: str | None
    audience: str | None
    cta: str | None
    aspect_ratio: str
    slide_count: int
    completed_count: int
    failed_count: int
    slides: list[CarouselSlide]
    created_at: AwareDatetime
    completed_at: AwareDatetime | None


class DeliveryPayloadAnswer(BaseModel):
    """
    One delivery with its payload.
    """

    usage: Usage
    meta: Meta
    delivery: DeliveryWithPayload


class File(BaseModel):
    """
    An uploaded file. Once it is ready, its id is good wherever an asset's id is.

    `content_type` and `size` are what was announced, and of a ready file what is kept of it. Pictures have
    `width`, `height` and `aspect_ratio`, sounds a `duration` in seconds. `expires_at` is when a pending
    file can no longer be uploaded. A font is one in events alone.
    """

    id: str
    object: Literal["file"] | str
    type: Literal["image", "audio", "font"] | str
    status: Literal["pending", "ready", "rejected", "expired"] | str
    filename: str
    content_type: str
    size: int
    checksum_sha256: str
    url: str | None
    width: int | None
    height: int | None
    aspect_ratio: str | None
    duration: float | None
    error: FileError | None
    created_at: AwareDatetime
    expires_at: AwareDatetime | None
    settled_at: AwareDatetime | None


class FileAnswer(BaseModel):
    """
    One file.
    """

    usage: Usage
    meta: Meta
    file: File


class FileList(BaseModel):
    """
    A page of files.
    """

    usage: Usage
    meta: Meta
    has_more: bool
    next_cursor: str | None
    data: list[File]


class LineageAnswer(BaseModel):
    """
    A meme's family, the oldest first. `has_more` says that the family is larger than what is shown.
    """

    usage: Usage
    meta: Meta
    root_id: str
    data: list[Relative]
    has_more: bool


class ProductReferenceAnswer(BaseModel):
    """
    A brand kit, and the product reference that was added to it.
    """

    usage: Usage
    meta: Meta
    brand_kit: BrandKit
    product_reference: KitPicture


class UploadAnswer(BaseModel):
    """
    A new file and how to upload it.
    """

    usage: Usage
    meta: Meta
    file: File
    upload: Upload


class CarouselAnswer(BaseModel):
    """
    One carousel.
    """

    usage: Usage
    meta: Meta
    carousel_set: CarouselSet


class CarouselList(BaseModel):
    """
    A page of carousels.
    """

    usage: Usage
    meta: Meta
    has_more: bool
    next_cursor: str | None
    data: list[CarouselSet]
