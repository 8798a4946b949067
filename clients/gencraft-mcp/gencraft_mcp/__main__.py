"""``gencraft-mcp``: serves over standard input and output until the host closes them."""

from __future__ import annotations

import asyncio
import os
import sys

import httpx2
from mcp import Client
from mcp.client.streamable_http import streamable_http_client
from mcp.server.stdio import stdio_server
from mcp.shared.exceptions import MCPError

from gencraft_mcp.bridge import bridge
from gencraft_mcp.settings import Settings, SettingsError

TIMEOUT_SECONDS = 60


def main() -> None:
    """Run the server; exits with 1 and a sentence if it cannot work."""
    try:
        settings = Settings.of(os.environ)
    except SettingsError as error:
        sys.exit(f"gencraft-mcp: {error}")
    try:
        asyncio.run(_serve(settings))
    except* (MCPError, httpx2.HTTPError) as group:
        sys.exit(f"gencraft-mcp: {settings.endpoint} cannot be used: {_first(group)}")


async def _serve(settings: Settings) -> None:
    headers = {"Authorization": f"Bearer {settings.api_key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=TIMEOUT_SECONDS) as http:
        transport = streamable_http_client(settings.endpoint, http_client=http)
        async with Client(transport) as upstream, stdio_server() as (incoming, outgoing):
            await upstream.list_tools()  # a bad key shows now, not at the first use
            server = bridge(upstream)
            await server.run(incoming, outgoing, server.create_initialization_options())


def _first(error: BaseException) -> BaseException:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


if __name__ == "__main__":
    main()
