"""xAI: pictures within one call, films that are polled, and texts.

Moderation is not an HTTP error: the response is a 2xx that says what was withheld. Errors have several shapes, and a
wrong key has that of a wrong parameter, so their messages are looked at as well.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from darkroom.domain.jobs.engine import Download, Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    ModelRetired,
    Rejected,
    RouteFailed,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.spec import FilmSpec, ImageSpec
from darkroom.domain.media import sizes
from darkroom.domain.media.sniffing import sniff
from darkroom.domain.prompts.composing import composed
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
from darkroom_vendors.json_access import mapping, mappings, present, vendor_facts

IMAGE_SECONDS = 120.0  # most take 5 to 20
FIRST_POLL, LONGEST_POLL = 5.0, 30.0
MAX_FILM_PROMPT_BYTES = 4096

RATIOS = (
    *("1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2"),
    *("9:19.5", "19.5:9", "9:20", "20:9", "1:2", "2:1"),
)
FILM_RATIOS = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3")
QUALITIES: Mapping[str, str] = {"fast": "low", "standard": "medium", "premium": "medium"}
RESOLUTIONS: Mapping[str, str] = {"1K": "1k", "2K": "2k", "4K": "2k"}

_POLICY = re.compile(r"moderation|usage (guidelines|polic)|content polic|safety", re.IGNORECASE)
_BAD_KEY = re.compile(r"api.?key", re.IGNORECASE)
_NO_MONEY = re.compile(r"credits|spending limit|billing", re.IGNORECASE)
_NO_MODEL = re.compile(r"model.*(not exist|not found|no longer|deprecated|retired)", re.IGNORECASE)


_STILLS = frozenset({"image", "meme", "storyboard", "carousel", "edit"})


@dataclass(frozen=True, slots=True)
class _Images:
    """A model that makes pictures: its ratios, how many pictures it edits, and whether it has qualities."""

    ratios: tuple[str, ...] = RATIOS
    max_pictures: int = 3
    qualities: bool = False


@dataclass(frozen=True, slots=True)
class _Films:
    """A model that makes films: its resolutions, how many seconds it makes and how many pictures it goes by."""

    resolutions: tuple[str, ...] = ("480p", "720p")
    seconds: tuple[int, int] = (1, 15)
    max_references: int = 0


MODELS: Mapping[str, _Images | _Films] = {
    "grok-imagine-image": _Images(),
    "grok-imagine-image-2.0": _Images((*RATIOS, "21:9", "5:2"), max_pictures=5, qualities=True),
    "grok-imagine-video": _Films(),
    "grok-imagine-video-1.5": _Films(("480p", "720p", "1080p"), max_references=7),
    "grok-imagine-video-1.5-lite": _Films(),  # sources disagree on whether it makes 1080p
}


class XAI:
    """xAI's contract."""

    name = "xai"
    base_url = "https://api.x.ai/v1"
    hosts = ("api.x.ai",)

    def authorize(self, key: str) -> Mapping[str, str]:
        """See :meth:`darkroom_vendors.base.Vendor.authorize`."""
        return {"Authorization": f"Bearer {key}"}

    def start(self, request: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:  # noqa: ARG002
        """Make a picture or write a text in one call, or start a film."""
        if request.job.kind in texts.KINDS:
            return (yield from texts.by_chat(request, refusal, request_facts))
        model = MODELS.get(request.model)
        if isinstance(model, _Images) and request.job.kind in _STILLS:
            return (yield from _make_image(request, model))
        if isinstance(model, _Films) and request.job.kind == "video":
            return (yield from _start_film(request, model))
        raise Rejected(f"no mapping for {request.job.kind} by the model {request.model}")

    def poll(self, request: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        """Look a film up."""
        response = yield VendorRequest("GET", f"/videos/{quote(handle, safe='')}")
        if response.status == 404:
            raise RouteFailed("the film is not known any more", code="not_found")
        if not response.ok:
            raise refusal(response)
        return _film(request, handle, response)

    def cancel(self, handle: str) -> Flow[None]:  # noqa: ARG002
        """A film cannot be canceled."""
        yield from ()


def image_call(request: TaskRequest, model: _Images) -> VendorRequest:
    """The request for one picture, from words or from pictures. It has no field for a mask, a size or a style."""
    if request.input_files_as("mask"):
        raise Rejected("this model takes no mask")
    prompt = composed(request)
    if not prompt:
        raise Rejected("there are no words to go by")
    pictures = sorted(request.pictures, key=lambda one: one.role != "source")[: model.max_pictures]
    if request.job.kind == "edit" and not pictures:
        raise Rejected("an edit needs a picture")
    resolution = str(request.job.spec_as(ImageSpec).resolution or request.options.get("resolution") or "1K")
    quality = str(request.options.get("quality") or QUALITIES.get(request.job.spec.quality, "medium"))
    body = {
        "model": request.model,
        "prompt": prompt,
        "n": 1,
        "aspect_ratio": nearest_ratio(request.job.spec.aspect_ratio, model.ratios),
        "resolution": RESOLUTIONS.get(resolution.upper(), "1k"),
        "quality": quality if model.qualities else None,
        "response_format": "b64_json",  # an address would expire soon, and its host is undocumented
        **_picture_fields([one.url for one in pictures]),
    }
    path = "/images/edits" if pictures else "/images/generations"
    return VendorRequest("POST", path, body=present(**body), timeout_seconds=IMAGE_SECONDS, commits=True)


def film_request(request: TaskRequest, model: _Films) -> dict[str, Any]:
    """The body that starts one film. Length and resolution are always sent, because they are what is billed."""
    if request.input_files_as("audio"):
        raise Rejected("this model hears nothing")
    spec = request.job.spec_as(FilmSpec)
    source = next(iter(request.input_files_as("source")), None)
    references = () if source else request.pictures[: model.max_references]
    prompt = _cut(composed(request), MAX_FILM_PROMPT_BYTES)
    if not prompt and source is None and not references:
        raise Rejected("there are no words to go by")
    shortest, longest = model.seconds
    resolution = str(spec.resolution or request.options.get("resolution") or "720p")
    body = {
        "model": request.model,
        "prompt": prompt,
        "duration": min(max(round(spec.seconds or 6), shortest), longest),
        "aspect_ratio": nearest_ratio(request.job.spec.aspect_ratio, FILM_RATIOS),
        "resolution": resolution if resolution in model.resolutions else model.resolutions[-1],
        "image": {"url": source.url} if source else None,
        "reference_images": [{"url": one.url} for one in references] or None,
    }
    return present(**body)


def refusal(response: VendorResponse) -> EngineError:
    """The failure that an error means, by its message where the status says too little."""
    code, message = _error(response)
    named = {"code": code, "request_id": response.headers.get("x-request-id", "")}
    if response.status in (400, 403) and _POLICY.search(message):
        return Blocked("the prompt was refused", **named)
    if response.status == 400 and _BAD_KEY.search(message):
        return AccountTrouble(message, **named)
    if response.status in (402, 403, 429) and _NO_MONEY.search(message):
        return AccountTrouble(message, **named)
    if response.status == 400 and _NO_MODEL.search(message):
        return ModelRetired(message, **named)
    return failure(response, message, **named)


def request_facts(response: VendorResponse) -> VendorFacts:
    """The facts in a response's headers."""
    return vendor_facts(response.headers.get("x-request-id"))


def _make_image(request: TaskRequest, model: _Images) -> Flow[Finished | Pending]:
    response = yield image_call(request, model)
    if not response.ok:
        raise refusal(response)
    content = response.json()
    if not isinstance(content, dict):
        raise garbled(response)
    return Finished(_picture(request, content), request_facts(response).updated(_cost(content)))


def _picture(request: TaskRequest, content: Mapping[str, Any]) -> Output | Download:
    made = next(iter(mappings(content.get("data"))), {})
    if content.get("respect_moderation") is False or made.get("respect_moderation") is False:
        raise Blocked("the picture was withheld", code="respect_moderation")
    if made.get("b64_json"):
        data = _decoded(str(made["b64_json"]))
        media = sniff(data)
        if media is None or not media.width:
            raise RouteFailed("what came is no picture", code="no_image")
        ratio = nearest_ratio(f"{media.width}:{media.height}", sizes.ASPECTS)
        return Output(data, media.mime, ratio or request.job.spec.aspect_ratio)
    if made.get("url"):
        return Download(str(made["url"]))
    if made.get("url") == "":
        raise Blocked("the picture was withheld", code="no_url")
    raise RouteFailed("no picture came", code="no_image")


def _start_film(request: TaskRequest, model: _Films) -> Flow[Finished | Pending]:
    response = yield VendorRequest(
        "POST", "/videos/generations", body=film_request(request, model), commits=True
    )
    if not response.ok:
        raise refusal(response)
    content = response.json()
    handle = content.get("request_id") if isinstance(content, dict) else None
    if not isinstance(handle, str) or not handle:
        raise garbled(response)
    facts = request_facts(response).updated(vendor_facts(video_id=handle))
    return pending(request, handle, response, facts, first=FIRST_POLL, longest=LONGEST_POLL)


def _film(request: TaskRequest, handle: str, response: VendorResponse) -> Finished | Pending:
    """The outcome that a film's record means. A withheld film is billed all the same, and is not made again."""
    content = response.object()
    facts, status = request_facts(response).updated(_cost(content)), str(content.get("status") or "")
    film = mapping(content.get("video"))
    if status == "done":
        if film.get("respect_moderation") is False or content.get("respect_moderation") is False:
            raise Blocked("the film was withheld", code="respect_moderation")
        if not film.get("url"):
            raise Blocked("the film was withheld", code="no_url")
        ratio = nearest_ratio(request.job.spec.aspect_ratio, FILM_RATIOS) or ""
        return Finished(Download(str(film["url"]), aspect_ratio=ratio), facts)
    if status in ("failed", "expired"):
        raise _failed(content, status)
    return pending(request, handle, response, facts, first=FIRST_POLL, longest=LONGEST_POLL)


def _failed(content: Mapping[str, Any], status: str) -> EngineError:
    error = content.get("error")
    error = error if isinstance(error, dict) else {"message": error}
    code, why = str(error.get("code") or status), str(error.get("message") or "")
    if _POLICY.search(f"{code} {why}"):
        return Blocked("the film was refused", code=code)
    return RouteFailed(f"the film ended as {status}", code=code)


def _error(response: VendorResponse) -> tuple[str, str]:
    """An error's code and message: side by side, or nested as at OpenAI."""
    content = mapping(response.json())
    error = content.get("error")
    if isinstance(error, dict):
        return str(error.get("code") or error.get("type") or ""), str(error.get("message") or "")
    return str(content.get("code") or ""), str(error or content.get("message") or "no message")


def _cost(content: Mapping[str, Any]) -> VendorFacts:
    ticks = mapping(content.get("usage")).get("cost_in_usd_ticks")
    return vendor_facts(
        cost_in_usd_ticks=ticks if isinstance(ticks, int) else None
    )  # 10^10 of them are a dollar


def _picture_fields(urls: Sequence[str]) -> dict[str, Any]:
    """The field for one picture, or the one for several."""
    pictures = [{"type": "image_url", "url": url} for url in urls]
    match pictures:
        case []:
            return {}
        case [only]:
            return {"image": only}
        case _:
            return {"images": pictures}


def _decoded(text: str) -> bytes:
    """Base64, with or without the head of a data URL."""
    try:
        return base64.b64decode(text.rpartition("base64,")[2], validate=True)
    except binascii.Error:
        return b""


def _cut(text: str, limit: int) -> str:
    """The text up to so many bytes of UTF-8, ending in a whole character."""
    return text.encode()[:limit].decode(errors="ignore")
