"""The two tools for agents, as ``tools/list`` describes them."""

from __future__ import annotations

from typing import Any

from darkroom.http.mcp.tools import Tool

PREVIEW, GENERATE = "preview_image", "generate_image"

_VALUE = {
    "type": "object",
    "properties": {
        "text": {"type": "string", "description": "For text, QR-code and barcode elements."},
        "src": {"type": "string", "format": "uri", "description": "For image and SVG elements: a full URL."},
        "value": {"type": "number", "description": "For ratings."},
        "runs": {
            "type": ["object", "array"],
            "description": "For text elements, instead of text: run id → text fills runs of the template; a list of "
            "runs such as {text, fontWeight, color, fontSize} takes their place.",
        },
    },
    "additionalProperties": False,
}
_INPUT: dict[str, Any] = {
    "type": "object",
    "properties": {
        "templateId": {"type": "string", "format": "uuid", "description": "The template to render."},
        "payload": {
            "type": "object",
            "description": "Element id → value. Elements that are left out look as the template has them.",
            "additionalProperties": _VALUE,
        },
    },
    "required": ["templateId", "payload"],
    "additionalProperties": False,
}
_GENERATE_INPUT: dict[str, Any] = {
    **_INPUT,
    "properties": {
        **_INPUT["properties"],
        "format": {
            "enum": ["png", "jpeg", "webp", "pdf"],
            "description": "What is written, png by default. A pdf keeps text and vectors.",
        },
        "quality": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100,
            "description": "Of jpeg and webp, by default 85, and of the photographs in a pdf.",
        },
    },
}
_NUMBER = {"type": "integer", "minimum": 0}
_WARNINGS = {
    "type": "array",
    "description": "What is not right about the image, such as characters that no font has.",
    "items": {
        "type": "object",
        "properties": {
            "element": {"type": "string"},
            "code": {"type": "string"},
            "message": {"type": "string"},
            "characters": {"type": "string"},
        },
        "required": ["element", "code", "message"],
    },
}
_PREVIEW_OUTPUT = {
    "type": "object",
    "properties": {"url": {"type": "string", "format": "uri"}, "renderMs": _NUMBER, "warnings": _WARNINGS},
    "required": ["url", "renderMs"],
}
_GENERATE_OUTPUT = {
    "type": "object",
    "properties": {
        "url": {"type": "string", "format": "uri"},
        "fromCache": {"enum": [False, "db"]},
        "creditsRemaining": _NUMBER,
        "warnings": _WARNINGS,
    },
    "required": ["url", "fromCache", "creditsRemaining"],
}

TOOLS = (
    Tool(
        PREVIEW,
        "Preview an image",
        "Render a template with values and look at the result. Free and not kept; use it until the image is right. "
        "The image is at most 512 pixels wide and high.",
        _INPUT,
        _PREVIEW_OUTPUT,
        {"readOnlyHint": True, "openWorldHint": True},
    ),
    Tool(
        GENERATE,
        "Generate an image",
        "Render a template with values for good and get its permanent URL. Costs 1 credit; nothing if the same was "
        "rendered before or if it fails.",
        _GENERATE_INPUT,
        _GENERATE_OUTPUT,
        {"readOnlyHint": False, "destructiveHint": False, "idempotentHint": True, "openWorldHint": True},
    ),
)
INSTRUCTIONS = (
    "Makes images from templates. Use preview_image, which is free, until the image is right, then generate_image "
    "for its permanent URL."
)
