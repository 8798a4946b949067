"""The moondraft request bodies."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from darkroom.http.request_models import Body

MAX_PROMPT = 4_000
MAX_BATCH = 10

SIZES: Mapping[str, tuple[int, int]] = {
    "1:1": (1024, 1024),
    "16:9": (1344, 768),
    "9:16": (768, 1344),
    "3:2": (1216, 832),
    "2:3": (832, 1216),
    "4:3": (1152, 896),
    "3:4": (896, 1152),
}


class Mode(StrEnum):
    """What a prompt is refined for."""

    IMAGE = "image"
    VIDEO = "video"


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _blank_is_absent(text: object) -> object:
    return None if isinstance(text, str) and not text.strip() else text


Prompt = Annotated[str, Field(max_length=MAX_PROMPT), AfterValidator(_not_blank)]
# Base64, an https URL or the id of an asset. A form's empty field is no file.
File = Annotated[str, AfterValidator(_not_blank)]
OptionalFile = Annotated[str | None, BeforeValidator(_blank_is_absent)]
AspectRatio = Literal["1:1", "16:9", "9:16", "3:2", "2:3", "4:3", "3:4"]
Quality = Literal["standard", "premium"]


class PictureOptions(Body):
    """What single and batched pictures have in common."""

    quality: Quality = "standard"
    aspect_ratio: AspectRatio = "16:9"
    style_ref: OptionalFile = None
    character_ref: OptionalFile = None


class GenerateBody(PictureOptions):
    """One picture."""

    prompt: Prompt


class BatchBody(PictureOptions):
    """A picture for each of up to ten prompts."""

    prompts: Annotated[list[Prompt], Field(min_length=1, max_length=MAX_BATCH)]


class EditBody(Body):
    """A change to a picture."""

    prompt: Prompt
    image: File


class EnhanceBody(Body):
    """A picture to be doubled."""

    image: File


class VideoBody(Body):
    """A clip from words, from a picture, or from a picture and a voice."""

    prompt: Annotated[str, Field(max_length=MAX_PROMPT)] = ""
    image: OptionalFile = None
    audio: OptionalFile = None


class RefineBody(Body):
    """A rough prompt."""

    prompt: Prompt
    mode: Annotated[Mode, Field(strict=False)] = Mode.IMAGE


class BuyBody(Body):
    """A pack of credits to buy."""

    pack: str


class AutoReloadBody(Body):
    """When to buy which pack without being asked, and what a month may cost."""

    threshold: float
    pack: str
    monthly_limit_cents: int | None = None


class SendCodeBody(Body):
    """Where to send a code."""

    email: str


class VerifyBody(Body):
    """The code that was sent."""

    email: str
    code: str
