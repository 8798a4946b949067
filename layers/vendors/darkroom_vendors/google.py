"""Google's Gemini API: pictures and words by ``generateContent``, moving pictures by background interactions.

A refused prompt is not an HTTP error: the response is a 2xx without a picture and names the reason.
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
from darkroom.domain.queues import MAX_DELAY_SECONDS
from darkroom_vendors import texts
from darkroom_vendors.base import (
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
MAX_INLINE_BYTES = 20 * 1024 * 1024  # of all inputs together; only newer accounts are documented to have more
STRAY_REFUSALS = 3  # polls of existing work have got a 400 and later succeeded

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
    """A model that makes pictures: its ratios and sizes, and how many input pictures it takes."""

    ratios: tuple[str, ...]
    sizes: tuple[str, ...] = ("1K", "2K", "4K")
    max_inputs: int = 14


@dataclass(frozen=True, slots=True)
class _Films:
    """A model that makes films: its lengths in seconds and its resolutions."""

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

    def start(self, request: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:  # noqa: ARG002
        """Make a picture or write a text in one call, or start a film."""
        if request.job.kind in texts.KINDS:
            return (yield from texts.by_generate_content(request, refusal, _refuse_blocked, _reply_facts))
        model = MODELS.get(request.model)
        if isinstance(model, _Images):
            return (yield from _make_image(request, model))
        if isinstance(model, _Films):
            return (yield from _start_film(request, model))
        raise Rejected(f"no mapping for the model {request.model}")

    def poll(self, request: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        """Look a film up."""
        interaction, strays = _strays(handle)
        response = yield VendorRequest("GET", f"/v1/interactions/{interaction}")
        if response.status == 400 and strays < STRAY_REFUSALS and not _POLICY.search(_message(response)):
            again = f"{interaction}#{strays + 1}"
            return pending(
                request, again, response, NO_FACTS, first=VIDEO_FIRST_POLL, longest=VIDEO_LONGEST_POLL
            )
        if response.status == 400 and strays >= STRAY_REFUSALS:
            raise RouteFailed("the interaction is not known any more", code="invalid_interaction")
        if not response.ok:
            raise refusal(response)
        return _film(request, response, response.object())

    def cancel(self, handle: str) -> Flow[None]:
        """Ask for a film to be stopped."""
        response = yield VendorRequest("POST", f"/v1/interactions/{_strays(handle)[0]}/cancel", body={})
        if not response.ok:
            raise refusal(response)


def image_request(request: TaskRequest, model: _Images) -> dict[str, Any]:
    """The body of a request for one picture. It has no field for a mask."""
    if request.input_files_as("mask"):
        raise Rejected("this model takes no mask")
    pictures = request.pictures[: model.max_inputs]
    if sum(len(picture.data) for picture in pictures) > MAX_INLINE_BYTES:
        raise Rejected(f"the pictures have more than {MAX_INLINE_BYTES} bytes together")
    ratio = nearest_ratio(request.job.spec.aspect_ratio, model.ratios)
    size = str(
        request.options.get("imageSize") or request.job.spec_as(ImageSpec).resolution or model.sizes[0]
    )
    shape = {"aspectRatio": ratio, "imageSize": size if size in model.sizes else model.sizes[0]}
    return {
        "contents": [
            {
                "role": "user",
                "parts": [{"text": composed(request)}, *({"inlineData": _inline(one)} for one in pictures)],
            }
        ],
        "generationConfig": {
            "responseModalities": ["IMAGE"],
            "imageConfig": {name: value for name, value in shape.items() if value},
        },
    }


def film_request(request: TaskRequest, model: _Films) -> dict[str, Any]:
    """The body of a request for one film. Without ``background`` the call would last as long as the work."""
    spec = request.job.spec_as(FilmSpec)
    source = request.input_files_as("source")[:1]
    pictures = source or request.pictures
    low, high = model.seconds
    seconds = min(max(round(spec.seconds or 8), low), high)
    resolution = str(spec.resolution or request.options.get("resolution") or "720p")
    shape = {
        "type": "video",
        "delivery": "uri",
        "aspect_ratio": nearest_ratio(request.job.spec.aspect_ratio, model.ratios),
        "resolution": resolution if resolution in model.resolutions else "720p",
        "duration": f"{seconds}s",
    }
    task = "image_to_video" if source else "reference_to_video" if pictures else "text_to_video"
    return {
        "model": request.model,
        "background": True,
        "store": True,
        "input": [
            *({"type": "image", **_snake_inline(one)} for one in pictures),
            {"type": "text", "text": composed(request)},
        ],
        "response_format": {name: value for name, value in shape.items() if value},
        "generation_config": {"video_config": {"task": task}},
    }


def refusal(response: VendorResponse) -> EngineError:
    """The failure that an HTTP error means. The error is an object, or the only element of a list."""
    error = _error(response)
    status, message = str(error.get("status") or ""), _message(response)
    if response.status == 400 and _is_bad_key(error, message):
        return AccountTrouble(message, code="API_KEY_INVALID")
    if status == "FAILED_PRECONDITION":
        return AccountTrouble(message, code=status)
    if response.status == 400 and _POLICY.search(message):
        return Blocked(message, code=status)
    generic = failure(response, message, code=status)
    delay = _retry_delay(error)
    if isinstance(generic, RateLimitedByVendor) and delay is not None:
        return type(generic)(str(generic), retry_after=delay, code=generic.code)
    return generic


def _make_image(request: TaskRequest, model: _Images) -> Flow[Finished | Pending]:
    response = yield VendorRequest(
        "POST",
        f"/v1/models/{request.model}:generateContent",
        body=image_request(request, model),
        timeout_seconds=IMAGE_SECONDS,
        commits=True,
    )
    if not response.ok:
        raise refusal(response)
    content = response.json()
    if not isinstance(content, dict):
        raise garbled(response)
    return Finished(_picture(content), _answer_facts(content))


def _picture(content: Mapping[str, Any]) -> Output:
    _refuse_blocked(content)
    data = _last_image(content)
    if data is None:
        raise VendorUnavailable("no picture came", code=_finish_reason(content) or "no_image")
    media = sniff(data)
    if media is None or not media.mime.startswith("image/"):
        raise VendorUnavailable("what came is no picture", code="no_image")
    return Output(data, media.mime, nearest_ratio(f"{media.width}:{media.height}", _EXTREME_RATIOS) or "")


def _refuse_blocked(content: Mapping[str, Any]) -> None:
    reason = mapping(content.get("promptFeedback")).get("blockReason")
    if reason:
        raise Blocked("the prompt was refused", code=str(reason))
    finish = _finish_reason(content)
    if finish in _BLOCKED:
        raise Blocked("the picture was withheld", code=finish)


def _last_image(content: Mapping[str, Any]) -> bytes | None:
    """The last picture that is not one of the model's drafts."""
    parts = mappings(mapping(_candidate(content).get("content")).get("parts"))
    inline = [mapping(part.get("inlineData")) for part in parts if part.get("thought") is not True]
    drawn = [one["data"] for one in inline if isinstance(one.get("data"), str)]
    return _decoded(drawn[-1]) if drawn else None


def _start_film(request: TaskRequest, model: _Films) -> Flow[Finished | Pending]:
    response = yield VendorRequest(
        "POST", "/v1/interactions", body=film_request(request, model), commits=True
    )
    if not response.ok:
        raise refusal(response)
    content = response.json()
    if not isinstance(content, dict) or not isinstance(content.get("id"), str):
        raise garbled(response)
    return _film(request, response, content)


def _film(request: TaskRequest, response: VendorResponse, content: Mapping[str, Any]) -> Finished | Pending:
    """What an interaction's record means."""
    status, facts = str(content.get("status") or ""), _film_facts(content)
    if status in _RUNNING:
        handle = str(content.get("id") or request.task.handle or "")
        return pending(request, handle, response, facts, first=VIDEO_FIRST_POLL, longest=VIDEO_LONGEST_POLL)
    if status == "budget_exceeded":
        raise AccountTrouble("the account's budget is used up", code=status)
    if status != "completed":
        why = str(mapping(content.get("error")).get("message") or status)
        raise (Blocked if _POLICY.search(why) else RouteFailed)(f"the film ended as {why}", code=status)
    for part in _content(content):
        if part.get("type") == "video":
            return Finished(_delivered(request, part), facts)
    raise Blocked("only words came", code="text_only")


def _delivered(request: TaskRequest, part: Mapping[str, Any]) -> Output | Download:
    uri, inline = part.get("uri"), part.get("data")
    if isinstance(uri, str):
        media = uri if "alt=media" in uri else f"{uri}{'&' if '?' in uri else '?'}alt=media"
        return Download(
            media,
            hosts=("googleapis.com", "googleusercontent.com"),
            authorized=True,
            aspect_ratio=_ratio(request),
        )
    data = _decoded(inline) if isinstance(inline, str) else None
    if not data:
        raise RouteFailed("a film without an address", code="no_media")
    return Output(data, "video/mp4", _ratio(request))


def _ratio(request: TaskRequest) -> str:
    return nearest_ratio(request.job.spec.aspect_ratio, _Films().ratios) or ""


def _content(content: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for step in mappings(content.get("steps")):
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


def _candidate(content: Mapping[str, Any]) -> Mapping[str, Any]:
    return next(iter(mappings(content.get("candidates"))), {})


def _finish_reason(content: Mapping[str, Any]) -> str:
    return str(_candidate(content).get("finishReason") or "")


def _answer_facts(content: Mapping[str, Any]) -> VendorFacts:
    usage = mapping(content.get("usageMetadata"))
    return vendor_facts(
        content.get("responseId"),
        served_model=content.get("modelVersion"),
        input_tokens=usage.get("promptTokenCount"),
        output_tokens=usage.get("candidatesTokenCount"),
    )


def _reply_facts(response: VendorResponse) -> VendorFacts:
    return _answer_facts(response.object())


def _film_facts(content: Mapping[str, Any]) -> VendorFacts:
    usage = mapping(content.get("usage"))
    return vendor_facts(
        content.get("id"),
        input_tokens=usage.get("total_input_tokens"),
        output_tokens=usage.get("total_output_tokens"),
    )


def _error(response: VendorResponse) -> Mapping[str, Any]:
    content = response.json()
    if isinstance(content, list):
        content = content[0] if content else None
    return mapping(mapping(content).get("error"))


def _message(response: VendorResponse) -> str:
    return str(_error(response).get("message") or "no message")


def _is_bad_key(error: Mapping[str, Any], message: str) -> bool:
    reasons = {detail.get("reason") for detail in mappings(error.get("details"))}
    return "API_KEY_INVALID" in reasons or bool(_BAD_KEY.search(message))


def _retry_delay(error: Mapping[str, Any]) -> int | None:
    """Whole seconds of a ``RetryInfo``, such as ``23s``."""
    for detail in mappings(error.get("details")):
        match = re.fullmatch(r"(\d{1,6})(?:\.\d+)?s", str(detail.get("retryDelay") or ""))
        if match:
            return min(max(int(match[1]), 1), MAX_DELAY_SECONDS)
    return None
