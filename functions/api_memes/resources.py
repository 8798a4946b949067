"""The contract's objects as models, for the OpenAPI document and the tests; no request needs them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api_memes.requests import EventName, GenerationType
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.webhooks.deliveries import AttemptError, DeliveryFailure, DeliveryStatus
from darkroom.domain.webhooks.endpoints import EventType


class Shape(BaseModel):
    """Base of what is answered: every member is always there, and no other."""

    model_config = ConfigDict(extra="forbid")


class Usage(Shape):
    """Credits used by what the answer is about, and left."""

    credits_used: int
    credits_remaining: int
    interval: Literal["rolling_30_days"]
    reset_at: datetime


class Meta(Shape):
    """Which request this was, and with which kind of key."""

    request_id: str
    livemode: bool


class Enveloped(Shape):
    """What every answer ends with."""

    usage: Usage
    meta: Meta


class Asset(Shape):
    """One output."""

    id: str
    type: Literal["image", "video", "carousel_slide", "analysis"]
    url: str
    aspect_ratio: str
    slide_index: int | None
    parent_id: str | None
    model: str
    created_at: datetime


class GenerationError(Shape):
    """Why outputs are missing."""

    type: Literal["generation_error"]
    code: Literal["content_blocked", "generation_failed", "generation_timed_out"]
    message: str


class Generation(Shape):
    """A job: poll it until its status is terminal."""

    id: str
    object: Literal["generation"]
    type: GenerationType
    status: JobStatus
    model: str
    requested_count: int
    completed_count: int
    failed_count: int
    output: list[Asset]
    error: GenerationError | None
    created_at: datetime
    completed_at: datetime | None


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


class AssetList(Listed):
    """A page of assets."""

    data: list[Asset]


class Webhook(Shape):
    """A webhook endpoint. ``disabled_reason`` says why we switched it off."""

    id: str
    object: Literal["webhook_endpoint"]
    url: str
    events: list[EventName]
    enabled: bool
    description: str
    livemode: bool
    created_at: datetime
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


class Attempt(Shape):
    """One try at a delivery."""

    at: datetime
    status: int | None
    duration_ms: int
    error: AttemptError | None
    explanation: str | None
    response: str


class Delivery(Shape):
    """One event for one endpoint. ``failure`` says why it will not be tried again by itself."""

    id: str
    object: Literal["webhook_delivery"]
    webhook_id: str
    event_id: str
    event_type: EventType
    status: DeliveryStatus
    failure: DeliveryFailure | None
    attempts: list[Attempt]
    next_attempt_at: datetime | None
    created_at: datetime


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


class Key(Shape):
    """What can be told of the key in use."""

    id: str
    prefix: str
    name: str
    scopes: list[Scope]
    expires_at: datetime | None


class Account(Shape):
    """The workspace as the key sees it."""

    id: str
    object: Literal["account"]
    name: str
    plan: str
    livemode: bool
    key: Key
    created_at: datetime


class AccountAnswer(Enveloped):
    """The account."""

    account: Account


class Interval(Shape):
    """A feature's allowance over thirty days, in outputs."""

    limit: int
    used: int
    remaining: int
    interval: Literal["rolling_30_days"]
    reset_at: datetime


class Intervals(Shape):
    """Allowances by feature."""

    images: Interval
    video: Interval


class UsageAnswer(Enveloped):
    """Credits and allowances."""

    plan: str
    credits_remaining: int
    intervals: Intervals


class Problem(Shape):
    """What was wrong. ``param`` names the parameter, if it was one."""

    type: str
    code: str
    message: str
    param: str | None
    request_id: str


class ErrorAnswer(Shape):
    """The one envelope of all errors."""

    error: Problem
