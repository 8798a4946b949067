"""A double of the Gemini API: ``generateContent`` for pictures and JSON, interactions for films.

Prompts steer it: ``[[block]]`` is refused at the prompt, ``[[block-output]]`` at the picture, ``[[text]]`` brings
words instead of a film.
"""

from __future__ import annotations

import base64
import json
import re
from typing import Any

from local.doubles import samples
from local.doubles.base import CannedResponse, Double, RecordedRequest, Route

KEY = "google-double-key"
IMAGE_MODELS = ("gemini-nano-banana-2.1", "gemini-3-pro-image", "gemini-3.1-flash-lite-image")
TEXT_MODELS = ("gemini-3.8-flash", "gemini-3.5-flash-lite")
FILM_MODELS = ("gemini-omni-1.1-flash", "gemini-omni-1.2-flash")
RATIOS = {"1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9", "1:4", "4:1", "1:8", "8:1"}
SIZES = {"1K", "2K", "4K"}
VERTEX_ONLY = {"personGeneration", "outputMimeType"}


class GoogleDouble(Double):
    """Keeps interactions; each is done at its ``polls_needed``-th look."""

    name = "google"

    def __init__(self, polls_needed: int = 2) -> None:
        super().__init__()
        self.polls_needed = polls_needed
        self.wrapped_errors = False
        self.interactions: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[tuple[str, str, Route]]:
        version = "/v1(?:beta)?"
        return [
            ("POST", f"{version}/models/(?P<model>[^/:]+):generateContent", self._generate),
            ("POST", f"{version}/interactions", self._create),
            ("GET", f"{version}/interactions/(?P<id>[^/]+)", self._get),
            ("POST", f"{version}/interactions/(?P<id>[^/]+)/cancel", self._cancel),
            ("GET", f"{version}/files/(?P<id>[^/:]+):download", self._download),
        ]

    def refuse(self, request: RecordedRequest) -> CannedResponse | None:
        if request.headers.get("x-goog-api-key") == KEY:
            return None
        details = [{"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}]
        return self.error(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.", details)

    def error(self, code: int, status: str, message: str, details: list[Any] | None = None) -> CannedResponse:
        """An error in the vendor's envelope, in a list if ``wrapped_errors`` is set."""
        body = {"error": {"code": code, "message": message, "status": status, "details": details or []}}
        return CannedResponse(code, [body] if self.wrapped_errors else body)

    def _generate(self, request: RecordedRequest) -> CannedResponse:
        body, model = request.json(), request.params["model"]
        if model not in (*IMAGE_MODELS, *TEXT_MODELS):
            return self.error(404, "NOT_FOUND", f"models/{model} is not found for API version v1")
        contents = body.get("contents") if isinstance(body, dict) else None
        if not isinstance(contents, list) or not contents:
            return self.error(400, "INVALID_ARGUMENT", "contents is not specified")
        prompt = " ".join(part.get("text", "") for one in contents for part in one.get("parts", []))
        if "[[block]]" in prompt:
            return CannedResponse(
                200, {"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}, "usageMetadata": {}}
            )
        config = body.get("generationConfig") or {}
        if "IMAGE" in (config.get("responseModalities") or []):
            return self._drawn(prompt, model, config.get("imageConfig") or {})
        return self._written(config)

    def _drawn(self, prompt: str, model: str, shape: dict[str, Any]) -> CannedResponse:
        if model not in IMAGE_MODELS:
            return self.error(400, "INVALID_ARGUMENT", "this model makes no images")
        if shape.get("aspectRatio", "1:1") not in RATIOS or shape.get("imageSize", "1K") not in SIZES:
            return self.error(400, "INVALID_ARGUMENT", "Invalid value at 'generation_config.image_config'")
        if VERTEX_ONLY & shape.keys():
            return self.error(400, "INVALID_ARGUMENT", "parameter is not supported in Gemini API")
        if "[[block-output]]" in prompt:
            return CannedResponse(200, _candidates([], "IMAGE_SAFETY"))
        draft = {"inlineData": _inline(samples.png(32, 32, 90)), "thought": True}
        parts = [{"text": "Here it is."}, draft, {"inlineData": _inline(samples.png())}]
        return CannedResponse(200, _candidates(parts, "STOP"))

    def _written(self, config: dict[str, Any]) -> CannedResponse:
        if config.get("responseMimeType") != "application/json":
            return CannedResponse(200, _candidates([{"text": "words"}], "STOP"))
        schema = config.get("responseJsonSchema") or {"type": "string"}
        return CannedResponse(200, _candidates([{"text": json.dumps(samples.fitting(schema))}], "STOP"))

    def _create(self, request: RecordedRequest) -> CannedResponse:
        body = request.json()
        if not isinstance(body, dict) or body.get("model") not in FILM_MODELS:
            return self.error(404, "NOT_FOUND", "model is not found")
        shape = body.get("response_format") or {}
        wrong = self._wrong(body, shape)
        if wrong:
            return self.error(400, "INVALID_ARGUMENT", wrong)
        prompt = " ".join(part.get("text", "") for part in body["input"])
        if "[[block]]" in prompt:
            return self.error(400, "INVALID_ARGUMENT", "The request was refused for safety reasons.")
        number = f"v1_{len(self.interactions) + 1:08d}"
        self.interactions[number] = {"id": number, "status": "queued", "looks": 0, "prompt": prompt}
        return CannedResponse(200, {"id": number, "status": "queued", "model": body["model"]})

    def _wrong(self, body: dict[str, Any], shape: dict[str, Any]) -> str | None:
        if not isinstance(body.get("input"), list) or not body["input"]:
            return "input is required"
        if body.get("background") is not True:
            return "this double only works in the background"
        if shape.get("type") != "video" or not re.fullmatch(r"([3-9]|10)s", str(shape.get("duration"))):
            return "Invalid value at 'response_format.duration'"
        if shape.get("aspect_ratio", "16:9") not in ("16:9", "9:16"):
            return "Invalid value at 'response_format.aspect_ratio'"
        return None

    def _get(self, request: RecordedRequest) -> CannedResponse:
        interaction = self.interactions.get(request.params["id"])
        if interaction is None:
            return self.error(400, "INVALID_ARGUMENT", "Invalid interaction name")
        interaction["looks"] += 1
        if interaction["status"] in ("queued", "in_progress"):
            interaction["status"] = "in_progress" if interaction["looks"] < self.polls_needed else "completed"
        record = {
            "id": interaction["id"],
            "status": interaction["status"],
            "usage": {"total_output_tokens": 5000},
        }
        if interaction["status"] == "completed":
            words = [{"type": "text", "text": "I can't make that."}]
            film = [{"type": "video", "uri": f"{self.url}/v1/files/{interaction['id']}:download"}]
            wordy = "[[text]]" in interaction["prompt"]
            record["steps"] = [{"type": "model_output", "content": words if wordy else film}]
        return CannedResponse(200, record)

    def _cancel(self, request: RecordedRequest) -> CannedResponse:
        interaction = self.interactions.get(request.params["id"])
        if interaction is None:
            return self.error(400, "INVALID_ARGUMENT", "Invalid interaction name")
        interaction["status"] = "cancelled"
        return CannedResponse(200, {"id": interaction["id"], "status": "cancelled"})

    def _download(self, request: RecordedRequest) -> CannedResponse:
        if request.query.get("alt") != "media":
            return self.error(400, "INVALID_ARGUMENT", "alt=media is required")
        return CannedResponse(200, samples.mp4(), {"Content-Type": "video/mp4"})


def _inline(data: bytes) -> dict[str, str]:
    return {"mimeType": "image/png", "data": base64.b64encode(data).decode()}


def _candidates(parts: list[Any], finish: str) -> dict[str, Any]:
    content = {"role": "model", "parts": parts} if parts else {}
    return {
        "candidates": [{"content": content, "finishReason": finish, "index": 0}],
        "usageMetadata": {"promptTokenCount": 12, "candidatesTokenCount": 1120, "totalTokenCount": 1132},
        "modelVersion": "double",
        "responseId": "resp-double-1",
    }
