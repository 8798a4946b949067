"""What the API is asked with. Generated from the OpenAPI document by `make openapi`; do not edit."""

from __future__ import annotations

from typing import Any, Literal, NotRequired, TypedDict


class AnalyzeBody(TypedDict):
    """
    Body of `POST /brand-kits/analyze-url`.
    """

    url: str


class AnimateBody(TypedDict):
    """
    Body of `POST /videos/animate`.
    """

    image_id: str


type Colour = str


class EnhanceBody(TypedDict):
    """
    Body of `POST /prompts/enhance`.
    """

    prompt: str
    website_url: NotRequired[str | None]
    has_logo: NotRequired[bool]
    has_reference_image: NotRequired[bool]
    aspect_ratio: NotRequired[
        Literal["auto", "1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9"]
    ]
    reference_images: NotRequired[list[str]]


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


class PictureBody(TypedDict):
    """
    Body of the calls that put a picture into a brand kit.
    """

    source: str


class RecoverBody(TypedDict):
    """
    Body of `POST /webhooks/{id}/recover`: from when on what was missed is sent again.
    """

    since: str


class Reference(TypedDict):
    """
    A reference image: an https URL or the id of an asset of this workspace.
    """

    type: Literal["ref", "template", "logo"]
    source: str


class ReframeBody(TypedDict):
    """
    Body of `POST /images/reframe`.
    """

    image_id: str
    aspect_ratio: Literal["9:16", "16:9", "1:1", "4:5", "2:3", "3:2"]


class RotateBody(TypedDict):
    """
    Body of `POST /webhooks/{id}/rotate-secret`: how long the old secret signs too.
    """

    overlap_hours: NotRequired[int]


class SlideBody(TypedDict):
    """
    One slide of an inline plan. Its place in the list is its place in the set.
    """

    role: NotRequired[str]
    on_image_text: NotRequired[str]
    visual_direction: NotRequired[str]


class UploadBody(TypedDict):
    """
    Body of `POST /files`: what will be uploaded, to the byte. `size` is in bytes.
    """

    content_type: Literal[
        "image/png",
        "image/jpeg",
        "image/webp",
        "image/gif",
        "image/bmp",
        "audio/mpeg",
        "audio/wav",
        "audio/ogg",
        "audio/mp4",
    ]
    size: int
    checksum_sha256: str
    filename: NotRequired[str]


class WebhookBody(TypedDict):
    """
    Body of `POST /webhooks`. Without `events`, the four about generations.
    """

    url: str
    events: NotRequired[
        list[
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
            ]
        ]
        | None
    ]
    description: NotRequired[str]


class WebhookPatch(TypedDict):
    """
    Body of `PATCH /webhooks/{id}`: members that are sent are changed.
    """

    url: NotRequired[str | None]
    events: NotRequired[
        list[
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
            ]
        ]
        | None
    ]
    enabled: NotRequired[bool | None]
    description: NotRequired[str | None]


class BrandContext(TypedDict):
    """
    An inline brand profile. Members not listed here are ignored.
    """

    company_name: NotRequired[str | None]
    industry: NotRequired[str | None]
    tone_of_voice: NotRequired[str | None]
    brand_colors: NotRequired[list[str] | None]
    target_audience: NotRequired[str | None]
    website_url: NotRequired[str | None]
    website_context: NotRequired[str | None]


class BrandKitBody(TypedDict):
    """
    Body of `POST /brand-kits`.
    """

    company_name: NotRequired[str | None]
    industry: NotRequired[str | None]
    tone_of_voice: NotRequired[str | None]
    brand_colors: NotRequired[list[str] | None]
    target_audience: NotRequired[str | None]
    website_url: NotRequired[str | None]
    website_context: NotRequired[str | None]
    auto_attach_product_references: NotRequired[bool | None]
    name: str


class BrandKitPatch(TypedDict):
    """
    Body of `PATCH /brand-kits/{id}`: members that are sent are changed, and `null` clears one.
    """

    company_name: NotRequired[str | None]
    industry: NotRequired[str | None]
    tone_of_voice: NotRequired[str | None]
    brand_colors: NotRequired[list[str] | None]
    target_audience: NotRequired[str | None]
    website_url: NotRequired[str | None]
    website_context: NotRequired[str | None]
    auto_attach_product_references: NotRequired[bool | None]
    name: NotRequired[str | None]


class EditBody(TypedDict):
    """
    Body of `POST /images/edits`. Without `aspect_ratio`, the source's.
    """

    image_id: str
    instruction: str
    mask: NotRequired[str | None]
    reference_images: NotRequired[list[Reference]]
    aspect_ratio: NotRequired[
        Literal["auto", "1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9"]
    ]


class ImageBody(TypedDict):
    """
    Body of `POST /images`.
    """

    brand_kit_id: NotRequired[str]
    brand_context: NotRequired[BrandContext]
    reference_images: NotRequired[list[Reference]]
    prompt: NotRequired[str]
    aspect_ratio: NotRequired[
        Literal["auto", "1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9"]
    ]
    count: NotRequired[int]
    quality: NotRequired[Literal["fast", "standard", "premium"]]
    model: NotRequired[Literal["forge-image", "forge-image-fast"]]
    controls: NotRequired[dict[str, Any]]


class InlinePlan(TypedDict):
    """
    A plan as `POST /carousels/plan` answers it, or one of the caller's own.
    """

    concept_title: NotRequired[str]
    viral_mechanic: NotRequired[str]
    audience: NotRequired[str]
    cta: NotRequired[str]
    aspect_ratio: NotRequired[
        Literal["1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9"] | None
    ]
    slides: list[SlideBody]


class MemeBody(TypedDict):
    """
    Body of `POST /memes`.
    """

    brand_kit_id: NotRequired[str]
    brand_context: NotRequired[BrandContext]
    reference_images: NotRequired[list[Reference]]
    prompt: NotRequired[str]
    aspect_ratio: NotRequired[
        Literal["auto", "1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9"]
    ]
    count: NotRequired[int]
    template_prompt: NotRequired[str]
    enhance: NotRequired[bool]


class PlanBody(TypedDict):
    """
    Body of `POST /carousels/plan`. Without `aspect_ratio`, the platform's.
    """

    brand_kit_id: NotRequired[str]
    brand_context: NotRequired[BrandContext]
    brief: str
    business_website: NotRequired[str | None]
    goal: NotRequired[Literal["awareness", "leads", "sales", "followers", "engagement"]]
    platform: NotRequired[Literal["ig-portrait", "ig-square", "linkedin", "tiktok"] | None]
    aspect_ratio: NotRequired[
        Literal["1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9"] | None
    ]
    slide_count: NotRequired[int]


class StoryboardBody(TypedDict):
    """
    Body of `POST /storyboards`. The document names four tones as examples; there are four more.
    """

    brand_kit_id: NotRequired[str]
    brand_context: NotRequired[BrandContext]
    reference_images: NotRequired[list[Reference]]
    goal: NotRequired[str]
    aspect_ratio: NotRequired[Literal["16:9", "9:16", "1:1"]]
    preset: NotRequired[
        Literal[
            "auto",
            "comic-strip",
            "problem-solution",
            "before-after",
            "how-it-works",
            "customer-journey",
            "testimonial-sequence",
            "founder-story",
        ]
    ]
    panel_count: NotRequired[int]
    tone: NotRequired[
        Literal["playful", "bold", "warm", "professional", "funny", "dramatic", "inspirational", "calm"]
        | None
    ]
    text_density: NotRequired[Literal["minimal", "balanced", "rich"]]
    product_role: NotRequired[Literal["hero", "supporting", "background"] | None]
    visual_style: NotRequired[Literal["comic-strip", "clean-storyboard"] | None]


class VideoBody(TypedDict):
    """
    Body of `POST /videos`.
    """

    brand_kit_id: NotRequired[str]
    brand_context: NotRequired[BrandContext]
    reference_images: NotRequired[list[Reference]]
    prompt: NotRequired[str]
    business_url: NotRequired[str | None]
    aspect_ratio: NotRequired[Literal["1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"]]
    duration: NotRequired[int]
    resolution: NotRequired[Literal["480p", "720p"]]


class CarouselBody(TypedDict):
    """
    Body of `POST /carousels`: a stored plan or an inline one. Without `aspect_ratio`, the plan's.

    The document speaks of "inline plan fields", so a plan's members may also stand in the body itself.
    """

    brand_kit_id: NotRequired[str]
    brand_context: NotRequired[BrandContext]
    reference_images: NotRequired[list[Reference]]
    plan_id: NotRequired[str]
    plan: NotRequired[InlinePlan | None]
    aspect_ratio: NotRequired[
        Literal["1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9"] | None
    ]
    quality: NotRequired[Literal["fast", "standard", "premium"]]
    controls: NotRequired[dict[str, Any]]
