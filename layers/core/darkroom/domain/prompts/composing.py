"""Composing the prompt for a vendor: the caller's words first, then the request's other wishes as sentences.

Vendors have one field for words. A request's other parts (a brand, a meme's format, what each picture is for, what to
leave out) become sentences after the prompt, so that a vendor that cuts long prompts cuts those. A request with
nothing but a prompt is passed on unchanged.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from darkroom.domain.brands.grounding import web_page_of
from darkroom.domain.jobs.engine import TaskRequest
from darkroom.domain.jobs.spec import (
    BrandProfile,
    CarouselSpec,
    FilmSpec,
    ImageSpec,
    Spec,
    StoryboardSpec,
    VisualSpec,
)
from darkroom.domain.prompts.rewriting import enhance_prompt
from darkroom.domain.prompts.storyboard import storyboard_lines

MAX_LINE: Final = 600  # characters of one fact about a brand

_BRAND: Final[Mapping[str, str]] = {
    "company_name": "Brand",
    "industry": "Industry",
    "tone_of_voice": "Tone of voice",
    "target_audience": "Audience",
    "website_context": "About the brand",
}
_MEME: Final = (
    "Make one finished, shareable meme-style ad image in a familiar meme format. Put a short caption that carries "
    "the joke on the picture, large, spelled correctly and easy to read."
)
_AD: Final = "Make one finished ad image."
_PICTURES: Final[Mapping[str, str]] = {
    "template": "the layout to follow",
    "logo": "the logo: show it as it is, unchanged",
    "style": "the visual style to match, not its content",
    "character": "the character to show, recognisably the same",
    "product": "the product: show it true to life, with its own form, colours and label",
    "ref": "a reference for the subject",
}
# What the documented knobs are called where their names alone do not say it to a model.
_CONTROLS: Final[Mapping[str, str]] = {
    "platform": "Made for",
    "product_role": "Role of the product in the picture",
    "brand_strictness": "How strictly to keep to the brand",
    "reference_strength": "How closely to follow the pictures that come along",
    "risk_level": "How daring it may be",
}
_FILM: Final = "Make one finished, short video ad."
_MOVING: Final = "Bring the picture to life with natural movement; keep what it shows."
_SPEAKING: Final = "The person in the picture speaks to the camera with natural expression and lip movement."


def composed(request: TaskRequest) -> str:
    """The prompt for a task. Empty if the request has no words and needs none, like an upscale."""
    job, words = request.job, request.prompt.strip()
    site = _site(request)
    match job.kind:
        case "carousel":
            carousel = job.spec_as(CarouselSpec)
            slide = _slide(carousel, request.task.index)
            return _joined([slide, *_around(carousel), site, _pictures(carousel)])
        case "storyboard":
            storyboard = job.spec_as(StoryboardSpec)
            told = [*storyboard_lines(storyboard), *_around(storyboard), site, _pictures(storyboard)]
            return _joined([words, *told])
        case "image" | "meme" | "edit" | "reframe":
            return _composed_picture(job.kind, job.spec_as(ImageSpec), words, site)
        case "video":
            spec = job.spec_as(FilmSpec)
            return _joined([words, *_around(spec), site, _shown(spec)]) or _film_of_itself(spec)
        case _:
            return words


def _composed_picture(kind: str, spec: ImageSpec, words: str, site: str) -> str:
    match kind:
        case "image":
            return _joined([_made(spec, words), *_around(spec), site, _pictures(spec)]) or _AD
        case "meme":
            return _joined([_made(spec, words), *_around(spec), site, _pictures(spec), _MEME])
        case "edit":
            return _joined([words, *_around(spec), _edited(spec)])
        case _:
            return _joined([_reframed(spec), words, *_around(spec)])


def _slide(spec: CarouselSpec, index: int) -> str:
    """One slide of a set: what it shows and says, and that all of them look alike."""
    slide, count = spec.slides[index], len(spec.slides)
    title = f" of the carousel “{_line(spec.concept_title)}”" if spec.concept_title else " of a carousel"
    part = f": the {_line(slide.role)}" if slide.role else ""
    words = f"Letter exactly these words on it, large and easy to read: “{_line(slide.on_image_text)}”."
    return _joined(
        [
            slide.visual_direction,
            f"Make one finished slide, number {index + 1} of {count}{title} for social media{part}.",
            words if slide.on_image_text else "Put no words on it.",
            f"It speaks to {_line(spec.audience)}." if spec.audience else "",
            "All slides look alike: the same palette, type, margins and light.",
        ]
    )


def _made(spec: ImageSpec, words: str) -> str:
    """The prompt with the template's directive, made fuller if that was asked for."""
    prompt = _joined([words, spec.template_prompt or ""])
    return enhance_prompt(prompt, aspect_ratio=spec.aspect_ratio) if spec.enhance else prompt


def _around(spec: VisualSpec) -> Iterable[str]:
    """What the request says of brand, style and finer wishes, each thing one line."""
    brand = spec.brand
    yield from (
        f"{label}: {_line(value)}." for name, label in _BRAND.items() if (value := getattr(brand, name))
    )
    yield f"Brand colours: {', '.join(brand.brand_colors)}." if brand.brand_colors else ""
    yield f"Style: {_line(spec.style)}." if spec.style else ""
    yield from (f"{_label(name)}: {_line(value)}." for name, value in spec.controls.items() if _plain(value))
    yield f"Leave out: {_line(spec.negative_prompt)}." if spec.negative_prompt else ""


def _site(request: TaskRequest) -> str:
    """What the web page says that the request is grounded in."""
    said = bool(request.prompt.strip()) or request.job.spec.brand != BrandProfile()
    page = web_page_of(request, required=not said)
    return f"From the website: {_line(page.words)}." if page else ""


def _pictures(spec: Spec) -> str:
    """What each attached picture is for, in their order."""
    roles = [role for role in _roles(spec) if role in _PICTURES]
    if not set(roles) - {"ref"}:
        return ""
    uses = [
        f"picture {number} is {_PICTURES[role]}" for number, role in enumerate(roles, 1) if role != "product"
    ]
    if "product" in roles:
        # They come last, and a vendor that takes fewer pictures leaves some of them out.
        uses.append(f"all from picture {roles.index('product') + 1} on show {_PICTURES['product']}")
    return f"Of the pictures that come along, {'; '.join(uses)}."


def _shown(spec: Spec) -> str:
    """What the pictures of a film are for; a film that begins with its picture needs no telling."""
    return "" if "source" in _roles(spec) else _pictures(spec)


def _film_of_itself(spec: Spec) -> str:
    """What to make of a film that nothing is said of; empty if there is nothing to make it from either."""
    roles = _roles(spec)
    if "audio" in roles:
        return _SPEAKING
    if "source" in roles:
        return _MOVING
    return _FILM if roles else ""


def _edited(spec: Spec) -> str:
    """Which picture is edited and which only help, where there is more than one."""
    roles, sentences = _roles(spec), []
    if any(role in _PICTURES for role in roles):
        sentences.append("Edit the first picture; the others are there to go by.")
    if "mask" in roles:
        sentences.append("Change nothing outside the masked area.")
    return " ".join(sentences)


def _reframed(spec: Spec) -> str:
    return (
        f"Extend this picture to an aspect ratio of {spec.aspect_ratio}: keep everything in it as it is and "
        "continue the scene naturally beyond its edges."
    )


def _roles(spec: Spec) -> list[str]:
    return [one.role for one in spec.inputs]


def _label(name: object) -> str:
    return _CONTROLS.get(str(name)) or str(name).replace("_", " ").capitalize()[:60]


def _plain(value: Any) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool) and bool(str(value).strip())


def _line(value: Any) -> str:
    return " ".join(str(value).split())[:MAX_LINE].rstrip(".")


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)
