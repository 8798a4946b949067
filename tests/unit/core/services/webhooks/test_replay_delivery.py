"""Replaying one delivery."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.webhooks.deliveries import DeliveryStatus
from tests.harness.webhooks import BROKEN, OK, WebhookHarness


def test_a_failed_delivery_is_replayed_under_a_new_schedule(harness: WebhookHarness) -> None:
    failed = harness.failed_delivery()
    again = harness.core.replay_delivery(harness.caller(), failed.endpoint_id, failed.id)
    assert (again.id, again.payload, again.status) == (failed.id, failed.payload, DeliveryStatus.PENDING)
    harness.subscribers.replies = [BROKEN, OK]
    harness.run_for(timedelta(minutes=1))
    done = harness.delivery
    assert (done.status, done.failure, len(done.attempts)) == (DeliveryStatus.SUCCEEDED, None, 10)
    assert len({post.headers["svix-id"] for post in harness.subscribers.posts}) == 1


@pytest.mark.parametrize("reply", [OK, BROKEN])
def test_a_delivery_can_be_replayed_in_any_state(harness: WebhookHarness, reply: Any) -> None:
    endpoint = harness.endpoint()
    harness.subscribers.replies = [reply]
    harness.announce()
    harness.work()
    harness.core.replay_delivery(harness.caller(), endpoint.id, harness.delivery.id)
    harness.run_for(timedelta(minutes=1))
    assert len(harness.subscribers.posts) == 2
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED


def test_a_replay_between_a_try_and_its_record_wins(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    harness.work()
    harness.clock.advance(5)

    def replayed() -> None:
        harness.subscribers.meanwhile = lambda: None
        harness.core.replay_delivery(harness.caller(), endpoint.id, harness.delivery.id)

    harness.subscribers.meanwhile = replayed
    harness.run_for(timedelta(minutes=1))
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED
