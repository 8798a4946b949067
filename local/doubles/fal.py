"""A double of fal's queue: submissions, statuses, results, cancellations, signed callbacks.

Input is checked where the vendor checks it, by the model: a submission is taken, and its result is the refusal. The
checks are the endpoints' schemas, and stricter in one thing: a field that is not in one is refused, not ignored.

Prompts steer it: ``[[block]]`` is refused as ``content_policy_violation``, ``[[block-output]]`` makes a black picture
with ``has_nsfw_concepts``, ``[[no-media]]``, ``[[timeout]]`` and ``[[runner]]`` end in those errors.
"""

from __future__ import annotations

import base64
import hashlib
import json
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from local.doubles import samples
from local.doubles.base import CannedResponse, Double, RecordedRequest, Route

KEY = "fal-double-id:fal-double-secret"
USER = "fal-double-user"
_SIGNER = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"fal double").digest())

type Check = Callable[[Any], bool]


def _text(most: int = 32_000, least: int = 0) -> Check:
    return lambda value: isinstance(value, str) and least <= len(value) <= most


def _one_of(*values: Any) -> Check:
    return lambda value: any(type(value) is type(one) and value == one for one in values)


def _whole(low: int, high: int) -> Check:
    return lambda value: type(value) is int and low <= value <= high


def _number(low: float, high: float) -> Check:
    return lambda value: type(value) in (int, float) and low <= value <= high


def _flag(value: Any) -> bool:
    return isinstance(value, bool)


def _url(value: Any) -> bool:
    # In earnest https only; a local stack's files are on this machine.
    return isinstance(value, str) and value.startswith(("https://", "data:", "http://127.0.0.1:"))


def _urls(most: int) -> Check:
    return lambda value: isinstance(value, list) and 1 <= len(value) <= most and all(map(_url, value))


def _size(value: Any) -> bool:
    presets = ("square_hd", "square", "portrait_4_3", "portrait_16_9", "landscape_4_3", "landscape_16_9")
    if isinstance(value, str):
        return value in presets
    sides = [value.get("width"), value.get("height")] if isinstance(value, dict) else [None]
    return all(type(side) is int and 1 <= side <= 14_142 for side in sides) and len(value) == 2


@dataclass(frozen=True)
class Schema:
    """An endpoint's input and the kind of file it makes."""

    makes: str
    required: Mapping[str, Check]
    optional: Mapping[str, Check] = field(default_factory=dict)


_PROMPT: Mapping[str, Check] = {"prompt": _text()}
_PICTURE: Mapping[str, Check] = {"image_url": _url}
_SPOKEN: Mapping[str, Check] = {**_PICTURE, "audio_url": _url}
_COMMON: Mapping[str, Check] = {
    "num_images": _whole(1, 4),
    "seed": _whole(0, 2**31),
    "output_format": _one_of("jpeg", "png", "webp"),
}
_OPEN: Mapping[str, Check] = {
    **_COMMON,
    "output_format": _one_of("jpeg", "png"),
    "image_size": _size,
    "guidance_scale": _number(0, 20),
    "num_inference_steps": _whole(2, 50),
    "negative_prompt": _text(),
    "acceleration": _one_of("none", "regular", "high"),
    "enable_safety_checker": _flag,
}
_Z: Mapping[str, Check] = {
    **_OPEN,
    "output_format": _one_of("jpeg", "png", "webp"),
    "enable_prompt_expansion": _flag,
    "strength": _number(0, 1),
}
_RATIOS = ("21:9", "16:9", "3:2", "4:3", "5:4", "1:1", "4:5", "3:4", "2:3", "9:16")
_BANANA: Mapping[str, Check] = {**_COMMON, "aspect_ratio": _one_of(*_RATIOS)}
_BANANA_EDIT: Mapping[str, Check] = {**_COMMON, "aspect_ratio": _one_of("auto", *_RATIOS)}
_BANANA_2: Mapping[str, Check] = {
    **_COMMON,
    "aspect_ratio": _one_of("auto", *_RATIOS, "4:1", "1:4", "8:1", "1:8"),
    "resolution": _one_of("0.5K", "1K", "2K", "4K"),
    "safety_tolerance": _one_of(*"123456"),
    "limit_generations": _flag,
}
_BANANA_PRO: Mapping[str, Check] = {
    **_BANANA_EDIT,
    "resolution": _one_of("1K", "2K", "4K"),
    "safety_tolerance": _one_of(*"123456"),
}
_GPT: Mapping[str, Check] = {**_COMMON, "image_size": _size, "quality": _one_of("low", "medium", "high")}
_GROK: Mapping[str, Check] = {
    **_COMMON,
    "aspect_ratio": _one_of(
        *("2:1", "20:9", "19.5:9", "16:9", "4:3", "3:2", "1:1"),
        *("2:3", "3:4", "9:16", "9:19.5", "9:20", "1:2"),
    ),
    "resolution": _one_of("1k", "2k"),
}
_GROK_EDIT: Mapping[str, Check] = {**_COMMON, "resolution": _one_of("1k", "2k")}
_GROK_FILM: Mapping[str, Check] = {
    "duration": _whole(1, 15),
    "resolution": _one_of("480p", "720p"),
    "aspect_ratio": _one_of("16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16"),
}
_LTX: Mapping[str, Check] = {
    "duration": _one_of("6", "8", "10"),
    "resolution": _one_of("1080p", "1440p", "2160p"),
    "fps": _one_of("25", "50"),
    "generate_audio": _flag,
}
_LTX_23: Mapping[str, Check] = {
    **_LTX,
    "aspect_ratio": _one_of("auto", "16:9", "9:16"),
    "end_image_url": _url,
}
_SEEDANCE: Mapping[str, Check] = {
    "aspect_ratio": _one_of("21:9", "16:9", "4:3", "1:1", "3:4", "9:16"),
    "duration": _one_of(*(str(seconds) for seconds in range(2, 13))),
    "resolution": _one_of("480p", "720p", "1080p"),
    "camera_fixed": _flag,
    "seed": _whole(-1, 2**31),
    "enable_safety_checker": _flag,
}
_SEEDANCE_PICTURE: Mapping[str, Check] = {
    **_SEEDANCE,
    "aspect_ratio": _one_of("auto", "21:9", "16:9", "4:3", "1:1", "3:4", "9:16"),
}
_WAN_PROMPT: Mapping[str, Check] = {"prompt": _text(800)}
_WAN_PICTURE: Mapping[str, Check] = {
    "negative_prompt": _text(500),
    "duration": _one_of("5", "10", "15"),
    "resolution": _one_of("720p", "1080p"),
    "audio_url": _url,
    "multi_shots": _flag,
    "enable_prompt_expansion": _flag,
}
_WAN: Mapping[str, Check] = {**_WAN_PICTURE, "aspect_ratio": _one_of("16:9", "9:16", "1:1", "4:3", "3:4")}
_VEO: Mapping[str, Check] = {
    "aspect_ratio": _one_of("16:9", "9:16"),
    "duration": _one_of("4s", "6s", "8s"),
    "resolution": _one_of("720p", "1080p", "4k"),
    "generate_audio": _flag,
    "negative_prompt": _text(),
    "auto_fix": _flag,
    "safety_tolerance": _one_of(*"123456"),
    "seed": _whole(0, 2**31),
}
_VEO_PICTURE: Mapping[str, Check] = {**_VEO, "aspect_ratio": _one_of("auto", "16:9", "9:16")}
_EXPANSION = dict.fromkeys(("expand_left", "expand_right", "expand_top", "expand_bottom"), _whole(0, 700))

SCHEMAS: Mapping[str, Schema] = {
    "fal-ai/qwen-image": Schema("images", _PROMPT, _OPEN),
    "fal-ai/qwen-image/image-to-image": Schema(
        "images", {**_PROMPT, **_PICTURE}, {**_OPEN, "strength": _number(0, 1)}
    ),
    "fal-ai/qwen-image-edit": Schema("images", {**_PROMPT, **_PICTURE}, _OPEN),
    "fal-ai/qwen-image-edit/inpaint": Schema(
        "images", {**_PROMPT, **_PICTURE, "mask_url": _url}, {**_OPEN, "strength": _number(0, 1)}
    ),
    "fal-ai/qwen-image-edit-2511": Schema("images", {**_PROMPT, "image_urls": _urls(4)}, _OPEN),
    "fal-ai/z-image/turbo": Schema("images", _PROMPT, _Z),
    "fal-ai/z-image/turbo/inpaint": Schema("images", {**_PROMPT, **_PICTURE, "mask_image_url": _url}, _Z),
    "fal-ai/nano-banana": Schema("images", _PROMPT, _BANANA),
    "fal-ai/nano-banana/edit": Schema("images", {**_PROMPT, "image_urls": _urls(10)}, _BANANA_EDIT),
    "fal-ai/nano-banana-2": Schema("images", _PROMPT, _BANANA_2),
    "fal-ai/nano-banana-2/edit": Schema("images", {**_PROMPT, "image_urls": _urls(14)}, _BANANA_2),
    "fal-ai/nano-banana-pro": Schema("images", _PROMPT, _BANANA_PRO),
    "fal-ai/nano-banana-pro/edit": Schema("images", {**_PROMPT, "image_urls": _urls(14)}, _BANANA_PRO),
    "openai/gpt-image-2": Schema("images", _PROMPT, _GPT),
    "openai/gpt-image-2/edit": Schema("images", {**_PROMPT, "image_urls": _urls(16)}, _GPT),
    "xai/grok-imagine-image": Schema("images", _PROMPT, _GROK),
    "xai/grok-imagine-image/edit": Schema("images", {**_PROMPT, "image_urls": _urls(3)}, _GROK_EDIT),
    "xai/grok-imagine-video/text-to-video": Schema("video", _PROMPT, _GROK_FILM),
    "xai/grok-imagine-video/image-to-video": Schema("video", {**_PROMPT, **_PICTURE}, _GROK_FILM),
    "xai/grok-imagine-video/v1.5/image-to-video": Schema("video", {**_PROMPT, **_PICTURE}, _GROK_FILM),
    "fal-ai/ltx-2/image-to-video": Schema("video", {**_PROMPT, **_PICTURE}, _LTX),
    "fal-ai/ltx-2/image-to-video/fast": Schema("video", {**_PROMPT, **_PICTURE}, _LTX),
    "fal-ai/ltx-2.3/image-to-video": Schema("video", {**_PROMPT, **_PICTURE}, _LTX_23),
    "fal-ai/bytedance/seedance/v1/pro/fast/text-to-video": Schema("video", _PROMPT, _SEEDANCE),
    "fal-ai/bytedance/seedance/v1/pro/fast/image-to-video": Schema(
        "video", {**_PROMPT, **_PICTURE}, _SEEDANCE_PICTURE
    ),
    "wan/v2.6/text-to-video": Schema("video", _WAN_PROMPT, _WAN),
    "wan/v2.6/image-to-video": Schema("video", {**_WAN_PROMPT, **_PICTURE}, _WAN_PICTURE),
    "fal-ai/veo3.1": Schema("video", _PROMPT, _VEO),
    "fal-ai/veo3.1/image-to-video": Schema("video", {**_PROMPT, **_PICTURE}, _VEO_PICTURE),
    "fal-ai/veo3.1/fast": Schema("video", _PROMPT, _VEO),
    "fal-ai/veo3.1/fast/image-to-video": Schema("video", {**_PROMPT, **_PICTURE}, _VEO_PICTURE),
    "fal-ai/veo3.1/reference-to-video": Schema("video", {**_PROMPT, "image_urls": _urls(4)}, _VEO),
    "fal-ai/seedvr/upscale/image": Schema(
        "image",
        _PICTURE,
        {
            "upscale_mode": _one_of("factor", "target"),
            "upscale_factor": _number(1, 10),
            "noise_scale": _number(0, 1),
            "output_format": _one_of("jpg", "png", "webp"),
        },
    ),
    "fal-ai/clarity-upscaler": Schema("image", _PICTURE, {"upscale_factor": _number(1, 4)}),
    "fal-ai/recraft/upscale/crisp": Schema("image", _PICTURE),
    "fal-ai/bytedance/omnihuman/v1.5": Schema(
        "video",
        _SPOKEN,
        {"prompt": _text(), "resolution": _one_of("720p", "1080p"), "turbo_mode": _flag},
    ),
    "fal-ai/kling-video/ai-avatar/v2/standard": Schema("video", _SPOKEN, _PROMPT),
    "fal-ai/kling-video/ai-avatar/v2/pro": Schema("video", _SPOKEN, _PROMPT),
    "veed/fabric-1.0": Schema("video", {**_SPOKEN, "resolution": _one_of("480p", "720p")}),
    "fal-ai/image-editing/reframe": Schema(
        "images",
        _PICTURE,
        {
            "aspect_ratio": _one_of(*("21:9", "16:9", "4:3", "3:2", "1:1", "2:3", "3:4", "9:16", "9:21")),
            "output_format": _one_of("jpeg", "png"),
        },
    ),
    "fal-ai/ideogram/v3/reframe": Schema(
        "images",
        {**_PICTURE, "image_size": _size},
        {"rendering_speed": _one_of("TURBO", "BALANCED", "QUALITY"), "num_images": _whole(1, 8)},
    ),
    "fal-ai/luma-photon/reframe": Schema(
        "images",
        {**_PICTURE, "aspect_ratio": _one_of("1:1", "16:9", "9:16", "4:3", "3:4", "21:9", "9:21")},
        _PROMPT,
    ),
    "fal-ai/image-apps-v2/outpaint": Schema(
        "images",
        _PICTURE,
        {
            **_PROMPT,
            **_EXPANSION,
            "zoom_out_percentage": _number(0, 90),
            "output_format": _one_of("png", "jpg"),
        },
    ),
    "fal-ai/minimax-music/v2": Schema("audio", {"prompt": _text(300, 10), "lyrics_prompt": _text(3000, 10)}),
    "fal-ai/elevenlabs/music": Schema(
        "audio", {"prompt": _text()}, {"music_length_ms": _whole(3000, 600_000), "force_instrumental": _flag}
    ),
}
_FILES = {"video": ("mp4", "video/mp4"), "audio": ("mp3", "audio/mpeg")}


@dataclass
class QueuedRequest:
    """One request in the queue."""

    id: str
    endpoint: str
    body: Any
    webhook: str | None
    headers: Mapping[str, str]
    looks: int = 0
    canceled: bool = False

    @property
    def application(self) -> str:
        """What stands in its addresses: the first two parts of the endpoint."""
        return "/".join(self.endpoint.split("/")[:2])


class FalDouble(Double):
    """Keeps requests; each is done at its ``polls_needed``-th look. ``elsewhere`` has it name odd addresses."""

    name = "fal"

    def __init__(self, polls_needed: int = 2) -> None:
        super().__init__()
        self.polls_needed = polls_needed
        self.requests: dict[str, QueuedRequest] = {}
        self.exhausted = False
        self.elsewhere = False

    def routes(self) -> list[tuple[str, str, Route]]:
        path = "/(?P<app>[^/]+/[^/]+)/(?:requests|jobs)/(?P<id>[^/]+)"
        return [
            ("GET", "/.well-known/jwks.json", self._keys),
            ("GET", "/files/(?P<name>[^/]+)", self._download),
            ("GET", f"{path}/(?:status|state)", self._status),
            ("PUT", f"{path}/(?:cancel|stop)", self._cancel),
            ("GET", path, self._response),
            ("POST", "/(?P<endpoint>.+)", self._submit),
        ]

    def refuse(self, request: RecordedRequest) -> CannedResponse | None:
        if (
            request.path.startswith(("/files/", "/.well-known/"))
            or request.headers.get("authorization") == f"Key {KEY}"
        ):
            return None
        return CannedResponse(401, {"detail": "Cannot access application. Authentication is required."})

    def missing(self, request: RecordedRequest) -> CannedResponse:  # noqa: ARG002
        return CannedResponse(404, {"detail": "Not Found"})

    def callback(self, request_id: str, at: int) -> tuple[dict[str, str], bytes]:
        """The headers and body of the call that announces a request's end, signed at ``at`` (unix seconds)."""
        queued = self.requests[request_id]
        result = self._result(queued)
        body = json.dumps(
            {
                "request_id": request_id,
                "gateway_request_id": request_id,
                "status": "OK" if result.status == 200 else "ERROR",
                "payload": result.body,
                **({} if result.status == 200 else {"error": f"Unexpected status code: {result.status}"}),
            }
        ).encode()
        return self.signed(request_id, body, at), body

    def signed(self, request_id: str, body: bytes, at: int) -> dict[str, str]:
        """The headers that prove a body fal's."""
        signed = f"{request_id}\n{USER}\n{at}\n{hashlib.sha256(body).hexdigest()}".encode()
        return {
            "X-Fal-Webhook-Request-Id": request_id,
            "X-Fal-Webhook-User-Id": USER,
            "X-Fal-Webhook-Timestamp": str(at),
            "X-Fal-Webhook-Signature": _SIGNER.sign(signed).hex(),
        }

    def call_back(self, request_id: str, at: int) -> int:
        """Make that call at the address the submission named; returns the status."""
        headers, body = self.callback(request_id, at)
        webhook = self.requests[request_id].webhook
        if webhook is None:
            raise LookupError("the submission named no address to call")
        call = urllib.request.Request(webhook, body, {**headers, "Content-Type": "application/json"})
        with urllib.request.urlopen(call, timeout=10) as answer:
            status: int = answer.status
            return status

    def jwks(self) -> dict[str, Any]:
        """The published keys: another one first, so that all must be tried."""
        other = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
        return {"keys": [_jwk(other, "old"), _jwk(_SIGNER, "now")]}

    def _submit(self, request: RecordedRequest) -> CannedResponse:
        endpoint = request.params["endpoint"]
        if self.exhausted:
            return CannedResponse(403, {"detail": "User is locked. Reason: Exhausted balance."})
        applications = {"/".join(known.split("/")[:2]) for known in SCHEMAS}
        if "/".join(endpoint.split("/")[:2]) not in applications:
            name = endpoint.split("/")[1] if "/" in endpoint else endpoint
            return CannedResponse(404, {"detail": f"Application '{name}' not found"})
        webhook = request.query.get("fal_webhook")
        if webhook is not None and not webhook.startswith(("https://", "http://127.0.0.1")):
            return CannedResponse(422, {"detail": "The webhook must be an https address"})
        name = f"019f0000-0000-4000-8000-{len(self.requests) + 1:012d}"
        queued = QueuedRequest(name, endpoint, request.json(), webhook, request.headers)
        self.requests[name] = queued
        placed = {"request_id": name, "status": "IN_QUEUE", "queue_position": 0}
        return CannedResponse(200, {**placed, **self._addresses(queued)}, {"x-fal-request-id": name})

    def _addresses(self, queued: QueuedRequest) -> dict[str, str]:
        if self.elsewhere:
            base = f"{self.url}/{queued.application}/jobs/{queued.id}"
            return {"response_url": base, "status_url": f"{base}/state", "cancel_url": f"{base}/stop"}
        base = f"{self.url}/{queued.application}/requests/{queued.id}"
        return {"response_url": base, "status_url": f"{base}/status", "cancel_url": f"{base}/cancel"}

    def _known(self, request: RecordedRequest) -> QueuedRequest | None:
        queued = self.requests.get(request.params["id"])
        return queued if queued and queued.application == request.params["app"] else None

    def _status(self, request: RecordedRequest) -> CannedResponse:
        queued = self._known(request)
        if queued is None:
            return CannedResponse(404, {"detail": "Request not found"})
        queued.looks += 1
        answer: dict[str, Any] = {"request_id": queued.id, "logs": None, **self._addresses(queued)}
        if queued.looks < self.polls_needed and not queued.canceled:
            waiting = queued.looks == 1
            place = {"status": "IN_QUEUE", "queue_position": 0} if waiting else {"status": "IN_PROGRESS"}
            return CannedResponse(202, {**answer, **place})
        result = self._result(queued)
        failed = {} if result.status == 200 else {"error": "The request failed", "error_type": "unknown"}
        done = {"status": "COMPLETED", "metrics": {"inference_time": 1.25}}
        return CannedResponse(200, {**answer, **done, **failed}, {"x-fal-request-id": queued.id})

    def _response(self, request: RecordedRequest) -> CannedResponse:
        queued = self._known(request)
        if queued is None:
            return CannedResponse(404, {"detail": "Request not found"})
        if queued.looks < self.polls_needed and not queued.canceled:
            return CannedResponse(400, {"detail": "Request is still in progress"})
        result = self._result(queued)
        return CannedResponse(result.status, result.body, {**result.headers, "x-fal-request-id": queued.id})

    def _cancel(self, request: RecordedRequest) -> CannedResponse:
        queued = self._known(request)
        if queued is None:
            return CannedResponse(404, {"status": "NOT_FOUND"})
        if queued.looks >= self.polls_needed:
            return CannedResponse(400, {"status": "ALREADY_COMPLETED"})
        queued.canceled = True
        return CannedResponse(202, {"status": "CANCELLATION_REQUESTED"})

    def _result(self, queued: QueuedRequest) -> CannedResponse:
        schema = SCHEMAS.get(queued.endpoint)
        if schema is None:
            path = queued.endpoint.removeprefix(queued.application)
            return CannedResponse(404, {"detail": f"Path {path} not found"})
        if queued.canceled:
            return CannedResponse(400, {"detail": "Request was canceled"})
        wrong = _wrong(schema, queued.body)
        if wrong:
            return CannedResponse(422, {"detail": wrong}, {"X-Fal-Retryable": "false"})
        return _steered(str(queued.body.get("prompt", ""))) or self._made(queued, schema)

    def _made(self, queued: QueuedRequest, schema: Schema) -> CannedResponse:
        name, mime = _FILES.get(schema.makes, ("png", "image/png"))
        black = "[[block-output]]" in str(queued.body.get("prompt", ""))
        path = f"/files/{queued.id}{'-black' if black else ''}.{name}"
        file: dict[str, Any] = {"url": f"{self.url}{path}", "content_type": mime}
        headers = {"x-fal-billable-units": "1.5"}
        if schema.makes == "images":
            size = queued.body.get("image_size")
            shape = size if isinstance(size, dict) else {"width": 64, "height": 64}
            return CannedResponse(
                200, {"images": [{**file, **shape}], "has_nsfw_concepts": [black], "seed": 7}, headers
            )
        return CannedResponse(200, {schema.makes: file, "seed": 7}, headers)

    def _download(self, request: RecordedRequest) -> CannedResponse:
        return samples.file(request.params["name"])

    def _keys(self, request: RecordedRequest) -> CannedResponse:  # noqa: ARG002
        return CannedResponse(200, self.jwks())


def _jwk(key: Ed25519PrivateKey, name: str) -> dict[str, str]:
    public = base64.urlsafe_b64encode(key.public_key().public_bytes_raw()).decode().rstrip("=")
    return {"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": name, "x": public}


def _wrong(schema: Schema, body: Any) -> list[dict[str, Any]]:
    """The errors pydantic would report for the body."""
    fields: Mapping[str, Any] = body if isinstance(body, dict) else {}
    missing = [_error(name, "missing", "Field required") for name in schema.required if name not in fields]
    checks = {**schema.optional, **schema.required}
    unknown = [_error(name, "extra_forbidden", "Unknown field") for name in fields if name not in checks]
    bad = [
        _error(name, "literal_error", f"{name} may not be {fields[name]!r}")
        for name, check in checks.items()
        if name in fields and not check(fields[name])
    ]
    return [*missing, *unknown, *bad]


def _steered(prompt: str) -> CannedResponse | None:
    """The refusal that the prompt's marker selects."""
    if "[[block]]" in prompt:
        return _model_error(422, "content_policy_violation", "flagged by a content checker", "false")
    if "[[no-media]]" in prompt:
        return _model_error(422, "no_media_generated", "the model made nothing", "false")
    if "[[timeout]]" in prompt:
        return _model_error(504, "generation_timeout", "took too long", "true")
    if "[[runner]]" in prompt:
        body = {"detail": "The runner disconnected", "error_type": "runner_disconnected"}
        return CannedResponse(
            503, body, {"x-fal-error-type": "runner_disconnected", "X-Fal-Retryable": "true"}
        )
    return None


def _model_error(status: int, kind: str, message: str, retryable: str) -> CannedResponse:
    return CannedResponse(
        status, {"detail": [_error("prompt", kind, message)]}, {"X-Fal-Retryable": retryable}
    )


def _error(name: str, kind: str, message: str) -> dict[str, Any]:
    return {"loc": ["body", name], "msg": message, "type": kind}
