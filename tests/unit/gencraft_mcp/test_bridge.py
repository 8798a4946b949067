"""The stdio server says what the API's own server says: tools, schemas, results and refusals."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import httpx2
import pytest
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError

from gencraft_mcp.bridge import bridge
from tests.harness.api_client import gateway_event
from tests.unit.functions.api_gencraft.client import GARDEN, Client

TOOLS = (
    "generate_image",
    "get_task",
    "batch_get_tasks",
    "upload_reference_image",
    "list_my_generations",
    "get_account_status",
)


def through(api: Client, talk: Callable[[McpClient, McpClient], Awaitable[None]], key: str = "") -> None:
    """Have ``talk`` with the bridge and with the API's own server."""

    def answer(request: httpx2.Request) -> httpx2.Response:
        event = gateway_event(request.method, request.url.path, dict(request.headers))
        event["body"] = request.content.decode()
        reply = api.send(event)
        return httpx2.Response(reply.status, headers=reply.headers, text=reply.body or "")

    async def connect() -> None:
        headers = {"Authorization": f"Bearer {key or api.key}"}
        async with httpx2.AsyncClient(transport=httpx2.MockTransport(answer), headers=headers) as http:
            transport = streamable_http_client("https://api.test/gencraft/mcp", http_client=http)
            async with McpClient(transport) as upstream, McpClient(bridge(upstream)) as mcp:
                await talk(mcp, upstream)

    asyncio.run(connect())


def test_the_contracts_six_tools_are_there_as_the_api_describes_them(api: Client) -> None:
    async def talk(mcp: McpClient, upstream: McpClient) -> None:
        listed = (await mcp.list_tools()).tools
        assert tuple(tool.name for tool in listed) == TOOLS
        assert listed == (await upstream.list_tools()).tools
        assert mcp.instructions == upstream.instructions

    through(api, talk)


def test_a_picture_is_made_and_seen(api: Client) -> None:
    async def talk(mcp: McpClient, upstream: McpClient) -> None:
        made = await mcp.call_tool("generate_image", GARDEN)
        assert made.structured_content is not None
        (task_id,) = made.structured_content["task_ids"]
        api.work()
        done = await mcp.call_tool("get_task", {"task_id": task_id})
        assert done == await upstream.call_tool("get_task", {"task_id": task_id})
        assert [block.type for block in done.content] == ["image", "resource_link", "text"]

    through(api, talk)
    assert api.wallet.spent > 0


@pytest.mark.parametrize("arguments", [{}, {"prompt": ""}, {"prompt": "x", "model": "none"}])
def test_a_refusal_is_passed_on(api: Client, arguments: dict[str, Any]) -> None:
    async def talk(mcp: McpClient, upstream: McpClient) -> None:
        refused = await mcp.call_tool("generate_image", arguments)
        assert refused.is_error is True
        assert refused == await upstream.call_tool("generate_image", arguments)

    through(api, talk)


def test_an_unknown_tool_is_the_apis_error(api: Client) -> None:
    async def talk(mcp: McpClient, _: McpClient) -> None:
        with pytest.raises(MCPError, match="Unknown tool"):
            await mcp.call_tool("nothing", {})

    through(api, talk)
