"""The fan-out: an event of the bus becomes one message for each endpoint that wants it."""

from __future__ import annotations

import json
from dataclasses import replace

from darkroom.domain.files.file import CleanMedia, Rejection, UnusableFile
from darkroom.domain.webhooks.endpoints import SUBSCRIBABLE, EventType
from darkroom.domain.webhooks.events import endpoint_disabled, file_settled, job_ended, manifest_ended
from darkroom.http.file_resources import File
from darkroom.http.manifest_resources import Manifest
from events_fanout.app import handler
from tests.contract.examples import account_event, file, manifest
from tests.harness.openapi import adapter
from tests.harness.triggers import CONTEXT, bus_message, failures, sample, sqs_event
from tests.harness.webhooks import OWNER, WebhookHarness, ended_job


def test_real_triggers_are_understood(harness: WebhookHarness) -> None:
    assert not failures(handler(sample("events_fanout/generation_completed"), CONTEXT))
    assert harness.calls.made == ["endpoints.all"]


def fan_out(*bodies: str) -> list[str]:
    return failures(handler(sqs_event(bodies), CONTEXT))


def test_an_event_becomes_the_documented_payload(harness: WebhookHarness) -> None:
    harness.endpoint()
    assert not fan_out(bus_message(job_ended(ended_job())))
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
    assert not fan_out(bus_message(endpoint_disabled(disabled)))
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


def test_a_file_that_was_judged_is_told_as_the_api_shows_it(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.endpoint(events=frozenset({EventType.FILE_READY, EventType.FILE_REJECTED}))
    pending, now = file(owner=OWNER), harness.clock.now()
    ready = pending.ready(CleanMedia(b"12345", "image/png", 4, 3), now)
    rejected = pending.rejected(UnusableFile(Rejection.DAMAGED, "is damaged"), now)
    assert not fan_out(bus_message(file_settled(ready)), bus_message(file_settled(rejected)))
    first, second = (json.loads(message.first.payload) for message in harness.take() if message.first)
    assert (first["type"], first["data"]["file"]["status"]) == ("file.ready", "ready")
    assert first["data"]["file"]["url"].endswith(f"/{ready.id}.png")
    assert (second["type"], second["data"]["file"]["url"]) == ("file.rejected", None)
    assert second["data"]["file"]["error"] == {"code": "damaged", "message": "The file is damaged."}
    adapter(File).validate_python(first["data"]["file"])


def test_a_manifests_end_has_the_whole_manifest(harness: WebhookHarness) -> None:
    harness.endpoint(events=frozenset({EventType.BATCH_COMPLETED}))
    harness.endpoint()
    now = harness.clock.now()
    ended = (
        manifest(owner=OWNER).started("etag", 7, now, now).broken("empty", "The file has no rows.").ended(now)
    )
    assert not fan_out(bus_message(manifest_ended(ended)))
    (message,) = harness.take()
    assert message.first
    payload = json.loads(message.first.payload)
    shown = payload["data"]["manifest"]
    assert (payload["type"], shown["status"], shown["reason"]["code"]) == (
        "batch.completed",
        "failed",
        "empty",
    )
    assert shown["results_url"].endswith(f"/platform/v1/manifests/{ended.id}/results")
    adapter(Manifest).validate_python(shown)


def test_an_account_s_event_is_told_as_it_was_recorded(harness: WebhookHarness) -> None:
    harness.endpoint(events=frozenset({EventType.CREDITS_LOW}))
    harness.endpoint()
    event = account_event(owner=OWNER)
    assert not fan_out(bus_message(event))
    (message,) = harness.take()
    assert message.first
    payload = json.loads(message.first.payload)
    assert (payload["type"], payload["data"]) == ("credits.low", event.data)


def test_a_broken_event_does_not_block_others(harness: WebhookHarness) -> None:
    harness.endpoint()
    good = bus_message(job_ended(ended_job()))
    assert fan_out("{}", good, "not json") == ["0", "2"]
    assert len(harness.take()) == 1


def test_a_busy_queue_brings_the_event_back(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.queues.busy = True
    assert fan_out(bus_message(job_ended(ended_job()))) == ["0"]
