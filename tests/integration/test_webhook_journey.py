"""From a job's end to its subscriber, through the three handlers."""

from __future__ import annotations

import json

from svix.webhooks import Webhook

import events_fanout.app
import events_relay.app
import worker_webhooks.app
from darkroom.adapters.queue_messages import delivery_to_json
from darkroom.domain.webhooks.deliveries import DeliveryStatus
from darkroom.wiring import override
from tests.harness.triggers import CONTEXT, bus_message, failures, sqs_event, stream_record
from tests.harness.webhooks import WebhookHarness, ended_job


def test_from_a_job_s_end_to_a_verified_message() -> None:
    harness = WebhookHarness.at_present()
    endpoint, job = harness.endpoint(), ended_job(at=harness.clock.now())
    with override(harness.core):
        events_relay.app.handler({"Records": [stream_record("1", None, job)]}, CONTEXT)
        events = sqs_event([bus_message(event) for event in harness.bus.events])
        events_fanout.app.handler(events, CONTEXT)
        deliveries = sqs_event([delivery_to_json(message) for message in harness.take()])
        assert not failures(worker_webhooks.app.handler(deliveries, CONTEXT))
    (post,) = harness.subscribers.posts
    Webhook(harness.secret(endpoint)).verify(post.body, dict(post.headers))
    assert json.loads(post.body)["data"]["generation"]["id"] == job.id
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED
