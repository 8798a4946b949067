"""Replicate: predictions of its official models.

A prediction's input and output are deleted after an hour. The reason of a failure is free text only.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from darkroom.domain.jobs.engine import Download, Finished, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    Blocked,
    EngineError,
    ModelRetired,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.ports.vendors import Masks
from darkroom_vendors.base import Flow, VendorRequest, VendorResponse, failure, garbled, pending
from darkroom_vendors.callbacks import CallbackKeys
from darkroom_vendors.json_access import mapping, vendor_facts
from darkroom_vendors.masks import with_white_mask
from darkroom_vendors.request_fields import (
    Fields,
    Part,
    mask,
    picture,
    picture_if_any,
    pictures,
    pictures_if_any,
    ratio,
    resolution,
    scale,
    seconds,
    track,
    voice,
    words,
)
from darkroom_vendors.standard_webhooks import is_signed

STILL, MOVING = (2.0, 15.0), (10.0, 60.0)  # the first and the longest wait between two polls, in seconds
WEBHOOK_SECRET = "replicate_webhook"  # noqa: S105 (the name it is kept under)

_ENDED = frozenset({"succeeded", "failed", "canceled", "aborted"})
_POLICY = re.compile(
    r"nsfw|sensitive|safety|content polic|prohibited|moderat|flagged|inappropriate|copyright", re.IGNORECASE
)
_NO_MODEL = re.compile(r"\b(version|model)\b.*\b(not exist|not found|disabled|deprecated)", re.IGNORECASE)
_PREDICTION_ID = re.compile(r"[A-Za-z0-9_-]{4,64}")


@dataclass(frozen=True, slots=True)
class Model:
    """One model, and how a request becomes its input. ``verified`` is false if its schema was not read."""

    parts: tuple[Part, ...]
    usual: Fields = field(default_factory=dict)
    pace: tuple[float, float] = STILL
    reads_masks: bool = False
    verified: bool = True


_BANANA = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_QWEN = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3")
_LUMA = ("1:1", "3:4", "4:3", "9:16", "16:9", "9:21", "21:9")
_SEEDANCE = ("16:9", "4:3", "1:1", "3:4", "9:16", "21:9")
_PNG: Fields = {"output_format": "png"}

_VEO = Model(
    (
        words(),
        ratio("16:9", "9:16"),
        seconds((4, 6, 8), int),
        resolution("720p", "1080p"),
        picture_if_any("image"),
    ),
    {"resolution": "720p", "duration": 8, "generate_audio": True},
    MOVING,
)

MODELS: Mapping[str, Model] = {
    "google/nano-banana": Model((words(), ratio(*_BANANA), pictures_if_any(10, "image_input")), _PNG),
    "google/nano-banana-pro": Model(
        (words(), ratio(*_BANANA), resolution("1K", "2K", "4K"), pictures_if_any(14, "image_input")),
        {**_PNG, "resolution": "1K"},
    ),
    "qwen/qwen-image": Model((words(), ratio(*_QWEN)), {**_PNG, "aspect_ratio": "1:1"}, verified=False),
    "qwen/qwen-image-edit-2511": Model((words(), pictures(4, "image"), ratio(*_QWEN)), _PNG),
    "black-forest-labs/flux-fill-pro": Model(
        (words(), picture("image"), mask("mask")), _PNG, reads_masks=True, verified=False
    ),
    "luma/reframe-image": Model((picture("image"), ratio(*_LUMA), words())),
    "topazlabs/image-upscale": Model((picture("image"), scale("{}x".format)), _PNG),
    "bytedance/seedance-1-pro-fast": Model(
        (
            words(),
            ratio(*_SEEDANCE),
            seconds(range(2, 13), int),
            resolution("480p", "720p", "1080p"),
            picture_if_any("image"),
        ),
        {"resolution": "720p", "duration": 5},
        MOVING,
    ),
    "google/veo-3.1": _VEO,
    "google/veo-3.1-fast": _VEO,
    "bytedance/omni-human-1.5": Model((picture("image"), voice("audio"), words()), pace=MOVING),
    "elevenlabs/music": Model((track(5, 300),), pace=MOVING),
}


@dataclass(frozen=True, slots=True)
class Replicate:
    """Replicate's contract. Without ``masks``, which converts masks, requests with one are refused."""

    masks: Masks | None = None

    name = "replicate"
    base_url = "https://api.replicate.com"
    hosts = ("api.replicate.com",)

    def authorize(self, key: str) -> Mapping[str, str]:
        """See :meth:`darkroom_vendors.base.Vendor.authorize`."""
        return {"Authorization": f"Bearer {key}"}

    def start(self, request: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:
        """Start a prediction, without waiting for it: a waiting worker costs money."""
        body = payload(request, self.masks)
        hook = {"webhook": callback_url, "webhook_events_filter": ["completed"]} if callback_url else {}
        response = yield VendorRequest(
            "POST",
            f"/v1/models/{request.model}/predictions",
            body={"input": body, **hook},
            headers={"Cancel-After": f"{_minutes(request)}m"},
            commits=True,
        )
        if not response.ok:
            raise refusal(response)
        content = response.json()
        if not isinstance(content, dict) or not _PREDICTION_ID.fullmatch(str(content.get("id") or "")):
            raise garbled(response)
        return _outcome(request, str(content["id"]), response, content)

    def poll(self, request: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        """Look a prediction up."""
        response = yield VendorRequest("GET", f"/v1/predictions/{handle}")
        if response.status in (404, 410):
            raise RouteFailed(
                "the prediction is not known any more", code=str(response.status), request_id=handle
            )
        if not response.ok:
            raise refusal(response)
        return _outcome(request, handle, response, response.object())

    def cancel(self, handle: str) -> Flow[None]:
        """Ask for a prediction to be canceled; one that is gone needs no canceling."""
        response = yield VendorRequest("POST", f"/v1/predictions/{handle}/cancel")
        if not response.ok and response.status != 404:
            raise refusal(response)


class ReplicateCallbacks:
    """Verifies Replicate's callbacks: see :class:`darkroom_vendors.callbacks.Verifier`."""

    def __init__(self, keys: CallbackKeys) -> None:
        self._keys = keys

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
        """The id of the prediction a callback is about, or ``None`` if it proves nothing."""
        if not is_signed(headers, body, now, self._keys.secret(WEBHOOK_SECRET)):
            return None
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            return None
        work_id = content.get("id") if isinstance(content, dict) else None
        return work_id if isinstance(work_id, str) and _PREDICTION_ID.fullmatch(work_id) else None


def payload(request: TaskRequest, masks: Masks | None = None) -> dict[str, Any]:
    """A model's input: the usual fields, overridden by the route's options and these by the request's fields.

    Raises
    ------
    Rejected, RouteFailed
        The model cannot serve the request.
    """
    model = MODELS.get(request.model)
    if model is None:
        raise Rejected(f"no mapping for the model {request.model}")
    if request.input_files_as("mask") and not model.reads_masks:
        raise Rejected(f"{request.model} takes no mask")
    ready, built = with_white_mask(request, masks), {**model.usual, **request.options}
    for part in model.parts:
        built.update(part(ready))
    return built


def refusal(response: VendorResponse) -> EngineError:
    """The failure that an HTTP error means; its body is a problem document."""
    problem = mapping(response.json())
    message = str(problem.get("detail") or problem.get("title") or "no message")
    if response.status in (400, 422) and _POLICY.search(message):
        return Blocked(message[:500], code=str(response.status))
    if response.status == 422 and _NO_MODEL.search(message):
        return ModelRetired(message[:500], code=str(response.status))
    generic = failure(response, message)
    seconds = problem.get("retry_after")
    if (
        type(generic) is RateLimitedByVendor
        and "retry-after" not in response.headers
        and isinstance(seconds, int | float)
    ):
        waiting = replace(response, headers={**response.headers, "retry-after": str(seconds)})
        return failure(waiting, message)
    return generic


def _minutes(request: TaskRequest) -> int:
    """Whole minutes until the job's deadline."""
    return max(math.ceil((request.job.deadline_at - request.job.created_at).total_seconds() / 60), 1)


def _outcome(
    request: TaskRequest, name: str, response: VendorResponse, content: Mapping[str, Any]
) -> Finished | Pending:
    """The outcome that a prediction's record means."""
    status = str(content.get("status") or "")
    if status not in _ENDED:
        first, longest = MODELS[request.model].pace if request.model in MODELS else STILL
        return pending(request, name, response, vendor_facts(name), first=first, longest=longest)
    if status == "succeeded":
        address = _address(content.get("output"))
        if address is None:
            raise RouteFailed("a prediction without a file", code="no_media", request_id=name)
        ratio = request.job.spec.aspect_ratio
        made = Download(address, hosts=("replicate.delivery",), aspect_ratio="" if ratio == "auto" else ratio)
        return Finished(made, _facts(name, content))
    why = str(content.get("error") or "no reason given")[:500]
    if status == "failed" and _POLICY.search(why):
        raise Blocked(why, code=status, request_id=name)
    raise RouteFailed(f"the prediction ended as {status}: {why}", code=status, request_id=name)


def _address(output: Any) -> str | None:
    """The first address in a model's output, which is an address, a list or an object of them."""
    match output:
        case str():
            return output if output.startswith(("https://", "http://")) else None
        case list():
            return next((address for one in output if (address := _address(one))), None)
        case dict():
            return _address(list(output.values()))
    return None


def _facts(name: str, content: Mapping[str, Any]) -> VendorFacts:
    """The prediction's id and its metered seconds, pictures and tokens."""
    metered = mapping(content.get("metrics"))
    counted = {
        str(name): value
        for name, value in metered.items()
        if isinstance(value, int | float) and not isinstance(value, bool)
    }
    return VendorFacts(request_id=name, figures=counted)
