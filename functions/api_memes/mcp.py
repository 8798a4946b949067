"""``/mcp``: the operations as tools for agents, over the Model Context Protocol."""

from __future__ import annotations

from typing import Any

from api_memes import MCP_PATH
from api_memes.operations import DOCUMENT
from api_memes.routes import (
    account,
    brand_kits,
    carousels,
    generations,
    images,
    memes,
    prompts,
    storyboards,
    videos,
)
from darkroom.http.mcp.route_tools import CHANGES, ENDS, GENERATES, READS, RouteAsTool, RouteTools
from darkroom.wiring import container

INSTRUCTIONS = (
    "Makes branded ad creative: images, memes, videos, carousels and storyboards. Work is submitted with one tool "
    "and followed with get_generation every two or three seconds until its status is succeeded, partial, failed or "
    "canceled; the outputs are in output[]. An output's id is an input of edit_image, reframe_image and "
    "animate_image. Ground everything in a brand with brand_kit_id (see list_brand_kits) or brand_context."
)
_FOLLOW = "Returns at once with a queued generation; follow it with get_generation."

TOOLS = (
    RouteAsTool(
        "generate_meme",
        "Generate memes",
        memes.create_meme,
        f"Make one to four branded memes of a joke, an angle or a message. {_FOLLOW}",
        GENERATES,
    ),
    RouteAsTool(
        "generate_image",
        "Generate images",
        images.create_image,
        f"Make one to four ad images of a prompt, a brand and up to four reference images. {_FOLLOW}",
        GENERATES,
    ),
    RouteAsTool(
        "edit_image",
        "Edit an image",
        images.edit_image,
        f"Change an image by an instruction, within a mask if there is one. {_FOLLOW}",
        GENERATES,
    ),
    RouteAsTool(
        "reframe_image",
        "Reframe an image",
        images.reframe_image,
        "Paint an image on into another aspect ratio. If it is still under way when this returns, follow it with "
        "get_generation.",
        GENERATES,
        shows_files=True,
    ),
    RouteAsTool(
        "generate_video",
        "Generate a video",
        videos.create_video,
        f"Make a video of up to 15 seconds of words, a brand or reference images. Takes minutes. {_FOLLOW}",
        GENERATES,
    ),
    RouteAsTool(
        "animate_image",
        "Animate an image",
        videos.animate_image,
        f"Make a video of an image. Takes minutes. {_FOLLOW}",
        GENERATES,
    ),
    RouteAsTool(
        "generate_storyboard",
        "Generate a storyboard",
        storyboards.create_storyboard,
        f"Make one picture that tells a story in three or four panels. {_FOLLOW}",
        GENERATES,
    ),
    RouteAsTool(
        "plan_carousel",
        "Plan a carousel",
        carousels.plan_carousel,
        "Write the strategy and the slides of a carousel; render_carousel makes its pictures.",
        GENERATES,
    ),
    RouteAsTool(
        "render_carousel",
        "Render a carousel",
        carousels.create_carousel,
        "Make a picture of each slide of a plan. Returns at once; follow it with get_carousel.",
        GENERATES,
    ),
    RouteAsTool(
        "get_carousel",
        "Get a carousel",
        carousels.get_carousel,
        "How far a carousel is, slide by slide, with the pictures there are.",
        READS,
        shows_files=True,
    ),
    RouteAsTool(
        "get_generation",
        "Get a generation",
        generations.get_generation,
        "How far a generation is (completed_count of requested_count) and its outputs.",
        READS,
        shows_files=True,
    ),
    RouteAsTool(
        "list_generations",
        "List generations",
        generations.list_generations,
        "The workspace's generations, the newest first.",
        READS,
    ),
    RouteAsTool(
        "cancel_generation",
        "Cancel a generation",
        generations.cancel_generation,
        "Stop a generation that is queued or processing.",
        ENDS,
    ),
    RouteAsTool(
        "list_brand_kits",
        "List brand kits",
        brand_kits.list_brand_kits,
        "The stored brands; an id is a brand_kit_id of the other tools.",
        READS,
    ),
    RouteAsTool(
        "get_brand_kit",
        "Get a brand kit",
        brand_kits.get_brand_kit,
        "One stored brand, with its logo and products.",
        READS,
        shows_files=True,
    ),
    RouteAsTool(
        "create_brand_kit", "Create a brand kit", brand_kits.create_brand_kit, "Store a brand.", CHANGES
    ),
    RouteAsTool(
        "analyze_brand_url",
        "Analyze a website",
        brand_kits.analyze_url,
        "Read a brand's profile off its website; create_brand_kit stores one.",
        {**READS, "openWorldHint": True},
    ),
    RouteAsTool(
        "enhance_prompt",
        "Enhance a prompt",
        prompts.enhance_prompt,
        "Work a rough idea out into a prompt that is ready to be used.",
        {**READS, "openWorldHint": True},
    ),
    RouteAsTool(
        "get_usage",
        "Get usage",
        account.get_usage,
        "The credits that are left, and the allowances of images and videos.",
        READS,
    ),
)

SERVER = RouteTools.of(DOCUMENT, MCP_PATH, INSTRUCTIONS, TOOLS, container)


def serve(event: dict[str, Any]) -> dict[str, Any]:
    """Answer a request to the endpoint."""
    return SERVER.serve(event)
