"""``/mcp``: no tool waits, and no answer is larger than a host takes."""

from __future__ import annotations

import json
from typing import Any

import mcp_types

from api_moondraft import MCP_PATH
from tests.harness.api_client import gateway_event
from tests.unit.functions.api_moondraft.client import Client, png


def use(api: Client, tool: str, arguments: Any) -> mcp_types.CallToolResult:
    event = gateway_event("POST", MCP_PATH, {"authorization": f"Bearer {api.key}"})
    params = {"name": tool, "arguments": arguments}
    event["body"] = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
    reply = api.send(event)
    assert reply.status == 200, reply.body
    return mcp_types.CallToolResult.model_validate(reply.json["result"])


def structured(result: mcp_types.CallToolResult) -> Any:
    assert result.structured_content is not None, result.content
    return result.structured_content


def test_a_picture_is_submitted_without_waiting_and_seen_later(api: Client) -> None:
    started = api.clock.now()
    job = structured(use(api, "generate_image", {"prompt": "a red kite"}))
    assert (job["status"], job["result"], api.clock.now()) == ("queued", None, started)
    api.work()
    result = use(api, "get_job", {"job_id": job["id"]})
    done = structured(result)
    assert (done["status"], done["credits"], api.wallet.spent) == ("succeeded", 1, 1)
    assert done["result"]["image"].startswith("https://api.test/files/")
    assert [block.type for block in result.content] == ["image", "resource_link", "text"]


def test_a_clip_is_an_address(api: Client) -> None:
    job = structured(use(api, "create_video", {"prompt": "a red kite"}))
    api.work()
    result = use(api, "get_job", {"job_id": job["id"]})
    assert [block.type for block in result.content] == ["resource_link", "text"]


def test_a_large_result_is_a_small_answer(api: Client) -> None:
    api.studio.picture = png(extra=1_500_000)
    job = structured(use(api, "generate_batch", {"prompts": ["a", "b", "c"]}))
    api.work()
    result = use(api, "get_job", {"job_id": job["id"]})
    assert [block.type for block in result.content] == [*["resource_link"] * 3, "text"]
    assert len(str(result.content)) < 10_000


def test_a_use_repeated_after_a_request_that_waited_is_a_job_too(api: Client) -> None:
    first = api.post("/generate", {"prompt": "x"}, headers={"idempotency-key": "once"})
    assert first.status == 200
    job = structured(use(api, "generate_image", {"prompt": "x", "idempotency_key": "once"}))
    assert (job["status"], len(api.memory.jobs)) == ("succeeded", 1)
