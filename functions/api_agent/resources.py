"""The contract's objects as models, for the OpenAPI document and the tests; no request needs them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import BaseModel, ConfigDict

from api_agent.requests import Product

type Status = Literal["pending", "processing", "completed", "partial", "failed", "canceled"]
type ModelStatus = Literal["active", "deprecated", "retired"]


class Shape(BaseModel):
    """Base of what is answered: every member is always there, and no other."""

    model_config = ConfigDict(extra="forbid")


class Enveloped(Shape):
    """What every answer is wrapped in. ``code`` and ``message`` say that there is an answer, not a good one."""

    code: Literal[0]
    message: Literal["ok"]


class Balance(Shape):
    """Credits of the key's mode. ``balance`` can be spent now; ``held`` is reserved for open tasks."""

    balance: int
    held: int
    spent: int
    livemode: bool
    price_version: str


class BalanceAnswer(Enveloped):
    """Answer of ``/v1/credits/balance``."""

    data: Balance


class PricedUnits(Shape):
    """The units that were priced, completed by what the model does unasked."""

    count: int
    resolution: str | None
    duration: int | None
    aspect_ratio: str | None


class Estimated(Shape):
    """What ``/v1/generate`` charges for this request if every output is delivered, and never more."""

    product: Product
    model: str
    units: PricedUnits
    image_input: bool
    credits: int
    credits_per_output: int
    price_version: str
    available: int
    sufficient: bool
    status: ModelStatus
    replacement: str | None


class EstimateAnswer(Enveloped):
    """Answer of ``/v1/credits/estimate``."""

    data: Estimated


class Price(Shape):
    """Credits per output at one resolution, from text or with ``input_image_urls``."""

    resolution: str | None
    image_input: bool
    credits: int


class ModelCapabilities(Shape):
    """What can be asked of a model; the first of ``counts``, ``resolutions`` and ``aspect_ratios`` is the default."""

    tasks: list[str]
    counts: list[int]
    resolutions: list[str]
    durations: list[int]
    aspect_ratios: list[str]
    max_input_images: int


class Model(Shape):
    """One model. ``price`` is what an output costs where ``prices`` tells of nothing else."""

    id: str
    product: Product
    price: int
    notes: str
    prices: list[Price]
    capabilities: ModelCapabilities
    status: ModelStatus
    deprecated_at: datetime | None
    sunset: datetime | None
    replacement: str | None


class ModelList(Shape):
    """The price list and its version."""

    price_version: str
    models: list[Model]


class ModelsAnswer(Enveloped):
    """Answer of ``/v1/models/list``."""

    data: ModelList


class Accepted(Shape):
    """A request that was taken. ``usage_event_id`` is the ledger entry that reserved its credits."""

    task_id: str
    provider_task_id: str
    status: Status
    usage_event_id: str


class GenerateAnswer(Enveloped):
    """Answer of ``/v1/generate``."""

    data: Accepted


class Task(Accepted):
    """A task: poll it until its status is none of ``pending`` and ``processing``."""

    product: Product
    model: str
    outputs: list[str]
    credits_held: int
    credits_charged: int
    error: Literal["content_blocked", "input_rejected", "generation_failed", "generation_timed_out"] | None
    error_message: str | None
    created_at: datetime
    completed_at: datetime | None


class TaskAnswer(Enveloped):
    """Answer of ``/v1/tasks/{task_id}``."""

    data: Task


class Access(Shape):
    """An access token: send it as ``Authorization: Bearer``."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    expires_at: datetime


class AccessAnswer(Enveloped):
    """Answer of ``/auth/moltbook/exchange``."""

    data: Access


class Refused(BaseModel):
    """Why a request was refused and what to do. ``insufficient_credits`` has no ``message`` but two amounts."""

    # Serialized schemas call every member required; of these, most are only there where they mean something.
    model_config = ConfigDict(extra="forbid", json_schema_extra={"required": ["error", "suggestion"]})

    error: str
    suggestion: str
    message: str = ""
    param: str | None = None
    request_id: str = ""
    required: int = 0
    available: int = 0
    replacement: str | None = None
    price_version: str = ""
    retry_after: int = 0


class ErrorAnswer(Enveloped):
    """Every refusal: the HTTP status says that it is one, ``data.error`` which."""

    data: Refused
