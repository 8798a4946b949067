"""``/mcp``: the operations as tools for agents, over the Model Context Protocol."""

from __future__ import annotations

from typing import Any

from api_moondraft import MCP_PATH
from api_moondraft.operations import DOCUMENT
from api_moondraft.routes import account, images, jobs, prompts, videos
from darkroom.http.mcp.route_tools import GENERATES, READS, RouteAsTool, RouteTools
from darkroom.wiring import container

INSTRUCTIONS = (
    "Makes pictures and clips of prompts. Work is submitted with one tool, which returns a job, and followed with "
    "get_job every two or three seconds until its status is succeeded, partial, failed or canceled; the files are in "
    "result. Files go in as https URLs, as ids of stored assets or in base64."
)
_FOLLOW = "Returns a job at once; follow it with get_job."
_AT_ONCE = "respond-async, return=minimal"

TOOLS = (
    RouteAsTool(
        "generate_image",
        "Generate an image",
        images.generate,
        f"Make a picture of a prompt. {_FOLLOW}",
        GENERATES,
        prefer=_AT_ONCE,
    ),
    RouteAsTool(
        "generate_batch",
        "Generate a batch",
        images.generate_batch,
        f"Make a picture of each of up to ten prompts. {_FOLLOW}",
        GENERATES,
        prefer=_AT_ONCE,
    ),
    RouteAsTool(
        "edit_image",
        "Edit an image",
        images.edit_image,
        f"Change a picture as a prompt says. {_FOLLOW}",
        GENERATES,
        prefer=_AT_ONCE,
    ),
    RouteAsTool(
        "create_video",
        "Create a video",
        videos.create_video,
        f"Make a clip of five seconds. Takes minutes. {_FOLLOW}",
        GENERATES,
        prefer=_AT_ONCE,
    ),
    RouteAsTool(
        "enhance_image",
        "Enhance an image",
        images.enhance_image,
        f"Double a picture's width and height. {_FOLLOW}",
        GENERATES,
        prefer=_AT_ONCE,
    ),
    RouteAsTool(
        "refine_prompt",
        "Refine a prompt",
        prompts.refine_prompt,
        "Rewrite a rough prompt for a picture or a clip.",
        {**READS, "openWorldHint": True},
    ),
    RouteAsTool(
        "get_job",
        "Get a job",
        jobs.get_job,
        "How a job stands, with its result once there is one.",
        READS,
        shows_files=True,
        prefer="return=minimal",
    ),
    RouteAsTool(
        "get_credits",
        "Get credits",
        account.get_credits,
        "The credits that can be spent, and those held for jobs under way.",
        READS,
    ),
    RouteAsTool(
        "get_usage", "Get usage", account.get_usage, "The last hundred actions and what they cost.", READS
    ),
)

SERVER = RouteTools.of(DOCUMENT, MCP_PATH, INSTRUCTIONS, TOOLS, container)


def serve(event: dict[str, Any]) -> dict[str, Any]:
    """Answer a request to the endpoint."""
    return SERVER.serve(event)
