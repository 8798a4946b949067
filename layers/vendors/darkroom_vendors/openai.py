"""OpenAI: pictures made and edited within one call, and texts in a requested shape.

The response has a picture's bytes; nothing can be polled or canceled. An error's ``code`` says what it means: a
blocked prompt and a wrong parameter have the same status and the same type.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.domain.jobs.engine import Finished, InputFile, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    ModelRetired,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.domain.media import sizes
from darkroom.domain.media.sniffing import Media, sniff
from darkroom.domain.prompts.composing import composed
from darkroom.domain.queues import MAX_DELAY_SECONDS
from darkroom.ports.vendors import Masks
from darkroom_vendors import texts
from darkroom_vendors.base import (
    Flow,
    Part,
    VendorRequest,
    VendorResponse,
    failure,
    garbled,
    nearest_ratio,
    retry_after,
)
from darkroom_vendors.json_access import mapping, mappings, vendor_facts

IMAGE_SECONDS = 150.0  # most take 20 to 120
MAX_PROMPT, MAX_PICTURES, MAX_MASK_BYTES = 32_000, 16, 4 * 1024 * 1024
MIN_AREA, MAX_AREA, LONGEST, STEP, WIDEST = 655_360, 8_294_400, 3840, 16, 3.0

_PRESETS: Mapping[str, str] = {"1:1": "1024x1024", "3:2": "1536x1024", "2:3": "1024x1536"}
_QUALITIES: Mapping[str, str] = {"fast": "low", "standard": "medium", "premium": "high"}
_ENDINGS: Mapping[str, str] = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
_PASSED_ON = ("background", "complexity", "moderation")  # a route's options that are fields of every request
_KINDS = frozenset({"image", "meme", "storyboard", "carousel", "edit", "reframe"})

_BLOCKED = texts.BLOCKED_CODES | {"moderation_blocked", "content_policy_violation"}
_ACCOUNT = frozenset(
    {"insufficient_quota", "billing_hard_limit_reached", "billing_not_active", "invalid_api_key"}
)
_RETIRED = frozenset({"model_not_found", "model_deprecated"})
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")
_SECONDS: Mapping[str, float] = {"ms": 0.001, "s": 1, "m": 60, "h": 3600}


@dataclass(frozen=True, slots=True)
class _Images:
    """A model that makes pictures: its qualities, and whether it makes any size rather than three."""

    qualities: tuple[str, ...] = ("low", "medium", "high")
    any_size: bool = True


_TWO = _Images()
_TWO_FIVE = _Images(("low", "medium", "high", "xhigh", "max"))
# That it makes any size is undocumented; a route can say so by the option any_size.
_TWO_SIX = _Images(any_size=False)

IMAGES: Mapping[str, _Images] = {
    "gpt-image-2": _TWO,
    "gpt-image-2-2026-04-21": _TWO,
    "gpt-image-2.5-flare": _TWO_FIVE,
    "gpt-image-2.5-flare-2026-09-08": _TWO_FIVE,
    "gpt-image-2.5-sunburst": _TWO_FIVE,
    "gpt-image-2.5-sunburst-2026-09-08": _TWO_FIVE,
    "gpt-image-2.6-flare": _TWO_SIX,
    "gpt-image-2.6-sunburst": _TWO_SIX,
}


@dataclass(frozen=True, slots=True)
class OpenAI:
    """OpenAI's contract. Without ``masks``, which converts masks, requests with one are refused."""

    masks: Masks | None = None

    name = "openai"
    base_url = "https://api.openai.com/v1"
    hosts = ("api.openai.com",)

    def authorize(self, key: str) -> Mapping[str, str]:
        """See :meth:`darkroom_vendors.base.Vendor.authorize`."""
        return {"Authorization": f"Bearer {key}"}

    def start(self, request: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:  # noqa: ARG002
        """Make a picture or write a text in one call."""
        if request.job.kind in texts.KINDS:
            return (
                yield from texts.by_responses(request, safety_identifier(request), refusal, request_facts)
            )
        model = IMAGES.get(request.model)
        if model is None:
            raise Rejected(f"no mapping for the model {request.model}")
        if request.job.kind not in _KINDS:
            raise Rejected(f"no mapping for {request.job.kind}")
        return (yield from self._make_image(request, model))

    def poll(self, request: TaskRequest, handle: str) -> Flow[Finished | Pending]:  # noqa: ARG002
        """Nothing can be looked up: a call whose response was lost leaves no trace."""
        yield from ()
        raise RouteFailed("there is nothing to look up", code="no_look_up")

    def cancel(self, handle: str) -> Flow[None]:  # noqa: ARG002
        """Nothing can be canceled either."""
        yield from ()

    def _make_image(self, request: TaskRequest, model: _Images) -> Flow[Finished | Pending]:
        call = edit_call(request, model, self.masks) if request.pictures else generation_call(request, model)
        response = yield call
        if not response.ok:
            raise refusal(response)
        content = response.json()
        if not isinstance(content, dict):
            raise garbled(response)
        return Finished(_picture(content), request_facts(response).updated(_image_facts(content)))


def generation_call(request: TaskRequest, model: _Images) -> VendorRequest:
    """The request for a picture from words alone."""
    if request.job.kind in ("edit", "reframe"):
        raise Rejected(f"{request.job.kind} needs a picture")
    return VendorRequest(
        "POST",
        "/images/generations",
        body={**image_fields(request, model), "n": 1},
        timeout_seconds=IMAGE_SECONDS,
        commits=True,
    )


def edit_call(request: TaskRequest, model: _Images, masks: Masks | None) -> VendorRequest:
    """The request for an edited picture. The picture to edit comes first, because a mask is for the first one."""
    pictures = sorted(request.pictures, key=lambda one: one.role != "source")[:MAX_PICTURES]
    files = [
        _file("image[]", f"image{number}", picture, _seen(picture))
        for number, picture in enumerate(pictures, 1)
    ]
    mask = next(iter(request.input_files_as("mask")), None)
    if mask is not None:
        files.append(("mask", ("mask.png", _cut_out(mask, _seen(pictures[0]), masks), "image/png")))
    return VendorRequest(
        "POST",
        "/images/edits",
        fields={**image_fields(request, model), "n": "1"},
        files=files,
        timeout_seconds=IMAGE_SECONDS,
        commits=True,
    )


def image_fields(request: TaskRequest, model: _Images) -> dict[str, str]:
    """The fields that both requests share."""
    prompt = composed(request)[:MAX_PROMPT]
    if not prompt:
        raise Rejected("there are no words to go by")
    quality = str(request.options.get("quality") or _QUALITIES.get(request.job.spec.quality, "auto"))
    passed_on = {name: str(request.options[name]) for name in _PASSED_ON if request.options.get(name)}
    return {
        "model": request.model,
        "prompt": prompt,
        "size": size_of(request, model),
        "quality": quality if quality in model.qualities else "auto",
        "output_format": "png",
        "safety_identifier": safety_identifier(request),
        **passed_on,
    }


def size_of(request: TaskRequest, model: _Images) -> str:
    """The size to request. If the caller leaves the shape open, an edit keeps its source's."""
    shape = _shape(request)
    if shape is None:
        return "auto"
    ratio, area = shape
    if not (model.any_size or request.options.get("any_size")):
        return _PRESETS[nearest_ratio(f"{ratio}:1", tuple(_PRESETS)) or "1:1"]
    within = min(max(ratio, 1 / WIDEST), WIDEST)
    width, height = sizes.stepped(
        within, min(max(area, MIN_AREA * 1.3), MAX_AREA), step=STEP, longest=LONGEST
    )
    return f"{width}x{height}"


def safety_identifier(request: TaskRequest) -> str:
    """A stable, anonymous id of the workspace, for the vendor's safety team."""
    return hashlib.sha256(request.job.owner.workspace_id.encode()).hexdigest()


def refusal(response: VendorResponse) -> EngineError:
    """The failure that an error means. ``x-should-retry`` only decides whether a retry has a chance."""
    error = _error(response)
    code = str(error.get("code") or error.get("type") or "")
    message = str(error.get("message") or "no message")
    named = {"code": code, "request_id": response.headers.get("x-request-id", "")}
    if code in _BLOCKED:
        return Blocked(_blocked_for(error), **named)
    if code in _ACCOUNT:
        return AccountTrouble(message, **named)
    if code in _RETIRED:
        return ModelRetired(message, **named)
    generic = failure(response, message, **named)
    should = response.headers.get("x-should-retry")
    wait = retry_after(response, usual=_reset(response) or 5)
    if isinstance(generic, RateLimitedByVendor):
        if should == "false":
            return RouteFailed(str(generic), **named)
        return type(generic)(str(generic), retry_after=wait, **named)
    return VendorUnavailable(str(generic), retry_after=wait, **named) if should == "true" else generic


def request_facts(response: VendorResponse) -> VendorFacts:
    """The facts in a response's headers."""
    return vendor_facts(
        response.headers.get("x-request-id"),
        vendor_ms=response.headers.get("openai-processing-ms") or None,
    )


def _shape(request: TaskRequest) -> tuple[float, float] | None:
    """Width by height, and about how many pixels, as far as the request says."""
    spec = request.job.spec_as(ImageSpec)
    if spec.size:
        width, height = spec.size
        return width / height, width * height
    name = str(spec.resolution or request.options.get("resolution") or "1K")
    area = sizes.SIDES.get(name, sizes.SIDES["1K"]) ** 2
    if spec.aspect_ratio and spec.aspect_ratio != "auto":
        wide, _, tall = spec.aspect_ratio.partition(":")
        return float(wide) / float(tall), area
    source = next(iter(request.input_files_as("source")), None)
    seen = sniff(source.data) if source else None
    return (seen.width / seen.height, area) if seen and seen.width else None


def _seen(picture: InputFile) -> Media:
    """A picture's media type and size; a type that OpenAI does not take is for another route."""
    media = sniff(picture.data)
    if media is None:
        raise Rejected(f"the {picture.role} is of no known type")
    if media.mime not in _ENDINGS:
        raise RouteFailed(f"the {picture.role} is {media.mime}", code="image_format")
    return media


def _file(field: str, name: str, picture: InputFile, media: Media) -> Part:
    return field, (f"{name}.{_ENDINGS[media.mime]}", picture.data, media.mime)


def _cut_out(mask: InputFile, over: Media, masks: Masks | None) -> bytes:
    if masks is None:
        raise RouteFailed("this worker cannot prepare masks", code="no_masks")
    data = masks.cut_out(mask.data, over.width, over.height)
    if len(data) >= MAX_MASK_BYTES:
        raise Rejected("the mask is too detailed")
    return data


def _picture(content: Mapping[str, Any]) -> Output:
    first = next((one for one in mappings(content.get("data")) if one.get("b64_json")), None)
    if first is None:
        raise RouteFailed("no picture came", code="no_image")
    try:
        data = base64.b64decode(str(first["b64_json"]), validate=True)
    except binascii.Error:
        data = b""
    media = sniff(data)
    if media is None or not media.width:
        raise RouteFailed("what came is no picture", code="no_image")
    made = f"{media.width}:{media.height}"
    return Output(data, media.mime, nearest_ratio(made, sizes.ASPECTS) or made)


def _image_facts(content: Mapping[str, Any]) -> VendorFacts:
    usage = mapping(content.get("usage"))
    came_in = mapping(usage.get("input_tokens_details"))
    return vendor_facts(
        input_tokens=usage.get("input_tokens"),
        input_image_tokens=came_in.get("image_tokens"),
        output_tokens=usage.get("output_tokens"),
        size=content.get("size"),
        quality=content.get("quality"),
    )


def _blocked_for(error: Mapping[str, Any]) -> str:
    """The stage and category of a block, without the message, which may quote the prompt."""
    details = mapping(error.get("moderation_details"))
    categories = ", ".join(str(one) for one in details.get("categories") or ())
    return f"refused at {details.get('moderation_stage') or 'unknown'} stage: {categories or 'no categories'}"


def _error(response: VendorResponse) -> Mapping[str, Any]:
    return mapping(mapping(response.json()).get("error"))


def _reset(response: VendorResponse) -> int | None:
    """Seconds until the exhausted limit resets, from durations such as ``6m0s``."""
    waits = [
        duration(response.headers.get(f"x-ratelimit-reset-{what}", ""))
        for what in ("requests", "tokens", "images")
        if response.headers.get(f"x-ratelimit-remaining-{what}") == "0"
    ]
    return min(max(map(math.ceil, waits)), MAX_DELAY_SECONDS) if any(waits) else None


def duration(text: str) -> float:
    """Seconds of a duration such as ``6m0s``, ``1.5s`` or ``120ms``; zero for anything else."""
    return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(text))
