"""OpenAI: pictures made and edited while the call lasts, and words in a shape that is asked for.

A picture's call answers with its bytes; nothing can be looked up or called off. What a refusal means stands in its
``code``: a blocked prompt and a wrong parameter have the same status and the same type.
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
from darkroom.ports.vendors import Masks
from darkroom_vendors import texts
from darkroom_vendors.base import (
    MAX_RETRY_AFTER,
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
_PASSED_ON = ("background", "complexity", "moderation")  # options of a route that are fields of every request
_KINDS = frozenset({"image", "meme", "edit", "reframe"})

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
# That it makes any size is not documented; a route can say so by the option any_size.
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
    """The contract. ``masks`` brings masks into the form that is read here; without it no order with one is taken."""

    masks: Masks | None = None

    name = "openai"
    base_url = "https://api.openai.com/v1"
    hosts = ("api.openai.com",)

    def authorize(self, key: str) -> Mapping[str, str]:
        """See :meth:`darkroom_vendors.base.Vendor.authorize`."""
        return {"Authorization": f"Bearer {key}"}

    def start(self, order: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:  # noqa: ARG002
        """Make a picture, or write what is asked for, in one call."""
        if order.job.kind in texts.KINDS:
            return (yield from texts.by_responses(order, safety_identifier(order), refusal, request_facts))
        model = IMAGES.get(order.model)
        if model is None:
            raise Rejected(f"no mapping for the model {order.model}")
        if order.job.kind not in _KINDS:
            raise Rejected(f"no mapping for {order.job.kind}")
        return (yield from self._make_image(order, model))

    def poll(self, order: TaskRequest, handle: str) -> Flow[Finished | Pending]:  # noqa: ARG002
        """Nothing can be looked up: a call whose answer was lost leaves no trace."""
        yield from ()
        raise RouteFailed("there is nothing to look up", code="no_look_up")

    def cancel(self, handle: str) -> Flow[None]:  # noqa: ARG002
        """Nothing can be called off either."""
        yield from ()

    def _make_image(self, order: TaskRequest, model: _Images) -> Flow[Finished | Pending]:
        call = edit_call(order, model, self.masks) if order.pictures else generation_call(order, model)
        reply = yield call
        if not reply.ok:
            raise refusal(reply)
        said = reply.json()
        if not isinstance(said, dict):
            raise garbled(reply)
        return Finished(_picture(said), request_facts(reply).updated(_image_facts(said)))


def generation_call(order: TaskRequest, model: _Images) -> VendorRequest:
    """The request for a picture of words alone."""
    if order.job.kind in ("edit", "reframe"):
        raise Rejected(f"{order.job.kind} needs a picture")
    return VendorRequest(
        "POST",
        "/images/generations",
        body={**image_fields(order, model), "n": 1},
        timeout_seconds=IMAGE_SECONDS,
        commits=True,
    )


def edit_call(order: TaskRequest, model: _Images, masks: Masks | None) -> VendorRequest:
    """The request for a picture of other pictures. The one that is worked on comes first: a mask is for that one."""
    pictures = sorted(order.pictures, key=lambda one: one.role != "source")[:MAX_PICTURES]
    files = [
        _file("image[]", f"image{number}", picture, _seen(picture))
        for number, picture in enumerate(pictures, 1)
    ]
    mask = next(iter(order.input_files_as("mask")), None)
    if mask is not None:
        files.append(("mask", ("mask.png", _cut_out(mask, _seen(pictures[0]), masks), "image/png")))
    return VendorRequest(
        "POST",
        "/images/edits",
        fields={**image_fields(order, model), "n": "1"},
        files=files,
        timeout_seconds=IMAGE_SECONDS,
        commits=True,
    )


def image_fields(order: TaskRequest, model: _Images) -> dict[str, str]:
    """The fields both requests share."""
    prompt = composed(order)[:MAX_PROMPT]
    if not prompt:
        raise Rejected("there are no words to go by")
    quality = str(order.options.get("quality") or _QUALITIES.get(order.job.spec.quality, "auto"))
    passed_on = {name: str(order.options[name]) for name in _PASSED_ON if order.options.get(name)}
    return {
        "model": order.model,
        "prompt": prompt,
        "size": size_of(order, model),
        "quality": quality if quality in model.qualities else "auto",
        "output_format": "png",
        "safety_identifier": safety_identifier(order),
        **passed_on,
    }


def size_of(order: TaskRequest, model: _Images) -> str:
    """The size to ask for. Where the request leaves the shape open, an edit keeps its source's."""
    shape = _shape(order)
    if shape is None:
        return "auto"
    ratio, area = shape
    if not (model.any_size or order.options.get("any_size")):
        return _PRESETS[nearest_ratio(f"{ratio}:1", tuple(_PRESETS)) or "1:1"]
    within = min(max(ratio, 1 / WIDEST), WIDEST)
    width, height = sizes.stepped(
        within, min(max(area, MIN_AREA * 1.3), MAX_AREA), step=STEP, longest=LONGEST
    )
    return f"{width}x{height}"


def safety_identifier(order: TaskRequest) -> str:
    """Who asks, for the vendor's safety team: stable, and telling it nothing else."""
    return hashlib.sha256(order.job.owner.workspace_id.encode()).hexdigest()


def refusal(reply: VendorResponse) -> EngineError:
    """What an error means. ``x-should-retry`` decides only whether the same request has a chance."""
    error = _error(reply)
    code = str(error.get("code") or error.get("type") or "")
    message = str(error.get("message") or "no message")
    named = {"code": code, "request_id": reply.headers.get("x-request-id", "")}
    if code in _BLOCKED:
        return Blocked(_blocked_for(error), **named)
    if code in _ACCOUNT:
        return AccountTrouble(message, **named)
    if code in _RETIRED:
        return ModelRetired(message, **named)
    found = failure(reply, message, **named)
    should = reply.headers.get("x-should-retry")
    wait = retry_after(reply, usual=_reset(reply) or 5)
    if isinstance(found, RateLimitedByVendor):
        if should == "false":
            return RouteFailed(str(found), **named)
        return type(found)(str(found), retry_after=wait, **named)
    return VendorUnavailable(str(found), retry_after=wait, **named) if should == "true" else found


def request_facts(reply: VendorResponse) -> VendorFacts:
    """What the headers tell the operator."""
    return vendor_facts(
        reply.headers.get("x-request-id"),
        vendor_ms=reply.headers.get("openai-processing-ms") or None,
    )


def _shape(order: TaskRequest) -> tuple[float, float] | None:
    """Width by height, and about how many pixels, as far as the request says."""
    spec = order.job.spec_as(ImageSpec)
    if spec.size:
        width, height = spec.size
        return width / height, width * height
    name = str(spec.resolution or order.options.get("resolution") or "1K")
    area = sizes.SIDES.get(name, sizes.SIDES["1K"]) ** 2
    if spec.aspect_ratio and spec.aspect_ratio != "auto":
        wide, _, tall = spec.aspect_ratio.partition(":")
        return float(wide) / float(tall), area
    source = next(iter(order.input_files_as("source")), None)
    seen = sniff(source.data) if source else None
    return (seen.width / seen.height, area) if seen and seen.width else None


def _seen(picture: InputFile) -> Media:
    """What a picture is; one of a type that is not taken here is for another route."""
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


def _picture(said: Mapping[str, Any]) -> Output:
    first = next((one for one in mappings(said.get("data")) if one.get("b64_json")), None)
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


def _image_facts(said: Mapping[str, Any]) -> VendorFacts:
    usage = mapping(said.get("usage"))
    came_in = mapping(usage.get("input_tokens_details"))
    return vendor_facts(
        input_tokens=usage.get("input_tokens"),
        input_image_tokens=came_in.get("image_tokens"),
        output_tokens=usage.get("output_tokens"),
        size=said.get("size"),
        quality=said.get("quality"),
    )


def _blocked_for(error: Mapping[str, Any]) -> str:
    """At which stage and for what, without the message: it may quote the prompt."""
    details = mapping(error.get("moderation_details"))
    categories = ", ".join(str(one) for one in details.get("categories") or ())
    return f"refused at {details.get('moderation_stage') or 'unknown'} stage: {categories or 'no categories'}"


def _error(reply: VendorResponse) -> Mapping[str, Any]:
    return mapping(mapping(reply.json()).get("error"))


def _reset(reply: VendorResponse) -> int | None:
    """Seconds until the limit that is used up is not any more, from durations such as ``6m0s``."""
    waits = [
        duration(reply.headers.get(f"x-ratelimit-reset-{what}", ""))
        for what in ("requests", "tokens", "images")
        if reply.headers.get(f"x-ratelimit-remaining-{what}") == "0"
    ]
    return min(max(map(math.ceil, waits)), MAX_RETRY_AFTER) if any(waits) else None


def duration(told: str) -> float:
    """Seconds of a duration such as ``6m0s``, ``1.5s`` or ``120ms``; zero for anything else."""
    return sum(float(number) * _SECONDS[unit] for number, unit in _DURATION.findall(told))
