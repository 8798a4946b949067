"""``/mcp``: the contract's six tools."""

from __future__ import annotations

import json
from typing import Any

import mcp_types

from api_gencraft import MCP_PATH
from tests.harness.api_client import gateway_event
from tests.unit.functions.api_gencraft.client import GARDEN, Client


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


def test_images_are_submitted_and_followed_together(api: Client) -> None:
    ids = structured(use(api, "generate_image", {**GARDEN, "count": 2}))["task_ids"]
    found = structured(use(api, "batch_get_tasks", {"ids": ids}))["tasks"]
    assert [task["status"] for task in found] == ["queued", "queued"]
    api.work()
    result = use(api, "batch_get_tasks", {"ids": ids})
    tasks = structured(result)["tasks"]
    assert [(task["task_id"], task["progress"]) for task in tasks] == [(task_id, 100) for task_id in ids]
    links = [block.uri for block in result.content if isinstance(block, mcp_types.ResourceLink)]
    assert links == [task["imageUrl"] for task in tasks]
    assert structured(use(api, "get_task", {"task_id": ids[0]})) == tasks[0]
    assert structured(use(api, "list_my_generations", {"limit": 1}))["total"] == 1


def test_more_tasks_than_twenty_are_refused(api: Client) -> None:
    result = use(api, "batch_get_tasks", {"ids": [f"t{number}" for number in range(21)]})
    assert result.is_error is True


def test_what_is_no_list_of_ids_is_refused(api: Client) -> None:
    for ids in ([1], [["a"]], {"a": 1}, 1.5, None):
        assert use(api, "batch_get_tasks", {"ids": ids}).is_error is True
