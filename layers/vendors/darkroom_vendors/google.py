"""Google's Gemini API: pictures and words by ``generateContent``, moving pictures by background interactions.

A refused prompt is not an error here: it is a served request without a picture, with the reason beside it.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.domain.jobs.engine import Download, Finished, InputFile, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import NO_FACTS, VendorFacts
from darkroom.domain.jobs.spec import FilmSpec, ImageSpec
from darkroom.domain.media.sniffing import sniff
from darkroom.domain.prompts.composing import composed
from darkroom_vendors import texts
from darkroom_vendors.base import (
    MAX_RETRY_AFTER,
    Flow,
    VendorRequest,
    VendorResponse,
    failure,
    garbled,
    nearest_ratio,
    pending,
)
from darkroom_vendors.json_access import mapping, mappings, vendor_facts

IMAGE_SECONDS = 120.0
VIDEO_FIRST_POLL, VIDEO_LONGEST_POLL = 10.0, 60.0
MAX_INLINE_BYTES = 20 * 1024 * 1024  # of all inputs together; more is documented for newer accounts only
STRAY_REFUSALS = 3  # polls of known work have been answered 400 and then gone on

_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_EXTREME_RATIOS = (*_RATIOS, "1:4", "4:1", "1:8", "8:1")

_BLOCKED = frozenset(
    {
        *("SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "SPII", "RECITATION"),
        *("IMAGE_SAFETY", "IMAGE_PROHIBITED_CONTENT", "IMAGE_RECITATION"),
    }
)
_POLICY = re.compile(r"\b(safety|policy|policies|prohibited|responsible ai)\b", re.IGNORECASE)
_BAD_KEY = re.compile(r"api.?key", re.IGNORECASE)
_RUNNING = frozenset({"queued", "in_progress"})


@dataclass(frozen=True, slots=True)
class _Images:
    """A model that makes pictures: the ratios and sizes it knows, how many pictures may come in."""

    ratios: tuple[str, ...]
    sizes: tuple[str, ...] = ("1K", "2K", "4K")
    max_inputs: int = 14


@dataclass(frozen=True, slots=True)
class _Films:
    """A model that makes films: seconds and resolutions it knows."""

    seconds: tuple[int, int] = (3, 10)
    resolutions: tuple[str, ...] = ("360p", "720p", "1080p", "4k")
    ratios: tuple[str, ...] = ("16:9", "9:16")


MODELS: Mapping[str, _Images | _Films] = {
    "gemini-nano-banana-2.1": _Images(_EXTREME_RATIOS),
    "gemini-3-pro-image": _Images(_RATIOS),
    "gemini-3.1-flash-lite-image": _Images(_RATIOS, sizes=("1K",)),
    "gemini-omni-1.1-flash": _Films(),
    "gemini-omni-1.2-flash": _Films(),
}


class Google:
    """The Gemini API's contract."""

    name = "google"
    base_url = "https://generativelanguage.googleapis.com"
    hosts = ("generativelanguage.googleapis.com",)

    def authorize(self, key: str) -> Mapping[str, str]:
        """See :meth:`darkroom_vendors.base.Vendor.authorize`."""
        return {"x-goog-api-key": key}

    def start(self, order: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:  # noqa: ARG002
        """Make a picture or write a text in one call, or have a film started."""
        if order.job.kind in texts.KINDS:
            return (yield from texts.by_generate_content(order, refusal, _refuse_blocked, _reply_facts))
        model = MODELS.get(order.model)
        if isinstance(model, _Images):
            return (yield from _make_image(order, model))
        if isinstance(model, _Films):
            return (yield from _start_film(order, model))
        raise Rejected(f"no mapping for the model {order.model}")

    def poll(self, order: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        """Look a film up."""
        interaction, strays = _strays(handle)
        reply = yield VendorRequest("GET", f"/v1/interactions/{interaction}")
        if reply.status == 400 and strays < STRAY_REFUSALS and not _POLICY.search(_message(reply)):
            again = f"{interaction}#{strays + 1}"
            return pending(order, again, reply, NO_FACTS, first=VIDEO_FIRST_POLL, longest=VIDEO_LONGEST_POLL)
        if reply.status == 400 and strays >= STRAY_REFUSALS:
            raise RouteFailed("the interaction is not known any more", code="invalid_interaction")
        if not reply.ok:
            raise refusal(reply)
        return _film(order, reply, reply.object())

    def cancel(self, handle: str) -> Flow[None]:
        """Ask for a film to be stopped."""
        reply = yield VendorRequest("POST", f"/v1/interactions/{_strays(handle)[0]}/cancel", body={})
        if not reply.ok:
            raise refusal(reply)


def image_request(order: TaskRequest, model: _Images) -> dict[str, Any]:
    """The body that asks for one picture. There is no field for a mask."""
    if order.input_files_as("mask"):
        raise Rejected("this model takes no mask")
    pictures = order.input_files[: model.max_inputs]
    if sum(len(picture.data) for picture in pictures) > MAX_INLINE_BYTES:
        raise Rejected(f"the pictures have more than {MAX_INLINE_BYTES} bytes together")
    ratio = nearest_ratio(order.job.spec.aspect_ratio, model.ratios)
    size = str(order.options.get("imageSize") or order.job.spec_as(ImageSpec).resolution or model.sizes[0])
    shape = {"aspectRatio": ratio, "imageSize": size if size in model.sizes else model.sizes[0]}
    return {
        "contents": [
            {
                "role": "user",
                "parts": [{"text": composed(order)}, *({"inlineData": _inline(one)} for one in pictures)],
            }
        ],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {name: value for name, value in shape.items() if value},
        },
    }


def film_request(order: TaskRequest, model: _Films) -> dict[str, Any]:
    """The body that has one film started. Without ``background`` the call would last as long as the work."""
    spec = order.job.spec_as(FilmSpec)
    source = next(iter(order.input_files_as("source", "ref")), None)
    low, high = model.seconds
    seconds = min(max(round(spec.seconds or 8), low), high)
    resolution = str(spec.resolution or order.options.get("resolution") or "720p")
    shape = {
        "type": "video",
        "delivery": "uri",
        "aspect_ratio": nearest_ratio(order.job.spec.aspect_ratio, model.ratios),
        "resolution": resolution if resolution in model.resolutions else "720p",
        "duration": f"{seconds}s",
    }
    picture = [{"type": "image", **_snake_inline(source)}] if source else []
    return {
        "model": order.model,
        "background": True,
        "store": True,
        "input": [*picture, {"type": "text", "text": composed(order)}],
        "response_format": {name: value for name, value in shape.items() if value},
        "generation_config": {
            "video_config": {"task": "image_to_video" if source else "text_to_video"},
        },
    }


def refusal(reply: VendorResponse) -> EngineError:
    """What an HTTP error means. The error comes bare or as the only element of a list."""
    error = _error(reply)
    status, message = str(error.get("status") or ""), _message(reply)
    if reply.status == 400 and _is_bad_key(error, message):
        return AccountTrouble(message, code="API_KEY_INVALID")
    if status == "FAILED_PRECONDITION":
        return AccountTrouble(message, code=status)
    if reply.status == 400 and _POLICY.search(message):
        return Blocked(message, code=status)
    found = failure(reply, message, code=status)
    asked = _retry_delay(error)
    if isinstance(found, RateLimitedByVendor) and asked is not None:
        return type(found)(str(found), retry_after=asked, code=found.code)
    return found


def _make_image(order: TaskRequest, model: _Images) -> Flow[Finished | Pending]:
    reply = yield VendorRequest(
        "POST",
        f"/v1/models/{order.model}:generateContent",
        body=image_request(order, model),
        timeout_seconds=IMAGE_SECONDS,
        commits=True,
    )
    if not reply.ok:
        raise refusal(reply)
    said = reply.json()
    if not isinstance(said, dict):
        raise garbled(reply)
    return Finished(_picture(said), _answer_facts(said))


def _picture(said: Mapping[str, Any]) -> Output:
    _refuse_blocked(said)
    data = _last_image(said)
    if data is None:
        raise VendorUnavailable("no picture came", code=_finish_reason(said) or "no_image")
    media = sniff(data)
    if media is None or not media.mime.startswith("image/"):
        raise VendorUnavailable("what came is no picture", code="no_image")
    return Output(data, media.mime, nearest_ratio(f"{media.width}:{media.height}", _EXTREME_RATIOS) or "")


def _refuse_blocked(said: Mapping[str, Any]) -> None:
    reason = mapping(said.get("promptFeedback")).get("blockReason")
    if reason:
        raise Blocked("the prompt was refused", code=str(reason))
    finish = _finish_reason(said)
    if finish in _BLOCKED:
        raise Blocked("the picture was withheld", code=finish)


def _last_image(said: Mapping[str, Any]) -> bytes | None:
    """The last picture that is not one of the model's own drafts."""
    parts = mappings(mapping(_candidate(said).get("content")).get("parts"))
    inline = [mapping(part.get("inlineData")) for part in parts if part.get("thought") is not True]
    drawn = [one["data"] for one in inline if isinstance(one.get("data"), str)]
    return _decoded(drawn[-1]) if drawn else None


def _start_film(order: TaskRequest, model: _Films) -> Flow[Finished | Pending]:
    reply = yield VendorRequest("POST", "/v1/interactions", body=film_request(order, model), commits=True)
    if not reply.ok:
        raise refusal(reply)
    said = reply.json()
    if not isinstance(said, dict) or not isinstance(said.get("id"), str):
        raise garbled(reply)
    return _film(order, reply, said)


def _film(order: TaskRequest, reply: VendorResponse, said: Mapping[str, Any]) -> Finished | Pending:
    """What an interaction's record means."""
    status, facts = str(said.get("status") or ""), _film_facts(said)
    if status in _RUNNING:
        handle = str(said.get("id") or order.task.handle or "")
        return pending(order, handle, reply, facts, first=VIDEO_FIRST_POLL, longest=VIDEO_LONGEST_POLL)
    if status == "budget_exceeded":
        raise AccountTrouble("the account's budget is used up", code=status)
    if status != "completed":
        why = str(mapping(said.get("error")).get("message") or status)
        raise (Blocked if _POLICY.search(why) else RouteFailed)(f"the film ended as {why}", code=status)
    for part in _content(said):
        if part.get("type") == "video":
            return Finished(_delivered(order, part), facts)
    raise Blocked("only words came", code="text_only")


def _delivered(order: TaskRequest, part: Mapping[str, Any]) -> Output | Download:
    uri, inline = part.get("uri"), part.get("data")
    if isinstance(uri, str):
        media = uri if "alt=media" in uri else f"{uri}{'&' if '?' in uri else '?'}alt=media"
        return Download(
            media,
            hosts=("googleapis.com", "googleusercontent.com"),
            authorized=True,
            aspect_ratio=_ratio(order),
        )
    data = _decoded(inline) if isinstance(inline, str) else None
    if not data:
        raise RouteFailed("a film without an address", code="no_media")
    return Output(data, "video/mp4", _ratio(order))


def _ratio(order: TaskRequest) -> str:
    return nearest_ratio(order.job.spec.aspect_ratio, _Films().ratios) or ""


def _content(said: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for step in mappings(said.get("steps")):
        if step.get("type") == "model_output":
            yield from mappings(step.get("content"))


def _inline(input_file: InputFile) -> dict[str, str]:
    return {"mimeType": _mime(input_file), "data": base64.b64encode(input_file.data).decode()}


def _snake_inline(input_file: InputFile) -> dict[str, str]:
    return {"mime_type": _mime(input_file), "data": base64.b64encode(input_file.data).decode()}


def _mime(input_file: InputFile) -> str:
    media = sniff(input_file.data)
    if media is None:
        raise Rejected(f"the {input_file.role} is of no known type")
    return media.mime


def _decoded(text: str) -> bytes | None:
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return None


def _strays(handle: str) -> tuple[str, int]:
    interaction, _, strays = handle.partition("#")
    return interaction, int(strays or 0)


def _candidate(said: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(iter(mappings(said.get("candidates"))), {})


def _finish_reason(said: Mapping[str, Any]) -> str:
    return str(_candidate(said).get("finishReason") or "")


def _answer_facts(said: Mapping[str, Any]) -> VendorFacts:
    usage = mapping(said.get("usageMetadata"))
    return vendor_facts(
        said.get("responseId"),
        served_model=said.get("modelVersion"),
        input_tokens=usage.get("promptTokenCount"),
        output_tokens=usage.get("candidatesTokenCount"),
    )


def _reply_facts(reply: VendorResponse) -> VendorFacts:
    return _answer_facts(reply.object())


def _film_facts(said: Mapping[str, Any]) -> VendorFacts:
    usage = mapping(said.get("usage"))
    return vendor_facts(
        said.get("id"),
        input_tokens=usage.get("total_input_tokens"),
        output_tokens=usage.get("total_output_tokens"),
    )


def _error(reply: VendorResponse) -> Mapping[str, Any]:
    said = reply.json()
    if isinstance(said, list):
        said = said[0] if said else None
    return mapping(mapping(said).get("error"))


def _message(reply: VendorResponse) -> str:
    return str(_error(reply).get("message") or "no message")


def _is_bad_key(error: Mapping[str, Any], message: str) -> bool:
    reasons = {detail.get("reason") for detail in mappings(error.get("details"))}
    return "API_KEY_INVALID" in reasons or bool(_BAD_KEY.search(message))


def _retry_delay(error: Mapping[str, Any]) -> int | None:
    """Whole seconds of a ``RetryInfo``, such as ``23s``."""
    for detail in mappings(error.get("details")):
        found = re.fullmatch(r"(\d{1,6})(?:\.\d+)?s", str(detail.get("retryDelay") or ""))
        if found:
            return min(max(int(found[1]), 1), MAX_RETRY_AFTER)
    return None
