"""``/mcp``: submit with a tool, follow with another, and look at what came out."""

from __future__ import annotations

import json
from typing import Any

import mcp_types

from api_memes import MCP_PATH
from darkroom.http.mcp.stored_files import MAX_INLINE_BYTES
from tests.harness.api_client import gateway_event
from tests.unit.functions.api_memes.client import Client


def use(api: Client, tool: str, arguments: Any, key: str | None = None) -> mcp_types.CallToolResult:
    event = gateway_event("POST", MCP_PATH, {"Authorization": f"Bearer {key or api.key}"})
    params = {"name": tool, "arguments": arguments}
    event["body"] = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": params})
    reply = api.send(event)
    assert reply.status == 200, reply.body
    return mcp_types.CallToolResult.model_validate(reply.json["result"])


def generation(result: mcp_types.CallToolResult) -> Any:
    assert result.structured_content is not None
    return result.structured_content["generation"]


def test_a_meme_is_submitted_followed_and_seen(api: Client) -> None:
    made = generation(use(api, "generate_meme", {"prompt": "a red kite", "count": 2}))
    assert (made["status"], made["requested_count"], made["completed_count"]) == ("queued", 2, 0)
    assert (api.wallet.held, api.wallet.spent) == (2, 0)
    api.worker(api.queues.tasks.pop(0).message)
    half = use(api, "get_generation", {"generation_id": made["id"]})
    assert (generation(half)["status"], generation(half)["completed_count"]) == ("processing", 1)
    api.work()
    done = use(api, "get_generation", {"generation_id": made["id"]})
    assert generation(done)["status"] == "succeeded"
    urls = [asset["url"] for asset in generation(done)["output"]]
    assert [block.uri for block in done.content if isinstance(block, mcp_types.ResourceLink)] == urls
    assert len([block for block in done.content if isinstance(block, mcp_types.ImageContent)]) == 2
    assert api.wallet.spent == 2


def test_a_large_picture_is_only_linked(api: Client) -> None:
    made = generation(use(api, "generate_image", {"prompt": "a red kite"}))
    api.work()
    for key in api.blobs.objects:
        api.blobs.put(key, b"x" * (MAX_INLINE_BYTES + 1), "image/png")
    done = use(api, "get_generation", {"generation_id": made["id"]})
    assert [block.type for block in done.content] == ["resource_link", "text"]


def test_nobody_elses_generation_is_there(api: Client) -> None:
    made = generation(use(api, "generate_meme", {"prompt": "a red kite"}))
    other = api.core.open_workspace("Other", plan="pro", credits=10)
    theirs = api.issue("theirs", workspace_id=other.id)
    result = use(api, "get_generation", {"generation_id": made["id"]}, theirs)
    assert result.is_error is True


def test_a_test_key_works_in_test_mode(api: Client) -> None:
    result = use(api, "generate_meme", {"prompt": "a red kite"}, api.test_key)
    assert result.structured_content is not None
    assert result.structured_content["meta"]["livemode"] is False
    assert api.wallet.held == 0


def test_too_few_credits_are_told_to_the_model_in_the_dialects_words(api: Client) -> None:
    other = api.core.open_workspace("Poor", plan="pro", credits=0)
    result = use(api, "generate_meme", {"prompt": "x"}, api.issue("poor", workspace_id=other.id))
    assert result.is_error is True
    (block,) = result.content
    assert isinstance(block, mcp_types.TextContent)
    assert json.loads(block.text)["error"]["code"] == "quota_exceeded"


def test_uses_count_against_the_limit_of_their_route(api: Client) -> None:
    api.clock.advance(60 - api.clock.now().second)
    for _ in range(20):
        use(api, "enhance_prompt", {"prompt": ""})
    assert api.post("/prompts/enhance", {"prompt": "x"}).refusal[2] == "rate_limited"


def test_a_large_message_is_refused(api: Client) -> None:
    event = gateway_event("POST", MCP_PATH, {}) | {"body": '"' + "x" * 1024 * 1024 + '"'}
    assert api.send(event).status == 413
