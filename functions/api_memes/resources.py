"""The contract's objects: what presenters return, and what the OpenAPI document's schemas are made from.

Requests are answered without importing this module: presenters need it for their types alone.
"""

from __future__ import annotations

from typing import Literal

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.webhooks.deliveries import AttemptError, DeliveryFailure, DeliveryStatus
from darkroom.domain.webhooks.endpoints import EventType
from darkroom.http import file_resources as files
from darkroom.http.generation_resources import Asset, Generation, GenerationError, OutputType
from darkroom.http.resource import Resource, Time

type Subscribable = Literal[
    EventType.COMPLETED,
    EventType.PARTIAL,
    EventType.FAILED,
    EventType.CANCELED,
    EventType.ENDPOINT_DISABLED,
    EventType.FILE_READY,
    EventType.FILE_REJECTED,
]
type Refund = Literal["refunded", "not_charged", "limit_reached"]
type Interval = Literal["rolling_30_days"]


class Usage(Resource):
    """Credits used by what the answer is about, and left."""

    credits_used: int
    credits_remaining: int
    interval: Interval
    reset_at: Time


class Meta(Resource):
    """Which request this was, and with which kind of key."""

    request_id: str
    livemode: bool


class Enveloped(Resource):
    """What every answer ends with."""

    usage: Usage
    meta: Meta


class GenerationAnswer(Enveloped):
    """One generation."""

    generation: Generation


class Listed(Enveloped):
    """What every list ends with. ``next_cursor`` is the next page's ``starting_after``."""

    has_more: bool
    next_cursor: str | None


class GenerationList(Listed):
    """A page of generations."""

    data: list[Generation]


class ImageAnswer(Enveloped):
    """One image."""

    image: Asset


class MemeAnswer(Enveloped):
    """One meme."""

    meme: Asset


class Relative(Resource):
    """One member of a family: an asset, of which ``url`` is ``null`` once it is deleted."""

    id: str
    type: OutputType
    url: str | None
    aspect_ratio: str
    slide_index: int | None
    parent_id: str | None
    model: str
    created_at: Time
    deleted: bool


class LineageAnswer(Enveloped):
    """A meme's family, the oldest first. ``has_more`` says that the family is larger than what is shown."""

    root_id: str
    data: list[Relative]
    has_more: bool


class AssetList(Listed):
    """A page of assets."""

    data: list[Asset]


class KitPicture(Resource):
    """A picture of a brand kit: an asset, as a PNG."""

    id: str
    asset_id: str
    url: str
    aspect_ratio: str
    created_at: Time


class BrandKit(Resource):
    """A stored brand."""

    id: str
    object: Literal["brand_kit"]
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
    created_at: Time
    updated_at: Time


class BrandKitAnswer(Enveloped):
    """One brand kit."""

    brand_kit: BrandKit


class WebsiteAnswer(Enveloped):
    """A brand's profile as its website shows it; ``null`` where it does not say."""

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
    model: Literal["forge-copy-fast"]


class ProductReferenceAnswer(BrandKitAnswer):
    """A brand kit, and the product reference that was added to it."""

    product_reference: KitPicture


class BrandKitList(Listed):
    """A page of brand kits."""

    data: list[BrandKit]


class EnhancedAnswer(Enveloped):
    """A prompt, enhanced."""

    enhanced_prompt: str
    original_prompt: str
    model: Literal["forge-prompt"]


class FileAnswer(Enveloped):
    """One file."""

    file: files.File


class UploadAnswer(FileAnswer):
    """A new file and how to upload it."""

    upload: files.Upload


class FileList(Listed):
    """A page of files."""

    data: list[files.File]


class Webhook(Resource):
    """A webhook endpoint. ``disabled_reason`` says why we switched it off."""

    id: str
    object: Literal["webhook_endpoint"]
    url: str
    events: list[Subscribable]
    enabled: bool
    description: str
    livemode: bool
    created_at: Time
    disabled_reason: str | None


class WebhookWithSecret(Webhook):
    """A webhook endpoint with its signing secret, ``null`` when an earlier answer is repeated."""

    secret: str | None


class WebhookAnswer(Enveloped):
    """One webhook endpoint."""

    webhook: Webhook


class WebhookSecretAnswer(Enveloped):
    """One webhook endpoint, its secret shown this once."""

    webhook: WebhookWithSecret


class WebhookList(Listed):
    """A page of webhook endpoints."""

    data: list[Webhook]


class DeletedAnswer(Enveloped):
    """What was deleted."""

    deleted: Literal[True]
    id: str


class PlannedSlide(Resource):
    """One slide of a plan."""

    slide_index: int
    role: str
    on_image_text: str
    visual_direction: str


class Plan(Resource):
    """A carousel's strategy, to be rendered until it expires."""

    id: str
    object: Literal["carousel_plan"]
    concept_title: str
    viral_mechanic: str
    audience: str
    cta: str
    goal: str
    platform: str | None
    aspect_ratio: str
    slides: list[PlannedSlide]
    created_at: Time
    expires_at: Time


class PlanAnswer(Enveloped):
    """A plan."""

    plan: Plan
    model: Literal["forge-plan"]


class CarouselSlide(PlannedSlide):
    """One slide of a set. ``id`` is a generation's too; ``asset`` is there once the slide is."""

    id: str
    status: JobStatus
    asset: Asset | None
    error: GenerationError | None


class CarouselSet(Resource):
    """A rendered carousel. Its ``id`` is a generation's too."""

    id: str
    object: Literal["carousel_set"]
    status: JobStatus
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
    created_at: Time
    completed_at: Time | None


class CarouselAnswer(Enveloped):
    """One carousel."""

    carousel_set: CarouselSet


class CarouselList(Listed):
    """A page of carousels."""

    data: list[CarouselSet]


class DeletedVideoAnswer(DeletedAnswer):
    """A deleted video. ``credits_refunded`` were given back, ``refund`` says why or why not."""

    credits_refunded: int
    refund: Refund


class Attempt(Resource):
    """One try at a delivery."""

    at: Time
    status: int | None
    duration_ms: int
    error: AttemptError | None
    explanation: str | None
    response: str


class Delivery(Resource):
    """One event for one endpoint. ``failure`` says why it will not be tried again by itself."""

    id: str
    object: Literal["webhook_delivery"]
    webhook_id: str
    event_id: str
    event_type: EventType
    status: DeliveryStatus
    failure: DeliveryFailure | None
    attempts: list[Attempt]
    next_attempt_at: Time | None
    created_at: Time


class DeliveryWithPayload(Delivery):
    """A delivery with the exact body that is signed and sent."""

    payload: str


class DeliveryAnswer(Enveloped):
    """One delivery."""

    delivery: Delivery


class DeliveryPayloadAnswer(Enveloped):
    """One delivery with its payload."""

    delivery: DeliveryWithPayload


class DeliveryList(Listed):
    """A page of deliveries."""

    data: list[Delivery]


class RecoverAnswer(Enveloped):
    """How many failed deliveries are sent again."""

    queued: int


class Key(Resource):
    """The key in use, without its secret."""

    id: str
    prefix: str
    name: str
    scopes: list[Scope]
    expires_at: Time | None


class Account(Resource):
    """The workspace as the key sees it."""

    id: str
    object: Literal["account"]
    name: str
    plan: str
    livemode: bool
    key: Key
    created_at: Time


class AccountAnswer(Enveloped):
    """The account."""

    account: Account


class Allowance(Resource):
    """A feature's allowance over thirty days, in outputs."""

    limit: int
    used: int
    remaining: int
    interval: Interval
    reset_at: Time


class Allowances(Resource):
    """Allowances by feature."""

    images: Allowance
    video: Allowance


class UsageAnswer(Enveloped):
    """Credits and allowances."""

    plan: str
    credits_remaining: int
    intervals: Allowances


class Problem(Resource):
    """What was wrong. ``param`` names the parameter, if it was one."""

    type: str
    code: str
    message: str
    param: str | None
    request_id: str


class ErrorAnswer(Resource):
    """The one envelope of all errors."""

    error: Problem
