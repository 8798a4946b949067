"""A double of xAI's API: pictures, films that are polled, chat completions.

Prompts steer it: ``[[block]]`` is refused at once, ``[[block-output]]`` withheld when it is done (and billed),
``[[fail]]`` has a film fail, ``[[expire]]`` has it expire, ``[[cut]]`` has a text break off.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from local.doubles import samples
from local.doubles.base import CannedResponse, Double, RecordedRequest, Route

KEY = "xai-double-key"
RATIOS = {
    *("auto", "1:1", "3:4", "4:3", "9:16", "16:9", "2:3", "3:2"),
    *("9:19.5", "19.5:9", "9:20", "20:9", "1:2", "2:1"),
}
FILM_RATIOS = {"1:1", "16:9", "9:16", "4:3", "3:4", "3:2", "2:3"}
IMAGE_MODELS: Mapping[str, tuple[set[str], int]] = {
    "grok-imagine-image": (RATIOS, 3),
    "grok-imagine-image-2.0": (RATIOS | {"21:9", "5:2"}, 5),
}
FILM_MODELS: Mapping[str, set[str]] = {
    "grok-imagine-video": {"480p", "720p"},
    "grok-imagine-video-1.5": {"480p", "720p", "1080p"},
    "grok-imagine-video-1.5-lite": {"480p", "720p"},
}
TEXT_MODELS = {"grok-4.6", "grok-4.7"}
NOT_SUPPORTED = ("size", "style", "mask")
MAX_FILM_PROMPT_BYTES = 4096


class XAIDouble(Double):
    """Keeps films; each is done at its ``polls_needed``-th look. ``nested_errors`` has errors look like OpenAI's."""

    name = "xai"

    def __init__(self, polls_needed: int = 2) -> None:
        super().__init__()
        self.polls_needed = polls_needed
        self.nested_errors = False
        self.pending_status = 200  # whether a look at an unfinished film is 200 or 202 is not documented
        self.films: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[tuple[str, str, Route]]:
        return [
            ("POST", "(?:/v1)?/images/generations", self._generate),
            ("POST", "(?:/v1)?/images/edits", self._edit),
            ("POST", "(?:/v1)?/videos/generations", self._film),
            ("GET", "(?:/v1)?/videos/(?P<id>[^/]+)", self._look),
            ("POST", "(?:/v1)?/chat/completions", self._write),
            ("GET", "/vidgen/(?P<id>[^/]+).mp4", self._deliver),
        ]

    def refuse(self, request: RecordedRequest) -> CannedResponse | None:
        authorization = request.headers.get("authorization")
        if request.path.startswith("/vidgen/") or authorization == f"Bearer {KEY}":
            return self._not_json(request)
        if authorization is None:
            return self.error(401, "No API key provided.", "unauthenticated")
        return self.error(400, "Incorrect API key provided: xa***ey.", "invalid-argument")

    def error(self, status: int, message: str, code: str) -> CannedResponse:
        """An error, flat or nested."""
        body = (
            {"error": {"message": message, "code": code}}
            if self.nested_errors
            else {"error": message, "code": code}
        )
        return CannedResponse(status, body, {"x-request-id": "xai-req-1"})

    def _not_json(self, request: RecordedRequest) -> CannedResponse | None:
        if request.method == "POST" and not request.headers.get("content-type", "").startswith(
            "application/json"
        ):
            return self.error(415, "Expected request with `Content-Type: application/json`", "unsupported")
        return None

    def _generate(self, request: RecordedRequest) -> CannedResponse:
        body = request.json()
        return self._wrong_image(body) or self._drawn(body)

    def _edit(self, request: RecordedRequest) -> CannedResponse:
        body = request.json()
        wrong = self._wrong_image(body)
        if wrong:
            return wrong
        pictures = body.get("images") or [body.get("image")]
        if "image" in body and "images" in body:
            return self.error(400, "image and images cannot both be given", "invalid-argument")
        if not all(
            isinstance(one, dict) and one.get("url") and one.get("type") == "image_url" for one in pictures
        ):
            return self.error(422, "image: invalid format", "invalid-argument")
        most = IMAGE_MODELS[body["model"]][1]
        if len(pictures) > most:
            return self.error(400, f"at most {most} images", "invalid-argument")
        return self._drawn(body)

    def _wrong_image(self, body: Any) -> CannedResponse | None:
        if not isinstance(body, dict) or not body.get("prompt"):
            return self.error(422, "missing field `prompt`", "invalid-argument")
        if body.get("model") not in IMAGE_MODELS:
            return self.error(404, f"The model {body.get('model')} does not exist", "not-found")
        unknown = next((name for name in NOT_SUPPORTED if name in body), None)
        if unknown:
            return self.error(400, f"Argument not supported: {unknown}", "invalid-argument")
        ratios, _ = IMAGE_MODELS[body["model"]]
        wrong = body.get("aspect_ratio", "auto") not in ratios or body.get("resolution", "1k") not in (
            "1k",
            "2k",
        )
        if wrong or not 1 <= body.get("n", 1) <= 10:
            return self.error(400, "Invalid aspect_ratio, resolution or n", "invalid-argument")
        if "quality" in body and body["model"] != "grok-imagine-image-2.0":
            return self.error(400, "Argument not supported: quality", "invalid-argument")
        return self._refused(str(body["prompt"]))

    def _refused(self, prompt: str) -> CannedResponse | None:
        if "[[block]]" in prompt:
            return self.error(403, "Content violates usage guidelines. Failed check.", "permission-denied")
        return None

    def _drawn(self, body: Mapping[str, Any]) -> CannedResponse:
        kept = "[[block-output]]" not in body["prompt"]
        picture = base64.b64encode(samples.png(128, 72)).decode()
        made: dict[str, Any] = {"revised_prompt": body["prompt"]}
        if body.get("response_format") == "b64_json":
            made |= {"b64_json": picture} if kept else {"url": ""}
        else:
            made["url"] = f"{self.url}/imgen/1.png" if kept else ""
        usage = {"cost_in_usd_ticks": 200_000_000}
        answer = {"data": [made] * body.get("n", 1), "usage": usage, "respect_moderation": kept}
        return CannedResponse(200, answer, {"x-request-id": "xai-req-1"})

    def _film(self, request: RecordedRequest) -> CannedResponse:
        body = request.json()
        if not isinstance(body, dict) or body.get("model") not in FILM_MODELS:
            return self.error(404, "The model does not exist", "not-found")
        prompt = str(body.get("prompt") or "")
        wrong = _wrong_film(body, prompt)
        if wrong:
            return self.error(400, wrong, "invalid-argument")
        refused = self._refused(prompt)
        if refused:
            return refused
        name = f"film-{len(self.films) + 1}"
        self.films[name] = {"prompt": prompt, "looks": 0, "duration": body.get("duration", 6)}
        return CannedResponse(200, {"request_id": name}, {"x-request-id": "xai-req-1"})

    def _look(self, request: RecordedRequest) -> CannedResponse:
        film = self.films.get(request.params["id"])
        if film is None:
            return self.error(404, "Video not found", "not-found")
        film["looks"] += 1
        if film["looks"] < self.polls_needed:
            return CannedResponse(self.pending_status, {"status": "pending", "progress": 40})
        return CannedResponse(200, self._record(request.params["id"], film))

    def _record(self, name: str, film: Mapping[str, Any]) -> dict[str, Any]:
        if "[[fail]]" in film["prompt"]:
            return {"status": "failed", "error": {"code": "internal_error", "message": "generation failed"}}
        if "[[expire]]" in film["prompt"]:
            return {"status": "expired"}
        kept = "[[block-output]]" not in film["prompt"]
        url = f"{self.url}/vidgen/{name}.mp4" if kept else ""
        video = {"url": url, "duration": film["duration"], "respect_moderation": kept}
        usage = {"cost_in_usd_ticks": 4_200_000_000}
        return {"status": "done", "progress": 100, "model": "grok", "video": video, "usage": usage}

    def _deliver(self, request: RecordedRequest) -> CannedResponse:  # noqa: ARG002 - a route's signature
        return CannedResponse(200, samples.mp4(), {"Content-Type": "video/mp4"})

    def _write(self, request: RecordedRequest) -> CannedResponse:
        body = request.json()
        if not isinstance(body, dict) or body.get("model") not in TEXT_MODELS:
            return self.error(404, "The model does not exist", "not-found")
        if not body.get("messages"):
            return self.error(422, "missing field `messages`", "invalid-argument")
        input_file = json.dumps(body["messages"])
        shape = (body.get("response_format") or {}).get("json_schema") or {}
        text = json.dumps(samples.fitting(shape["schema"])) if "schema" in shape else "words"
        message = {"role": "assistant", "content": text, "refusal": None}
        finish = "stop"
        if "[[cut]]" in input_file:
            message["content"], finish = text[:5], "length"
        if "[[block-output]]" in input_file:
            message["content"], finish = "", "content_filter"
        return self._refused(input_file) or CannedResponse(
            200,
            {
                "id": "chat-1",
                "object": "chat.completion",
                "created": 1_700_000_000,
                "model": body["model"],
                "choices": [{"index": 0, "message": message, "finish_reason": finish}],
                "usage": {"prompt_tokens": 90, "completion_tokens": 40, "total_tokens": 130},
            },
            {"x-request-id": "xai-req-1"},
        )


def _wrong_film(body: Mapping[str, Any], prompt: str) -> str | None:
    if len(prompt.encode()) > MAX_FILM_PROMPT_BYTES or not (prompt or body.get("image")):
        return "prompt is required and limited to 4096 bytes"
    if not isinstance(body.get("duration", 6), int) or not 1 <= body.get("duration", 6) <= 15:
        return "duration must be 1 to 15"
    if body.get("resolution", "480p") not in FILM_MODELS[body["model"]]:
        return "Invalid resolution"
    references = body.get("reference_images", [])
    if references and (body["model"] != "grok-imagine-video-1.5" or len(references) > 7 or "image" in body):
        return "Invalid reference_images"
    return None if body.get("aspect_ratio", "16:9") in FILM_RATIOS else "Invalid aspect_ratio"
