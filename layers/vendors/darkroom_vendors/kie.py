"""kie.ai: a market of models behind one task API, and Suno-style music beside it.

The ``code`` in a response's body says what it means; the HTTP status says little. Nothing can be canceled. Results
expire within the hour, so they are copied when they are first seen.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from darkroom.domain.jobs.engine import Download, Finished, InputFile, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    ModelRetired,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    RouteUnusable,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.spec import FilmSpec, ImageSpec, MusicSpec
from darkroom.domain.prompts.composing import composed
from darkroom_vendors.base import (
    Flow,
    VendorRequest,
    VendorResponse,
    failure,
    garbled,
    nearest_ratio,
    pending,
    retry_after,
)
from darkroom_vendors.callbacks import CallbackKeys, is_timely
from darkroom_vendors.json_access import mapping, present, vendor_facts

_POLICY = re.compile(
    r"prohibited|sensitive|nsfw|safety|violat|content policy|policies|moderat|copyright", re.IGNORECASE
)
_UNUSABLE = re.compile(r"model.*(not|un)\s?(found|supported|available)|not support", re.IGNORECASE)

_POLICY_CODES = frozenset({400, 422})
_REFUSALS: Mapping[int, type[EngineError]] = {
    400: Rejected,
    401: AccountTrouble,
    402: AccountTrouble,
    403: AccountTrouble,
    404: ModelRetired,
    413: Rejected,
    422: Rejected,
    500: ModelRetired,  # only if the message says so: an unknown model is a server error here
    505: ModelRetired,
}

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

MARKET, MUSIC = "market", "music"
_TASK_ID = re.compile(r"[\w-]{1,64}", re.ASCII)
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


class Kie:
    """kie.ai's contract."""

    name = "kie"
    base_url = "https://api.kie.ai"
    hosts = ("api.kie.ai",)

    def authorize(self, key: str) -> Mapping[str, str]:
        """See :meth:`darkroom_vendors.base.Vendor.authorize`."""
        return {"Authorization": f"Bearer {key}"}

    def start(self, request: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:
        """Start a picture, a film or a song."""
        if request.model in MUSIC_MODELS:
            call = VendorRequest(
                "POST", "/api/v1/generate", body=music_request(request, callback_url), commits=True
            )
            return (yield from _started(request, call, MUSIC))
        body = task_request(request, callback_url)
        return (
            yield from _started(
                request, VendorRequest("POST", "/api/v1/jobs/createTask", body=body, commits=True), MARKET
            )
        )

    def poll(self, request: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        """Look a task up. A bare id, which is what a callback names, is a handle too."""
        if ":" not in handle:
            handle = f"{MUSIC if request.model in MUSIC_MODELS else MARKET}:{handle}"
        kind, _, task_id = handle.partition(":")
        path = "/api/v1/generate/record-info" if kind == MUSIC else "/api/v1/jobs/recordInfo"
        response = yield VendorRequest("GET", f"{path}?taskId={task_id}")
        content = _served(response)
        data = mapping(content.get("data"))
        return (
            _song(request, handle, response, data)
            if kind == MUSIC
            else _task(request, handle, response, data)
        )

    def cancel(self, handle: str) -> Flow[None]:  # noqa: ARG002
        """Do nothing: the market has no way to stop a task."""
        yield from ()


def _task_id(body: bytes) -> str | None:
    """The task's id, which a callback spells in one of two ways."""
    try:
        data = mapping(mapping(json.loads(body)).get("data"))
    except (ValueError, RecursionError):
        return None
    task_id = data.get("taskId") or data.get("task_id")
    return task_id if isinstance(task_id, str) and _TASK_ID.fullmatch(task_id) else None


class KieCallbacks:
    """Verifies the market's callbacks: see :class:`darkroom_vendors.callbacks.Verifier`.

    The signature covers the task's id and the time but not the body. The operator enables signing in the market's
    console; without a ``kie_webhook`` secret the unguessable address of the callback has to do.
    """

    def __init__(self, keys: CallbackKeys) -> None:
        self._keys = keys

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
        """The id of the task a callback is about; ``None`` if the callback proves nothing."""
        task_id, secret = _task_id(body), self._keys.secret("kie_webhook")
        if task_id is None or not secret:
            return task_id
        timestamp = headers.get("x-webhook-timestamp", "")
        if not re.fullmatch(r"[0-9]{1,10}", timestamp):
            return None
        if not is_timely(datetime.fromtimestamp(int(timestamp), UTC), now):
            return None
        mac = hmac.new(secret.encode(), f"{task_id}.{timestamp}".encode(), hashlib.sha256).digest()
        signature = headers.get("x-webhook-signature", "").encode()
        return task_id if hmac.compare_digest(base64.b64encode(mac), signature) else None


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


def refusal(response: VendorResponse, code: int, message: str) -> EngineError:
    """The failure that a ``code`` other than 200 means, in a body or as a task's ``failCode``."""
    named = {"code": str(code)}
    if code in _POLICY_CODES and _POLICY.search(message):
        return Blocked(message, **named)
    if code in (408, 429):
        return RateLimitedByVendor(message, retry_after=retry_after(response, usual=10), **named)
    if code == 455 or (code == 500 and not _UNUSABLE.search(message)):
        return VendorUnavailable(
            message, retry_after=retry_after(response, usual=60 if code == 455 else 5), **named
        )
    return _REFUSALS.get(code, RouteFailed)(message, **named)


def _started(request: TaskRequest, call: VendorRequest, kind: str) -> Flow[Finished | Pending]:
    response = yield call
    content = _served(response, committed=True)
    task_id = mapping(content.get("data")).get("taskId")
    if not isinstance(task_id, str) or not task_id:
        raise garbled(response)
    return _later(request, f"{kind}:{task_id}", response, vendor_facts(task_id))


def _served(response: VendorResponse, *, committed: bool = False) -> Mapping[str, Any]:
    """The data of a response whose code is 200."""
    content = response.json()
    if not isinstance(content, dict) or not isinstance(content.get("code"), int):
        if response.ok and committed:
            raise garbled(response)
        if response.ok:
            raise VendorUnavailable("an unreadable response")
        raise failure(response, "a response without a code")
    if content["code"] != 200:
        raise refusal(
            response, content["code"], str(content.get("msg") or content.get("message") or "no message")
        )
    return content


def _task(
    request: TaskRequest, handle: str, response: VendorResponse, data: Mapping[str, Any]
) -> Finished | Pending:
    state, facts = data.get("state"), _facts(data)
    if state == "success":
        return Finished(_download(_result_url(data)), facts)
    if state == "fail":
        code = str(data.get("failCode") or "")
        raise refusal(response, int(code) if code.isdigit() else 501, str(data.get("failMsg") or "failed"))
    return _later(request, handle, response, facts)


def _result_url(data: Mapping[str, Any]) -> object:
    """The first result; the record holds its results as JSON within JSON."""
    results = data.get("resultJson")
    try:
        result = json.loads(results) if isinstance(results, str) else results
    except ValueError:
        result = None
    urls = mapping(result).get("resultUrls")
    return urls[0] if isinstance(urls, list) and urls else None


def _song(
    request: TaskRequest, handle: str, response: VendorResponse, data: Mapping[str, Any]
) -> Finished | Pending:
    """The outcome that a song's record means. Of its two songs one is delivered: the first that is there."""
    status = str(data.get("status") or "")
    if status == "SENSITIVE_WORD_ERROR":
        raise Blocked(str(data.get("errorMessage") or status), code=status)
    if status in ("CREATE_TASK_FAILED", "GENERATE_AUDIO_FAILED"):
        message = str(data.get("errorMessage") or status)
        raise (Blocked if _POLICY.search(message) else RouteFailed)(message, code=status)
    songs = mapping(data.get("response")).get("sunoData")
    ready = [one["audioUrl"] for one in songs or () if isinstance(one, dict) and one.get("audioUrl")]
    # A failed callback to us says nothing about the song.
    if ready and status in ("FIRST_SUCCESS", "SUCCESS", "CALLBACK_EXCEPTION"):
        return Finished(_download(ready[0]), _facts(data))
    if status == "SUCCESS":
        raise RouteFailed("a finished song without an address", code="no_media")
    return _later(request, handle, response, _facts(data))


def _download(url: object) -> Download:
    if not isinstance(url, str) or not url:
        raise RouteFailed("a finished task without an address", code="no_media")
    return Download(url)


def _later(request: TaskRequest, handle: str, response: VendorResponse, facts: VendorFacts) -> Pending:
    model = MODELS.get(request.model)
    slow = model is None or model.moving
    first, longest = (10.0, 60.0) if slow else (2.0, 15.0)
    return pending(request, handle, response, facts, first=first, longest=longest)


def _facts(data: Mapping[str, Any]) -> VendorFacts:
    return vendor_facts(
        data.get("taskId"), cost_credits=data.get("creditsConsumed"), vendor_ms=data.get("costTime")
    )


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
