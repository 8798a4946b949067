"""A double of OpenAI's API: pictures made and edited, Responses with a schema, moderations.

Prompts steer it: ``[[block]]`` is refused at the prompt, ``[[block-output]]`` at the result, ``[[cut]]`` has a text
break off, ``[[decline]]`` has the model decline to write it.
"""

from __future__ import annotations

import base64
import json
import re
import struct
from collections.abc import Mapping
from typing import Any

from local.doubles import samples
from local.doubles.base import CannedResponse, Double, RecordedRequest, Route

KEY = "openai-double-key"
OLD_QUALITIES = {"auto", "low", "medium", "high"}
NEW_QUALITIES = OLD_QUALITIES | {"xhigh", "max"}
IMAGE_MODELS: Mapping[str, set[str]] = {
    "gpt-image-2": OLD_QUALITIES,
    "gpt-image-2-2026-04-21": OLD_QUALITIES,
    "gpt-image-2.5-flare": NEW_QUALITIES,
    "gpt-image-2.5-sunburst": NEW_QUALITIES,
    "gpt-image-2.6-flare": OLD_QUALITIES,
    "gpt-image-2.6-sunburst": OLD_QUALITIES,
}
TEXT_MODELS = {"gpt-6-luna", "gpt-6-sol", "gpt-6.1-sol", "gpt-6.1-terra"}
PRESETS = {"auto", "1024x1024", "1536x1024", "1024x1536"}
IMAGE_FIELDS = {
    *("model", "prompt", "n", "size", "quality", "output_format", "output_compression", "background"),
    *("complexity", "moderation", "safety_identifier", "user", "stream", "partial_images"),
}
MAX_PROMPT, MAX_PICTURES, MAX_MASK_BYTES = 32_000, 16, 4 * 1024 * 1024


class OpenAIDouble(Double):
    """Stateless: every response is complete."""

    name = "openai"

    def routes(self) -> list[tuple[str, str, Route]]:
        return [
            ("POST", "(?:/v1)?/images/generations", self._generate),
            ("POST", "(?:/v1)?/images/edits", self._edit),
            ("POST", "(?:/v1)?/responses", self._respond),
            ("POST", "(?:/v1)?/moderations", self._moderate),
        ]

    def refuse(self, request: RecordedRequest) -> CannedResponse | None:
        if request.headers.get("authorization") == f"Bearer {KEY}":
            return None
        return error(401, "Incorrect API key provided.", "invalid_api_key")

    def missing(self, request: RecordedRequest) -> CannedResponse:
        return error(404, f"Invalid URL ({request.method} {request.path})", None)

    def _generate(self, request: RecordedRequest) -> CannedResponse:
        body = request.json()
        if not isinstance(body, dict):
            return error(400, "We could not parse the JSON body of your request.", None)
        unknown = sorted(body.keys() - IMAGE_FIELDS)
        if unknown:
            return error(400, f"Unknown parameter: '{unknown[0]}'.", "unknown_parameter", unknown[0])
        return _wrong(body) or _drawn(body)

    def _edit(self, request: RecordedRequest) -> CannedResponse:
        if not request.headers.get("content-type", "").startswith("multipart/form-data"):
            return error(400, "Unsupported content type.", "unsupported_content_type")
        parts = request.parts()
        body = {name: data.decode() for name, file_name, data in parts if file_name is None}
        pictures = [data for name, file_name, data in parts if name in ("image", "image[]") and file_name]
        if not pictures:
            return error(400, "Missing required parameter: 'image'.", "missing_required_parameter", "image")
        if len(pictures) > MAX_PICTURES:
            return error(400, "Too many images.", "array_above_max_length", "image")
        masks = [data for name, _, data in parts if name == "mask"]
        return _wrong(body) or _wrong_mask(masks, pictures[0]) or _drawn(body)

    def _respond(self, request: RecordedRequest) -> CannedResponse:
        body = request.json()
        model = body.get("model") if isinstance(body, dict) else None
        if model not in TEXT_MODELS:
            return _no_model(str(model))
        if not body.get("input"):
            return error(400, "Missing required parameter: 'input'.", "missing_required_parameter", "input")
        shape = (body.get("text") or {}).get("format") or {"type": "text"}
        loose = _loose(shape.get("schema"), "()") if shape.get("strict") else None
        if loose:
            message = f"Invalid schema for response_format '{shape.get('name')}': {loose}"
            return error(400, message, "invalid_json_schema", "text.format.schema")
        return _written(body, shape)

    def _moderate(self, request: RecordedRequest) -> CannedResponse:
        body = request.json()
        content = body.get("input") if isinstance(body, dict) else None
        if not content:
            return error(400, "Missing required parameter: 'input'.", "missing_required_parameter", "input")
        parts = content if isinstance(content, list) else [content]
        if sum(isinstance(part, dict) and part.get("type") == "image_url" for part in parts) > 1:
            return error(400, "Too many images.", "too_many_images", "input")
        flagged = "[[block]]" in json.dumps(content)
        names = ("harassment", "hate", "illicit", "self-harm", "sexual", "sexual/minors", "violence")
        result = {
            "flagged": flagged,
            "categories": {name: flagged and name in ("violence", "hate") for name in names},
            "category_scores": {name: 0.97 if flagged and name == "violence" else 0.01 for name in names},
            "category_applied_input_types": {name: ["text"] for name in names},
        }
        return _json_response({"id": "modr-double", "model": body.get("model"), "results": [result]})


def error(
    status: int,
    message: str,
    code: str | None,
    param: str | None = None,
    *,
    kind: str = "invalid_request_error",
    **more: Any,
) -> CannedResponse:
    """An error in the vendor's envelope."""
    details = {"message": message, "type": kind, "param": param, "code": code, **more}
    return _json_response({"error": details}, status)


def blocked(stage: str) -> CannedResponse:
    """How a refused picture shows: the same type as a wrong parameter, distinguished by the code."""
    return error(
        400,
        "Your request was rejected by the safety system.",
        "moderation_blocked",
        kind="image_generation_user_error",
        moderation_details={"moderation_stage": stage, "categories": ["violence"]},
    )


def _json_response(body: Any, status: int = 200) -> CannedResponse:
    return CannedResponse(status, body, {"x-request-id": "req_double", "openai-processing-ms": "17"})


def _no_model(model: str) -> CannedResponse:
    message = f"The model `{model}` does not exist or you do not have access to it."
    return error(404, message, "model_not_found", "model")


def _wrong(body: Mapping[str, Any]) -> CannedResponse | None:
    qualities = IMAGE_MODELS.get(str(body.get("model")))
    if qualities is None:
        return _no_model(str(body.get("model")))
    prompt = str(body.get("prompt") or "")
    if not prompt or len(prompt) > MAX_PROMPT:
        return error(400, "Invalid 'prompt'.", "invalid_value", "prompt", kind="image_generation_user_error")
    if body.get("quality", "auto") not in qualities:
        return error(400, "Invalid value: 'quality'.", "invalid_value", "quality")
    if not _is_size(str(body.get("size", "auto"))):
        return error(400, "Invalid value: 'size'.", "invalid_value", "size")
    if not 1 <= int(body.get("n", 1)) <= 10:
        return error(400, "Invalid value: 'n'.", "invalid_value", "n")
    return blocked("input") if "[[block]]" in prompt else None


def _is_size(size: str) -> bool:
    match = re.fullmatch(r"(\d+)x(\d+)", size)
    if size in PRESETS or not match:
        return size in PRESETS
    width, height = int(match[1]), int(match[2])
    pixels, ratio = width * height, width / height
    whole = width % 16 == 0 and height % 16 == 0
    return whole and 655_360 <= pixels <= 8_294_400 and max(width, height) <= 3840 and 1 / 3 <= ratio <= 3


def _wrong_mask(masks: list[bytes], picture: bytes) -> CannedResponse | None:
    if not masks:
        return None
    mask = masks[0]
    if mask[:8] != b"\x89PNG\r\n\x1a\n" or len(mask) >= MAX_MASK_BYTES:
        return error(400, "The mask must be a PNG below 4 MB.", "invalid_image_file", "mask")
    if mask[25] not in (4, 6):
        return error(400, "Mask image missing alpha channel.", "invalid_mask_image_format", "mask")
    if picture[:4] == b"\x89PNG" and struct.unpack(">II", mask[16:24]) != struct.unpack(
        ">II", picture[16:24]
    ):
        return error(400, "Mask and image must have the same size.", "invalid_image_size", "mask")
    return None


def _drawn(body: Mapping[str, Any]) -> CannedResponse:
    if "[[block-output]]" in str(body["prompt"]):
        return blocked("output")
    size = "1024x1024" if body.get("size", "auto") == "auto" else str(body["size"])
    width, _, height = size.partition("x")
    usage = {
        "input_tokens": 21,
        "output_tokens": 1056,
        "total_tokens": 1077,
        "input_tokens_details": {"text_tokens": 15, "image_tokens": 6},
    }
    picture = base64.b64encode(samples.png(int(width), int(height))).decode()
    return _json_response(
        {
            "created": 1_700_000_000,
            "data": [{"b64_json": picture}] * int(body.get("n", 1)),
            "usage": usage,
            "size": size,
            "quality": body.get("quality", "auto"),
            "output_format": "png",
        }
    )


def _written(body: Mapping[str, Any], shape: Mapping[str, Any]) -> CannedResponse:
    input_file = json.dumps(body["input"])
    if "[[block]]" in input_file:
        return error(
            400, "Your prompt was flagged as potentially violating our usage policy.", "invalid_prompt"
        )
    status, details, part = "completed", None, _words(shape)
    if "[[decline]]" in input_file:
        part = {"type": "refusal", "refusal": "I can't help with that."}
    if "[[block-output]]" in input_file:
        status, details = "incomplete", {"reason": "content_filter"}
    if "[[cut]]" in input_file:
        status, details = "incomplete", {"reason": "max_output_tokens"}
        part = {"type": "output_text", "text": '{"prompt": "a pai', "annotations": []}
    message = {"type": "message", "id": "msg_1", "status": status, "role": "assistant", "content": [part]}
    return _json_response(
        {
            "id": "resp_double",
            "object": "response",
            "created_at": 1_700_000_000,
            "status": status,
            "error": None,
            "incomplete_details": details,
            "model": body["model"],
            "output": [{"type": "reasoning", "id": "rs_1", "summary": []}, message],
            "parallel_tool_calls": True,
            "tool_choice": "auto",
            "tools": [],
            "usage": {
                "input_tokens": 90,
                "input_tokens_details": {"cached_tokens": 0},
                "output_tokens": 40,
                "output_tokens_details": {"reasoning_tokens": 8},
                "total_tokens": 130,
            },
        }
    )


def _words(shape: Mapping[str, Any]) -> dict[str, Any]:
    text = "words" if shape.get("type") != "json_schema" else json.dumps(samples.fitting(shape["schema"]))
    return {"type": "output_text", "text": text, "annotations": []}


def _loose(schema: Any, where: str) -> str | None:
    """What is wrong with a schema that is said to be strict, as the vendor's check finds it."""
    if not isinstance(schema, dict):
        return f"In context={where}, schema must be an object."
    if schema.get("type") == "object":
        if schema.get("additionalProperties") is not False:
            return f"In context={where}, 'additionalProperties' is required to be supplied and to be false."
        properties = schema.get("properties") or {}
        if set(schema.get("required") or ()) != properties.keys():
            return f"In context={where}, 'required' is required to include every key in properties."
        return next(filter(None, (_loose(one, f"{where}.{name}") for name, one in properties.items())), None)
    if schema.get("type") == "array":
        return _loose(schema.get("items"), f"{where}.items")
    return None if "type" in schema else f"In context={where}, schema must have a 'type' key."
