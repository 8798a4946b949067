"""What the owner of a workspace is told: budgets that are reached, and letters when credits run low."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable
from typing import Any

from local.emulator.stack import Stack
from local.receiver import Receiver
from tests.e2e.client import Client

IMAGE = {"prompt": "a red kite", "quality": "fast"}


def until[T](ask: Callable[[], T | None], seconds: float = 60) -> T:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if (found := ask()) is not None:
            return found
        time.sleep(0.2)
    raise AssertionError("it did not come")


def test_a_budget_stops_one_key_and_its_owner_hears_of_it(
    fresh: Callable[..., Client], hook: Receiver
) -> None:
    owner = fresh(credits=50)
    owner.post("/memes/v1/webhooks", {"url": hook.url, "events": ["budget.reached"]})
    budgeted = {"name": "ci", "scopes": ["generations:write", "generations:read"], "daily_credits": 2}
    key = owner.post("/platform/v1/keys", budgeted)["key"]
    limited = owner.with_key(key["secret"])
    for _ in range(2):
        assert limited.ended(limited.submit("a red kite"))["status"] == "succeeded"
    refused = limited.call("POST", "/memes/v1/images", IMAGE)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "quota_exceeded")
    assert "budget" in refused.json()["error"]["message"]
    assert owner.ended(owner.submit("of the owner's own key"))["status"] == "succeeded"

    def told() -> list[Any] | None:
        events = [json.loads(one.body) for one in hook.wait_for(2, 5)]
        budgets = [event["data"]["budget"] for event in events if event["type"] == "budget.reached"]
        return budgets if {one["threshold"] for one in budgets} == {80, 100} else None

    budgets = until(told)
    assert {one["key_id"] for one in budgets} == {key["id"]}
    assert len(budgets) == 2


def test_the_owner_is_written_to_when_credits_run_low(fresh: Callable[..., Client], stack: Stack) -> None:
    address = f"{uuid.uuid4().hex[:12]}@example.com"
    owner = fresh(credits=10, email=address, key_dialect="moondraft")
    owner.post("/moondraft/v1/credits/auto-reload", {"threshold": 9, "pack": "pack_100"})
    for _ in range(3):
        owner.ended(owner.submit("a red kite"))

    def letters() -> list[Any] | None:
        sent = owner.http.get(f"{stack.server.endpoint}/_ministack/ses/messages").json()["messages"]
        found = [mail for account in sent.values() for mail in account if mail["To"] == [address]]
        return found or None

    letter = until(letters)[0]
    assert "credits" in letter["BodyText"]
    assert "<html" in letter["BodyHtml"]
