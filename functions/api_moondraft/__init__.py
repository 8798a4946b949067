"""The moondraft dialect: prompts in, finished pictures and clips out, while the caller waits."""

from typing import Final

import darkroom.http.cold_start  # noqa: F401  # before any module here imports Powertools

MCP_PATH: Final = "/moondraft/mcp"
