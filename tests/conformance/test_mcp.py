"""A tool is its route: for the same request, the same answer, the same money and the same refusals, in both eras."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import jsonschema
import mcp_types
import pytest

import api_agent.mcp
import api_gencraft.mcp
import api_memes.mcp
import api_moondraft.mcp
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.mcp.route_tools import RouteTool, RouteTools
from tests.conformance.dialects import DIALECTS, Case, Tenant
from tests.conformance.objects import MAKERS, make
from tests.harness.api_client import Response, gateway_event
from tests.harness.pictures import png

SERVERS: Mapping[str, RouteTools] = {
    "agent": api_agent.mcp.SERVER,
    "gencraft": api_gencraft.mcp.SERVER,
    "memes": api_memes.mcp.SERVER,
    "moondraft": api_moondraft.mcp.SERVER,
}

MODERN = "2026-07-28"
_META = {
    "io.modelcontextprotocol/protocolVersion": MODERN,
    "io.modelcontextprotocol/clientCapabilities": {},
}

PICTURE = f"data:image/png;base64,{base64.b64encode(png()).decode()}"

type Arguments = Mapping[str, Any]


def _of_an_image(**others: Any) -> Callable[[Tenant], Arguments]:
    return lambda tenant: {"image_id": MAKERS["memes", "image_id"](tenant, {}), **others}


# What a tool is called with, where the example of its operation is not enough.
ARGUMENTS: Mapping[tuple[str, str], Callable[[Tenant], Arguments]] = {
    ("memes", "edit_image"): _of_an_image(instruction="make it autumn"),
    ("memes", "reframe_image"): _of_an_image(aspect_ratio="9:16"),
    ("memes", "animate_image"): _of_an_image(),
    ("moondraft", "edit_image"): lambda _: {"prompt": "make it autumn", "image": PICTURE},
    ("moondraft", "enhance_image"): lambda _: {"image": PICTURE},
    ("gencraft", "batch_get_tasks"): lambda tenant: {
        "ids": [MAKERS["gencraft", "task_id"](tenant, {}), "unknown"]
    },
    ("gencraft", "list_my_generations"): lambda _: {"page": 1, "limit": 5},
    ("memes", "list_generations"): lambda _: {"limit": 2, "type": ["meme", "image"], "order": "oldest"},
}


@dataclass(frozen=True)
class ToolCase:
    """One tool of one dialect."""

    dialect: str
    tool: RouteTool

    def __str__(self) -> str:
        return f"{self.dialect} {self.tool.name}"

    @property
    def case(self) -> Case:
        return Case(self.dialect, self.tool.documented)

    @property
    def path(self) -> str:
        return SERVERS[self.dialect].endpoint.path

    def tenant(self) -> Tenant:
        client = self.case.client()
        client.fetcher.pages["https://dawnroasters.example"] = b"<title>Dawn</title>"
        client.fetcher.pages["https://example.com/cat.png"] = png()
        return Tenant(client, client.key)

    def prepared(self, tenant: Tenant) -> tuple[dict[str, str], dict[str, Any]]:
        """What the path names and what else is sent, made by the tenant."""
        ids = make(self.dialect, self.tool.documented.path_names, tenant)
        chosen = ARGUMENTS.get((self.dialect, self.tool.name))
        return ids, dict(chosen(tenant)) if chosen else self.case.example or {}

    def over_http(self, tenant: Tenant, ids: Mapping[str, str], sent: Arguments, **headers: str) -> Response:
        """The request as the documents say it: what is no parameter of the query is the body."""
        documented = self.tool.documented
        names = {one.name for one in documented.operation.parameters if one.where == "query"}
        query = {name: _spelled(value) for name, value in sent.items() if name in names}
        body = {name: value for name, value in sent.items() if name not in names}
        prefer = {"prefer": self.tool.declared.prefer} if self.tool.declared.prefer else {}
        reply: Response = tenant.client.ask(
            documented.route.method,
            self.case.path(ids),
            body if documented.operation.body else None,
            key=tenant.key,
            query=query,
            headers={**prefer, **headers},
        )
        return reply

    def used(self, tenant: Tenant, arguments: Arguments, *, modern: bool = False, key: str = "") -> Response:
        params = {"name": self.tool.name, "arguments": dict(arguments)}
        return call(tenant, self.path, "tools/call", params, modern=modern, key=key)


def _spelled(value: Any) -> str:
    return ",".join(value) if isinstance(value, list) else str(value)


def call(
    tenant: Tenant, path: str, method: str, params: Arguments, *, modern: bool = False, key: str = ""
) -> Response:
    headers = {"authorization": f"Bearer {key or tenant.key}"}
    if modern:
        headers |= {"mcp-protocol-version": MODERN, "mcp-method": method}
        headers |= {"mcp-name": str(params["name"])} if "name" in params else {}
        params = {**params, "_meta": _META}
    event = gateway_event("POST", path, headers)
    event["body"] = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": dict(params)})
    reply: Response = tenant.client.send(event)
    return reply


def result_of(reply: Response) -> mcp_types.CallToolResult:
    assert reply.status == 200, reply.body
    return mcp_types.CallToolResult.model_validate(reply.json["result"])


def said(result: mcp_types.CallToolResult) -> Any:
    block = result.content[-1]
    assert isinstance(block, mcp_types.TextContent)
    return json.loads(block.text)


def same(answer: Any) -> Any:
    """An answer without what differs between two stacks: ids, in the order of their appearance, and signatures."""
    seen: dict[str, str] = {}
    text = re.sub(r"req_[\w-]+", "req_", json.dumps(answer))
    text = re.sub(r"/files/\w+/", "/files/", text)
    pattern = r"[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}"
    return json.loads(re.sub(pattern, lambda found: seen.setdefault(found[0], f"<{len(seen)}>"), text))


CASES = [ToolCase(dialect, tool) for dialect, server in SERVERS.items() for tool in server.tools]
each_tool = pytest.mark.parametrize("case", CASES, ids=str)


@each_tool
@pytest.mark.parametrize("modern", [False, True], ids=["handshake", "modern"])
def test_a_tools_result_is_its_routes_answer(case: ToolCase, modern: bool) -> None:
    http, mcp = case.tenant(), case.tenant()
    ids, sent = case.prepared(http)
    answer = case.over_http(http, ids, sent)
    assert answer.status < 300, answer.body
    ids, sent = case.prepared(mcp)
    jsonschema.validate({**ids, **sent}, case.tool.description_json["inputSchema"])
    found = result_of(case.used(mcp, {**ids, **sent}, modern=modern))
    assert found.is_error is not True
    assert found.structured_content is not None
    assert same(found.structured_content) == same(answer.json)
    assert said(found) == found.structured_content
    jsonschema.validate(found.structured_content, case.tool.description_json["outputSchema"])
    assert http.client.untouched() == mcp.client.untouched()


@each_tool
def test_a_tool_refuses_what_its_route_refuses(case: ToolCase) -> None:
    given = {*case.tool.documented.path_names, "idempotency_key"}
    wrong: Any = {"never": ["right"]} if case.tool.documented.operation.body else "nonsense"
    sent = {
        name: wrong for name in case.tool.description_json["inputSchema"]["properties"] if name not in given
    }
    http, mcp = case.tenant(), case.tenant()
    answer = case.over_http(http, make(case.dialect, case.tool.documented.path_names, http), sent)
    found = result_of(case.used(mcp, {**make(case.dialect, case.tool.documented.path_names, mcp), **sent}))
    assert (found.is_error is True) == (answer.status >= 400)
    assert same(said(found)) == same(answer.json)
    assert http.client.untouched() == mcp.client.untouched()


@each_tool
def test_a_tool_needs_the_scope_of_its_route(case: ToolCase) -> None:
    tenant = case.tenant()
    ids, sent = case.prepared(tenant)
    lacking = tenant.client.issue("lacking", scopes=frozenset(Scope) - {case.case.scope, Scope.ADMIN})
    before = tenant.client.untouched()
    reply = case.used(tenant, {**ids, **sent}, key=lacking)
    assert (reply.status, reply.headers["WWW-Authenticate"]) == (403, 'Bearer error="insufficient_scope"')
    for key in ("nonsense", tenant.client.revoked_key(), tenant.client.expired_key()):
        reply = case.used(tenant, {**ids, **sent}, key=key)
        assert (reply.status, reply.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert tenant.client.untouched()[:2] == before[:2]


@pytest.mark.parametrize("case", [one for one in CASES if one.tool.documented.operation.idempotent], ids=str)
def test_a_repeated_use_is_one(case: ToolCase) -> None:
    tenant = case.tenant()
    ids, sent = case.prepared(tenant)
    arguments = {**ids, **sent, "idempotency_key": "once"}
    first = result_of(case.used(tenant, arguments))
    after = tenant.client.untouched()
    assert result_of(case.used(tenant, arguments)).structured_content == first.structured_content
    assert case.over_http(tenant, ids, sent, **{"idempotency-key": "once"}).json == first.structured_content
    assert tenant.client.untouched() == after


@each_tool
@pytest.mark.parametrize("value", [1, "", " ", {"a": 1}, None])
def test_what_cannot_be_part_of_a_path_is_refused(case: ToolCase, value: Any) -> None:
    for name in case.tool.documented.path_names:
        tenant = case.tenant()
        found = result_of(case.used(tenant, {**case.prepared(tenant)[1], name: value}))
        assert found.is_error is True
        assert name in said(found)["error"]


@each_tool
def test_a_path_leads_to_no_other_route(case: ToolCase) -> None:
    for name in case.tool.documented.path_names:
        tenant = case.tenant()
        ids, sent = case.prepared(tenant)
        for value in (f"{ids[name]}/cancel", "..", "../generations", "x?limit=1", "x#y", "%2e%2e", "\r\n"):
            reply = case.used(tenant, {**ids, **sent, name: value})
            found = result_of(reply)
            assert found.is_error is True, value


@pytest.mark.parametrize("dialect", SERVERS)
@pytest.mark.parametrize("modern", [False, True], ids=["handshake", "modern"])
def test_the_tools_are_listed_with_good_schemas(dialect: str, modern: bool) -> None:
    client = DIALECTS[dialect].client()
    tenant = Tenant(client, client.key)
    reply = call(tenant, SERVERS[dialect].endpoint.path, "tools/list", {}, modern=modern)
    found = mcp_types.ListToolsResult.model_validate(reply.json["result"])
    assert [tool.name for tool in found.tools] == [one.tool.name for one in CASES if one.dialect == dialect]
    for tool in found.tools:
        assert re.fullmatch(r"[a-z_]{1,64}", tool.name)
        assert tool.description
        assert tool.annotations is not None
        assert tool.annotations.read_only_hint in (True, False)
        for schema in (tool.input_schema, tool.output_schema):
            assert schema is not None
            assert schema["type"] == "object"
            jsonschema.Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("dialect", SERVERS)
def test_a_bad_key_is_refused_whatever_it_comes_with(dialect: str) -> None:
    client = DIALECTS[dialect].client()
    tenant = Tenant(client, client.key)
    for method in ("initialize", "ping", "tools/list"):
        reply = call(tenant, SERVERS[dialect].endpoint.path, method, {}, key="nonsense")
        assert (reply.status, reply.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')


@pytest.mark.parametrize("dialect", SERVERS)
@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("{", -32700),
        ("[]", -32600),
        ('{"jsonrpc": "1.0", "id": 1, "method": "ping"}', -32600),
        ('{"jsonrpc": "2.0", "id": 1.5, "method": "ping"}', -32600),
        ('{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": []}', -32600),
    ],
)
def test_hostile_messages_have_their_codes(dialect: str, body: str, code: int) -> None:
    client = DIALECTS[dialect].client()
    event = gateway_event("POST", SERVERS[dialect].endpoint.path, {}) | {"body": body}
    reply = client.send(event)
    assert (reply.status, reply.json["error"]["code"]) == (400, code)


@pytest.mark.parametrize("dialect", SERVERS)
@pytest.mark.parametrize(
    ("method", "params", "code"),
    [
        ("nowhere", {}, -32601),
        ("tools/call", {"name": "nothing"}, -32602),
        ("tools/call", {"name": ["list"]}, -32602),
        ("tools/list", {"cursor": "x"}, -32602),
    ],
)
def test_requests_for_what_is_not_there_have_their_codes(
    dialect: str, method: str, params: Arguments, code: int
) -> None:
    client = DIALECTS[dialect].client()
    tenant = Tenant(client, client.key)
    assert call(tenant, SERVERS[dialect].endpoint.path, method, params).json["error"]["code"] == code
