"""A server's tools and their results."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

type Json = Mapping[str, Any]


class ListedTool(Protocol):
    """What a server needs to know of a tool; of one that is not listed, its name alone."""

    @property
    def name(self) -> str: ...
    @property
    def description_json(self) -> dict[str, Any]: ...


def listed(
    name: str, title: str, text: str, input_schema: Json, output_schema: Json, hints: Mapping[str, bool]
) -> dict[str, Any]:
    """A tool as ``tools/list`` describes it. The schemas are JSON Schema 2020-12; ``hints`` are annotations."""
    return {
        "name": name,
        "title": title,
        "description": text,
        "inputSchema": input_schema,
        "outputSchema": output_schema,
        "annotations": {"title": title, **hints},
    }


@dataclass(frozen=True, slots=True)
class Tool:
    """One tool. The schemas are JSON Schema 2020-12; ``hints`` are the protocol's annotations."""

    name: str
    title: str
    description: str
    input_schema: Json
    output_schema: Json
    hints: Mapping[str, bool] = field(default_factory=dict)

    @property
    def description_json(self) -> dict[str, Any]:
        """The tool as ``tools/list`` describes it."""
        return listed(
            self.name, self.title, self.description, self.input_schema, self.output_schema, self.hints
        )


@dataclass(frozen=True, slots=True)
class ToolResult:
    """A tool's result. ``structured`` fits the tool's output schema; the content ``blocks`` come before it."""

    structured: Json
    blocks: tuple[Json, ...] = ()

    @property
    def result_json(self) -> dict[str, Any]:
        """The result of ``tools/call``; the structured content is repeated as text for older clients."""
        text = json.dumps(self.structured, ensure_ascii=False)
        content = [*self.blocks, {"type": "text", "text": text}]
        return {"content": content, "structuredContent": dict(self.structured), "isError": False}


class ToolFailed(Exception):
    """The tool ran and failed; the text tells the model what to change."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text

    @property
    def result_json(self) -> dict[str, Any]:
        """The result of ``tools/call``."""
        return {"content": [{"type": "text", "text": self.text}], "isError": True}


class ToolRefused(Exception):
    """The tool did not run, for a reason HTTP has a status for: no key, or one without the scope."""

    def __init__(self, status: int, text: str, *, challenge: str | None = None) -> None:
        super().__init__(text)
        self.status = status
        self.text = text
        self.headers = {} if challenge is None else {"WWW-Authenticate": challenge}


def image(data: bytes, mime: str) -> Json:
    """An image a model can look at."""
    return {"type": "image", "data": base64.b64encode(data).decode(), "mimeType": mime}


def link(uri: str, name: str, mime: str, description: str) -> Json:
    """An address a client can fetch."""
    return {
        "type": "resource_link",
        "uri": uri,
        "name": name,
        "mimeType": mime,
        "description": description,
    }
