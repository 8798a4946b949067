"""The contract's request bodies and the values of its parameters."""

from __future__ import annotations

import json
from collections.abc import Callable
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, model_validator

from darkroom.domain.carousels.plan import MAX_SLIDES, MIN_SLIDES
from darkroom.domain.errors import MissingParam
from darkroom.domain.jobs.spec import BrandProfile, Slide
from darkroom.http.request_models import Body

MAX_PROMPT = 10_000
MAX_REFERENCES = 4
MAX_BRAND_BYTES = 8 * 1024
MAX_CONTROLS_BYTES = 4 * 1024


class GenerationType(StrEnum):
    """The documented types of a generation; jobs of other kinds belong to other dialects and are not shown."""

    MEME = "meme"
    IMAGE = "image"
    EDIT = "edit"
    REFRAME = "reframe"
    VIDEO = "video"
    CAROUSEL = "carousel"
    STORYBOARD = "storyboard"


type AspectRatio = Literal[
    "auto", "1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9"
]
type FrameRatio = Literal["9:16", "16:9", "1:1", "4:5", "2:3", "3:2"]
type FilmRatio = Literal["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"]
type StoryboardRatio = Literal["16:9", "9:16", "1:1"]
type SlideRatio = Literal["1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9"]
type Goal = Literal["awareness", "leads", "sales", "followers", "engagement"]
type Platform = Literal["ig-portrait", "ig-square", "linkedin", "tiktok"]
type Preset = Literal[
    "auto",
    "comic-strip",
    "problem-solution",
    "before-after",
    "how-it-works",
    "customer-journey",
    "testimonial-sequence",
    "founder-story",
]
type Tone = Literal["playful", "bold", "warm", "professional", "funny", "dramatic", "inspirational", "calm"]
type TextDensity = Literal["minimal", "balanced", "rich"]
type ProductRole = Literal["hero", "supporting", "background"]
type StoryboardStyle = Literal["comic-strip", "clean-storyboard"]
type FilmResolution = Literal["480p", "720p"]
type Quality = Literal["fast", "standard", "premium"]
type Model = Literal["forge-image", "forge-image-fast"]
type EventName = Literal[
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
]


def _blank_is_absent(text: str) -> str:
    return text if text.strip() else ""


def _not_blank(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    return text


def _at_most(limit: int) -> Callable[[object], object]:
    """Limits an object's size as compact JSON."""

    def check(value: object) -> object:
        if len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()) > limit:
            raise ValueError(f"must be at most {limit // 1024} KB of JSON")
        return value

    return check


def _is_text(value: object) -> object:
    if not isinstance(value, str):
        raise ValueError("must be a time like 2026-06-18T17:04:22Z")  # noqa: TRY004  (pydantic's protocol)
    return value


type Prompt = Annotated[str, Field(max_length=MAX_PROMPT), AfterValidator(_blank_is_absent)]
type Line = Annotated[str, Field(max_length=500)]
type Paragraph = Annotated[str, Field(max_length=4000)]
type Colour = Annotated[str, Field(pattern=r"^#(?:[0-9A-Fa-f]{3}|[0-9A-Fa-f]{6})$")]
type Address = Annotated[str, Field(min_length=1, max_length=2048)]
type Website = Annotated[str, Field(max_length=2048, pattern=r"^(?:https?://[^\s/?#]+\S*)?$")]
type KitName = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_not_blank)]


class Reference(Body):
    """A reference image: an https URL or the id of an asset of this workspace."""

    type: Literal["ref", "template", "logo"]
    source: Address


class BrandContext(Body):
    """An inline brand profile. Members not listed here are ignored."""

    company_name: Line | None = None
    industry: Line | None = None
    tone_of_voice: Line | None = None
    brand_colors: Annotated[list[Colour], Field(max_length=24)] | None = None
    target_audience: Paragraph | None = None
    website_url: Address | None = None
    website_context: Paragraph | None = None

    def profile(self) -> BrandProfile:
        """Its members that have a value."""
        members = {name: value for name, value in self.model_dump(exclude_none=True).items() if value}
        return BrandProfile(**members | {"brand_colors": tuple(self.brand_colors or ())})


class Branded(Body):
    """What can be grounded in a brand."""

    brand_kit_id: Annotated[str, Field(max_length=100)] = ""
    brand_context: Annotated[BrandContext, BeforeValidator(_at_most(MAX_BRAND_BYTES))] = Field(
        default_factory=BrandContext
    )


class Grounded(Branded):
    """What can be grounded in a brand and in pictures."""

    reference_images: Annotated[list[Reference], Field(max_length=MAX_REFERENCES)] = Field(
        default_factory=list
    )

    def require_brand_or(self, *others: str) -> None:
        """Refuse a request without a description of what to make: a brand, or one of the ``others``.

        Raises
        ------
        MissingParam
        """
        has_brand = self.brand_kit_id or self.brand_context.profile() != BrandProfile()
        if not (has_brand or any(getattr(self, name) for name in others)):
            first, *more = others
            either = ", ".join([first, "brand_context", *more[:-1]] if more else [first])
            raise MissingParam(
                f"Either {either}, or {(more or ['brand_context'])[-1]} is required.", param=first
            )


class Creation(Grounded):
    """What images and memes have in common."""

    prompt: Prompt = ""
    aspect_ratio: AspectRatio = "1:1"
    count: Annotated[int, Field(ge=1, le=4)] = 1


class ImageBody(Creation):
    """Body of ``POST /images``."""

    quality: Quality = "standard"
    model: Model = "forge-image"
    controls: Annotated[dict[str, Any], BeforeValidator(_at_most(MAX_CONTROLS_BYTES))] = Field(
        default_factory=dict
    )


class MemeBody(Creation):
    """Body of ``POST /memes``."""

    template_prompt: Prompt = ""
    enhance: bool = False


class EditBody(Body):
    """Body of ``POST /images/edits``. Without ``aspect_ratio``, the source's."""

    image_id: Address
    instruction: Annotated[str, Field(min_length=1, max_length=2000), AfterValidator(_not_blank)]
    mask: Annotated[str, Field(min_length=1)] | None = None
    reference_images: Annotated[list[Reference], Field(max_length=MAX_REFERENCES)] = Field(
        default_factory=list
    )
    aspect_ratio: AspectRatio = "auto"


class ReframeBody(Body):
    """Body of ``POST /images/reframe``."""

    image_id: Address
    aspect_ratio: FrameRatio


class EnhanceBody(Body):
    """Body of ``POST /prompts/enhance``."""

    prompt: Annotated[str, Field(min_length=1, max_length=MAX_PROMPT), AfterValidator(_not_blank)]
    website_url: Address | None = None
    has_logo: bool = False
    has_reference_image: bool = False
    aspect_ratio: AspectRatio = "auto"
    reference_images: Annotated[list[Address], Field(max_length=MAX_REFERENCES)] = Field(default_factory=list)


class VideoBody(Grounded):
    """Body of ``POST /videos``."""

    prompt: Prompt = ""
    business_url: Address | None = None
    aspect_ratio: FilmRatio = "16:9"
    duration: Annotated[int, Field(ge=1, le=15)] = 5
    resolution: FilmResolution = "720p"


class StoryboardBody(Grounded):
    """Body of ``POST /storyboards``. The document names four tones as examples; there are four more."""

    goal: Prompt = ""
    aspect_ratio: StoryboardRatio = "16:9"
    preset: Preset = "auto"
    panel_count: Annotated[int, Field(ge=3, le=4)] = 3
    tone: Tone | None = None
    text_density: TextDensity = "balanced"
    product_role: ProductRole | None = None
    visual_style: StoryboardStyle | None = None


class PlanBody(Branded):
    """Body of ``POST /carousels/plan``. Without ``aspect_ratio``, the platform's."""

    brief: Annotated[str, Field(min_length=1, max_length=2500), AfterValidator(_not_blank)]
    business_website: Address | None = None
    goal: Goal = "leads"
    platform: Platform | None = None
    aspect_ratio: SlideRatio | None = None
    slide_count: Annotated[int, Field(ge=MIN_SLIDES, le=MAX_SLIDES)] = 5


class SlideBody(Body):
    """One slide of an inline plan. Its place in the list is its place in the set."""

    role: Annotated[str, Field(max_length=100)] = ""
    on_image_text: Line = ""
    visual_direction: Paragraph = ""

    def slide(self, param: str) -> Slide:
        """The slide.

        Raises
        ------
        MissingParam
        """
        if not (self.on_image_text.strip() or self.visual_direction.strip()):
            raise MissingParam("A slide needs on_image_text or visual_direction.", param=param)
        return Slide(self.role, self.on_image_text, self.visual_direction)


class InlinePlan(Body):
    """A plan as ``POST /carousels/plan`` answers it, or one of the caller's own."""

    concept_title: Line = ""
    viral_mechanic: Line = ""
    audience: Line = ""
    cta: Line = ""
    aspect_ratio: SlideRatio | None = None
    slides: Annotated[list[SlideBody], Field(min_length=MIN_SLIDES, max_length=MAX_SLIDES)]


class CarouselBody(Grounded):
    """Body of ``POST /carousels``: a stored plan or an inline one. Without ``aspect_ratio``, the plan's.

    The document speaks of "inline plan fields", so a plan's members may also stand in the body itself.
    """

    plan_id: Annotated[str, Field(max_length=100)] = ""
    plan: InlinePlan | None = None
    aspect_ratio: SlideRatio | None = None
    quality: Quality = "standard"
    controls: Annotated[dict[str, Any], BeforeValidator(_at_most(MAX_CONTROLS_BYTES))] = Field(
        default_factory=dict
    )

    @model_validator(mode="before")
    @classmethod
    def _gathered(cls, value: object) -> object:
        if not isinstance(value, dict) or value.get("plan") is not None or value.get("slides") is None:
            return value
        members = InlinePlan.model_fields.keys() - {"aspect_ratio"}
        return {**value, "plan": {name: value[name] for name in members if name in value}}


class AnimateBody(Body):
    """Body of ``POST /videos/animate``."""

    image_id: Address


class KitMembers(Body):
    """What a brand kit says of its brand."""

    company_name: Line | None = None
    industry: Line | None = None
    tone_of_voice: Line | None = None
    brand_colors: Annotated[list[Colour], Field(max_length=24)] | None = None
    target_audience: Paragraph | None = None
    website_url: Website | None = None
    website_context: Paragraph | None = None
    auto_attach_product_references: bool | None = None

    def members(self) -> dict[str, Any]:
        """The kit's members that were sent, as the kit has them: an empty text is none."""
        sent = {name: getattr(self, name) for name in self.model_fields_set & set(KitMembers.model_fields)}
        kept: dict[str, Any] = {name: value or None for name, value in sent.items()}
        if "brand_colors" in sent:
            kept["brand_colors"] = tuple(sent["brand_colors"] or ())
        if "auto_attach_product_references" in sent:
            kept["auto_attach_product_references"] = sent["auto_attach_product_references"] is not False
        return kept


class BrandKitBody(KitMembers):
    """Body of ``POST /brand-kits``."""

    name: KitName


class BrandKitPatch(KitMembers):
    """Body of ``PATCH /brand-kits/{id}``: members that are sent are changed, and ``null`` clears one."""

    name: KitName | None = None

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, value: object) -> object:
        if isinstance(value, dict) and "name" in value and value["name"] is None:
            raise MissingParam("name is required.", param="name")
        return value  # here null is not absent

    def members(self) -> dict[str, Any]:
        """The kit's members that were sent."""
        return super().members() | ({"name": self.name} if self.name is not None else {})


class AnalyzeBody(Body):
    """Body of ``POST /brand-kits/analyze-url``."""

    url: Address


class PictureBody(Body):
    """Body of the calls that put a picture into a brand kit."""

    source: Annotated[str, Field(min_length=1)]


class WebhookBody(Body):
    """Body of ``POST /webhooks``. Without ``events``, the four about generations."""

    url: Address
    events: Annotated[list[EventName], Field(min_length=1, max_length=10)] | None = None
    description: Annotated[str, Field(max_length=500)] = ""


class WebhookPatch(Body):
    """Body of ``PATCH /webhooks/{id}``: members that are sent are changed."""

    url: Address | None = None
    events: Annotated[list[EventName], Field(min_length=1, max_length=10)] | None = None
    enabled: bool | None = None
    description: Annotated[str, Field(max_length=500)] | None = None


class RecoverBody(Body):
    """Body of ``POST /webhooks/{id}/recover``: from when on what was missed is sent again."""

    since: Annotated[AwareDatetime, Field(strict=False), BeforeValidator(_is_text)]


class RotateBody(Body):
    """Body of ``POST /webhooks/{id}/rotate-secret``: how long the old secret signs too."""

    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24
