"""Test events."""

from __future__ import annotations

from datetime import timedelta

from darkroom.domain.webhooks.deliveries import DeliveryStatus
from darkroom.domain.webhooks.endpoints import EventType
from tests.harness.webhooks import OWNER, PAGE, WebhookHarness

HOUR = timedelta(hours=1)


def test_a_test_message_goes_the_way_of_all_messages(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint(events=frozenset({EventType.FAILED}))
    other = harness.endpoint()
    delivery = harness.core.send_test_event(harness.caller(), endpoint.id)
    assert delivery.status is DeliveryStatus.PENDING
    harness.run_for(HOUR)
    done = harness.core.read_deliveries.get(OWNER, endpoint.id, delivery.id)
    assert (done.status, done.event_type) == (DeliveryStatus.SUCCEEDED, EventType.TEST)
    (post,) = harness.subscribers.posts
    assert b'"type":"webhook.test"' in post.body
    assert endpoint.id.encode() in post.body
    assert harness.core.read_deliveries.list(OWNER, other.id, PAGE).items == ()


def test_a_test_message_that_was_not_queued_is_sent_all_the_same(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.queues.busy = True
    harness.core.send_test_event(harness.caller(), endpoint.id)
    harness.queues.busy = False
    harness.run_for(timedelta(minutes=2))
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED
