"""A server whose tools are another server's."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from mcp import Client
from mcp.server.context import ServerRequestContext
from mcp.server.lowlevel import Server
from mcp_types import CallToolRequestParams, CallToolResult, ListToolsResult, PaginatedRequestParams

NAME = "gencraft"


def bridge(upstream: Client) -> Server[Any]:
    """Return a server that lists what ``upstream`` lists, and has it do what is called."""

    async def list_tools(
        _: ServerRequestContext[Any], params: PaginatedRequestParams | None
    ) -> ListToolsResult:
        return await upstream.list_tools(cursor=params.cursor if params else None)

    async def call_tool(_: ServerRequestContext[Any], params: CallToolRequestParams) -> CallToolResult:
        return await upstream.call_tool(params.name, params.arguments)

    return Server(
        NAME,
        version=_version(),
        instructions=upstream.instructions,
        on_list_tools=list_tools,
        on_call_tool=call_tool,
    )


def _version() -> str:
    try:
        return version("gencraft-mcp")
    except PackageNotFoundError:
        return "0"  # run from a checkout
