"""A double of Replicate: predictions of official models, signed callbacks.

Prompts steer it: ``[[block]]`` fails with the words of a safety filter, ``[[fail]]`` with others. ``forget`` does
what the vendor does after an hour.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import urllib.request
from collections.abc import Callable, Mapping
from typing import Any

from local.doubles import samples
from local.doubles.base import CannedResponse, Double, RecordedRequest, Route

KEY = "r8_double"
WEBHOOK_SECRET = "whsec_" + base64.b64encode(hashlib.sha256(b"replicate double").digest()).decode()
EVENTS = {"start", "output", "logs", "completed"}
_DEADLINE = re.compile(r"(\d+h)?(\d+m)?(\d+s)?")
_WAIT = re.compile(r"wait(=([1-9]|[1-5]\d|60))?")

type Check = Callable[[Any], bool]


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _url(value: Any) -> bool:
    # In earnest https only; a local stack's files are on this machine.
    return isinstance(value, str) and value.startswith(("https://", "data:", "http://127.0.0.1:"))


def _urls(value: Any) -> bool:
    return isinstance(value, list) and all(map(_url, value))


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _one_of(*values: Any) -> Check:
    return lambda value: any(type(value) is type(one) and value == one for one in values)


def _whole(low: int, high: int) -> Check:
    return lambda value: type(value) is int and low <= value <= high


_BANANA_RATIOS = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_QWEN_RATIOS = ("1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3")
_PICTURES = _one_of("jpg", "png")
_VEO: Mapping[str, Check] = {
    "prompt": _text,
    "aspect_ratio": _one_of("16:9", "9:16"),
    "duration": _one_of(4, 6, 8),
    "image": _url,
    "resolution": _one_of("720p", "1080p"),
    "generate_audio": _flag,
}

# Model → (its fields, those it needs, the ending of its files, whether its output is a list).
MODELS: Mapping[str, tuple[Mapping[str, Check], tuple[str, ...], str, bool]] = {
    "google/nano-banana": (
        {
            "prompt": _text,
            "image_input": _urls,
            "aspect_ratio": _one_of("match_input_image", *_BANANA_RATIOS),
            "output_format": _PICTURES,
        },
        ("prompt",),
        "png",
        False,
    ),
    "google/nano-banana-pro": (
        {
            "prompt": _text,
            "image_input": _urls,
            "aspect_ratio": _one_of("match_input_image", *_BANANA_RATIOS),
            "output_format": _PICTURES,
            "resolution": _one_of("1K", "2K", "4K"),
        },
        ("prompt",),
        "png",
        False,
    ),
    "qwen/qwen-image": (
        {
            "prompt": _text,
            "aspect_ratio": _one_of(*_QWEN_RATIOS),
            "output_format": _one_of("webp", "jpg", "png"),
        },
        ("prompt",),
        "png",
        True,
    ),
    "qwen/qwen-image-edit-2511": (
        {
            "prompt": _text,
            "image": _urls,
            "aspect_ratio": _one_of("match_input_image", *_QWEN_RATIOS),
            "output_format": _one_of("webp", "jpg", "png"),
        },
        ("prompt", "image"),
        "png",
        True,
    ),
    "black-forest-labs/flux-fill-pro": (
        {"prompt": _text, "image": _url, "mask": _url, "output_format": _PICTURES},
        ("prompt", "image"),
        "png",
        False,
    ),
    "luma/reframe-image": (
        {
            "image": _url,
            "prompt": _text,
            "aspect_ratio": _one_of("1:1", "3:4", "4:3", "9:16", "16:9", "9:21", "21:9"),
        },
        ("image",),
        "png",
        False,
    ),
    "topazlabs/image-upscale": (
        {"image": _url, "upscale_factor": _one_of("None", "2x", "4x", "6x"), "output_format": _PICTURES},
        ("image",),
        "png",
        False,
    ),
    "bytedance/seedance-1-pro-fast": (
        {
            "prompt": _text,
            "image": _url,
            "duration": _whole(2, 12),
            "resolution": _one_of("480p", "720p", "1080p"),
            "aspect_ratio": _one_of("16:9", "4:3", "1:1", "3:4", "9:16", "21:9", "9:21"),
        },
        ("prompt",),
        "mp4",
        False,
    ),
    "google/veo-3.1": (_VEO, ("prompt",), "mp4", False),
    "google/veo-3.1-fast": (_VEO, ("prompt",), "mp4", False),
    "bytedance/omni-human-1.5": (
        {"image": _url, "audio": _url, "prompt": _text, "fast_mode": _flag},
        ("image", "audio"),
        "mp4",
        False,
    ),
    "elevenlabs/music": (
        {"prompt": _text, "music_length_ms": _whole(5000, 300_000), "force_instrumental": _flag},
        ("prompt",),
        "mp3",
        False,
    ),
}


class ReplicateDouble(Double):
    """Keeps predictions; each is done at its ``polls_needed``-th look."""

    name = "replicate"

    def __init__(self, polls_needed: int = 2) -> None:
        super().__init__()
        self.polls_needed = polls_needed
        self.predictions: dict[str, dict[str, Any]] = {}
        self.deadlines: dict[str, str] = {}
        self.exhausted = False
        self._looks: dict[str, int] = {}

    def routes(self) -> list[tuple[str, str, Route]]:
        return [
            ("POST", "/v1/models/(?P<model>[^/]+/[^/]+)/predictions", self._create),
            ("GET", "/v1/predictions/(?P<id>[^/]+)", self._get),
            ("POST", "/v1/predictions/(?P<id>[^/]+)/cancel", self._cancel),
            ("GET", "/v1/webhooks/default/secret", self._secret),
            ("GET", "/files/(?P<name>[^/]+)", self._download),
        ]

    def refuse(self, request: RecordedRequest) -> CannedResponse | None:
        if request.path.startswith("/files/") or request.headers.get("authorization") == f"Bearer {KEY}":
            return None
        return _problem(401, "Unauthenticated", "You did not pass a valid authentication token")

    def missing(self, request: RecordedRequest) -> CannedResponse:  # noqa: ARG002
        return _problem(404, "Not found", "The requested resource could not be found.")

    def callback(self, prediction_id: str, at: int) -> tuple[dict[str, str], bytes]:
        """The headers and body of the call that announces a prediction's end, signed at ``at`` (unix seconds)."""
        body = json.dumps(self.predictions[prediction_id]).encode()
        message, key = f"msg_{prediction_id}", base64.b64decode(WEBHOOK_SECRET.removeprefix("whsec_"))
        mac = hmac.digest(key, f"{message}.{at}.".encode() + body, hashlib.sha256)
        headers = {
            "Webhook-Id": message,
            "Webhook-Timestamp": str(at),
            "Webhook-Signature": "v1," + base64.b64encode(mac).decode(),
        }
        return headers, body

    def call_back(self, prediction_id: str, at: int) -> int:
        """Make that call at the address the creation named; returns the status."""
        headers, body = self.callback(prediction_id, at)
        webhook = self.predictions[prediction_id]["webhook"]
        call = urllib.request.Request(webhook, body, {**headers, "Content-Type": "application/json"})
        with urllib.request.urlopen(call, timeout=10) as answer:
            status: int = answer.status
            return status

    def finish(self, prediction_id: str) -> dict[str, Any]:
        """End a prediction as the markers in its prompt say."""
        prediction = self.predictions[prediction_id]
        _, _, ending, several = MODELS[prediction["model"]]
        prompt = str(prediction["input"].get("prompt", ""))
        if "[[block]]" in prompt:
            prediction |= {"status": "failed", "error": "NSFW content detected. Try a different prompt."}
        elif "[[fail]]" in prompt:
            prediction |= {"status": "failed", "error": "CUDA out of memory"}
        else:
            address = f"{self.url}/files/{prediction_id}.{ending}"
            prediction |= {"status": "succeeded", "output": [address] if several else address}
        prediction |= {
            "metrics": {"predict_time": 2.5, "image_count": 1},
            "completed_at": "2026-11-20T12:00:03Z",
        }
        return prediction

    def forget(self, prediction_id: str) -> None:
        """Delete a prediction's input and output."""
        removed: dict[str, Any] = {"input": {}, "output": None, "logs": None, "data_removed": True}
        self.predictions[prediction_id] |= removed

    def _create(self, request: RecordedRequest) -> CannedResponse:
        if self.exhausted:
            return _problem(402, "Insufficient credit", "You have insufficient credit to run this model.")
        model, body = request.params["model"], request.json()
        if model not in MODELS:
            return self.missing(request)
        wrong = _wrong(model, body, request.headers)
        if wrong:
            return _problem(422, "Input validation failed", "\n".join(f"- {one}" for one in wrong))
        name = f"double{len(self.predictions) + 1:020d}"
        self.predictions[name] = {
            "id": name,
            "model": model,
            "version": "hidden",
            "input": body["input"],
            "output": None,
            "logs": "",
            "error": None,
            "status": "starting",
            "metrics": {},
            "created_at": "2026-11-20T12:00:00Z",
            "started_at": None,
            "completed_at": None,
            "data_removed": False,
            "webhook": body.get("webhook"),
            "urls": {
                "get": f"{self.url}/v1/predictions/{name}",
                "cancel": f"{self.url}/v1/predictions/{name}/cancel",
            },
        }
        self._looks[name] = 0
        self.deadlines[name] = request.headers.get("cancel-after", "")
        if "prefer" in request.headers:
            self.finish(name)
        return CannedResponse(201, self.predictions[name])

    def _get(self, request: RecordedRequest) -> CannedResponse:
        prediction = self.predictions.get(request.params["id"])
        if prediction is None:
            return self.missing(request)
        if prediction["status"] in ("starting", "processing"):
            name = prediction["id"]
            self._looks[name] += 1
            prediction["status"] = "processing"
            if self._looks[name] >= self.polls_needed:
                self.finish(name)
        return CannedResponse(200, prediction)

    def _cancel(self, request: RecordedRequest) -> CannedResponse:
        prediction = self.predictions.get(request.params["id"])
        if prediction is None:
            return self.missing(request)
        if prediction["status"] in ("starting", "processing"):
            prediction["status"] = "canceled"
        return CannedResponse(200, prediction)

    def _secret(self, request: RecordedRequest) -> CannedResponse:  # noqa: ARG002
        return CannedResponse(200, {"key": WEBHOOK_SECRET})

    def _download(self, request: RecordedRequest) -> CannedResponse:
        return samples.file(request.params["name"])


def _problem(status: int, title: str, detail: str) -> CannedResponse:
    return CannedResponse(status, {"title": title, "detail": detail, "status": status})


def _wrong(model: str, body: Any, headers: Mapping[str, str]) -> list[str]:
    fields, needed, _, _ = MODELS[model]
    if not isinstance(body, dict) or not isinstance(body.get("input"), dict):
        return ["input is required"]
    inputs = body["input"]
    problems = [f"input: {name} is required" for name in needed if name not in inputs]
    problems += [f"input.{name}: additional property is not allowed" for name in inputs if name not in fields]
    problems += [
        f"input.{name}: {inputs[name]!r} is not allowed"
        for name, check in fields.items()
        if name in inputs and not check(inputs[name])
    ]
    if set(body) - {"input", "webhook", "webhook_events_filter", "stream"}:
        problems.append("body: unknown property")
    if not set(body.get("webhook_events_filter", ())) <= EVENTS:
        problems.append("webhook_events_filter: unknown event")
    if not str(body.get("webhook", "https://")).startswith(("https://", "http://127.0.0.1")):
        problems.append("webhook: must be an HTTPS URL")
    if not _DEADLINE.fullmatch(headers.get("cancel-after", "")):
        problems.append("Cancel-After: invalid duration")
    if not _WAIT.fullmatch(headers.get("prefer", "wait")):
        problems.append("Prefer: invalid")
    return problems
