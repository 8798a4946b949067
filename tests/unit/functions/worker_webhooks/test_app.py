"""The worker that calls subscribers: messages of a batch succeed and fail one by one."""

from __future__ import annotations

import threading

from darkroom.adapters.queue_messages import delivery_to_json
from darkroom.domain.webhooks.deliveries import DeliveryStatus
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from tests.harness.triggers import CONTEXT, failures, sample, sqs_event
from tests.harness.webhooks import WebhookHarness
from worker_webhooks.app import handler


def test_real_triggers_are_understood(harness: WebhookHarness) -> None:
    for name in ("first_try", "retry"):
        assert not failures(handler(sample(f"worker_webhooks/{name}"), CONTEXT))
    assert harness.calls.made


def work(*messages: DeliveryMessage | str) -> list[str]:
    bodies = [text if isinstance(text, str) else delivery_to_json(text) for text in messages]
    return failures(handler(sqs_event(bodies), CONTEXT))


def test_a_broken_message_does_not_block_others(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.announce()
    (good,) = harness.take()
    assert work("{}", good, "not json") == ["0", "2"]
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED


def test_an_unexpected_error_brings_back_only_its_message(harness: WebhookHarness) -> None:
    for _ in range(3):
        harness.endpoint()
    harness.announce()
    harness.subscribers.replies = [RuntimeError("boom")]
    assert len(work(*harness.take())) == 1
    assert len(harness.deliveries) == 2


def test_a_batch_is_tried_side_by_side(harness: WebhookHarness) -> None:
    """Five subscribers may each take fifteen seconds, and the function has thirty."""
    for _ in range(5):
        harness.endpoint()
    harness.announce()
    together = threading.Barrier(5, timeout=10)

    def wait_for_the_others() -> None:
        together.wait()

    harness.subscribers.meanwhile = wait_for_the_others
    assert not work(*harness.take())
    assert len(harness.deliveries) == 5
