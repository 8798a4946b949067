"""Recovering what failed."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.errors import InvalidParam
from darkroom.domain.webhooks.deliveries import Delivery, DeliveryFailure, DeliveryStatus
from darkroom.domain.webhooks.endpoints import Endpoint, EventType
from darkroom.services.webhooks.recover_deliveries import MAX_RECOVERED
from tests.harness.webhooks import BROKEN, OWNER, WebhookHarness

HOUR = timedelta(hours=1)


def test_everything_that_failed_since_then_is_recovered(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    old = harness.failed_delivery(endpoint)
    since = harness.clock.now()
    failed = [harness.failed_delivery(endpoint) for _ in range(2)]
    harness.announce()
    harness.work()
    assert harness.core.recover_deliveries(harness.caller(), endpoint.id, since) == 2
    assert harness.core.recover_deliveries(harness.caller(), endpoint.id, since) == 0
    posts = len(harness.subscribers.posts)
    harness.run_for(timedelta(minutes=1))
    assert len(harness.subscribers.posts) == posts + 2
    after = {d.id: d.status for d in harness.deliveries}
    assert after[old.id] is DeliveryStatus.FAILED
    assert {after[d.id] for d in failed} == {DeliveryStatus.SUCCEEDED}


def test_what_waits_for_a_later_try_is_sent_now(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    since = harness.clock.now()
    usual, harness.subscribers.usual = harness.subscribers.usual, BROKEN
    harness.announce()
    harness.run_for(timedelta(hours=1))
    (waiting,) = harness.deliveries
    assert waiting.next_attempt_at
    assert waiting.next_attempt_at > harness.clock.now() + timedelta(hours=1)
    harness.subscribers.usual = usual
    assert harness.core.recover_deliveries(harness.caller(), endpoint.id, since) == 1
    assert harness.core.recover_deliveries(harness.caller(), endpoint.id, since) == 0
    posts = len(harness.subscribers.posts)
    harness.run_for(timedelta(minutes=1))
    assert [delivery.status for delivery in harness.deliveries] == [DeliveryStatus.SUCCEEDED]
    harness.run_for(timedelta(hours=30))  # the try it waited for comes to nothing
    assert len(harness.subscribers.posts) == posts + 1


def test_what_is_on_its_way_is_left_alone(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    since = harness.clock.now()
    harness.announce()
    assert harness.core.recover_deliveries(harness.caller(), endpoint.id, since) == 0
    harness.subscribers.usual = BROKEN
    harness.work()  # the next try comes within seconds
    assert harness.core.recover_deliveries(harness.caller(), endpoint.id, since) == 0


def many_failed(harness: WebhookHarness, endpoint: Endpoint, count: int) -> None:
    at = harness.clock.now() - HOUR
    for number in range(count):
        delivery = Delivery(
            harness.ids.new(), OWNER, endpoint.id, harness.ids.new(), EventType.FAILED, "{}",
            at + timedelta(seconds=number), DeliveryStatus.FAILED,
            failure=DeliveryFailure.EXHAUSTED, version=9,
        )  # fmt: skip
        harness.memory.deliveries[OWNER, endpoint.id, delivery.id] = delivery


def test_a_recovery_is_bounded_and_spread_out(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    many_failed(harness, endpoint, 1130)
    since = harness.clock.now() - timedelta(hours=2)
    assert harness.core.recover_deliveries(harness.caller(), endpoint.id, since) == MAX_RECOVERED
    delays = [sent.delay_seconds for sent in harness.queues.deliveries]
    assert max(delays.count(second) for second in set(delays)) == 25
    assert max(delays) < 60
    assert harness.core.recover_deliveries(harness.caller(), endpoint.id, since) == 130
    harness.run_for(timedelta(minutes=3))
    assert {d.status for d in harness.deliveries} == {DeliveryStatus.SUCCEEDED}
    assert len(harness.subscribers.posts) == 1130


def test_a_recovery_leaves_out_what_somebody_replayed_meanwhile(
    harness: WebhookHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = harness.endpoint()
    many_failed(harness, endpoint, 3)
    second = harness.deliveries[1]
    commit = harness.store.commit

    def slow(*writes: Any) -> None:
        monkeypatch.setattr(harness.store, "commit", commit)
        harness.core.replay_delivery(harness.caller(), endpoint.id, second.id)
        commit(*writes)

    monkeypatch.setattr(harness.store, "commit", slow)
    assert (
        harness.core.recover_deliveries(
            harness.caller(), endpoint.id, harness.clock.now() - timedelta(days=1)
        )
        == 2
    )


@pytest.mark.parametrize("ago", [timedelta(days=15), timedelta(seconds=-1)])
def test_recovery_reaches_back_two_weeks(harness: WebhookHarness, ago: timedelta) -> None:
    with pytest.raises(InvalidParam):
        harness.core.recover_deliveries(harness.caller(), harness.endpoint().id, harness.clock.now() - ago)
