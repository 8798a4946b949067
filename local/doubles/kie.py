"""A double of kie.ai: market tasks and Suno-style music, judged by the body's ``code``.

Prompts steer it: ``[[block]]`` is refused at once, ``[[block-output]]`` when it is done, ``[[fail]]`` fails.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import urllib.request
from typing import Any

from local.doubles import samples
from local.doubles.base import CannedResponse, Double, RecordedRequest, Route

KEY = "kie-double-key"
CONSOLE_KEY = "kie-console-key"
MUSIC_MODELS = ("V4", "V4_5", "V4_5PLUS", "V4_5ALL", "V5", "V5_5")
PICTURE_FIELDS: dict[str, str] = {
    "google/nano-banana-edit": "image_urls",
    "qwen/image-to-image": "image_url",
    "qwen/image-edit": "image_url",
    "gpt-image-2-image-to-image": "input_urls",
    "grok-imagine-image-2-0/image-edit": "image_urls",
    "grok-imagine/image-to-video": "image_urls",
    "topaz/image-upscale": "image_url",
    "ideogram/v3-reframe": "image_url",
    "infinitalk/from-audio": "image_url",
    "kling/ai-avatar-v1-pro": "image_url",
    "omnihuman-1-5": "image_url",
}
WITHOUT_PROMPT = {"topaz/image-upscale", "ideogram/v3-reframe"}
TEXT_MODELS = {
    "google/nano-banana",
    "nano-banana-pro",
    "nano-banana-2",
    "qwen/text-to-image",
    "z-image",
    "gpt-image-2-text-to-image",
    "grok-imagine-image-2-0/text-to-image",
    "grok-imagine/text-to-video",
}
FILMS = {
    "grok-imagine/text-to-video",
    *[name for name in PICTURE_FIELDS if "video" in name or "avatar" in name],
}
FILMS |= {"infinitalk/from-audio", "omnihuman-1-5"}


class KieDouble(Double):
    """Keeps tasks and songs; each is done at its ``polls_needed``-th look."""

    name = "kie"

    def __init__(self, polls_needed: int = 2) -> None:
        super().__init__()
        self.polls_needed = polls_needed
        self.tasks: dict[str, dict[str, Any]] = {}

    def routes(self) -> list[tuple[str, str, Route]]:
        return [
            ("POST", "/api/v1/jobs/createTask", self.create),
            ("GET", "/api/v1/jobs/recordInfo", self._record),
            ("POST", "/api/v1/generate", self._sing),
            ("GET", "/api/v1/generate/record-info", self._song),
            ("GET", "/results/(?P<name>[^/]+)", self._result),
        ]

    def refuse(self, request: RecordedRequest) -> CannedResponse | None:
        if request.path.startswith("/results/") or request.headers.get("authorization") == f"Bearer {KEY}":
            return None
        return envelope(401, "You do not have access permissions")

    def create(self, request: RecordedRequest) -> CannedResponse:
        """Take a market task, or say what is wrong with it."""
        body = request.json()
        if not isinstance(body, dict):
            return envelope(400, "the body is no JSON")
        model, fields = body.get("model"), body.get("input")
        if model not in TEXT_MODELS and model not in PICTURE_FIELDS:
            return envelope(500, "The model is not supported")
        if not isinstance(fields, dict):
            return envelope(422, "input is required")
        required = [
            *([] if model in WITHOUT_PROMPT else ["prompt"]),
            *([PICTURE_FIELDS[model]] if model in PICTURE_FIELDS else []),
        ]
        missing = next((name for name in required if not fields.get(name)), None)
        if missing:
            return envelope(422, f"{missing} is required")
        if "[[block]]" in str(fields.get("prompt")):
            return envelope(422, "Your prompt was flagged as prohibited content")
        return self._accepted(body, "mp4" if model in FILMS else "png")

    def _accepted(self, body: dict[str, Any], kind: str) -> CannedResponse:
        task_id = hashlib.md5(str(len(self.tasks)).encode(), usedforsecurity=False).hexdigest()
        prompt = str(body.get("prompt") or (body.get("input") or {}).get("prompt") or "")
        self.tasks[task_id] = {"body": body, "kind": kind, "looks": 0, "prompt": prompt}
        return envelope(200, "success", {"taskId": task_id})

    def _record(self, request: RecordedRequest) -> CannedResponse:
        task = self.tasks.get(request.query.get("taskId", ""))
        if task is None:
            return envelope(422, "recordInfo is null")
        task["looks"] += 1
        return envelope(200, "success", self.record(request.query["taskId"]))

    def record(self, task_id: str) -> dict[str, Any]:
        """A market task's record as it stands; a callback carries the same."""
        task = self.tasks[task_id]
        record: dict[str, Any] = {"taskId": task_id, "model": task["body"]["model"], "state": "generating"}
        if task["looks"] < self.polls_needed:
            return {**record, "state": "queuing" if task["looks"] < 1 else "generating", "resultJson": ""}
        if "[[block-output]]" in task["prompt"]:
            return {
                **record,
                "state": "fail",
                "failCode": "422",
                "failMsg": "The output is prohibited content",
            }
        if "[[fail]]" in task["prompt"]:
            return {**record, "state": "fail", "failCode": "501", "failMsg": "generation failed"}
        urls = {"resultUrls": [f"{self.url}/results/{task_id}.{task['kind']}"]}
        done = {"state": "success", "resultJson": json.dumps(urls), "costTime": 4200, "creditsConsumed": 18}
        return {**record, **done}

    def _sing(self, request: RecordedRequest) -> CannedResponse:
        body = request.json()
        if not isinstance(body, dict) or body.get("model") not in MUSIC_MODELS:
            return envelope(422, "model error")
        if not body.get("callBackUrl"):
            return envelope(422, "Please enter callBackUrl.")
        custom, instrumental = body.get("customMode"), body.get("instrumental")
        if not isinstance(custom, bool) or not isinstance(instrumental, bool):
            return envelope(422, "customMode and instrumental are required")
        if not custom and not 0 < len(str(body.get("prompt") or "")) <= 500:
            return envelope(413, "prompt is limited to 500 characters")
        needed = ("style", "title") if instrumental else ("style", "title", "prompt")
        if custom and not all(body.get(name) for name in needed):
            return envelope(422, "style, title and prompt are required")
        return self._accepted(body, "mp3")

    def _song(self, request: RecordedRequest) -> CannedResponse:
        task = self.tasks.get(request.query.get("taskId", ""))
        if task is None:
            return envelope(200, "success", None)
        task["looks"] += 1
        return envelope(200, "success", self.song(request.query["taskId"]))

    def song(self, task_id: str) -> dict[str, Any]:
        """A song's record as it stands."""
        task = self.tasks[task_id]
        record = {"taskId": task_id, "status": "PENDING", "response": None}
        if task["looks"] < self.polls_needed:
            return record
        if "[[block" in task["prompt"]:
            return {**record, "status": "SENSITIVE_WORD_ERROR", "errorMessage": "sensitive words"}
        if "[[fail]]" in task["prompt"]:
            return {**record, "status": "GENERATE_AUDIO_FAILED", "errorMessage": "failed"}
        if "[[exception]]" in task["prompt"]:
            record["status"] = "CALLBACK_EXCEPTION"
        else:
            record["status"] = "SUCCESS"
        songs = [{"id": f"{task_id}-{n}", "audioUrl": f"{self.url}/results/{task_id}.mp3"} for n in (1, 2)]
        return {**record, "response": {"taskId": task_id, "sunoData": songs}}

    def _result(self, request: RecordedRequest) -> CannedResponse:
        return samples.file(request.params["name"])

    def callback(self, task_id: str, timestamp: int) -> tuple[dict[str, str], bytes]:
        """The headers and body of a call the market would make. The signature does not cover the body."""
        signed = f"{task_id}.{timestamp}".encode()
        mac = hmac.new(CONSOLE_KEY.encode(), signed, hashlib.sha256).digest()
        headers = {
            "X-Webhook-Timestamp": str(timestamp),
            "X-Webhook-Signature": base64.b64encode(mac).decode(),
        }
        about = self._sung(task_id) if self.tasks[task_id]["kind"] == "mp3" else self.record(task_id)
        return headers, json.dumps({"code": 200, "msg": "success", "data": about}).encode()

    def call_back(self, task_id: str, timestamp: int) -> int:
        """Make that call at the address the task named; returns the status."""
        headers, body = self.callback(task_id, timestamp)
        address = self.tasks[task_id]["body"]["callBackUrl"]
        call = urllib.request.Request(address, body, {**headers, "Content-Type": "application/json"})
        with urllib.request.urlopen(call, timeout=10) as answer:
            status: int = answer.status
            return status

    def _sung(self, task_id: str) -> dict[str, Any]:
        """A song as a callback spells it, which is not as its record does."""
        songs = (self.song(task_id)["response"] or {}).get("sunoData", ())
        data = [{"id": song["id"], "audio_url": song["audioUrl"]} for song in songs]
        return {"callbackType": "complete", "task_id": task_id, "data": data}


def envelope(code: int, message: str, data: Any = None) -> CannedResponse:
    """A response in the market's envelope; its HTTP status says little."""
    return CannedResponse(
        200 if code in (200, 422, 500, 402, 455, 501, 505) else code,
        {"code": code, "msg": message, "data": data},
    )
