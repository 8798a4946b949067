"""Responds to one request of a client, in either era of the protocol."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.http.mcp import messages
from darkroom.http.mcp.eras import MODERN_VERSIONS, SERVER_KEY, check_modern, is_modern, negotiated
from darkroom.http.mcp.messages import (
    HEADER_MISMATCH,
    INVALID_PARAMS,
    INVALID_REQUEST,
    METHOD_NOT_FOUND,
    PARSE_ERROR,
    UNSUPPORTED_VERSION,
    Json,
    McpRequest,
    McpResponse,
    Message,
    ProtocolError,
)
from darkroom.http.mcp.tools import ListedTool, ToolFailed, ToolRefused, ToolResult

LISTED_FOR_MS = 300_000
# Before the handshake was dropped, an error was an answer like any other.
_MODERN_STATUSES = {
    METHOD_NOT_FOUND: 404,
    PARSE_ERROR: 400,
    INVALID_REQUEST: 400,
    INVALID_PARAMS: 400,
    HEADER_MISMATCH: 400,
    UNSUPPORTED_VERSION: 400,
}

type Use = Callable[[str, Json], ToolResult]
type Check = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Server:
    """A server of tools and nothing else. It keeps no session, so any instance can respond to any request.

    ``allows_origin`` judges the ``Origin`` a browser sends; other clients send none.
    """

    name: str
    version: str
    instructions: str
    tools: tuple[ListedTool, ...]
    allows_origin: Callable[[str], bool]

    def respond(self, request: McpRequest, use: Use, check: Check = lambda: None) -> McpResponse:
        """Respond to a request.

        ``use`` runs a tool by its name, and may raise ``ToolFailed`` or ``ToolRefused``. ``check`` raises the latter
        for a client that is not let in; it is not asked where ``use`` will be.
        """
        refused = self._refused(request)
        if refused is not None:
            return refused
        try:
            message = messages.read(request.body)
        except ProtocolError as error:
            return McpResponse(400, messages.error_message(None, error))
        modern = is_modern(message, request.headers)
        try:
            if message.method != "tools/call" or not self._can_use(message.params):
                check()
            if message.id is None:
                return McpResponse(202)
            if modern:
                check_modern(message, request.headers)
            result = self._result(message, use, modern=modern)
        except ToolRefused as refusal:
            failure = ProtocolError(INVALID_REQUEST, refusal.text)
            return McpResponse(refusal.status, messages.error_message(message.id, failure), refusal.headers)
        except ProtocolError as error:
            status = _MODERN_STATUSES.get(error.code, 200) if modern else 200
            return McpResponse(status, messages.error_message(message.id, error))
        return McpResponse(200, messages.result_message(message.id, result))

    def _refused(self, request: McpRequest) -> McpResponse | None:
        origin = request.headers.get("origin")
        if origin is not None and not self.allows_origin(origin):
            return McpResponse(403)
        if request.method != "POST":  # there is no stream to open and no session to end
            return McpResponse(405, headers={"Allow": "POST"})
        return None if _accepts_json(request.headers.get("accept", "")) else McpResponse(406)

    def _result(self, message: Message, use: Use, *, modern: bool) -> Json:
        method = message.method
        if method == "tools/call":
            result = self._used(message.params, use)
        elif method == "tools/list":
            result = {**self._listed(message.params), **(_CACHEABLE if modern else {})}
        elif method == "server/discover" and modern:
            result = {**self._discovered(), **_CACHEABLE}
        elif method == "initialize" and not modern:
            result = self._handshake(message.params)
        elif method == "ping" and not modern:
            result = {}
        else:
            raise ProtocolError(METHOD_NOT_FOUND, f"Method not found: {method[:100]}")
        return {"resultType": "complete", **result, "_meta": {SERVER_KEY: self._info()}} if modern else result

    def _can_use(self, params: Json) -> bool:
        return self._has(params.get("name")) and isinstance(params.get("arguments", {}), dict)

    def _has(self, name: object) -> bool:
        return any(tool.name == name for tool in self.tools)

    def _used(self, params: Json, use: Use) -> dict[str, Any]:
        name, arguments = params.get("name"), params.get("arguments", {})
        if not self._has(name):
            raise ProtocolError(INVALID_PARAMS, f"Unknown tool: {str(name)[:100]}")
        if not isinstance(arguments, dict):
            raise ProtocolError(INVALID_PARAMS, "params.arguments must be an object.")
        try:
            return use(str(name), arguments).result_json
        except ToolFailed as failed:
            return failed.result_json

    def _listed(self, params: Json) -> dict[str, Any]:
        if params.get("cursor") is not None:
            raise ProtocolError(INVALID_PARAMS, "There is one page of tools; no cursor leads to another.")
        return {"tools": [tool.description_json for tool in self.tools]}

    def _discovered(self) -> dict[str, Any]:
        return {
            "supportedVersions": list(MODERN_VERSIONS),
            "capabilities": {"tools": {}},
            "instructions": self.instructions,
        }

    def _handshake(self, params: Json) -> dict[str, Any]:
        return {
            "protocolVersion": negotiated(params.get("protocolVersion")),
            "capabilities": {"tools": {"listChanged": False}},
            "serverInfo": self._info(),
            "instructions": self.instructions,
        }

    def _info(self) -> dict[str, str]:
        return {"name": self.name, "version": self.version}


_CACHEABLE: Mapping[str, Any] = {"ttlMs": LISTED_FOR_MS, "cacheScope": "public"}


def _accepts_json(accept: str) -> bool:
    """Whether the client accepts JSON. Quality values are ignored: there is no alternative."""
    kinds = {part.partition(";")[0].strip().lower() for part in accept.split(",")} - {""}
    return not kinds or not kinds.isdisjoint({"application/json", "application/*", "*/*"})
