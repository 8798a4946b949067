"""kie.ai: a market of models behind one task API, and Suno-style music beside it.

What an answer means is in its body's ``code``; its HTTP status says little. Nothing can be canceled, and results
are gone within the hour, so they are copied when they are first seen.
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
    500: ModelRetired,  # only where its words say so: an unknown model is a server error here
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
    """A market model: how an order becomes its input, and whether it takes minutes."""

    build: _Build
    moving: bool = False


def _text_to_image(ratio_field: str, ratios: Sequence[str], **more: Any) -> _Build:
    def build(order: TaskRequest) -> _Fields:
        return present(
            prompt=_prompt(order),
            **{ratio_field: nearest_ratio(order.job.spec.aspect_ratio, ratios)},
            **more,
        )

    return build


def _with_pictures(build: _Build, name: str, most: int) -> _Build:
    def with_pictures(order: TaskRequest) -> _Fields:
        return {**build(order), name: [one.url for one in _pictures(order)[:most]]}

    return with_pictures


def _sized(build: _Build, sizes: Sequence[str]) -> _Build:
    def sized(order: TaskRequest) -> _Fields:
        wanted = str(order.job.spec_as(ImageSpec).resolution or order.options.get("resolution") or sizes[0])
        fields = build(order)
        # Without a ratio only the smallest size is made.
        size = wanted if wanted in sizes and "aspect_ratio" in fields else sizes[0]
        return {**fields, "resolution": size}

    return sized


def _optional_pictures(build: _Build, name: str, most: int) -> _Build:
    def optional(order: TaskRequest) -> _Fields:
        urls = [one.url for one in order.pictures[:most]]
        return {**build(order), **({name: urls} if urls else {})}

    return optional


def _qwen(order: TaskRequest) -> _Fields:
    return present(
        prompt=_prompt(order),
        image_size=_preset(order),
        output_format="png",
        negative_prompt=order.options.get("negative_prompt"),
    )


def _qwen_from_picture(order: TaskRequest) -> _Fields:
    return {
        "prompt": _prompt(order),
        "image_url": _source(order).url,
        "strength": 0.7,
        "output_format": "png",
    }


def _qwen_edit(order: TaskRequest) -> _Fields:
    return present(
        prompt=_prompt(order),
        image_url=_source(order).url,
        image_size=_preset(order),
        output_format="png",
    )


def _upscale(order: TaskRequest) -> _Fields:
    factor = order.job.spec_as(ImageSpec).factor or 2
    return {"image_url": _source(order).url, "upscale_factor": str(factor)}


def _reframe(order: TaskRequest) -> _Fields:
    return {
        "image_url": _source(order).url,
        "image_size": _preset(order) or "square_hd",
        "rendering_speed": "BALANCED",
    }


def _avatar(order: TaskRequest) -> _Fields:
    voice = next(iter(order.input_files_as("audio")), None)
    if voice is None:
        raise Rejected("a talking picture needs a voice")
    return {
        "image_url": _source(order).url,
        "audio_url": voice.url,
        "prompt": _prompt(order),
        "resolution": "720p",
    }


def _grok_film(order: TaskRequest) -> _Fields:
    spec = order.job.spec_as(FilmSpec)
    seconds = min(max(round(spec.seconds or 6), 6), 30)
    resolution = spec.resolution or "480p"
    return present(
        prompt=_prompt(order),
        aspect_ratio=nearest_ratio(order.job.spec.aspect_ratio, _GROK_RATIOS),
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

    def start(self, order: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:
        """Have a picture, a film or a song made."""
        if order.model in MUSIC_MODELS:
            call = VendorRequest(
                "POST", "/api/v1/generate", body=music_request(order, callback_url), commits=True
            )
            return (yield from _started(order, call, MUSIC))
        body = task_request(order, callback_url)
        return (
            yield from _started(
                order, VendorRequest("POST", "/api/v1/jobs/createTask", body=body, commits=True), MARKET
            )
        )

    def poll(self, order: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        """Look a task up. A bare id, which is what a callback names, is a handle too."""
        if ":" not in handle:
            handle = f"{MUSIC if order.model in MUSIC_MODELS else MARKET}:{handle}"
        kind, _, task_id = handle.partition(":")
        path = "/api/v1/generate/record-info" if kind == MUSIC else "/api/v1/jobs/recordInfo"
        reply = yield VendorRequest("GET", f"{path}?taskId={task_id}")
        said = _served(reply)
        data = mapping(said.get("data"))
        return _song(order, handle, reply, data) if kind == MUSIC else _task(order, handle, reply, data)

    def cancel(self, handle: str) -> Flow[None]:  # noqa: ARG002
        """Do nothing: the market offers no way to stop a task."""
        yield from ()


def _called_about(body: bytes) -> str | None:
    """The task's id, which stands in one of two spellings."""
    try:
        data = mapping(mapping(json.loads(body)).get("data"))
    except (ValueError, RecursionError):
        return None
    found = data.get("taskId") or data.get("task_id")
    return found if isinstance(found, str) and _TASK_ID.fullmatch(found) else None


class KieCallbacks:
    """Verifies the market's calls: see :class:`darkroom_vendors.callbacks.Verifier`.

    The signature covers the task's id and the time but not the body. Signing is switched on in the market's console;
    where the operator has put no ``kie_webhook`` secret, the unguessable address of the call speaks for it.
    """

    def __init__(self, keys: CallbackKeys) -> None:
        self._keys = keys

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
        """The id of the task a call is about, ``None`` if the call proves nothing."""
        task_id, secret = _called_about(body), self._keys.secret("kie_webhook")
        if task_id is None or not secret:
            return task_id
        told = headers.get("x-webhook-timestamp", "")
        if not re.fullmatch(r"[0-9]{1,10}", told):
            return None
        if not is_timely(datetime.fromtimestamp(int(told), UTC), now):
            return None
        mac = hmac.new(secret.encode(), f"{task_id}.{told}".encode(), hashlib.sha256).digest()
        signature = headers.get("x-webhook-signature", "").encode()
        return task_id if hmac.compare_digest(base64.b64encode(mac), signature) else None


def task_request(order: TaskRequest, callback_url: str | None) -> _Fields:
    """The body that starts a market task."""
    model = MODELS.get(order.model)
    if model is None:
        raise Rejected(f"no mapping for the model {order.model}")
    return present(model=order.model, input=model.build(order), callBackUrl=callback_url)


def music_request(order: TaskRequest, callback_url: str | None) -> _Fields:
    """The body that starts a song; without an address to call back it would be refused."""
    if callback_url is None:
        raise RouteUnusable("music needs an address to call back")
    spec = order.job.spec_as(MusicSpec)
    style, title, instrumental = spec.style or "", spec.title or "", bool(spec.instrumental)
    common = {"model": order.model, "instrumental": instrumental, "callBackUrl": callback_url}
    if not (style and title):
        return {**common, "customMode": False, "prompt": composed(order)[:_SIMPLE_MUSIC_CHARS]}
    lyrics = (spec.lyrics or order.prompt)[:_LYRICS_CHARS]
    words = {} if instrumental else {"prompt": lyrics}
    return {
        **common,
        "customMode": True,
        "style": style[:_STYLE_CHARS],
        "title": title[:_TITLE_CHARS],
        **words,
    }


def refusal(reply: VendorResponse, code: int, message: str) -> EngineError:
    """What a ``code`` other than 200 means, in a body or as a task's ``failCode``."""
    named = {"code": str(code)}
    if code in _POLICY_CODES and _POLICY.search(message):
        return Blocked(message, **named)
    if code in (408, 429):
        return RateLimitedByVendor(message, retry_after=retry_after(reply, usual=10), **named)
    if code == 455 or (code == 500 and not _UNUSABLE.search(message)):
        return VendorUnavailable(
            message, retry_after=retry_after(reply, usual=60 if code == 455 else 5), **named
        )
    return _REFUSALS.get(code, RouteFailed)(message, **named)


def _started(order: TaskRequest, call: VendorRequest, kind: str) -> Flow[Finished | Pending]:
    reply = yield call
    said = _served(reply, committed=True)
    task_id = mapping(said.get("data")).get("taskId")
    if not isinstance(task_id, str) or not task_id:
        raise garbled(reply)
    return _later(order, f"{kind}:{task_id}", reply, vendor_facts(task_id))


def _served(reply: VendorResponse, *, committed: bool = False) -> Mapping[str, Any]:
    """The body of a served request, judged by its own code."""
    said = reply.json()
    if not isinstance(said, dict) or not isinstance(said.get("code"), int):
        if reply.ok and committed:
            raise garbled(reply)
        if reply.ok:
            raise VendorUnavailable("an answer nobody can read")
        raise failure(reply, "an answer without a code")
    if said["code"] != 200:
        raise refusal(reply, said["code"], str(said.get("msg") or said.get("message") or "no message"))
    return said


def _task(
    order: TaskRequest, handle: str, reply: VendorResponse, data: Mapping[str, Any]
) -> Finished | Pending:
    state, facts = data.get("state"), _facts(data)
    if state == "success":
        return Finished(_download(_result_url(data)), facts)
    if state == "fail":
        code = str(data.get("failCode") or "")
        raise refusal(reply, int(code) if code.isdigit() else 501, str(data.get("failMsg") or "failed"))
    return _later(order, handle, reply, facts)


def _result_url(data: Mapping[str, Any]) -> object:
    """The first result; the record holds its results as JSON within JSON."""
    told = data.get("resultJson")
    try:
        result = json.loads(told) if isinstance(told, str) else told
    except ValueError:
        result = None
    urls = mapping(result).get("resultUrls")
    return urls[0] if isinstance(urls, list) and urls else None


def _song(
    order: TaskRequest, handle: str, reply: VendorResponse, data: Mapping[str, Any]
) -> Finished | Pending:
    """What a song's record means. Of the two songs one is delivered, so the first that is there will do."""
    status = str(data.get("status") or "")
    if status == "SENSITIVE_WORD_ERROR":
        raise Blocked(str(data.get("errorMessage") or status), code=status)
    if status in ("CREATE_TASK_FAILED", "GENERATE_AUDIO_FAILED"):
        message = str(data.get("errorMessage") or status)
        raise (Blocked if _POLICY.search(message) else RouteFailed)(message, code=status)
    songs = mapping(data.get("response")).get("sunoData")
    ready = [one["audioUrl"] for one in songs or () if isinstance(one, dict) and one.get("audioUrl")]
    # A callback of ours that failed says nothing about the song.
    if ready and status in ("FIRST_SUCCESS", "SUCCESS", "CALLBACK_EXCEPTION"):
        return Finished(_download(ready[0]), _facts(data))
    if status == "SUCCESS":
        raise RouteFailed("a finished song without an address", code="no_media")
    return _later(order, handle, reply, _facts(data))


def _download(url: object) -> Download:
    if not isinstance(url, str) or not url:
        raise RouteFailed("a finished task without an address", code="no_media")
    return Download(url)


def _later(order: TaskRequest, handle: str, reply: VendorResponse, facts: VendorFacts) -> Pending:
    model = MODELS.get(order.model)
    slow = model is None or model.moving
    first, longest = (10.0, 60.0) if slow else (2.0, 15.0)
    return pending(order, handle, reply, facts, first=first, longest=longest)


def _facts(data: Mapping[str, Any]) -> VendorFacts:
    return vendor_facts(
        data.get("taskId"), cost_credits=data.get("creditsConsumed"), vendor_ms=data.get("costTime")
    )


def _prompt(order: TaskRequest) -> str:
    return composed(order)[:_PROMPT_CHARS]


def _preset(order: TaskRequest) -> str | None:
    ratio = nearest_ratio(order.job.spec.aspect_ratio, tuple(_PRESETS))
    return _PRESETS[ratio] if ratio else None


def _pictures(order: TaskRequest) -> tuple[InputFile, ...]:
    if not order.pictures:
        raise Rejected(f"{order.model} needs a picture")
    return order.pictures


def _source(order: TaskRequest) -> InputFile:
    return next(iter(order.input_files_as("source")), None) or _pictures(order)[0]
