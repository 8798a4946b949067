"""The pixeldrive dialect: templates and values in, PNGs out; singly, in bulk, and for agents."""

from typing import Final

import darkroom.http.cold_start  # noqa: F401  # before any module here imports Powertools

MCP_PATH: Final = "/pixeldrive/mcp"
