"""Credits under concurrency, keys, limits and walls between tenants, on the deployed stack."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from local.emulator import deploy
from local.emulator.info import StackInfo
from local.emulator.stack import Stack
from tests.e2e.client import Client

AT_ONCE = 10  # every request under way has a process of its own on the local AWS


def ledger_sums(client: Client) -> dict[str, int]:
    sums = dict.fromkeys(("granted", "available", "held", "spent", "expired", "reversed"), 0)
    cursor: dict[str, str] = {}
    while True:
        page = client.get("/platform/v1/ledger", limit=100, **cursor)
        for entry in page["data"]:
            sums = {column: total + entry[column] for column, total in sums.items()}
        if not page["has_more"]:
            return sums
        cursor = {"starting_after": page["next_cursor"]}


@pytest.fixture
def admin(stack_info: StackInfo, live: Client) -> Client:
    return live.with_key(stack_info.keys["admin"])


def opened(admin: Client, credits: int) -> tuple[Client, str]:
    """A client of a new workspace whose plan limits nothing, and the path of the operator's calls about it."""
    body = {"name": "e2e", "plan": "metered", "credits": credits}
    answer = admin.post("/platform/v1/admin/workspaces", body)
    path = f"/platform/v1/admin/workspaces/{answer['workspace']['id']}"
    return admin.with_key(answer["key"]["secret"]), path


@pytest.mark.parametrize("shards", [1, 4])
def test_fifty_submits_against_credits_for_ten(admin: Client, shards: int) -> None:
    client, path = opened(admin, credits=10)
    assert admin.post(f"{path}/shards", {"shards": shards})["shards"] == shards
    body = {"prompt": "a kite [[slow:1]]", "quality": "fast"}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(lambda _: client.call("POST", "/memes/v1/images", body), range(50)))
    accepted = [answer.json()["generation"]["id"] for answer in answers if answer.status_code == 202]
    refused = [answer.json()["error"]["code"] for answer in answers if answer.status_code != 202]
    assert len(accepted) == 10
    assert refused == ["quota_exceeded"] * 40
    for job in accepted:
        assert client.ended(job)["status"] == "succeeded"
    wallet = client.credits()
    assert (wallet["available"], wallet["held"], wallet["spent"]) == (0, 0, 10)
    assert ledger_sums(client) == {column: wallet[column] for column in ledger_sums(client)}


def test_what_a_grant_leaves_expires_and_what_a_job_holds_does_not(admin: Client, stack: Stack) -> None:
    client, path = opened(admin, credits=5)
    ends = datetime.now(UTC) + timedelta(seconds=6)
    granted = admin.post(f"{path}/credits", {"credits": 20, "expires_at": ends.isoformat()})
    assert granted["credits"]["expiring"][0]["credits"] == 20
    job = client.submit("a kite [[slow:12]]", quality="fast", count=2)
    admin.post(f"{path}/shards", {"shards": 2})
    time.sleep(max((ends - datetime.now(UTC)).total_seconds(), 0) + 1)
    names = deploy.resources(stack.clients, "AWS::Lambda::Function")
    for _ in range(2):
        stack.clients.functions.invoke(FunctionName=names["Housekeeping"], Payload=b"{}")
    wallet = client.credits()
    assert (wallet["expired"], wallet["available"], wallet["held"]) == (18, 5, 2)
    assert client.ended(job)["status"] == "succeeded"
    wallet = client.credits()
    assert (wallet["spent"], wallet["expired"], wallet["expiring"]) == (2, 18, [])
    assert ledger_sums(client) == {column: wallet[column] for column in ledger_sums(client)}


def test_one_idempotency_key_twenty_times_at_once(fresh: Callable[..., Client]) -> None:
    client = fresh(credits=10)

    def submit(_: int) -> Any:
        return client.call("POST", "/memes/v1/images", {"prompt": "a kite"}, Idempotency_Key="once")

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(submit, range(20)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["generation"]["id"] for answer in answers}) == 1
    client.ended(answers[0].json()["generation"]["id"])
    assert client.credits()["spent"] == 1
    other = client.call("POST", "/memes/v1/images", {"prompt": "a boat"}, Idempotency_Key="once")
    assert (other.status_code, other.json()["error"]["code"]) == (409, "idempotency_conflict")


def test_another_workspace_sees_nothing(live: Client, stack_info: StackInfo) -> None:
    stranger = live.with_key(stack_info.keys["other"])
    generation = live.ended(live.submit("a kite"))
    asset = generation["output"][0]["id"]
    hook = live.post("/memes/v1/webhooks", {"url": "https://example.com/h"})["webhook"]["id"]
    foreign = [
        ("GET", f"/memes/v1/generations/{generation['id']}"),
        ("POST", f"/memes/v1/generations/{generation['id']}/cancel"),
        ("GET", f"/memes/v1/images/{asset}"),
        ("GET", f"/memes/v1/memes/{asset}"),
        ("GET", f"/memes/v1/webhooks/{hook}"),
        ("PATCH", f"/memes/v1/webhooks/{hook}"),
        ("DELETE", f"/memes/v1/webhooks/{hook}"),
        ("POST", f"/memes/v1/webhooks/{hook}/test"),
        ("GET", f"/memes/v1/webhooks/{hook}/deliveries"),
        ("POST", f"/memes/v1/webhooks/{hook}/rotate-secret"),
    ]
    for method, path in foreign:
        answer = stranger.call(method, path, None if method in ("GET", "DELETE") else {"enabled": True})
        assert answer.status_code == 404, (method, path, answer.text)
    body = {"prompt": "x", "reference_images": [{"type": "ref", "source": asset}]}
    assert stranger.call("POST", "/memes/v1/images", body).status_code == 404
    ids = {item["id"] for item in stranger.get("/memes/v1/images", limit=100)["data"]}
    assert asset not in ids
    assert live.call("DELETE", f"/memes/v1/webhooks/{hook}").status_code == 200


def test_a_revoked_key_is_refused_with_the_next_request(fresh: Callable[..., Client]) -> None:
    client = fresh()
    made = client.post("/platform/v1/keys", {"name": "short lived"})["key"]
    second = client.with_key(made["secret"])
    assert second.call("GET", "/memes/v1/account").status_code == 200
    assert client.call("DELETE", f"/platform/v1/keys/{made['id']}").status_code == 200
    answer = second.call("GET", "/memes/v1/account")
    assert (answer.status_code, answer.json()["error"]["code"]) == (401, "revoked_api_key")


def test_a_key_over_its_limit_is_told_when_to_come_back(fresh: Callable[..., Client]) -> None:
    client = fresh()
    made = client.post("/platform/v1/keys", {"name": "slow", "requests_per_minute": 3})["key"]["secret"]
    slow = client.with_key(made)
    answers = [slow.call("GET", "/memes/v1/account") for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert int(answers[3].headers["retry-after"]) >= 1
    assert {answer.headers["ratelimit-limit"] for answer in answers} == {"3"}
    assert answers[3].json()["error"]["type"] == "rate_limit_error"


def test_only_the_operator_opens_workspaces(live: Client) -> None:
    answer = live.call("POST", "/platform/v1/admin/workspaces", {"name": "mine"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "insufficient_scope")


def test_a_grant_with_a_reference_happens_once(stack_info: StackInfo, live: Client) -> None:
    admin = live.with_key(stack_info.keys["admin"])
    path = f"/platform/v1/admin/workspaces/{stack_info.workspace_id}/credits"
    body = {"credits": 7, "reference": "e2e invoice 1"}
    first, second = admin.call("POST", path, body), admin.call("POST", path, body)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["credits"]["granted"] == second.json()["credits"]["granted"]


@pytest.mark.parametrize("path", ["/memes/v1/openapi.json", "/platform/v1/health"])
def test_what_needs_no_key(live: Client, path: str) -> None:
    assert live.http.get(live.base_url + path).status_code == 200


def test_no_message_was_given_up(stack: Stack) -> None:
    """Runs last in this file: whatever the tests above did, nothing ended in a dead-letter queue."""
    urls = stack.clients.sqs.list_queues().get("QueueUrls", [])
    dead = [url for url in urls if "DeadLetters" in url]
    assert dead
    for url in dead:
        messages = stack.clients.sqs.receive_message(QueueUrl=url, VisibilityTimeout=0).get("Messages", [])
        assert [message["Body"] for message in messages] == [], url
