"""JSON-RPC 2.0 as the Model Context Protocol uses it: reading one message and writing the response."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from darkroom.domain.errors import MalformedBody
from darkroom.http import bodies

PARSE_ERROR = -32700
INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INVALID_PARAMS = -32602
INTERNAL_ERROR = -32603
HEADER_MISMATCH = -32020
UNSUPPORTED_VERSION = -32022

type Json = Mapping[str, Any]
type Id = str | int


@dataclass(frozen=True, slots=True)
class McpRequest:
    """An HTTP request to the endpoint; ``headers`` have lower-case names."""

    method: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class McpResponse:
    """The HTTP response; a ``body`` of ``None`` is an empty one."""

    status: int
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """One JSON-RPC request; without an ``id`` it is a notification, or a response to a request we never made."""

    method: str
    params: Json
    id: Id | None


class ProtocolError(Exception):
    """A JSON-RPC error. The text is for the client."""

    def __init__(self, code: int, text: str, *, data: Json | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.data = data


def read(body: bytes) -> Message:
    """Read a body's one message.

    Raises
    ------
    ProtocolError
    """
    try:
        message = bodies.parsed(body)
    except MalformedBody as error:
        raise ProtocolError(PARSE_ERROR, error.detail) from error
    if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
        raise ProtocolError(INVALID_REQUEST, "The body must be one JSON-RPC 2.0 message.")
    if "method" not in message and ("result" in message or "error" in message):
        return Message("", {}, None)
    return Message(_method(message), _params(message), _id(message))


def result_message(message_id: Id | None, result: Json) -> Json:
    """A successful response."""
    return {"jsonrpc": "2.0", "id": message_id, "result": dict(result)}


def error_message(message_id: Id | None, error: ProtocolError) -> Json:
    """An unsuccessful response."""
    details: dict[str, Any] = {"code": error.code, "message": error.text}
    if error.data is not None:
        details["data"] = dict(error.data)
    return {"jsonrpc": "2.0", "id": message_id, "error": details}


def _method(message: Mapping[str, Any]) -> str:
    method = message.get("method")
    if not isinstance(method, str) or not method:
        raise ProtocolError(INVALID_REQUEST, "method must be a string.")
    return method


def _params(message: Mapping[str, Any]) -> Json:
    params = message.get("params", {})
    if not isinstance(params, dict):
        raise ProtocolError(INVALID_REQUEST, "params must be an object.")
    return params


def _id(message: Mapping[str, Any]) -> Id | None:
    if "id" not in message:
        return None
    message_id = message["id"]
    if isinstance(message_id, bool) or not isinstance(message_id, str | int):
        raise ProtocolError(INVALID_REQUEST, "id must be a string or a whole number.")
    return message_id
