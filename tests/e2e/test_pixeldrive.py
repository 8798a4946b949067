"""Every command of the pixeldrive document against the deployed stack, and what it promises beside them."""

from __future__ import annotations

import asyncio
import io
import json
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import httpx
import httpx2
import pytest
from mcp import Client as McpClient
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.exceptions import MCPError
from mcp_types import CallToolResult, ImageContent, ResourceLink
from PIL import Image
from requests_sse import EventSource, InvalidStatusCodeError

from darkroom.domain.accounts.api_keys import parse_token
from darkroom.domain.renders.batches import ROWS_AT_ONCE
from darkroom.domain.renders.lanes import LANES
from local.emulator.info import StackInfo
from tests.e2e import samples
from tests.e2e.client import Client
from tests.e2e.curl import commands
from tools.paths import ROOT

STARTERS = ROOT / "layers/core/darkroom/catalog_data/starters"
CURLS = commands("pixeldrive")
ORIGIN = "https://render.pixeldrive.pro"
PREFIX = "/pixeldrive/v1"
PLAIN: dict[str, Any] = {
    "canvas": {"width": 320, "height": 160, "background": "#204060"},
    "elements": [
        {
            "type": "text", "id": "name", "x": 10, "y": 20, "width": 300, "height": 60,
            "text": "Nobody", "fontSize": 40, "color": "#ffffff",
        },
        {
            "type": "text", "id": "headline", "x": 10, "y": 90, "width": 200, "height": 60,
            "text": "", "fontSize": 24, "color": "#ffffff",
        },
        {"type": "image", "id": "avatar", "x": 230, "y": 80, "width": 70, "height": 70, "circle": True},
    ],
}  # fmt: skip


@pytest.fixture
def client(fresh: Callable[..., Client]) -> Client:
    """A workspace of its own, so that one test's limits are not another's."""
    return fresh(credits=2_000, key_dialect="pixeldrive", plan="metered")


@pytest.fixture
def template(client: Client) -> str:
    created: str = client.post(f"{PREFIX}/templates", {"name": "Plain", "document": PLAIN})["id"]
    return created


@pytest.fixture
def picture(client: Client, template: str) -> str:
    """The address of a picture that can be fetched: one of ours."""
    created: str = render(client, template, name={"text": "a picture"})["url"]
    return created


def render(client: Client, template: str, /, **payload: Any) -> Any:
    return client.post(f"{PREFIX}/render", {"templateId": template, "payload": payload})


def image(client: Client, url: str) -> Image.Image:
    answer = client.http.get(url, follow_redirects=True)
    assert answer.status_code == 200, url
    assert answer.headers["content-type"] == "image/png"
    return Image.open(io.BytesIO(answer.content))


def ended(client: Client, batch: str, seconds: float = 120) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        seen = client.get(f"{PREFIX}/batches/{batch}")
        assert seen["total"] == seen["queued"] + seen["running"] + seen["completed"] + seen["failed"]
        if seen["queued"] == seen["running"] == 0:
            return seen
        time.sleep(0.5)
    raise AssertionError(f"batch {batch} did not end")


# ----------------------------------------------------------- the document's commands


def run(client: Client, name: str, status: int, **replacing: str) -> Any:
    keys = {"pdrv_your_token_here": client.key, "pdrv_...": client.key}
    whole = {**replacing, ORIGIN: f"{client.base_url}/pixeldrive", **keys}
    answer = CURLS[name].run(client.http, whole)
    assert answer.status_code == status, f"{name}: {answer.status_code} {answer.text[:500]}"
    return answer.json()


def test_the_documents_commands(client: Client, template: str) -> None:
    with samples.served(samples.picture(), "image/png") as pictures:
        check_commands(client, template, f"{pictures}/pic.png")


def check_commands(client: Client, template: str, picture: str) -> None:
    used = client.credits()["spent"]
    body = json.dumps({"templateId": template, "payload": {"name": {"text": "I am in"}}})
    assert run(client, "authenticate", 200, **{"{ ... }": body})["creditsRemaining"] == 2_000 - used - 1

    known = {"ee3a339f-2826-406c-a6e4-04b9a7b4d373": template, "https://example.com/pic.jpg": picture}
    made = run(client, "render", 200, **known)
    assert made["url"] == f"{client.base_url}/pixeldrive/img/t/{template}/{made['fieldsHash']}.png"
    assert (made["fromCache"], made["creditsRemaining"]) == (False, 2_000 - used - 2)
    assert made["uploadBytes"] == len(client.http.get(made["url"]).content)
    assert image(client, made["url"]).size == (320, 160)
    again = run(client, "render", 200, **known)
    assert again == {**made, "fromCache": "db"}
    assert client.credits()["spent"] == used + 2

    workspace = parse_token(client.key).workspace_id
    batch = run(client, "batch", 202, **{"ee3a339f-...": template, "660e8400-...": workspace})
    assert (batch["count"], len(batch["jobIds"])) == (2, 2)
    results = ended(client, batch["batchId"])["results"]
    assert [row["status"] for row in results] == ["completed", "completed"]
    job = client.get(f"{PREFIX}/jobs/{batch['jobIds'][0]}")
    assert (job["status"], job["progress"], job["failedReason"]) == ("completed", 100, None)
    assert job["result"]["imageUrl"] == results[0]["result"]["imageUrl"]

    signed = run(client, "sign", 200, **{f"{ORIGIN}/img/t/…/….png": made["url"]})
    assert (signed["expiresIn"], signed["key"]) == (7200, f"t/{template}/{made['fieldsHash']}.png")
    assert image(client, signed["url"]).size == (320, 160)


# -------------------------------------------------------------------------- images


def test_an_image_is_immutable_and_served_in_parts(client: Client, picture: str) -> None:
    whole = client.http.get(picture)
    assert whole.headers["cache-control"] == "public, max-age=31536000, immutable"
    etag = whole.headers["etag"]
    assert client.http.get(picture, headers={"If-None-Match": f'"x", W/{etag}'}).status_code == 304
    part = client.http.get(picture, headers={"Range": "bytes=1-3"})
    assert (part.status_code, part.content) == (206, b"PNG")
    assert part.headers["content-range"] == f"bytes 1-3/{len(whole.content)}"
    assert client.http.get(picture, headers={"Range": "bytes=99999999-"}).status_code == 416
    head = client.http.head(picture)
    assert (head.status_code, head.content) == (200, b"")
    assert client.http.post(picture).status_code == 405
    missing = client.http.get(picture[:-8] + "zzzz.png")
    assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")


def test_a_signed_address_cannot_be_altered_and_is_only_for_ones_own(
    client: Client, picture: str, live: Client
) -> None:
    signed = client.post(f"{PREFIX}/sign", {"url": picture, "expiresIn": 60})
    assert client.http.get(signed["url"]).headers["cache-control"].startswith("private, max-age=")
    expiry = signed["url"].partition("/s/")[2].partition("/")[0]
    later = signed["url"].replace(expiry, str(int(expiry) + 60))
    assert client.http.get(later).status_code == 403
    assert live.call("POST", f"{PREFIX}/sign", {"url": picture}).status_code == 404


def test_a_preview_is_free_and_private(client: Client, template: str) -> None:
    before = client.credits()
    body = {"templateId": template, "payload": {"name": {"text": "Just looking"}}, "preview": True}
    made = client.post(f"{PREFIX}/render", body)
    assert "/pixeldrive/img/s/" in made["url"]
    assert image(client, made["url"]).size == (320, 160)
    assert client.credits() == before


def test_a_picture_too_large_for_an_answer_is_served_by_the_bucket(client: Client) -> None:
    side = 1300
    noise = Image.frombytes("RGB", (side, side), random.Random(1).randbytes(side * side * 3))
    output = io.BytesIO()
    noise.save(output, "PNG")
    document = {
        "canvas": {"width": side, "height": side},
        "elements": [{"type": "image", "id": "noise", "x": 0, "y": 0, "width": side, "height": side}],
    }
    template = client.post(f"{PREFIX}/templates", {"name": "Noise", "document": document})["id"]
    with samples.served(output.getvalue(), "image/png") as pictures:
        made = render(client, template, noise={"src": f"{pictures}/noise.png"})
    assert made["uploadBytes"] > 4 * 1024 * 1024
    answer = client.http.get(made["url"])
    assert (answer.status_code, answer.headers["cache-control"]) == (302, "no-store")
    followed = client.http.get(made["url"], follow_redirects=True)
    assert len(followed.content) == made["uploadBytes"]
    assert Image.open(io.BytesIO(followed.content)).size == (side, side)


def test_a_template_lives_through_its_versions(client: Client, template: str) -> None:
    path = f"{PREFIX}/templates/{template}"
    changed = client.call("PATCH", path, {"name": "Plain, renamed"}).json()
    assert (changed["version"], changed["name"]) == (2, "Plain, renamed")
    body = {"name": "Plainer", "document": {"canvas": {"width": 64, "height": 32}}}
    assert client.call("PUT", path, body).json()["version"] == 3
    made = client.post(f"{PREFIX}/render", {"templateId": template, "payload": {}})
    assert image(client, made["url"]).size == (64, 32)
    assert client.get(f"{path}/versions/1")["name"] == "Plain"
    assert [one["id"] for one in client.get(f"{PREFIX}/templates")["data"]] == [template]
    assert client.call("DELETE", path).status_code == 200
    assert client.call("GET", path).status_code == 404
    assert client.get(f"{PREFIX}/templates")["data"] == []
    assert image(client, made["url"]).size == (64, 32)


def test_an_idempotency_key_is_good_for_one_request(client: Client, template: str) -> None:
    body = {"templateId": template, "payload": {"name": {"text": "Once"}}}
    with ThreadPoolExecutor(5) as pool:
        answers = list(
            pool.map(
                lambda _: client.call("POST", f"{PREFIX}/render", body, Idempotency_Key="render-1"), range(5)
            )
        )
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.json()["url"] for answer in answers}) == 1
    assert client.credits()["spent"] == 1
    other = {"templateId": template, "payload": {}}
    assert client.call("POST", f"{PREFIX}/render", other, Idempotency_Key="render-1").status_code == 409
    batch = {"templateId": template, "payloads": [{"name": {"text": "Twice"}}]}
    first = client.post(f"{PREFIX}/render/batch", batch, Idempotency_Key="batch-1")
    assert client.post(f"{PREFIX}/render/batch", batch, Idempotency_Key="batch-1") == first


def test_a_ratio_makes_a_larger_picture(client: Client, template: str) -> None:
    made = client.post(f"{PREFIX}/render", {"templateId": template, "payload": {}, "pixelRatio": 2.5})
    assert image(client, made["url"]).size == (800, 400)


def test_a_picture_that_cannot_be_had_is_named_and_nothing_is_charged(client: Client, template: str) -> None:
    before = client.credits()
    for src in (
        f"{client.base_url}/pixeldrive/img/none.png",
        "https://169.254.169.254/latest",
        f"{client.base_url}/x",
    ):
        body = {"templateId": template, "payload": {"avatar": {"src": src}}}
        answer = client.call("POST", f"{PREFIX}/render", body)
        assert (answer.status_code, answer.json()["details"][0]["path"]) == (400, "payload.avatar.src"), (
            answer.text
        )
    assert client.credits() == before


def test_the_starters_are_there_and_render(live: Client, stack_info: StackInfo) -> None:
    assert set(stack_info.templates) == {path.stem for path in STARTERS.glob("*.json")}
    for name, template in stack_info.templates.items():
        answer = live.call("POST", f"{PREFIX}/render", {"templateId": template, "payload": {}})
        assert answer.status_code == 200, f"{name}: {answer.text}"
        assert image(live, answer.json()["url"]).size[0] >= 300
    listed = live.get(f"{PREFIX}/templates")["data"]
    assert {one["id"] for one in listed} >= set(stack_info.templates.values())


# ------------------------------------------------------------------------- batches


def test_a_thousand_payloads_of_which_seven_hundred_are_distinct(client: Client, template: str) -> None:
    payloads = [{"name": {"text": f"Guest {number % 700}"}} for number in range(1_000)]
    before = client.credits()["spent"]
    accepted = client.post(f"{PREFIX}/render/batch", {"templateId": template, "payloads": payloads})
    assert len(set(accepted["jobIds"])) == 1_000
    batch = ended(client, accepted["batchId"], seconds=240)
    assert (batch["total"], batch["completed"], batch["failed"]) == (1_000, 1_000, 0)
    assert [row["id"] for row in batch["results"]] == accepted["jobIds"]
    urls = [row["result"]["imageUrl"] for row in batch["results"]]
    assert len(set(urls)) == 700
    assert urls[:300] == urls[700:]
    assert sum(row["result"]["fromCache"] is False for row in batch["results"]) == 700
    with ThreadPoolExecutor(8) as pool:
        sizes = set(pool.map(lambda url: image(client, url).size, urls[::50]))
    assert sizes == {(320, 160)}
    credits = client.credits()
    assert (credits["spent"] - before, credits["held"]) == (700, 0)

    once_more = client.post(f"{PREFIX}/render/batch", {"templateId": template, "payloads": payloads[:30]})
    again = ended(client, once_more["batchId"])
    assert {row["result"]["fromCache"] for row in again["results"]} == {"db"}
    assert client.credits()["spent"] - before == 700


def test_a_single_render_waits_for_no_more_than_a_few_of_anothers_rows(
    fresh: Callable[..., Client], client: Client, template: str
) -> None:
    other = fresh(credits=2_000, key_dialect="pixeldrive", plan="metered")
    theirs = other.post(f"{PREFIX}/templates", {"name": "Plain", "document": PLAIN})["id"]
    render(client, template, name={"text": "first"})
    payloads = [{"name": {"text": f"Row {number}"}} for number in range(600)]
    batch = other.post(f"{PREFIX}/render/batch", {"templateId": theirs, "payloads": payloads})["batchId"]

    def completed() -> int:
        count: int = other.get(f"{PREFIX}/batches/{batch}")["completed"]
        return count

    passed = []
    for number in range(8):
        before = completed()
        render(client, template, name={"text": f"single {number}"})
        passed.append(completed() - before)
    assert max(passed) <= LANES * ROWS_AT_ONCE, passed
    assert ended(other, batch, seconds=240)["completed"] == 600


def test_a_bad_row_is_refunded_and_says_why(client: Client, template: str) -> None:
    before = client.credits()["spent"]
    payloads = [{"name": {"text": "Ada"}}, {"avatar": {"src": f"{client.base_url}/pixeldrive/img/none.png"}}]
    accepted = client.post(f"{PREFIX}/render/batch", {"templateId": template, "payloads": payloads})
    good, bad = ended(client, accepted["batchId"])["results"]
    assert (good["status"], bad["status"], bad["result"]) == ("completed", "failed", None)
    assert bad["failedReason"]
    assert client.credits()["spent"] - before == 1


def test_a_standard_event_source_sees_one_stream(client: Client, template: str) -> None:
    payloads = [{"name": {"text": f"Row {number}"}} for number in range(200)]
    accepted = client.post(f"{PREFIX}/render/batch", {"templateId": template, "payloads": payloads})
    url = f"{client.base_url}{PREFIX}/batches/{accepted['batchId']}/stream"
    opened: list[float] = []
    source = EventSource(
        url,
        headers={"Authorization": f"Bearer {client.key}"},
        reconnection_time=timedelta(seconds=1),
        timeout=40,
        on_open=lambda: opened.append(time.monotonic()),
    )
    events: list[tuple[str | None, Any]] = []
    with source, pytest.raises(InvalidStatusCodeError) as closed:
        events.extend((event.type, json.loads(event.data or "null")) for event in source)
    assert closed.value.response is not None
    closed.value.response.close()
    assert closed.value.status_code == 204, "nothing but the end closes a stream"
    progress = [batch for kind, batch in events if kind == "progress"]
    assert len(progress) > 1, "progress arrived while it happened"
    assert len(opened) > 1, "the client reconnected"
    counts = [batch["completed"] for batch in progress]
    assert counts == sorted(counts)
    assert counts[-1] == 200
    assert all(
        sum(batch[name] for name in ("queued", "running", "completed", "failed")) == 200 for batch in progress
    )
    assert [kind for kind, _ in events].count("done") == 1
    kind, batch = events[-1]
    assert kind == "done"
    assert batch["results"] == client.get(f"{PREFIX}/batches/{accepted['batchId']}")["results"]


def test_everything_wrong_in_a_batch_is_named_at_once(client: Client, template: str) -> None:
    payloads: list[Any] = [{"name": {"text": "x"}} for _ in range(20)]
    payloads[17] = {"avatar": {"src": "file:///etc/passwd"}}
    payloads[2] = {"nobody": {"text": "x"}}
    answer = client.call("POST", f"{PREFIX}/render/batch", {"templateId": template, "payloads": payloads})
    assert answer.status_code == 400
    assert [one["path"] for one in answer.json()["details"]] == [
        "payloads[2].nobody",
        "payloads[17].avatar.src",
    ]
    assert client.credits()["held"] == 0


# ------------------------------------------------------------------- tenants, money


def test_another_workspace_sees_nothing(client: Client, template: str, live: Client) -> None:
    batch = client.post(f"{PREFIX}/render/batch", {"templateId": template, "payloads": [{}]})
    for path in (
        f"/templates/{template}",
        f"/batches/{batch['batchId']}",
        f"/batches/{batch['batchId']}/stream",
        f"/jobs/{batch['jobIds'][0]}",
    ):
        assert live.call("GET", PREFIX + path).status_code == 404
    body = {"templateId": template, "payload": {}}
    assert live.call("POST", f"{PREFIX}/render", body).status_code == 404
    ended(client, batch["batchId"])


def test_the_same_twenty_times_at_once_is_charged_once(client: Client, template: str) -> None:
    before = client.credits()["spent"]
    with ThreadPoolExecutor(20) as pool:
        made = list(pool.map(lambda _: render(client, template, name={"text": "all at once"}), range(20)))
    assert len({one["url"] for one in made}) == 1
    credits = client.credits()
    assert (credits["spent"] - before, credits["held"]) == (1, 0)


def test_previews_have_a_limit_of_their_own(client: Client, template: str) -> None:
    body = {"templateId": template, "payload": {}, "preview": True}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.call("POST", f"{PREFIX}/render", body), range(70)))
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) == {200, 429}
    assert statuses.count(200) <= 120, "sixty in any minute, and the test takes less than two"
    refused = next(answer for answer in answers if answer.status_code == 429)
    assert int(refused.headers["retry-after"]) >= 1
    assert refused.headers["ratelimit-limit"] == "60"
    assert client.credits()["spent"] == 0


def test_without_credits_there_is_no_render(fresh: Callable[..., Client]) -> None:
    poor = fresh(credits=0, key_dialect="pixeldrive", plan="metered")
    template = poor.post(f"{PREFIX}/templates", {"name": "Plain", "document": PLAIN})["id"]
    answer = poor.call("POST", f"{PREFIX}/render", {"templateId": template, "payload": {}})
    assert (answer.status_code, answer.json()["code"]) == (402, "no_credits")


# ------------------------------------------------------------------- tools for agents


@pytest.mark.parametrize("mode", ["legacy", "auto", "2026-07-28"])
def test_an_agent_previews_and_generates(client: Client, template: str, mode: Any) -> None:
    arguments = {"templateId": template, "payload": {"name": {"text": f"Agent {mode}"}}}
    before = client.credits()["spent"]

    async def talk(mcp: McpClient) -> tuple[list[str], CallToolResult, CallToolResult, CallToolResult]:
        return (
            [tool.name for tool in (await mcp.list_tools()).tools],
            await mcp.call_tool("preview_image", arguments),
            await mcp.call_tool("generate_image", arguments),
            await mcp.call_tool(
                "generate_image", {"templateId": template, "payload": {"nobody": {"text": "x"}}}
            ),
        )

    names, preview, made, refused = asyncio.run(with_mcp(client, talk, mode))
    assert names == ["preview_image", "generate_image"]
    looked_at = next(block for block in preview.content if isinstance(block, ImageContent))
    assert looked_at.mime_type == "image/png"
    assert made.structured_content is not None
    link = next(block for block in made.content if isinstance(block, ResourceLink))
    assert link.uri == made.structured_content["url"]
    assert image(client, made.structured_content["url"]).size == (320, 160)
    assert made.structured_content["creditsRemaining"] == 2_000 - before - 1
    assert refused.is_error is True
    assert client.credits()["spent"] == before + 1


def test_an_agents_preview_is_small(client: Client) -> None:
    document = {"canvas": {"width": 2000, "height": 1000, "background": "#204060"}}
    template = client.post(f"{PREFIX}/templates", {"name": "Wide", "document": document})["id"]

    async def talk(mcp: McpClient) -> CallToolResult:
        return await mcp.call_tool("preview_image", {"templateId": template, "payload": {}})

    result = asyncio.run(with_mcp(client, talk, "auto"))
    assert result.structured_content is not None
    assert image(client, result.structured_content["url"]).size == (512, 256)


def test_an_agent_needs_a_key(client: Client) -> None:
    async def talk(mcp: McpClient) -> CallToolResult:
        return await mcp.call_tool("preview_image", {"templateId": "x", "payload": {}})

    with pytest.raises((MCPError, httpx2.HTTPError, ExceptionGroup)):
        asyncio.run(with_mcp(client.with_key("pdrv_nonsense"), talk, "legacy"))
    answer = httpx.post(
        f"{client.base_url}/pixeldrive/mcp",
        json={"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "preview_image"}},
    )
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert httpx.get(f"{client.base_url}/pixeldrive/mcp").status_code == 405


async def with_mcp(client: Client, talk: Callable[[McpClient], Any], mode: Any) -> Any:
    """Talk to the endpoint with the protocol's own client."""
    headers = {"Authorization": f"Bearer {client.key}"}
    async with httpx2.AsyncClient(headers=headers, timeout=60) as http:
        transport = streamable_http_client(f"{client.base_url}/pixeldrive/mcp", http_client=http)
        async with McpClient(transport, mode=mode) as mcp:
            return await talk(mcp)
