"""The models known to work, and how a request becomes the body that starts one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from darkroom.domain.jobs.engine import InputFile, TaskRequest
from darkroom.domain.jobs.engine_failures import Rejected, RouteUnusable
from darkroom.domain.jobs.spec import FilmSpec, ImageSpec, MusicSpec
from darkroom.domain.prompts.composing import composed
from darkroom_vendors.base import nearest_ratio
from darkroom_vendors.json_access import present

_PRESETS: Mapping[str, str] = {
    "1:1": "square_hd",
    "3:4": "portrait_4_3",
    "9:16": "portrait_16_9",
    "4:3": "landscape_4_3",
    "16:9": "landscape_16_9",
}
_BANANA_RATIOS = ("1:1", "9:16", "16:9", "3:4", "4:3", "3:2", "2:3", "5:4", "4:5", "21:9")
_COMMON_RATIOS = ("1:1", "4:3", "3:4", "16:9", "9:16")
_GROK_RATIOS = ("2:3", "3:2", "1:1", "16:9", "9:16")

_PROMPT_CHARS = 5000
_SIMPLE_MUSIC_CHARS, _STYLE_CHARS, _TITLE_CHARS = 500, 200, 80
_LYRICS_CHARS = 3000

type _Fields = dict[str, Any]
type _Build = Callable[[TaskRequest], _Fields]


@dataclass(frozen=True, slots=True)
class _Model:
    """A market model: how a request becomes its input, and whether it takes minutes."""

    build: _Build
    moving: bool = False


def _text_to_image(ratio_field: str, ratios: Sequence[str], **more: Any) -> _Build:
    def build(request: TaskRequest) -> _Fields:
        return present(
            prompt=_prompt(request),
            **{ratio_field: nearest_ratio(request.job.spec.aspect_ratio, ratios)},
            **more,
        )

    return build


def _with_pictures(build: _Build, name: str, most: int) -> _Build:
    def with_pictures(request: TaskRequest) -> _Fields:
        return {**build(request), name: [one.url for one in _pictures(request)[:most]]}

    return with_pictures


def _sized(build: _Build, sizes: Sequence[str]) -> _Build:
    def sized(request: TaskRequest) -> _Fields:
        requested = str(
            request.job.spec_as(ImageSpec).resolution or request.options.get("resolution") or sizes[0]
        )
        fields = build(request)
        # Without a ratio only the smallest size is available.
        size = requested if requested in sizes and "aspect_ratio" in fields else sizes[0]
        return {**fields, "resolution": size}

    return sized


def _optional_pictures(build: _Build, name: str, most: int) -> _Build:
    def optional(request: TaskRequest) -> _Fields:
        urls = [one.url for one in request.pictures[:most]]
        return {**build(request), **({name: urls} if urls else {})}

    return optional


def _qwen(request: TaskRequest) -> _Fields:
    return present(
        prompt=_prompt(request),
        image_size=_preset(request),
        output_format="png",
        negative_prompt=request.options.get("negative_prompt"),
    )


def _qwen_from_picture(request: TaskRequest) -> _Fields:
    return {
        "prompt": _prompt(request),
        "image_url": _source(request).url,
        "strength": 0.7,
        "output_format": "png",
    }


def _qwen_edit(request: TaskRequest) -> _Fields:
    return present(
        prompt=_prompt(request),
        image_url=_source(request).url,
        image_size=_preset(request),
        output_format="png",
    )


def _upscale(request: TaskRequest) -> _Fields:
    factor = request.job.spec_as(ImageSpec).factor or 2
    return {"image_url": _source(request).url, "upscale_factor": str(factor)}


def _reframe(request: TaskRequest) -> _Fields:
    return {
        "image_url": _source(request).url,
        "image_size": _preset(request) or "square_hd",
        "rendering_speed": "BALANCED",
    }


def _avatar(request: TaskRequest) -> _Fields:
    voice = next(iter(request.input_files_as("audio")), None)
    if voice is None:
        raise Rejected("a talking picture needs a voice")
    return {
        "image_url": _source(request).url,
        "audio_url": voice.url,
        "prompt": _prompt(request),
        "resolution": "720p",
    }


def _grok_film(request: TaskRequest) -> _Fields:
    spec = request.job.spec_as(FilmSpec)
    seconds = min(max(round(spec.seconds or 6), 6), 30)
    resolution = spec.resolution or "480p"
    return present(
        prompt=_prompt(request),
        aspect_ratio=nearest_ratio(request.job.spec.aspect_ratio, _GROK_RATIOS),
        duration=seconds,
        resolution=resolution if resolution in ("480p", "720p") else "720p",
    )


_banana = _text_to_image("image_size", _BANANA_RATIOS, output_format="png")
_new_banana = _sized(
    _optional_pictures(_text_to_image("aspect_ratio", _BANANA_RATIOS, output_format="png"), "image_input", 8),
    ("1K", "2K", "4K"),
)
_gpt = _sized(_text_to_image("aspect_ratio", ("1:1", "3:2", "2:3", "16:9", "9:16")), ("1K", "2K", "4K"))
_grok = _text_to_image("aspect_ratio", _GROK_RATIOS)

MODELS: Mapping[str, _Model] = {
    "google/nano-banana": _Model(_banana),
    "google/nano-banana-edit": _Model(_with_pictures(_banana, "image_urls", 10)),
    "nano-banana-pro": _Model(_new_banana),
    "nano-banana-2": _Model(_new_banana),
    "qwen/text-to-image": _Model(_qwen),
    "qwen/image-to-image": _Model(_qwen_from_picture),
    "qwen/image-edit": _Model(_qwen_edit),
    "z-image": _Model(_text_to_image("aspect_ratio", _COMMON_RATIOS)),
    "gpt-image-2-text-to-image": _Model(_gpt),
    "gpt-image-2-image-to-image": _Model(_with_pictures(_gpt, "input_urls", 16)),
    "grok-imagine-image-2-0/text-to-image": _Model(_grok),
    "grok-imagine-image-2-0/image-edit": _Model(_with_pictures(_grok, "image_urls", 3)),
    "grok-imagine/text-to-video": _Model(_grok_film, moving=True),
    "grok-imagine/image-to-video": _Model(_with_pictures(_grok_film, "image_urls", 1), moving=True),
    "topaz/image-upscale": _Model(_upscale),
    "ideogram/v3-reframe": _Model(_reframe),
    "infinitalk/from-audio": _Model(_avatar, moving=True),
    "kling/ai-avatar-v1-pro": _Model(_avatar, moving=True),
    "omnihuman-1-5": _Model(_avatar, moving=True),
}
MUSIC_MODELS = ("V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5")


def task_request(request: TaskRequest, callback_url: str | None) -> _Fields:
    """The body that starts a market task."""
    model = MODELS.get(request.model)
    if model is None:
        raise Rejected(f"no mapping for the model {request.model}")
    return present(model=request.model, input=model.build(request), callBackUrl=callback_url)


def music_request(request: TaskRequest, callback_url: str | None) -> _Fields:
    """The body that starts a song; the market refuses one without a callback address."""
    if callback_url is None:
        raise RouteUnusable("music needs an address to call back")
    spec = request.job.spec_as(MusicSpec)
    style, title, instrumental = spec.style or "", spec.title or "", bool(spec.instrumental)
    common = {"model": request.model, "instrumental": instrumental, "callBackUrl": callback_url}
    if not (style and title):
        return {**common, "customMode": False, "prompt": composed(request)[:_SIMPLE_MUSIC_CHARS]}
    lyrics = (spec.lyrics or request.prompt)[:_LYRICS_CHARS]
    words = {} if instrumental else {"prompt": lyrics}
    return {
        **common,
        "customMode": True,
        "style": style[:_STYLE_CHARS],
        "title": title[:_TITLE_CHARS],
        **words,
    }


def _prompt(request: TaskRequest) -> str:
    return composed(request)[:_PROMPT_CHARS]


def _preset(request: TaskRequest) -> str | None:
    ratio = nearest_ratio(request.job.spec.aspect_ratio, tuple(_PRESETS))
    return _PRESETS[ratio] if ratio else None


def _pictures(request: TaskRequest) -> tuple[InputFile, ...]:
    if not request.pictures:
        raise Rejected(f"{request.model} needs a picture")
    return request.pictures


def _source(request: TaskRequest) -> InputFile:
    return next(iter(request.input_files_as("source")), None) or _pictures(request)[0]
