"""The contract's objects: what presenters return, and what the OpenAPI document's schemas are made from.

Requests are answered without importing this module: presenters need it for their types alone.
"""

from __future__ import annotations

from typing import Literal, NotRequired

from api_agent.requests import Product
from darkroom.domain.catalog.offers import Lifecycle
from darkroom.domain.jobs.job import FailureCode
from darkroom.http.resource import Resource, Time

type Status = Literal["pending", "processing", "completed", "partial", "failed", "canceled"]


class Enveloped(Resource):
    """What every answer is wrapped in. ``code`` and ``message`` say that there is an answer, not a good one."""

    code: Literal[0]
    message: Literal["ok"]


class Balance(Resource):
    """Credits of the key's mode. ``balance`` can be spent now; ``held`` is reserved for open tasks."""

    balance: int
    held: int
    spent: int
    livemode: bool
    price_version: str


class BalanceAnswer(Enveloped):
    """Answer of ``/v1/credits/balance``."""

    data: Balance


class PricedUnits(Resource):
    """The units that were priced, completed by the model's defaults."""

    count: int
    resolution: str | None
    duration: int | None
    aspect_ratio: str | None


class Estimated(Resource):
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
    status: Lifecycle
    replacement: str | None


class EstimateAnswer(Enveloped):
    """Answer of ``/v1/credits/estimate``."""

    data: Estimated


class Price(Resource):
    """Credits per output at one resolution, from text or with ``input_image_urls``."""

    resolution: str | None
    image_input: bool
    credits: int | None


class ModelCapabilities(Resource):
    """What can be asked of a model; the first of ``counts``, ``resolutions`` and ``aspect_ratios`` is the default."""

    tasks: list[str]
    counts: list[int]
    resolutions: list[str]
    durations: list[int]
    aspect_ratios: list[str]
    max_input_images: int


class Model(Resource):
    """One model. ``price`` is what an output costs where ``prices`` lists nothing else."""

    id: str
    product: Product
    price: int | None
    notes: str
    prices: list[Price]
    capabilities: ModelCapabilities
    status: Lifecycle
    deprecated_at: Time | None
    sunset: Time | None
    replacement: str | None


class ModelList(Resource):
    """The price list and its version."""

    price_version: str
    models: list[Model]


class ModelsAnswer(Enveloped):
    """Answer of ``/v1/models/list``."""

    data: ModelList


class Accepted(Resource):
    """A request that was taken. ``usage_event_id`` is the ledger entry that reserved its credits."""

    task_id: str
    provider_task_id: str
    status: Status
    usage_event_id: str


class GenerateAnswer(Enveloped):
    """Answer of ``/v1/generate``."""

    data: Accepted


class Task(Accepted):
    """A task: poll it until its status is neither ``pending`` nor ``processing``."""

    product: Product
    model: str
    outputs: list[str]
    credits_held: int
    credits_charged: int
    error: FailureCode | None
    error_message: str | None
    created_at: Time
    completed_at: Time | None


class TaskAnswer(Enveloped):
    """Answer of ``/v1/tasks/{task_id}``."""

    data: Task


class Access(Resource):
    """An access token: send it as ``Authorization: Bearer``."""

    access_token: str
    token_type: Literal["Bearer"]
    expires_in: int
    expires_at: Time


class AccessAnswer(Enveloped):
    """Answer of ``/auth/moltbook/exchange``."""

    data: Access


class Refused(Resource):
    """Why a request was refused and what to do. ``insufficient_credits`` has no ``message`` but two amounts."""

    error: str
    suggestion: str
    message: NotRequired[str]
    param: NotRequired[str | None]
    request_id: NotRequired[str]
    required: NotRequired[int]
    available: NotRequired[int]
    replacement: NotRequired[str | None]
    price_version: NotRequired[str]
    retry_after: NotRequired[int]


class ErrorAnswer(Enveloped):
    """Every refusal: the HTTP status says that it is one, ``data.error`` which."""

    data: Refused
