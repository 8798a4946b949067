"""``/mcp``: estimate, generate, and follow the task."""

from __future__ import annotations

import json
from typing import Any

import mcp_types

from api_agent import MCP_PATH
from tests.harness.api_client import gateway_event
from tests.unit.functions.api_agent.client import MINIMAL, Client


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


def test_a_task_is_estimated_made_and_seen(api: Client) -> None:
    asked = {key: value for key, value in MINIMAL.items() if key not in ("request_id", "prompt")}
    price = structured(use(api, "estimate", asked))["data"]["credits"]
    task = structured(use(api, "generate", MINIMAL))["data"]
    assert (task["status"], api.wallet.held) == ("pending", price)
    api.work()
    result = use(api, "get_task", {"task_id": task["task_id"]})
    done = structured(result)["data"]
    assert (done["status"], done["credits_charged"]) == ("completed", price)
    links = [block.uri for block in result.content if isinstance(block, mcp_types.ResourceLink)]
    assert links == done["outputs"]
    assert result.content[0].type == "image"


def test_a_request_id_is_never_charged_twice(api: Client) -> None:
    first = structured(use(api, "generate", MINIMAL))
    held = api.wallet.held
    assert structured(use(api, "generate", MINIMAL)) == first
    assert api.post("/v1/generate", MINIMAL).json == first
    assert api.wallet.held == held


def test_a_refusal_says_what_to_do(api: Client) -> None:
    result = use(api, "generate", {**MINIMAL, "model": "nothing"})
    assert result.is_error is True
    (block,) = result.content
    assert isinstance(block, mcp_types.TextContent)
    assert json.loads(block.text)["data"]["suggestion"]
