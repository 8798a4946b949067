"""JSON-RPC 2.0 as the Model Context Protocol uses it: reading one message, and spelling the reply."""

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
class Request:
    """An HTTP request to the endpoint; ``headers`` have lower-case names."""

    method: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Response:
    """The HTTP answer; a ``body`` of ``None`` is an empty one."""

    status: int
    body: Json | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Message:
    """One JSON-RPC request; without an ``id`` it is a notification, or an answer to something we never asked."""

    method: str
    params: Json
    id: Id | None


class ProtocolError(Exception):
    """What is wrong with a message, as JSON-RPC spells it. The text is for the client."""

    def __init__(self, code: int, text: str, *, data: Json | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.text = text
        self.data = data


def read(body: bytes) -> Message:
    """The one message a body holds.

    Raises
    ------
    ProtocolError
    """
    try:
        found = bodies.parsed(body)
    except MalformedBody as error:
        raise ProtocolError(PARSE_ERROR, error.detail) from error
    if not isinstance(found, dict) or found.get("jsonrpc") != "2.0":
        raise ProtocolError(INVALID_REQUEST, "The body must be one JSON-RPC 2.0 message.")
    if "method" not in found and ("result" in found or "error" in found):
        return Message("", {}, None)
    return Message(_method(found), _params(found), _id(found))


def result(message_id: Id | None, found: Json) -> Json:
    """A successful answer."""
    return {"jsonrpc": "2.0", "id": message_id, "result": dict(found)}


def failure(message_id: Id | None, error: ProtocolError) -> Json:
    """An unsuccessful one."""
    told: dict[str, Any] = {"code": error.code, "message": error.text}
    if error.data is not None:
        told["data"] = dict(error.data)
    return {"jsonrpc": "2.0", "id": message_id, "error": told}


def _method(found: Mapping[str, Any]) -> str:
    method = found.get("method")
    if not isinstance(method, str) or not method:
        raise ProtocolError(INVALID_REQUEST, "method must be a string.")
    return method


def _params(found: Mapping[str, Any]) -> Json:
    params = found.get("params", {})
    if not isinstance(params, dict):
        raise ProtocolError(INVALID_REQUEST, "params must be an object.")
    return params


def _id(found: Mapping[str, Any]) -> Id | None:
    if "id" not in found:
        return None
    given = found["id"]
    if isinstance(given, bool) or not isinstance(given, str | int):
        raise ProtocolError(INVALID_REQUEST, "id must be a string or a whole number.")
    return given
