"""``/mcp``: the operations as tools for agents, over the Model Context Protocol."""

from __future__ import annotations

from typing import Any

from api_agent import MCP_PATH
from api_agent.operations import DOCUMENT
from api_agent.routes import credits, generate, models, tasks
from darkroom.http.mcp.route_tools import GENERATES, READS, RouteAsTool, RouteTools
from darkroom.wiring import container

INSTRUCTIONS = (
    "Makes images, videos and music, priced in credits. See list_models, ask estimate what a request costs, send the "
    "same to generate with a request_id of your own, and follow the task with get_task every few seconds until its "
    "status is neither pending nor processing. Repeating generate with the same request_id is never charged twice."
)

TOOLS = (
    RouteAsTool(
        "list_models",
        "List models",
        models.list_models,
        "What there is, what it costs and what can be asked of it.",
        READS,
    ),
    RouteAsTool(
        "get_balance",
        "Get the balance",
        credits.get_balance,
        "The credits that can be spent, and held.",
        READS,
    ),
    RouteAsTool(
        "estimate",
        "Estimate",
        credits.estimate,
        "What a request to generate costs, exactly and at most.",
        READS,
    ),
    RouteAsTool(
        "generate",
        "Generate",
        generate.generate,
        "Make images, a video or music. Returns a task at once; follow it with get_task.",
        {**GENERATES, "idempotentHint": True},
    ),
    RouteAsTool(
        "get_task",
        "Get a task",
        tasks.get_task,
        "How a task stands, with its outputs once it has ended.",
        READS,
        shows_files=True,
    ),
)

SERVER = RouteTools.of(DOCUMENT, MCP_PATH, INSTRUCTIONS, TOOLS, container)


def serve(event: dict[str, Any]) -> dict[str, Any]:
    """Answer a request to the endpoint."""
    return SERVER.serve(event)
