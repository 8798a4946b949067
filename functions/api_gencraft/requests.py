"""The contract's request bodies."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from darkroom.http.request_models import Body

MAX_PROMPT = 10_000
MAX_IMAGES = 4

type Model = Literal["gpt-image-2", "pro", "flash2", "flash"]
type Mode = Literal["text", "edit", "fusion"]
type ImageSize = Literal["1K", "2K", "4K"]
type Aspect = Literal[
    "1:1", "2:3", "3:2", "3:4", "4:3", "9:16", "16:9", "21:9", "9:21", "4:5", "5:4", "1:2", "2:1", "1:3", "3:1"
]  # fmt: skip


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be empty")
    return text


class GenerateBody(Body):
    """Body of ``POST /generate``. A ``count`` beyond the model's cap means the cap."""

    prompt: Annotated[str, Field(max_length=MAX_PROMPT), AfterValidator(_not_blank)]
    model: Model = "gpt-image-2"
    mode: Mode = "text"
    aspect: Aspect = "1:1"
    image_size: ImageSize = Field(default="2K", alias="imageSize")
    count: Annotated[int, Field(ge=1)] = 1
    image_urls: Annotated[list[str], Field(max_length=MAX_IMAGES)] = Field(
        default_factory=list, alias="imageUrls"
    )


class UploadBody(Body):
    """Body of ``POST /upload``. URLs are judged when they are fetched; all bad ones get the same message."""

    source_url: str
