"""What a job is to make, in no dialect's words: one class for each sort of job.

What all jobs have comes first in every class; what one sort adds is known by name only. ``None`` means that the
request did not say.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple


@dataclass(frozen=True, slots=True)
class Input:
    """One thing the request brought: its role and where its bytes are.

    ``location`` is an https URL of the caller's or, with ``stored``, a key in our bucket. ``param`` is the parameter
    that named it.
    """

    role: str
    location: str
    stored: bool = False
    asset_id: str | None = None
    param: str | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrandProfile:
    """The brand an output is for, in its owner's words. ``brand_colors`` are hex codes."""

    company_name: str | None = None
    industry: str | None = None
    tone_of_voice: str | None = None
    brand_colors: tuple[str, ...] = ()
    target_audience: str | None = None
    website_url: str | None = None
    website_context: str | None = None


@dataclass(frozen=True, slots=True)
class Spec:
    """What every job is asked for. ``aspect_ratio`` is such as ``16:9``, or ``auto``."""

    prompt: str
    aspect_ratio: str
    quality: str = "standard"
    inputs: tuple[Input, ...] = ()
    brand: BrandProfile = BrandProfile()

    def prompt_of(self, index: int) -> str:  # noqa: ARG002 - only pictures are made from a list of prompts
        """The prompt of the task at ``index``."""
        return self.prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaSpec(Spec):
    """What pictures, films and music have in common. ``seed`` makes chance repeatable where an engine can."""

    seed: str | int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class VisualSpec(MediaSpec):
    """What pictures and films have in common.

    ``resolution`` is a name such as ``1K`` or ``720p``. ``controls`` are the caller's own JSON, finer wishes by name.
    """

    resolution: str | None = None
    style: str | None = None
    negative_prompt: str | None = None
    controls: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageSpec(VisualSpec):
    """A picture: made, edited, reframed or enlarged.

    ``size`` is width and height in pixels, ``factor`` how many times an upscale enlarges. A batch has a prompt for
    each of its tasks in ``prompts``. A meme has ``format``; ``enhance`` asks for a fuller prompt than
    ``template_prompt`` and ``prompt`` make together.
    """

    size: tuple[int, int] | None = None
    prompts: tuple[str, ...] = ()
    format: Literal["meme"] | None = None
    enhance: bool | None = None
    template_prompt: str | None = None
    factor: int | None = None

    def prompt_of(self, index: int) -> str:
        """The prompt of the task at ``index``: its own in a batch, else the one all tasks have."""
        return self.prompts[index] if index < len(self.prompts) else self.prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryboardSpec(ImageSpec):
    """One picture of three or four panels that tell a story.

    ``preset`` names the story's form, ``text_density`` how many words are on the picture; ``product_role`` says how
    prominent the product is.
    """

    panel_count: int = 3
    preset: str = "auto"
    tone: str | None = None
    text_density: str = "balanced"
    product_role: str | None = None
    visual_style: str | None = None


@dataclass(frozen=True, slots=True)
class Slide:
    """One slide of a carousel: its part in the whole, the words on it, and what it shows."""

    role: str
    on_image_text: str
    visual_direction: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CarouselSpec(ImageSpec):
    """A set of slides, a task each. The other members say what they have in common."""

    slides: tuple[Slide, ...] = ()
    concept_title: str | None = None
    viral_mechanic: str | None = None
    audience: str | None = None
    cta: str | None = None
    plan_id: str | None = None

    def prompt_of(self, index: int) -> str:
        """What the slide at ``index`` shows and says."""
        slide = self.slides[index]
        return "\n".join(part for part in (slide.visual_direction, slide.on_image_text) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class FilmSpec(VisualSpec):
    """A film of so many ``seconds``."""

    seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicSpec(MediaSpec):
    """A piece of music of so many ``seconds``. ``lyrics`` are sung instead of the prompt."""

    seconds: float | None = None
    instrumental: bool | None = None
    style: str | None = None
    title: str | None = None
    lyrics: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpec(Spec):
    """Words about a prompt, a brief, a picture or a brand.

    ``mode`` is the medium a prompt is refined for. ``website`` is the text of a brand's page, not its address.
    """

    mode: str | None = None
    has_logo: bool = False
    has_reference_image: bool = False
    platform: str | None = None
    goal: str | None = None
    slide_count: int | None = None
    website: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KitSpec(Spec):
    """A brand kit whose products are filled from the web page that is the job's input."""

    prompt: str = ""
    aspect_ratio: str = ""
    kit_id: str


type RenderFormat = Literal["png", "jpeg", "webp", "pdf"]


@dataclass(frozen=True, slots=True)
class Encoding:
    """What a render is written as; of its ``quality``, 1 to 100, ``None`` keeps all."""

    format: RenderFormat = "png"
    quality: int | None = None


PNG = Encoding()


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplateSpec(Spec):
    """What renders and their batches have in common: a template's version, a pixel ratio, what is written."""

    prompt: str = ""
    aspect_ratio: str = ""
    template: str
    version: int
    ratio: float
    encoding: Encoding = PNG


@dataclass(frozen=True, slots=True, kw_only=True)
class RenderSpec(TemplateSpec):
    """A render for each of ``payloads``, which are JSON as the caller filled them in."""

    payloads: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkSpec(TemplateSpec):
    """The renders of one chunk of a batch: ``length`` bytes of the manifest from ``offset`` on.

    A batch's chunks are rendered in a few lanes, in each one after the other: ``after`` is the chunk before this one,
    ``then`` the next, of ``then_rows`` rows. ``lane`` is the slot that the lane holds, given back by its last chunk.
    """

    manifest: str
    batch: str
    offset: int
    length: int
    after: str = ""
    then: str = ""
    then_rows: int = 0
    lane: str = ""


class Chunk(NamedTuple):
    """How many rows a chunk has, and where in its manifest they are, in bytes."""

    rows: int
    offset: int
    length: int


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchSpec(TemplateSpec):
    """A batch that is yet to be expanded into ``chunks``, at ``price`` credits for each distinct payload.

    ``rows`` has for each payload of the request which of the distinct ones it is.
    """

    manifest: str
    rows: tuple[int, ...]
    chunks: tuple[Chunk, ...]
    price: int


SPECS: Mapping[str, type[Spec]] = {
    "image": ImageSpec,
    "meme": ImageSpec,
    "edit": ImageSpec,
    "reframe": ImageSpec,
    "upscale": ImageSpec,
    "storyboard": StoryboardSpec,
    "carousel": CarouselSpec,
    "video": FilmSpec,
    "music": MusicSpec,
    "refine": TextSpec,
    "plan": TextSpec,
    "analyse": TextSpec,
    "profile": TextSpec,
    "products": KitSpec,
    "preview": RenderSpec,
    "render_batch": BatchSpec,
}


def spec_class(document: Mapping[str, Any]) -> type[Spec]:
    """Which class the spec in a job's document is of: that of the job's kind."""
    if document["kind"] == "render":
        return ChunkSpec if "manifest" in document["spec"]["settings"] else RenderSpec
    return SPECS.get(document["kind"], Spec)
