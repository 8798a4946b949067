"""The agent dialect: `docs/apis/agent.md` over the shared core."""

from typing import Final

import darkroom.http.cold_start  # noqa: F401  # before any module here imports Powertools

MCP_PATH: Final = "/agent/mcp"
