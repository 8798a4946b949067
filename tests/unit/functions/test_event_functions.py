"""The three handlers: from AWS's events to the services and back."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from svix.webhooks import Webhook

import events_fanout.app
import events_relay.app
import worker_webhooks.app
from darkroom.adapters.dynamodb.marshal import to_image
from darkroom.adapters.dynamodb.rows import endpoint_row, job_row
from darkroom.adapters.eventbridge import event_to_detail
from darkroom.adapters.queue_messages import delivery_to_json
from darkroom.domain.jobs.job import Job
from darkroom.domain.webhooks.deliveries import DeliveryStatus
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.domain.webhooks.endpoints import SUBSCRIBABLE, Endpoint, EventType
from darkroom.domain.webhooks.events import Event, endpoint_disabled, job_ended
from darkroom.wiring import override
from tests.harness.webhooks import WebhookHarness, ended_job, open_job
from tools.paths import ROOT

type Payload = dict[str, Any]

EVENTS = ROOT / "events"


@dataclass
class LambdaContext:
    function_name: str = "f"
    memory_limit_in_mb: int = 512
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:1:function:f"
    aws_request_id: str = "r"


@pytest.fixture
def harness() -> Iterator[WebhookHarness]:
    made = WebhookHarness.at_present()
    with override(made.core):
        yield made


def stream_record(sequence: str, before: Job | Endpoint | None, after: Job | Endpoint | None) -> Payload:
    images = {"OldImage": before, "NewImage": after}
    return {
        "eventName": "MODIFY" if before else "INSERT",
        "dynamodb": {
            "SequenceNumber": sequence,
            **{name: image_of(thing) for name, thing in images.items() if thing is not None},
        },
    }


def image_of(thing: Job | Endpoint) -> Payload:
    row = job_row(thing) if isinstance(thing, Job) else endpoint_row(thing)
    return json.loads(json.dumps(to_image(row)))  # type: ignore[no-any-return]


def sqs_record(message_id: str, body: str) -> Payload:
    return {"messageId": message_id, "body": body, "eventSource": "aws:sqs", "attributes": {}}


def envelope(event: Event) -> str:
    return json.dumps({"source": "darkroom", "detail": json.loads(event_to_detail(event))})


def failures(response: Any) -> list[str]:
    return [failure["itemIdentifier"] for failure in response["batchItemFailures"]]


def sample(name: str) -> Payload:
    """A trigger's payload as AWS sends it."""
    return json.loads((EVENTS / f"{name}.json").read_text())  # type: ignore[no-any-return]


def test_real_triggers_are_understood(harness: WebhookHarness) -> None:
    context = LambdaContext()
    for name in ("job_succeeded", "endpoint_disabled"):
        assert not failures(events_relay.app.handler(sample(f"events_relay/{name}"), context))
    assert len(harness.bus.events) == 2
    assert not failures(events_fanout.app.handler(sample("events_fanout/generation_completed"), context))
    for name in ("first_try", "retry"):
        assert not failures(worker_webhooks.app.handler(sample(f"worker_webhooks/{name}"), context))


# ------------------------------------------------------------------ relay


def relay(*records: Payload) -> list[str]:
    return failures(events_relay.app.handler({"Records": list(records)}, LambdaContext()))


def test_the_relay_announces_ends_and_nothing_else(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    disabled = replace(endpoint, enabled=False, disabled_at=endpoint.created_at, disabled_reason="gone")
    assert not relay(
        stream_record("1", open_job(), ended_job()),
        stream_record("2", ended_job(), ended_job()),
        stream_record("3", None, open_job()),
        stream_record("4", endpoint, disabled),
        stream_record("5", disabled, endpoint),
        {"eventName": "INSERT", "dynamodb": {"SequenceNumber": "6", "NewImage": {"pk": {"S": "x"}}}},
        {"eventName": "REMOVE", "dynamodb": {"SequenceNumber": "7", "OldImage": image_of(ended_job())}},
    )
    assert harness.bus.events == [job_ended(ended_job()), endpoint_disabled(disabled)]


def test_the_relay_reports_what_the_bus_did_not_take(harness: WebhookHarness) -> None:
    harness.bus.refusing = {job_ended(ended_job()).id}
    other = replace(ended_job(), id="018f4e9a-0000-7000-8000-0000000000aa")
    assert relay(stream_record("1", open_job(), ended_job()), stream_record("2", None, other)) == ["1"]
    assert len(harness.bus.events) == 1


def test_an_unreadable_record_does_not_keep_others_from_the_bus(harness: WebhookHarness) -> None:
    broken = stream_record("1", None, ended_job())
    del broken["dynamodb"]["NewImage"]["tasks"]
    assert relay(broken, stream_record("2", open_job(), ended_job())) == ["1"]
    assert len(harness.bus.events) == 1


# ------------------------------------------------------------------ fan-out


def fan_out(*records: Payload) -> list[str]:
    return failures(events_fanout.app.handler({"Records": list(records)}, LambdaContext()))


def test_an_event_becomes_the_documented_payload(harness: WebhookHarness) -> None:
    harness.endpoint()
    assert not fan_out(sqs_record("a", envelope(job_ended(ended_job()))))
    (message,) = harness.take()
    assert message.first
    payload = json.loads(message.first.payload)
    assert list(payload) == ["id", "type", "created_at", "livemode", "data"]
    assert (payload["type"], payload["livemode"]) == ("generation.canceled", True)
    assert payload["created_at"] == "2026-06-18T17:04:53Z"
    generation = payload["data"]["generation"]
    assert (generation["id"], generation["status"]) == (ended_job().id, "canceled")
    assert len(message.first.payload.encode()) < 20_000
    assert "\n" not in message.first.payload


def test_a_disabled_endpoint_is_told_of_to_the_others(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    other = harness.endpoint(events=frozenset(SUBSCRIBABLE))
    now = harness.clock.now()
    disabled = replace(endpoint, enabled=False, disabled_at=now, disabled_reason="failing")
    assert not fan_out(sqs_record("a", envelope(endpoint_disabled(disabled))))
    (message,) = harness.take()
    assert message.endpoint_id == other.id
    assert message.first
    payload = json.loads(message.first.payload)
    assert payload["type"] == EventType.ENDPOINT_DISABLED
    assert payload["data"]["webhook"] == {
        "id": endpoint.id,
        "url": endpoint.url,
        "enabled": False,
        "disabled_at": f"{now:%Y-%m-%dT%H:%M:%SZ}",
        "disabled_reason": "failing",
    }


def test_a_broken_event_does_not_block_others(harness: WebhookHarness) -> None:
    harness.endpoint()
    good = envelope(job_ended(ended_job()))
    records = [sqs_record("a", "{}"), sqs_record("b", good), sqs_record("c", "not json")]
    assert fan_out(*records) == ["a", "c"]
    assert len(harness.take()) == 1


def test_a_busy_queue_brings_the_event_back(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.queues.busy = True
    assert fan_out(sqs_record("a", envelope(job_ended(ended_job())))) == ["a"]


# ------------------------------------------------------------------ worker


def work(*messages: DeliveryMessage | str) -> list[str]:
    bodies = [text if isinstance(text, str) else delivery_to_json(text) for text in messages]
    records = [sqs_record(str(number), body) for number, body in enumerate(bodies)]
    return failures(worker_webhooks.app.handler({"Records": records}, LambdaContext()))


def test_from_a_job_s_end_to_a_verified_message(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    job = ended_job(at=harness.clock.now())
    relay(stream_record("1", None, job))
    fan_out(*(sqs_record("a", envelope(event)) for event in harness.bus.events))
    assert not work(*harness.take())
    (post,) = harness.subscribers.posts
    Webhook(harness.secret(endpoint)).verify(post.body, dict(post.headers))
    assert json.loads(post.body)["data"]["generation"]["id"] == job.id
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED


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
