"""``/mcp``: previews and renders as tools, billed and limited like the others."""

from __future__ import annotations

import base64
import json
from typing import Any

import jsonschema
import mcp_types
import pytest

from api_pixeldrive.mcp import PATH
from api_pixeldrive.mcp_tools import TOOLS
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.rate_limits import MinuteCount, RatePolicy, RateWindow
from tests.harness.api_client import gateway_event
from tests.unit.functions.api_pixeldrive.client import (
    CARD,
    FILLED,
    IMAGES,
    PICTURE,
    Client,
    ClientResponse,
    unknown_id,
)
from tests.unit.functions.api_pixeldrive.test_render import WARNED, WARNING

OUTPUTS = {tool.name: tool.output_schema for tool in TOOLS}


def call(api: Client, tool: str, arguments: Any, *, key: str | None = "live") -> ClientResponse:
    params = {"name": tool, "arguments": arguments}
    return api.mcp({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}, key=key)


def tool_result(reply: ClientResponse) -> mcp_types.CallToolResult:
    assert reply.status == 200, reply.body
    assert reply.headers["Content-Type"] == "application/json"
    return mcp_types.CallToolResult.model_validate(reply.json["result"])


def text(result: mcp_types.CallToolResult) -> str:
    found = result.content[-1]
    assert isinstance(found, mcp_types.TextContent)
    return found.text


def test_the_tools_are_listed_for_anybody(api: Client) -> None:
    reply = api.mcp({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}, key=None)
    found = mcp_types.ListToolsResult.model_validate(reply.json["result"])
    assert [tool.name for tool in found.tools] == ["preview_image", "generate_image"]
    for tool in found.tools:
        jsonschema.Draft202012Validator.check_schema(tool.input_schema)
        jsonschema.Draft202012Validator.check_schema(tool.output_schema or {})
        jsonschema.validate({"templateId": unknown_id(), "payload": FILLED}, tool.input_schema)
    assert api.calls.made == []


def test_generating_costs_a_credit_and_answers_with_the_permanent_address(api: Client) -> None:
    template = api.template()
    found = tool_result(call(api, "generate_image", {"templateId": template, "payload": FILLED}))
    assert found.structured_content is not None
    jsonschema.validate(found.structured_content, OUTPUTS["generate_image"])
    url = found.structured_content["url"]
    assert url.startswith(f"{IMAGES}/t/{template}/")
    assert (found.structured_content["fromCache"], found.structured_content["creditsRemaining"]) == (
        False,
        99,
    )
    assert json.loads(text(found)) == found.structured_content
    (link,) = (block for block in found.content if isinstance(block, mcp_types.ResourceLink))
    assert link.uri == url
    again = tool_result(call(api, "generate_image", {"templateId": template, "payload": FILLED}))
    assert again.structured_content == {**found.structured_content, "fromCache": "db"}
    assert api.wallet.spent == 1
    assert api.render(template).json["fromCache"] == "db"


def test_a_tool_generates_what_is_asked_for(api: Client) -> None:
    template = api.template()
    asked = {"templateId": template, "payload": FILLED, "format": "pdf"}
    found = tool_result(call(api, "generate_image", asked))
    (link,) = (block for block in found.content if isinstance(block, mcp_types.ResourceLink))
    assert (link.mime_type, link.uri.endswith(f"/{link.name}")) == ("application/pdf", True)
    assert link.name.endswith(".pdf")
    assert api.render(template, format="pdf").json["fromCache"] == "db"
    refused = tool_result(call(api, "generate_image", {**asked, "format": "png", "quality": 5}))
    assert refused.is_error


def test_a_preview_is_free_and_small_enough_to_look_at(api: Client) -> None:
    template = api.template()
    found = tool_result(call(api, "preview_image", {"templateId": template, "payload": FILLED}))
    picture = found.content[0]
    assert isinstance(picture, mcp_types.ImageContent)
    assert picture.mime_type == "image/png"
    assert base64.b64decode(picture.data).startswith(b"\x89PNG")
    ratio = json.loads(api.renderer.drawn[-1])[3]
    assert ratio * CARD["canvas"]["width"] == pytest.approx(512)
    assert found.structured_content is not None
    jsonschema.validate(found.structured_content, OUTPUTS["preview_image"])
    assert api.open(found.structured_content["url"])["status"] == 200
    assert api.wallet.available == 100


@pytest.mark.parametrize("tool", ["preview_image", "generate_image"])
def test_tools_say_what_no_font_has(api: Client, tool: str) -> None:
    api.renderer.warnings = (WARNING,)
    found = tool_result(call(api, tool, {"templateId": api.template(), "payload": FILLED}))
    assert found.structured_content is not None
    jsonschema.validate(found.structured_content, OUTPUTS[tool])
    assert found.structured_content["warnings"] == WARNED
    assert "U+12000" in text(found)


def test_a_small_template_is_previewed_as_it_is(api: Client) -> None:
    template = api.template({**CARD, "canvas": {"width": 300, "height": 200}})
    tool_result(call(api, "preview_image", {"templateId": template, "payload": {}}))
    assert json.loads(api.renderer.drawn[-1])[3] == 1


def test_previews_share_their_limit_with_the_endpoint(api: Client) -> None:
    template = api.template()
    api.clock.advance(7)  # to where a minute begins
    for _ in range(60):
        assert api.render(template, preview=True).status == 200
    refused = tool_result(call(api, "preview_image", {"templateId": template, "payload": {}}))
    assert refused.is_error is True
    assert "60 requests per minute" in text(refused)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({}, "templateId"),
        ({"templateId": "x", "payload": {}}, "templateId"),
        ({"templateId": unknown_id(), "payload": {}}, "No such template"),
        ({"payload": {"nobody": {"text": "x"}}}, "payload.nobody"),
        ({"payload": {"avatar": {"src": "https://nowhere.test/x.png"}}}, "payload.avatar.src"),
        ({"payload": None}, "payload"),
        ({"payload": "x"}, "payload"),
    ],
)
@pytest.mark.parametrize("tool", ["preview_image", "generate_image"])
def test_what_is_wrong_is_told_to_the_model(api: Client, tool: str, arguments: Any, said: str) -> None:
    template = api.template()
    whole = {"templateId": template, **arguments} if arguments else {}
    found = tool_result(call(api, tool, whole))
    assert found.is_error is True
    assert said in text(found)
    assert (api.wallet.available, api.wallet.held) == (100, 0)


def test_too_few_credits_are_told_to_the_model(api: Client) -> None:
    poor = api.another_workspace(credits=0)
    template = api.template(key=poor)
    found = tool_result(call(api, "generate_image", {"templateId": template, "payload": {}}, key=poor))
    assert found.is_error is True
    assert "Insufficient credits" in text(found)


def test_nobody_elses_template_is_there(api: Client) -> None:
    template = api.template()
    found = tool_result(
        call(api, "preview_image", {"templateId": template, "payload": {}}, key=api.another_workspace())
    )
    assert found.is_error is True


@pytest.mark.parametrize("key", [None, "pdrv_nonsense"])
def test_a_tool_needs_a_key(api: Client, key: str | None) -> None:
    reply = call(api, "preview_image", {"templateId": api.template(), "payload": {}}, key=key)
    challenge = "Bearer" if key is None else 'Bearer error="invalid_token"'
    assert (reply.status, reply.headers["WWW-Authenticate"]) == (401, challenge)
    assert (reply.json["id"], reply.json["error"]["code"]) == (1, -32600)
    revoked = call(api, "preview_image", {}, key=api.revoked_key())
    assert revoked.status == 401


@pytest.mark.parametrize("method", ["initialize", "ping", "tools/list", "notifications/initialized"])
def test_a_bad_key_is_refused_whatever_it_comes_with(api: Client, method: str) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": method}
    if method.startswith("notifications/"):
        del message["id"]
    for key in ("pdrv_nonsense", api.revoked_key(), api.expired_key(), " "):
        reply = api.mcp(message, key=key)
        assert (reply.status, reply.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert api.mcp(message).status < 300
    assert api.mcp(message, key=None).status < 300


@pytest.mark.parametrize(
    "params", [{"name": "no_such_tool"}, {"name": "preview_image", "arguments": [1]}, {}]
)
def test_a_bad_key_is_refused_before_what_is_wrong_with_a_call(api: Client, params: dict[str, Any]) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params}
    assert api.mcp(message, key="pdrv_nonsense").status == 401
    assert api.mcp(message).json["error"]["code"] == -32602


def test_a_full_window_says_nothing_about_the_key(api: Client) -> None:
    full = RateWindow.at(RatePolicy("p", 1), api.clock.now().timestamp(), current=MinuteCount(1))
    api.admit_as_of(window=full)
    assert api.mcp({"jsonrpc": "2.0", "id": 1, "method": "tools/list"}).status == 200


def test_a_tool_needs_the_scope_to_generate(api: Client) -> None:
    reader = api.issue("reader", scopes=frozenset({Scope.READ}))
    reply = call(api, "preview_image", {"templateId": api.template(), "payload": {}}, key=reader)
    assert (reply.status, reply.headers["WWW-Authenticate"]) == (403, 'Bearer error="insufficient_scope"')


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://api.test", 202),
        ("http://localhost:6274", 202),
        ("http://127.0.0.1", 202),
        ("https://evil.test", 403),
        ("https://api.test.evil.test", 403),
        ("http://localhost.evil.test", 403),
        ("null", 403),
    ],
)
def test_other_pages_may_not_ask_in_a_visitors_name(api: Client, origin: str, status: int) -> None:
    message = {"jsonrpc": "2.0", "method": "notifications/initialized"}
    assert api.mcp(message, origin=origin).status == status


def test_what_is_no_message_or_too_large_is_refused(api: Client) -> None:
    assert api.mcp("{").status == 400
    assert api.mcp('"' + "x" * 1024 * 1024 + '"').status == 413
    assert api.mcp("", method="GET").status == 405
    assert api.mcp("", method="DELETE").status == 405


def test_a_body_that_is_no_text_is_a_parse_error(api: Client) -> None:
    event = gateway_event("POST", PATH, {}) | {"body": "//79", "isBase64Encoded": True}
    reply = api.send(event)
    assert (reply.status, reply.json["error"]["code"]) == (400, -32700)


def test_what_breaks_inside_is_not_told(api: Client) -> None:
    template = api.template()
    api.break_down(api.core.accounts, "admit")
    reply = call(api, "preview_image", {"templateId": template, "payload": {"avatar": {"src": PICTURE}}})
    assert reply.status == 500
    assert reply.json["error"] == {"code": -32603, "message": "Something went wrong on our side."}


def test_using_a_tool_in_vain_counts_too(api: Client) -> None:
    template = api.template()
    api.clock.advance(7)  # to where a minute begins
    for _ in range(60):
        tool_result(call(api, "preview_image", {"templateId": unknown_id(), "payload": {}}))
    assert api.render(template, preview=True).refusal == (429, "rate_limited")
