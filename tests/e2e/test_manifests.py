"""Manifests through S3 on the deployed stack: uploaded as they are announced, or put there by the operator."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from requests_sse import EventSource

from darkroom.domain.accounts.api_keys import parse_token
from local.emulator.stack import Stack
from local.receiver import Receiver
from tests.e2e.client import Client
from tests.e2e.test_pixeldrive import PLAIN

PATH = "/platform/v1/manifests"
ENDED = {"completed", "canceled", "expired", "failed"}
ROWS = [{"_sku": f"sku-{n}", "name": f"Name {n}", "headline": f'"{n}", and\nmore'} for n in range(1, 31)]


@pytest.fixture
def client(fresh: Callable[..., Client]) -> Client:
    return fresh(credits=100, plan="metered")


def as_csv(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def announced(client: Client, data: bytes, **body: Any) -> Any:
    return client.post(PATH, {"format": "csv", "size": len(data), **body})


def uploaded(client: Client, answer: Any, data: bytes) -> httpx.Response:
    upload = answer["upload"]
    headers = {**upload["headers"], "Content-Length": str(len(data))}
    return client.http.request(upload["method"], upload["url"], content=data, headers=headers)


def until(client: Client, manifest_id: str, statuses: set[str], seconds: float = 90) -> Any:
    end = time.monotonic() + seconds
    while (manifest := client.get(f"{PATH}/{manifest_id}")["manifest"])["status"] not in statuses:
        assert time.monotonic() < end, manifest
        time.sleep(0.5)
    return manifest


def results(client: Client, manifest_id: str) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """The rows of the results and of the report, fetched where the API says."""
    where = client.get(f"{PATH}/{manifest_id}/results")
    texts = (client.http.get(where[name]["url"]).raise_for_status().text for name in ("results", "errors"))
    made, bad = (list(csv.DictReader(io.StringIO(text, newline=""), strict=True)) for text in texts)
    return made, bad


def test_a_csv_file_becomes_renders_and_says_so(client: Client, hook: Receiver) -> None:
    webhook = {"url": hook.url, "events": ["batch.completed"]}
    client.post("/memes/v1/webhooks", webhook)
    template = client.post("/pixeldrive/v1/templates", {"name": "Plain", "document": PLAIN})["id"]
    data = as_csv([*ROWS, {"_sku": "bad", "name": "Bad", "headline": "x" * 20_000}])
    answer = announced(client, data, template_id=template, name="spring")
    assert uploaded(client, answer, data).status_code == 200
    manifest_id = answer["manifest"]["id"]

    ended = until(client, manifest_id, ENDED)
    assert (ended["status"], ended["reason"], ended["credits_charged"]) == ("completed", None, 30)
    assert ended["counts"] == {
        "read": 31, "queued": 0, "succeeded": 30, "failed": 0, "invalid": 1, "skipped": 0,
    }  # fmt: skip
    made, bad = results(client, manifest_id)
    assert [{name: row[name] for name in ROWS[0]} for row in made[:30]] == ROWS
    assert {row["_status"] for row in made[:30]} == {"succeeded"}
    assert [(row["row"], row["column"]) for row in bad] == [("31", "headline")]
    picture = client.http.get(made[0]["_asset_url"])
    assert picture.content.startswith(b"\x89PNG")
    columns = {
        "granted": 100,
        "available": 70,
        "held": 0,
        "spent": 30,
        "owed": 0,
        "expired": 0,
        "reversed": 0,
    }
    assert client.credits() == {"livemode": True, **columns, "expiring": []}
    (event,) = hook.wait_for(1, 30)
    body = json.loads(event.body)
    assert (body["type"], body["data"]["manifest"]["id"]) == ("batch.completed", manifest_id)


def test_short_credits_park_and_a_top_up_wakes(
    fresh: Callable[..., Client], stack: Stack, live: Client
) -> None:
    client = fresh(credits=1, plan="metered")
    data = b"prompt\n" + b"".join(b"a red kite %d\n" % n for n in range(3))
    answer = announced(client, data, model="forge-image")
    uploaded(client, answer, data)
    manifest_id = answer["manifest"]["id"]
    parked = until(client, manifest_id, {"parked"})
    assert parked["reason"]["code"] == "insufficient_credits"
    admin = live.with_key(stack.info().keys["admin"])
    workspace = parse_token(client.key).workspace_id
    admin.post(f"/platform/v1/admin/workspaces/{workspace}/credits", {"credits": 9, "reference": "top-up"})
    ended = until(client, manifest_id, ENDED)
    assert (ended["status"], ended["counts"]["succeeded"]) == ("completed", 3)
    assert client.credits()["available"] == 7
    made, _ = results(client, manifest_id)
    for row in made:
        assert client.http.get(row["_asset_url"], follow_redirects=True).content.startswith(b"\x89PNG")


def test_what_the_operator_puts_is_made_and_streamed(client: Client, stack: Stack) -> None:
    workspace = parse_token(client.key).workspace_id
    key = f"manifests/{workspace}/live/daily/list, 1.jsonl"
    rows = [{"prompt": "a red kite"}, {"prompt": ""}, {"prompt": "a blue kite", "aspect_ratio": "16:9"}]
    data = "\n".join(map(json.dumps, rows)).encode()
    stack.clients.s3.put_object(
        Bucket=stack.outputs()["BucketMedia"], Key=key, Body=data, Metadata={"model": "forge-image"}
    )
    end = time.monotonic() + 60
    while not (listed := client.get(PATH)["data"]) and time.monotonic() < end:
        time.sleep(0.5)
    manifest_id = listed[0]["id"]
    address = f"{client.base_url}{PATH}/{manifest_id}/stream"
    with EventSource(address, headers={"Authorization": f"Bearer {client.key}"}, timeout=30) as events:
        last = next(event for event in events if event.type == "done")
    manifest = json.loads(last.data or "")["manifest"]
    assert (manifest["status"], manifest["name"], manifest["counts"]["invalid"]) == (
        "completed",
        "daily/list, 1",
        1,
    )
    assert manifest["counts"]["succeeded"] == 2


def test_an_upload_is_bound_to_what_was_announced(client: Client) -> None:
    data = b"prompt\nkite\n"
    answer = announced(client, data, model="meme")
    assert uploaded(client, answer, data + b"more\n").status_code >= 400
    assert client.post(f"{PATH}/{answer['manifest']['id']}/cancel", {})["manifest"]["status"] == "canceled"
