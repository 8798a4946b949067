"""The protocol's own client, in both eras, lists every dialect's tools and uses each of them on a deployed stack."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client as McpClient
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client
from mcp_types import CallToolResult, ImageContent, ResourceLink

from tests.e2e.client import TERMINAL, Client
from tests.e2e.samples import data_url, picture, served
from tools.paths import ROOT

PLAN = {"slides": [{"on_image_text": f"Myth {number}"} for number in range(3)]}
PAGE = b"<!doctype html><title>Dawn Roasters</title><p>Roasted before sunrise."
TRIES = 150


@dataclass
class Agent:
    """Uses tools and remembers which; the client holds each result to the schema of its tool."""

    mcp: McpClient
    page: str
    picture: str
    used: set[str] = field(default_factory=set)
    seen: list[CallToolResult] = field(default_factory=list)

    async def __call__(self, tool: str, **arguments: Any) -> Any:
        result = await self.mcp.call_tool(tool, arguments)
        assert result.is_error is not True, f"{tool}: {result.content}"
        self.used.add(tool)
        self.seen.append(result)
        return result.structured_content

    async def until(self, done: Callable[[Any], bool], tool: str, **arguments: Any) -> Any:
        """Ask again and again until it is ``done``."""
        for _ in range(TRIES):
            answer = await self(tool, **arguments)
            if done(answer):
                return answer
            await asyncio.sleep(0.2)
        raise AssertionError(f"{tool} {arguments} never ended")

    def shown(self) -> list[str]:
        """The kinds of blocks of the last result, and a look at what it links."""
        blocks = self.seen[-1].content
        for block in blocks:
            if isinstance(block, ResourceLink):
                assert httpx.get(block.uri, follow_redirects=True).status_code == 200
            if isinstance(block, ImageContent):
                assert block.mime_type == "image/png"
        return [block.type for block in blocks]


def _ended(answer: Any) -> bool:
    return answer["generation"]["status"] in TERMINAL


async def use_memes(agent: Agent) -> None:
    made = await agent("generate_meme", prompt="a red kite", idempotency_key="once")
    assert await agent("generate_meme", prompt="a red kite", idempotency_key="once") == made
    done = await agent.until(_ended, "get_generation", generation_id=made["generation"]["id"])
    assert done["generation"]["status"] == "succeeded"
    assert "resource_link" in agent.shown()
    image = done["generation"]["output"][0]["id"]
    await agent("generate_image", prompt="a red kite", quality="fast")
    await agent("edit_image", image_id=image, instruction="make it autumn")
    await agent("reframe_image", image_id=image, aspect_ratio="9:16")
    await agent("animate_image", image_id=image)
    await agent("generate_storyboard", goal="a red kite")
    film = await agent("generate_video", prompt="a red kite [[slow:60]]", duration=1)
    await agent("cancel_generation", generation_id=film["generation"]["id"])
    await agent("plan_carousel", brief="three myths about kites", slide_count=3)
    carousel = await agent("render_carousel", plan=PLAN)
    await agent("get_carousel", carousel_id=carousel["carousel_set"]["id"])
    kit = await agent("create_brand_kit", name="Dawn Roasters")
    assert (await agent("get_brand_kit", kit_id=kit["brand_kit"]["id"]))["brand_kit"] == kit["brand_kit"]
    assert len((await agent("list_brand_kits"))["data"]) == 1
    await agent("analyze_brand_url", url=agent.page)
    await agent("enhance_prompt", prompt="mondays")
    assert len((await agent("list_generations", type=["meme"], limit=5))["data"]) == 1
    assert (await agent("get_usage"))["plan"] == "pro"


async def use_moondraft(agent: Agent) -> None:
    sent = data_url(picture(), "image/png")
    made = await agent("generate_image", prompt="a red kite")
    done = await agent.until(lambda job: job["status"] in TERMINAL, "get_job", job_id=made["id"])
    assert done["result"]["image"].startswith("http")
    assert "resource_link" in agent.shown()
    await agent("generate_batch", prompts=["a red kite", "a blue one"])
    await agent("edit_image", prompt="make it autumn", image=sent)
    await agent("enhance_image", image=sent)
    await agent("create_video", prompt="a red kite")
    await agent("refine_prompt", prompt="kite")
    assert (await agent("get_credits"))["credits"] > 0
    assert len((await agent("get_usage"))["usage"]) >= 5


async def use_agent(agent: Agent) -> None:
    models = (await agent("list_models"))["data"]["models"]
    assert models
    asked = {"model": "nano-banana-pro", "units": {"count": 1, "resolution": "1K"}}
    price = (await agent("estimate", **asked))["data"]["credits"]
    made = await agent("generate", prompt="a red kite", request_id="once", **asked)
    done = await agent.until(
        lambda task: task["data"]["status"] not in ("pending", "processing"),
        "get_task",
        task_id=made["data"]["task_id"],
    )
    assert done["data"]["credits_charged"] == price
    assert "resource_link" in agent.shown()
    assert (await agent("get_balance"))["data"]["spent"] == price


async def use_gencraft(agent: Agent) -> None:
    uploaded = await agent("upload_reference_image", source_url=agent.picture)
    assert uploaded["content_type"] == "image/png"
    ids = (await agent("generate_image", prompt="a red kite", model="flash", imageSize="1K", count=2))[
        "task_ids"
    ]
    done = await agent.until(
        lambda found: all(task["status"] in ("completed", "failed") for task in found["tasks"]),
        "batch_get_tasks",
        ids=ids,
    )
    assert [task["status"] for task in done["tasks"]] == ["completed", "completed"]
    assert await agent("get_task", task_id=ids[0]) == done["tasks"][0]
    assert "resource_link" in agent.shown()
    assert (await agent("list_my_generations", page=1))["total"] == 1
    assert (await agent("get_account_status"))["has_key"] is True


JOURNEYS: Mapping[str, Callable[[Agent], Awaitable[None]]] = {
    "memes": use_memes,
    "moondraft": use_moondraft,
    "agent": use_agent,
    "gencraft": use_gencraft,
}


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
@pytest.mark.parametrize("dialect", JOURNEYS)
def test_every_tool_of_a_dialect_is_listed_and_used(
    fresh: Callable[..., Client], dialect: str, mode: Any
) -> None:
    client = fresh(credits=1_000, key_dialect=dialect)

    async def talk(page: str, image: str) -> tuple[set[str], set[str]]:
        headers = {"Authorization": f"Bearer {client.key}"}
        async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
            transport = streamable_http_client(f"{client.base_url}/{dialect}/mcp", http_client=http)
            async with McpClient(transport, mode=mode) as mcp:
                listed = {tool.name for tool in (await mcp.list_tools()).tools}
                agent = Agent(mcp, page, image)
                await JOURNEYS[dialect](agent)
                return listed, agent.used

    with served(PAGE, "text/html") as page, served(picture(), "image/png") as image:
        listed, used = asyncio.run(talk(page, f"{image}/cat.png"))
    assert used == listed


def stdio(client: Client, **environment: str) -> StdioServerParameters:
    """The command that starts gencraft's server as a process, from the checkout."""
    told = {
        "GENCRAFT_API_KEY": client.key,
        "GENCRAFT_BASE_URL": f"{client.base_url}/gencraft",
        "PYTHONPATH": str(ROOT / "clients/gencraft-mcp"),
    }
    return StdioServerParameters(
        command=sys.executable, args=["-m", "gencraft_mcp"], env={**told, **environment}
    )


@pytest.mark.parametrize("mode", ["legacy", "2026-07-28"])
def test_gencrafts_six_tools_work_over_stdio(fresh: Callable[..., Client], mode: Any) -> None:
    client = fresh(credits=1_000, key_dialect="gencraft")

    async def talk(image: str) -> tuple[set[str], set[str]]:
        async with McpClient(stdio_client(stdio(client)), mode=mode) as mcp:
            listed = {tool.name for tool in (await mcp.list_tools()).tools}
            agent = Agent(mcp, "", image)
            await use_gencraft(agent)
            return listed, agent.used

    with served(picture(), "image/png") as image:
        listed, used = asyncio.run(talk(f"{image}/cat.png"))
    assert used == listed
    assert len(used) == 6


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"GENCRAFT_API_KEY": ""}, "GENCRAFT_API_KEY is not set"),
        ({"GENCRAFT_API_KEY": "nonsense"}, "cannot be used"),
        ({"GENCRAFT_BASE_URL": "http://127.0.0.1:9/gencraft"}, "cannot be used"),
    ],
)
def test_over_stdio_what_cannot_work_says_so_and_ends(
    live: Client, environment: dict[str, str], said: str
) -> None:
    server = stdio(live, **environment)
    done = subprocess.run(
        [server.command, *server.args], env=server.env, input="", capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 1
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert live.key not in done.stderr


@pytest.mark.parametrize("dialect", JOURNEYS)
def test_a_bad_key_is_a_401_and_none_may_list(live: Client, dialect: str) -> None:
    url = f"{live.base_url}/{dialect}/mcp"
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    assert httpx.post(url, json=message).json()["result"]["tools"]
    bad = httpx.post(url, json=message, headers={"Authorization": "Bearer sk_live_nonsense"})
    assert (bad.status_code, bad.headers["www-authenticate"]) == (401, 'Bearer error="invalid_token"')
    assert httpx.get(url).status_code == 405
