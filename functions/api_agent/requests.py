"""The contract's request bodies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, ConfigDict, Field

from darkroom.domain.accounts.workspaces import Feature
from darkroom.http.request_models import Body
from darkroom.services.billing.estimate import QuoteRequest

MAX_PROMPT = 10_000
MAX_REQUEST_ID = 128
MAX_IMAGES = 8
MAX_TOKEN = 8192
IDENTITY_HEADER = "X-Moltbook-Identity"

type Product = Literal["image", "video", "music"]
type Url = Annotated[str, Field(min_length=1, max_length=2048)]
type Word = Annotated[str, Field(max_length=32)]

FEATURES: Mapping[Product, Feature] = {
    "image": Feature.IMAGES,
    "video": Feature.VIDEO,
    "music": Feature.MUSIC,
}


def is_request_id(value: object) -> bool:
    """Whether ``value`` can identify a request: 1 to 128 printable characters, not all blank."""
    return (
        isinstance(value, str)
        and len(value) <= MAX_REQUEST_ID
        and value.isprintable()
        and bool(value.strip())
    )


def _request_id(value: str) -> str:
    if not is_request_id(value):
        raise ValueError(f"must have 1 to {MAX_REQUEST_ID} printable characters")
    return value


class UnitsBody(Body):
    """What the price and the output depend on. Unknown members are refused, because they would be priced wrongly."""

    model_config = ConfigDict(extra="forbid")

    count: int | None = Field(None, description="Outputs: 1, 2, 4 or 8 for images, else 1.")
    resolution: Word | None = Field(None, description="`1K`, `2K`, `4K` or `480p`, `720p`, `1080p`.")
    duration: int | None = Field(None, description="Seconds, of video and music.")
    aspect_ratio: Word | None = Field(None, description="Width to height, such as `16:9`.")


class EstimateBody(Body):
    """Body of ``POST /v1/credits/estimate``: that of ``/v1/generate`` will do."""

    model: Annotated[str, Field(min_length=1, max_length=200)]
    product: Product | None = None
    units: UnitsBody = Field(default_factory=UnitsBody)
    input_image_urls: Annotated[list[Url], Field(max_length=MAX_IMAGES)] = Field(default_factory=list)
    price_version: Annotated[str, Field(max_length=64)] | None = None

    def quote_request(self) -> QuoteRequest:
        """What to price."""
        return QuoteRequest(
            model=self.model,
            feature=FEATURES[self.product] if self.product else None,
            count=self.units.count,
            resolution=self.units.resolution,
            duration=self.units.duration,
            aspect_ratio=self.units.aspect_ratio,
            images=len(self.input_image_urls),
            price_version=self.price_version,
        )


class GenerateBody(EstimateBody):
    """Body of ``POST /v1/generate``."""

    request_id: Annotated[
        str,
        Field(json_schema_extra={"minLength": 1, "maxLength": MAX_REQUEST_ID}),
        AfterValidator(_request_id),
    ]
    prompt: Annotated[str, Field(max_length=MAX_PROMPT)] = ""


class ExchangeBody(Body):
    """Body of ``POST /auth/moltbook/exchange``; the header ``X-Moltbook-Identity`` will do instead."""

    token: Annotated[str, Field(min_length=1, max_length=MAX_TOKEN)] | None = None
