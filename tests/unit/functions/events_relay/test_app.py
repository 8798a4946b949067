"""The relay: changes of rows become events on the bus."""

from __future__ import annotations

from dataclasses import replace

from darkroom.domain.accounts.key_budgets import KeyBudget, KeySpending
from darkroom.domain.files.file import CleanMedia, Rejection, UnusableFile
from darkroom.domain.webhooks.events import endpoint_disabled, file_settled, job_ended, manifest_ended
from events_relay.app import handler
from tests.contract.examples import NOW, OWNER, account_event, file, manifest
from tests.harness.triggers import CONTEXT, Payload, failures, image_of, sample, stream_record
from tests.harness.webhooks import WebhookHarness, ended_job, open_job


def test_real_triggers_are_understood(harness: WebhookHarness) -> None:
    for name in ("job_succeeded", "endpoint_disabled", "file_ready"):
        assert not failures(handler(sample(f"events_relay/{name}"), CONTEXT))
    announced = [event.type for event in harness.bus.events]
    assert announced == ["generation.completed", "webhook.disabled", "file.ready"]


def relay(*records: Payload) -> list[str]:
    return failures(handler({"Records": list(records)}, CONTEXT))


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


def test_the_relay_announces_files_that_were_judged(harness: WebhookHarness) -> None:
    pending = file()
    ready = pending.ready(CleanMedia(b"1", "image/png", 4, 3), harness.clock.now())
    rejected = pending.rejected(UnusableFile(Rejection.DAMAGED, "is damaged"), harness.clock.now())
    assert not relay(
        stream_record("1", None, pending),
        stream_record("2", pending, ready),
        stream_record("3", pending, rejected),
    )
    assert harness.bus.events == [file_settled(ready), file_settled(rejected)]
    assert [event.type for event in harness.bus.events] == ["file.ready", "file.rejected"]


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


def test_a_manifests_end_is_announced_once_if_it_ever_began(harness: WebhookHarness) -> None:
    pending = manifest(owner=OWNER)
    begun = pending.started("etag", 7, NOW, NOW)
    ended, never = begun.ended(NOW), pending.ended(NOW)
    assert not relay(
        stream_record("1", None, pending),
        stream_record("2", pending, begun),
        stream_record("3", begun, ended),
        stream_record("4", ended, ended),
        stream_record("5", pending, never),
    )
    assert harness.bus.events == [manifest_ended(ended)]


def test_what_was_recorded_of_an_account_is_announced_as_it_was(harness: WebhookHarness) -> None:
    event = account_event()
    assert not relay(stream_record("1", None, event))
    assert harness.bus.events == [event]


def test_the_relay_announces_that_a_budget_was_reached_from_the_counters_themselves(
    harness: WebhookHarness,
) -> None:
    budget, day = KeyBudget("k", 10, None), f"{NOW:%Y-%m-%d}"
    used = [KeySpending(OWNER, budget, {day: count, day[:7]: count}, NOW) for count in (7, 9, 10)]
    assert not relay(
        stream_record("1", None, used[0]),
        stream_record("2", used[0], used[1]),
        stream_record("3", used[1], used[2]),
        stream_record("4", used[2], used[0]),
    )
    assert [event.type for event in harness.bus.events] == ["budget.reached"] * 2
    assert [event.data["budget"]["threshold"] for event in harness.bus.events] == [80, 100]
    assert {event.owner for event in harness.bus.events} == {OWNER}
