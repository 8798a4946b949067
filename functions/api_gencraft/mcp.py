"""``/mcp``: the contract's six tools for agents, over the Model Context Protocol."""

from __future__ import annotations

from typing import Any

from api_gencraft import MCP_PATH
from api_gencraft.operations import DOCUMENT
from api_gencraft.routes import generate, history, tasks, upload, user
from darkroom.http.mcp.route_tools import CHANGES, GENERATES, READS, RouteAsTool, RouteTools
from darkroom.wiring import container

INSTRUCTIONS = (
    "Makes images of prompts and pictures. generate_image returns task ids; follow them with get_task, or together "
    "with batch_get_tasks, every two or three seconds until each is completed or failed. A picture on the web "
    "becomes one for imageUrls with upload_reference_image."
)

TOOLS = (
    RouteAsTool(
        "generate_image",
        "Generate images",
        generate.generate,
        "Make images of a prompt, or of a prompt and the pictures in imageUrls (mode edit or fusion). Returns a task "
        "id for each image at once; follow them with get_task or batch_get_tasks.",
        GENERATES,
    ),
    RouteAsTool(
        "get_task",
        "Get a task",
        tasks.get_task,
        "How far one image is, with its address once it is completed.",
        READS,
        shows_files=True,
    ),
    RouteAsTool(
        "batch_get_tasks",
        "Get many tasks",
        tasks.get_tasks,
        "How far up to 20 images are, in the order of their ids.",
        READS,
        shows_files=True,
    ),
    RouteAsTool(
        "upload_reference_image",
        "Upload a reference image",
        upload.upload_image,
        "Take over a public picture by its address, to use it in imageUrls.",
        {**CHANGES, "openWorldHint": True},
    ),
    RouteAsTool(
        "list_my_generations",
        "List my generations",
        history.get_history,
        "What this key has generated, most recent first.",
        READS,
    ),
    RouteAsTool(
        "get_account_status",
        "Get the account's status",
        user.get_user_status,
        "Whose key this is, the tier, and whether anything can be generated with it.",
        READS,
    ),
)

SERVER = RouteTools.of(DOCUMENT, MCP_PATH, INSTRUCTIONS, TOOLS, container)


def serve(event: dict[str, Any]) -> dict[str, Any]:
    """Answer a request to the endpoint."""
    return SERVER.serve(event)
