"""Every offer's routes, first choice first.

A model's name at a vendor is data with an end: when a vendor retires a model, its line gets a ``retires_at`` or is
removed. A stack takes a route only if its vendor is enabled. Options are for the vendor's adapter; what is sold (a
resolution, a length) comes with the task's request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from darkroom.catalog_data import memes, moondraft
from darkroom.domain.catalog.routes import HOUSE, TEXTS, Queue, Route, Work

# How many tasks each vendor may have at once, unless the stack's settings say otherwise.
LIMITS: Mapping[str, int] = {
    "openai": 8,
    "google": 10,
    "xai": 5,
    "fal": 2,  # what a new account may; up to 40 once it has paid
    "kie": 10,
    "replicate": 10,
}

_WORDS = (Work.IMAGE,)
_DRAWN = (Work.IMAGE, Work.REFERENCES)
_FROM_PICTURES = (Work.REFERENCES, Work.EDIT)
_STILLS = (Work.IMAGE, Work.REFERENCES, Work.EDIT)
_FILMS = (Work.VIDEO, Work.ANIMATE)


def _route(vendor: str, model: str, kinds: tuple[str, ...], **options: Any) -> Route:
    return Route(vendor, Queue.VENDORS, model, options, frozenset(kinds))


def _fal(model: str, *kinds: str, **options: Any) -> Route:
    return _route("fal", model, kinds, **options)


def _google(model: str, *kinds: str, **options: Any) -> Route:
    return _route("google", model, kinds, **options)


def _kie(model: str, *kinds: str, **options: Any) -> Route:
    return _route("kie", model, kinds, **options)


def _openai(model: str, *kinds: str, **options: Any) -> Route:
    return _route("openai", model, kinds, **options)


def _replicate(model: str, *kinds: str, **options: Any) -> Route:
    return _route("replicate", model, kinds, **options)


def _xai(model: str, *kinds: str, **options: Any) -> Route:
    return _route("xai", model, kinds, **options)


_BANANA = (
    _google("gemini-nano-banana-2.1", *_STILLS),
    _fal("fal-ai/nano-banana", *_STILLS),
    _kie("google/nano-banana", *_WORDS),
    _kie("google/nano-banana-edit", *_FROM_PICTURES),
    _replicate("google/nano-banana", *_STILLS),
)
_BANANA_2 = (
    _google("gemini-nano-banana-2.1", *_STILLS),
    _fal("fal-ai/nano-banana-2", *_STILLS),
    _kie("nano-banana-2", *_STILLS),
)
_BANANA_PRO = (
    _google("gemini-3-pro-image", *_STILLS),
    _fal("fal-ai/nano-banana-pro", *_STILLS),
    _kie("nano-banana-pro", *_STILLS),
    _replicate("google/nano-banana-pro", *_STILLS),
)
_GPT_AT_KIE = (
    _kie("gpt-image-2-text-to-image", *_WORDS),
    _kie("gpt-image-2-image-to-image", *_FROM_PICTURES),
)
_GPT = (
    _openai("gpt-image-2", *_STILLS),
    _fal("openai/gpt-image-2", *_STILLS),
    *_GPT_AT_KIE,
)
_GPT_4O = (_openai("gpt-image-2", *_STILLS, quality="low"), *_GPT_AT_KIE)
_QWEN = (
    _fal("fal-ai/qwen-image", *_WORDS),
    _kie("qwen/text-to-image", *_WORDS),
    _replicate("qwen/qwen-image", *_WORDS),
)
_QWEN_EDIT = (
    _fal("fal-ai/qwen-image-edit", Work.EDIT),
    _kie("qwen/image-edit", Work.EDIT),
    _replicate("qwen/qwen-image-edit-2511", Work.EDIT),
)
_GROK = (
    _xai("grok-imagine-image", *_WORDS),
    _fal("xai/grok-imagine-image", *_WORDS),
    _kie("grok-imagine-image-2-0/text-to-image", *_WORDS),
)
_GROK_EDIT = (
    _xai("grok-imagine-image", Work.EDIT),
    _fal("xai/grok-imagine-image/edit", Work.EDIT),
    _kie("grok-imagine-image-2-0/image-edit", Work.EDIT),
)
_Z_IMAGE = (_fal("fal-ai/z-image/turbo", *_WORDS), _kie("z-image", *_WORDS))

_OMNI = _google("gemini-omni-1.1-flash", *_FILMS)
_VEO = (_fal("fal-ai/veo3.1", *_FILMS), _OMNI, _replicate("google/veo-3.1", *_FILMS))
_VEO_FAST = (_fal("fal-ai/veo3.1/fast", *_FILMS), _OMNI, _replicate("google/veo-3.1-fast", *_FILMS))
_SEEDANCE = (
    _fal("fal-ai/bytedance/seedance/v1/pro/fast/text-to-video", *_FILMS),
    _replicate("bytedance/seedance-1-pro-fast", *_FILMS),
)
_WAN = (_fal("wan/v2.6/text-to-video", *_FILMS),)
_LTX = (
    _fal("fal-ai/ltx-2/image-to-video", Work.ANIMATE),
    _fal("fal-ai/ltx-2.3/image-to-video", Work.ANIMATE),
)
_GROK_FILM = (
    _xai("grok-imagine-video", *_FILMS),
    _fal("xai/grok-imagine-video/text-to-video", *_FILMS),
    _kie("grok-imagine/text-to-video", Work.VIDEO),
    _kie("grok-imagine/image-to-video", Work.ANIMATE),
)
_REFERENCE_FILM = (
    _xai("grok-imagine-video-1.5", Work.REFERENCE_FILM),
    _google("gemini-omni-1.1-flash", Work.REFERENCE_FILM),
    _fal("fal-ai/veo3.1/reference-to-video", Work.REFERENCE_FILM),
)
# A caller waits at most a quarter of a minute for a text, so the quickest come first.
_WRITTEN = (
    _openai("gpt-6-luna", *TEXTS),
    _google("gemini-3.8-flash", *TEXTS),
    _xai("grok-4.6", *TEXTS),
)
_SPEAKING = (
    _fal("fal-ai/bytedance/omnihuman/v1.5", Work.AVATAR),
    _fal("fal-ai/kling-video/ai-avatar/v2/standard", Work.AVATAR),
    _kie("omnihuman-1-5", Work.AVATAR),
    _replicate("bytedance/omni-human-1.5", Work.AVATAR),
)
_UPSCALED = (
    _fal("fal-ai/seedvr/upscale/image", Work.UPSCALE),
    _kie("topaz/image-upscale", Work.UPSCALE),
    _replicate("topazlabs/image-upscale", Work.UPSCALE),
    _fal("fal-ai/clarity-upscaler", Work.UPSCALE),
)
_INPAINTED = (
    _openai("gpt-image-2", Work.INPAINT),
    _fal("fal-ai/qwen-image-edit/inpaint", Work.INPAINT),
    _replicate("black-forest-labs/flux-fill-pro", Work.INPAINT),
)
# First those that make exactly the requested ratio: other reframers have no 4:5.
_REFRAMED = (
    _fal("fal-ai/ideogram/v3/reframe", Work.REFRAME),
    _google("gemini-nano-banana-2.1", Work.REFRAME),
    _openai("gpt-image-2", Work.REFRAME),
    _fal("fal-ai/image-editing/reframe", Work.REFRAME),
)
_EDITED = (
    _google("gemini-nano-banana-2.1", Work.EDIT),
    _openai("gpt-image-2", Work.EDIT),
    _fal("fal-ai/nano-banana-2", Work.EDIT),
)


def _song(model: str) -> tuple[Route, ...]:
    """Resold Suno may end any day, so a licensed model stands behind it."""
    return (
        _kie(model, Work.MUSIC),
        _fal("fal-ai/elevenlabs/music", Work.MUSIC),
        _replicate("elevenlabs/music", Work.MUSIC),
    )


_AGENT: Mapping[str, tuple[Route, ...]] = {
    "google/nano-banana": _BANANA,
    "nano-banana-pro": _BANANA_PRO,
    "gpt4o_image": _GPT_4O,
    "qwen/text-to-image": _QWEN,
    "qwen/image-to-image": _QWEN_EDIT,
    "xai/grok-imagine-image": _GROK,
    "xai/grok-imagine-image/edit": _GROK_EDIT,
    "z-image": _Z_IMAGE,
    "veo3_fast": _VEO_FAST,
    "veo3": _VEO,
    "doubao-seedance-1.0-pro-fast": _SEEDANCE,
    "wan-2.6": _WAN,
    "fal-ai/ltx-2/image-to-video": _LTX,
    "xai/grok-imagine-video/text-to-video": _GROK_FILM,
    "V5": _song("V5"),
    "V4_5PLUS": _song("V4_5PLUS"),
    "V4_5": _song("V4_5"),
    "V4": _song("V4"),
}
_GENCRAFT: Mapping[str, tuple[Route, ...]] = {
    "gpt-image-2": _GPT,
    "pro": _BANANA_PRO,
    "flash2": _BANANA_2,
    "flash": _BANANA,
}
_FORGE = (
    _openai("gpt-image-2", *_DRAWN),
    _google("gemini-nano-banana-2.1", *_DRAWN),
    _fal("fal-ai/nano-banana-2", *_DRAWN),
)
_FORGE_FAST = (
    _google("gemini-3.1-flash-lite-image", *_DRAWN),
    _fal("fal-ai/nano-banana", *_DRAWN),
    _kie("google/nano-banana", *_WORDS),
)
# Letters on a picture are what these three do best.
_MEME = (
    _openai("gpt-image-2", *_DRAWN),
    _google("gemini-3-pro-image", *_DRAWN),
    _fal("fal-ai/nano-banana-pro", *_DRAWN),
)
# A caller waits at most half a minute, so the quickest come first.
_QUICK = (
    *_Z_IMAGE,
    _fal("fal-ai/nano-banana-2", Work.REFERENCES),
    _google("gemini-3.1-flash-lite-image", *_DRAWN),
    _openai("gpt-image-2", *_DRAWN, quality="low"),
)

ROUTES: Mapping[str, tuple[Route, ...]] = {
    **{f"agent.{model}": routes for model, routes in _AGENT.items()},
    **{
        f"gencraft.{model}.{mode}": routes for model, routes in _GENCRAFT.items() for mode in ("text", "edit")
    },
    memes.IMAGE: _FORGE,
    memes.IMAGE_FAST: _FORGE_FAST,
    memes.MEME: _MEME,
    memes.STORYBOARD: _MEME,
    memes.CAROUSEL: _MEME,
    # The first of these make every documented length, ratio and resolution.
    memes.VIDEO: (*_GROK_FILM, *_SEEDANCE, *_REFERENCE_FILM),
    memes.MOTION: (*_GROK_FILM, *_SEEDANCE, *_LTX),
    **dict.fromkeys(memes.EDITS.values(), (*_EDITED, *_INPAINTED)),
    **dict.fromkeys(memes.REFRAMES.values(), _REFRAMED),
    moondraft.IMAGE: _QUICK,
    moondraft.IMAGE_PREMIUM: _BANANA_PRO,
    moondraft.EDIT: _EDITED,
    moondraft.UPSCALE: _UPSCALED,
    **dict.fromkeys((moondraft.REFINE, memes.ENHANCE, memes.PLAN, memes.PROFILE), _WRITTEN),
    moondraft.VIDEO: (*_SEEDANCE, *_GROK_FILM, *_SPEAKING),
}

# What a stack does itself. Somebody waits for it and it takes a second: it goes with the renders that are waited for.
OWN_ROUTES: Mapping[str, tuple[Route, ...]] = {
    **dict.fromkeys((memes.PAGE, memes.IMPORT), (Route(HOUSE, Queue.RENDERS),)),
    # Nobody waits for these.
    **dict.fromkeys((memes.PRODUCTS, memes.FORGET), (Route(HOUSE, Queue.BULK_RENDERS),)),
}

# Offers that only one vendor's one model makes, and why there is no other.
ONLY_ONE: Mapping[str, str] = {
    memes.PAGE: "a stack reads web pages itself",
    memes.IMPORT: "a stack brings in pictures itself",
    memes.PRODUCTS: "as those",
    memes.FORGET: "a stack deletes what it keeps itself",
    "agent.wan-2.6": "kie has only 2.7, and Alibaba's own API is called a legacy one",
}
