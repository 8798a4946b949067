"""The worker that buys credits automatically, as its stream and its queue call it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from darkroom.adapters.dynamodb import keys
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.reload_messages import ReloadMessage
from darkroom.domain.errors import Unavailable
from darkroom.wiring import override
from tests.harness.triggers import CONTEXT, failures, sample
from tests.unit.core.services.billing.test_reload_credits import Reloading
from worker_billing.app import handler


class Visibility:
    """Notes for how long messages are put off."""

    def __init__(self) -> None:
        self.seconds: list[int] = []

    def come_back(self, _queue: str, _receipt: str, seconds: int) -> None:
        self.seconds.append(seconds)


@pytest.fixture
def stack() -> Iterator[Reloading]:
    stack = Reloading()
    vars(stack.core)["visibility"] = Visibility()
    with override(stack.core):
        yield stack


def changes(*owners: Owner) -> dict[str, Any]:
    rows = [keys.wallet(owner) for owner in owners]
    return {
        "Records": [
            {
                "eventName": "MODIFY",
                "eventSource": "aws:dynamodb",
                "dynamodb": {"Keys": {name: {"S": value} for name, value in row.items()}},
            }
            for row in rows
        ]
    }


def messages(*owners: Owner) -> dict[str, Any]:
    event = sample("worker_billing/reload")
    (record,) = event["Records"]
    bodies = [{"owner": {"workspace_id": one.workspace_id, "livemode": one.livemode}} for one in owners]
    return {
        "Records": [
            {**record, "messageId": str(number), "body": json.dumps(body)}
            for number, body in enumerate(bodies)
        ]
    }


def test_real_triggers_are_understood(stack: Reloading) -> None:
    for name in ("reload", "wallet_changed"):
        assert not failures(handler(sample(f"worker_billing/{name}"), CONTEXT))


def test_an_owner_is_looked_at_once_for_all_changes_of_a_batch(stack: Reloading) -> None:
    other = Owner(stack.owner.workspace_id, livemode=False)
    assert not failures(handler(changes(stack.owner, other, stack.owner, stack.owner), CONTEXT))
    sent = [message for message, _ in stack.reload_queue.sent]
    assert sorted(sent, key=str) == sorted([ReloadMessage(stack.owner), ReloadMessage(other)], key=str)


def test_a_message_delivered_twice_is_one_charge(stack: Reloading) -> None:
    stack.spend(90)
    for _ in range(2):
        assert not failures(handler(messages(stack.owner, stack.owner), CONTEXT))
    assert len(stack.payments.charged) == 1


def test_what_could_not_be_charged_comes_back_alone(stack: Reloading) -> None:
    stack.spend(90)
    stack.payments.answers = [Unavailable("Stripe does not answer.", retry_after=7)]
    stranger = Owner("01950000-0000-7000-8000-0000000000ff", livemode=True)
    assert failures(handler(messages(stack.owner, stranger), CONTEXT)) == ["0"]
    assert stack.core.visibility.seconds == [7]  # type: ignore[attr-defined]


def test_what_cannot_be_read_is_given_up_in_time(stack: Reloading) -> None:
    event = messages(stack.owner)
    event["Records"][0]["body"] = "{}"
    assert failures(handler(event, CONTEXT)) == ["0"]
