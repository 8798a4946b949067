"""The Model Context Protocol server, in both eras, its answers read by the protocol's own models."""

from __future__ import annotations

import base64
import json
from typing import Any

import mcp_types
import pytest
from mcp_types.jsonrpc import JSONRPCError, JSONRPCResponse

from darkroom.http.mcp import tools
from darkroom.http.mcp.messages import Json, McpRequest, McpResponse
from darkroom.http.mcp.server import Server
from darkroom.http.mcp.tools import Tool, ToolFailed, ToolRefused, ToolResult

MODERN = "2026-07-28"
LEGACY = ("2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05")
ECHO = Tool(
    "echo",
    "Echo",
    "Says what it is told.",
    {"type": "object", "properties": {"say": {"type": "string"}}, "required": ["say"]},
    {"type": "object", "properties": {"said": {"type": "string"}}, "required": ["said"]},
    {"readOnlyHint": True},
)
SERVER = Server("test", "1", "Talk to it.", (ECHO,), lambda origin: origin == "https://ours.test")


def use(name: str, arguments: Json) -> ToolResult:
    if "say" not in arguments:
        raise ToolFailed("say is required.")
    if arguments["say"] == "no":
        raise ToolRefused(401, "Missing API key.", challenge="Bearer")
    picture = tools.image(b"\x89PNG", "image/png")
    link = tools.link("https://ours.test/x.png", "x.png", "image/png", "What was said.")
    return ToolResult({"said": arguments["say"]}, (picture, link))


def ask(message: Any, method: str = "POST", **headers: str) -> McpResponse:
    body = message if isinstance(message, bytes) else json.dumps(message).encode()
    spelled = {name.replace("_", "-"): value for name, value in headers.items()}
    return SERVER.respond(McpRequest(method, spelled, body), use)


def legacy(method: str, params: Json | None = None, version: str | None = "2025-11-25") -> McpResponse:
    message = {"jsonrpc": "2.0", "id": 1, "method": method, "params": dict(params or {})}
    return ask(message, **({"mcp_protocol_version": version} if version else {}))


def modern(method: str, params: Json | None = None, **headers: str) -> McpResponse:
    meta = {
        "io.modelcontextprotocol/protocolVersion": MODERN,
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    whole = {"_meta": meta, **(params or {})}
    sent = {"mcp_protocol_version": MODERN, "mcp_method": method, **headers}
    name = (params or {}).get("name")
    if isinstance(name, str):
        sent.setdefault("mcp_name", name)
    return ask({"jsonrpc": "2.0", "id": "a", "method": method, "params": whole}, **sent)


def result(reply: McpResponse) -> dict[str, Any]:
    assert reply.status == 200
    found: dict[str, Any] = JSONRPCResponse.model_validate(reply.body).result
    return found


def refusal(reply: McpResponse) -> tuple[int, int]:
    return reply.status, JSONRPCError.model_validate(reply.body).error.code


# ---------------------------------------------------------------- both eras


@pytest.mark.parametrize("call", [legacy, modern])
def test_tools_are_listed(call: Any) -> None:
    found = mcp_types.ListToolsResult.model_validate(result(call("tools/list")))
    (tool,) = found.tools
    assert tool.name == "echo"
    assert tool.input_schema["required"] == ["say"]
    assert tool.output_schema is not None
    assert tool.annotations is not None
    assert tool.annotations.read_only_hint is True


@pytest.mark.parametrize("call", [legacy, modern])
def test_a_tool_is_used(call: Any) -> None:
    response = result(call("tools/call", {"name": "echo", "arguments": {"say": "héllo"}}))
    found = mcp_types.CallToolResult.model_validate(response)
    assert found.is_error is False
    assert found.structured_content == {"said": "héllo"}
    picture, link, text = found.content
    assert isinstance(picture, mcp_types.ImageContent)
    assert base64.b64decode(picture.data) == b"\x89PNG"
    assert isinstance(link, mcp_types.ResourceLink)
    assert isinstance(text, mcp_types.TextContent)
    assert json.loads(text.text) == {"said": "héllo"}


@pytest.mark.parametrize("call", [legacy, modern])
def test_a_tool_that_fails_says_so_in_its_result(call: Any) -> None:
    response = mcp_types.CallToolResult.model_validate(result(call("tools/call", {"name": "echo"})))
    assert response.is_error is True
    assert isinstance(response.content[0], mcp_types.TextContent)
    assert response.content[0].text == "say is required."


@pytest.mark.parametrize("call", [legacy, modern])
def test_who_may_not_use_a_tool_is_told_by_status(call: Any) -> None:
    reply = call("tools/call", {"name": "echo", "arguments": {"say": "no"}})
    assert refusal(reply) == (401, -32600)
    assert reply.headers == {"WWW-Authenticate": "Bearer"}


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"null x", b'{"jsonrpc": "2.0", "id": 1, "method": "\\ud800"}', b"[" * 100_000],
)
def test_what_is_not_json_is_a_parse_error(body: bytes) -> None:
    assert refusal(ask(body)) == (400, -32700)


@pytest.mark.parametrize(
    "message",
    [
        [],
        [{"jsonrpc": "2.0", "id": 1, "method": "ping"}],
        {},
        "x",
        7,
        None,
        {"jsonrpc": "1.0", "id": 1, "method": "ping"},
        {"jsonrpc": "2.0", "id": 1},
        {"jsonrpc": "2.0", "id": 1, "method": 7},
        {"jsonrpc": "2.0", "id": None, "method": "ping"},
        {"jsonrpc": "2.0", "id": True, "method": "ping"},
        {"jsonrpc": "2.0", "id": 1.5, "method": "ping"},
        {"jsonrpc": "2.0", "id": {}, "method": "ping"},
        {"jsonrpc": "2.0", "id": 1, "method": "ping", "params": []},
    ],
)
def test_what_is_not_one_request_is_refused(message: Any) -> None:
    assert refusal(ask(message)) == (400, -32600)


@pytest.mark.parametrize("method", ["notifications/initialized", "notifications/cancelled", "whatever"])
@pytest.mark.parametrize("version", [None, *LEGACY, MODERN])
def test_notifications_and_answers_are_taken_in_silence(method: str, version: str | None) -> None:
    headers = {"mcp_protocol_version": version} if version else {}
    assert ask({"jsonrpc": "2.0", "method": method}, **headers) == McpResponse(202)
    assert ask({"jsonrpc": "2.0", "id": 1, "result": {}}, **headers) == McpResponse(202)


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
def test_there_is_no_stream_and_no_session(method: str) -> None:
    reply = ask(b"", method, accept="text/event-stream", mcp_session_id="x")
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")


@pytest.mark.parametrize(
    ("origin", "status"), [("https://ours.test", 200), ("https://evil.test", 403), ("null", 403), ("", 403)]
)
def test_only_known_pages_may_ask(origin: str, status: int) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert ask(message, origin=origin).status == status


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/json, text/event-stream", 200),
        ("application/json", 200),
        ("APPLICATION/JSON;q=0.9", 200),
        ("*/*", 200),
        ("", 200),
        ("text/html", 406),
        ("text/event-stream", 406),
    ],
)
def test_json_must_be_welcome(accept: str, status: int) -> None:
    assert ask({"jsonrpc": "2.0", "id": 1, "method": "ping"}, accept=accept).status == status


# ------------------------------------------------------------------- legacy


@pytest.mark.parametrize("version", LEGACY)
def test_a_handshake_settles_on_the_clients_version(version: str) -> None:
    response = result(legacy("initialize", {"protocolVersion": version}, version=None))
    found = mcp_types.InitializeResult.model_validate(response)
    assert found.protocol_version == version
    assert found.server_info.name == "test"
    assert found.capabilities.tools is not None
    assert "resultType" not in response


@pytest.mark.parametrize("version", [MODERN, "1999-01-01", 7, None])
def test_a_handshake_over_an_unknown_version_offers_the_newest(version: Any) -> None:
    response = result(legacy("initialize", {"protocolVersion": version}, version=MODERN))
    assert response["protocolVersion"] == "2025-11-25"


@pytest.mark.parametrize("version", [None, *LEGACY])
def test_a_legacy_client_pings(version: str | None) -> None:
    assert result(legacy("ping", version=version)) == {}


@pytest.mark.parametrize("method", ["resources/list", "server/discover", "logging/setLevel", "x"])
def test_an_unknown_legacy_method_is_an_answer_like_any_other(method: str) -> None:
    assert refusal(legacy(method)) == (200, -32601)


@pytest.mark.parametrize(
    "params",
    [
        {"name": "nothing"},
        {},
        {"name": "echo", "arguments": []},
        {"name": "echo", "arguments": 7},
    ],
)
def test_a_tool_that_is_not_there_is_an_error(params: Json) -> None:
    assert refusal(legacy("tools/call", params)) == (200, -32602)
    assert refusal(modern("tools/call", params)) == (400, -32602)


def test_there_is_one_page_of_tools() -> None:
    assert refusal(legacy("tools/list", {"cursor": "x"})) == (200, -32602)
    assert result(legacy("tools/list", {"cursor": None}))["tools"]


# ------------------------------------------------------------------- modern


def test_discovery_tells_what_there_is() -> None:
    found = mcp_types.DiscoverResult.model_validate(result(modern("server/discover")))
    assert found.supported_versions == [MODERN]
    assert found.capabilities.tools is not None
    assert found.cache_scope == "public"
    assert found.ttl_ms == 300_000


def test_every_modern_result_is_complete_and_signed() -> None:
    for response in (
        result(modern("server/discover")),
        result(modern("tools/list")),
        result(modern("tools/call", {"name": "echo"})),
    ):
        assert response["resultType"] == "complete"
        assert response["_meta"]["io.modelcontextprotocol/serverInfo"] == {"name": "test", "version": "1"}


@pytest.mark.parametrize("method", ["ping", "logging/setLevel", "subscriptions/listen", "x"])
def test_an_unknown_modern_method_is_a_404(method: str) -> None:
    assert refusal(modern(method)) == (404, -32601)


@pytest.mark.parametrize(
    "meta",
    [
        None,
        {},
        [],
        {"io.modelcontextprotocol/protocolVersion": MODERN},
        {"io.modelcontextprotocol/clientCapabilities": {}},
    ],
)
def test_what_every_modern_request_must_carry(meta: Any) -> None:
    assert refusal(modern("tools/list", {"_meta": meta})) == (400, -32602)


@pytest.mark.parametrize(
    "headers",
    [
        {"mcp_method": "tools/call"},
        {"mcp_method": ""},
        {"mcp_protocol_version": "2027-01-01"},
    ],
)
def test_headers_must_say_what_the_body_says(headers: Any) -> None:
    assert refusal(modern("tools/list", **headers)) == (400, -32020)


def test_the_tools_name_must_be_in_its_header() -> None:
    named = {"name": "echo", "arguments": {"say": "x"}}
    assert refusal(modern("tools/call", named, mcp_name="other")) == (400, -32020)
    assert refusal(modern("tools/call", named, mcp_name="")) == (400, -32020)
    encoded = f"=?base64?{base64.b64encode(b'echo').decode()}?="
    assert result(modern("tools/call", named, mcp_name=encoded))["isError"] is False
    for broken in ("=?base64?***?=", "=?base64?/w==?="):
        assert refusal(modern("tools/call", named, mcp_name=broken)) == (400, -32020)


def test_an_unknown_version_is_told_which_are_known() -> None:
    meta = {
        "io.modelcontextprotocol/protocolVersion": "2027-01-01",
        "io.modelcontextprotocol/clientCapabilities": {},
    }
    reply = modern("tools/list", {"_meta": meta}, mcp_protocol_version="2027-01-01")
    assert refusal(reply) == (400, -32022)
    response = JSONRPCError.model_validate(reply.body).error.data
    assert response == {"supported": [MODERN], "requested": "2027-01-01"}
