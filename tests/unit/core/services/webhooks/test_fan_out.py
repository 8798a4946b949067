"""Who is told about an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.serialization import to_document
from darkroom.domain.webhooks.delivery_messages import DeliveryMessage
from darkroom.domain.webhooks.endpoints import SUBSCRIBABLE, EventType
from darkroom.domain.webhooks.events import Event, endpoint_disabled
from tests.harness.webhooks import OWNER, STRANGER, WORKSPACE, WebhookHarness

TEST_MODE = Owner(WORKSPACE, False)


@pytest.fixture
def harness() -> WebhookHarness:
    return WebhookHarness()


def notified(harness: WebhookHarness) -> set[str]:
    return {message.endpoint_id for message in harness.take()}


def test_every_endpoint_that_wants_the_event_is_told(harness: WebhookHarness) -> None:
    wanting = {harness.endpoint().id for _ in range(3)}
    harness.endpoint(events=frozenset({EventType.FAILED}))
    harness.endpoint(enabled=False)
    harness.announce()
    assert notified(harness) == wanting


@pytest.mark.parametrize(
    "event_type", [kind for kind in SUBSCRIBABLE if kind.value.startswith("generation.")]
)
def test_each_event_reaches_its_subscriber_only(harness: WebhookHarness, event_type: EventType) -> None:
    by_type = {kind: harness.endpoint(events=frozenset({kind})).id for kind in SUBSCRIBABLE}
    harness.announce(harness.event(event_type=event_type))
    assert notified(harness) == {by_type[event_type]}


@pytest.mark.parametrize("other", [STRANGER, TEST_MODE])
def test_no_event_crosses_workspaces_or_modes(harness: WebhookHarness, other: Owner) -> None:
    mine, theirs = harness.endpoint(OWNER), harness.endpoint(other)
    harness.announce(harness.event(OWNER))
    harness.work()
    harness.announce(harness.event(other))
    harness.work()
    assert [(d.owner, d.endpoint_id) for d in harness.deliveries] == [(OWNER, mine.id), (other, theirs.id)]
    assert [b'"livemode":true' in post.body for post in harness.subscribers.posts] == [True, other.livemode]


def test_nobody_asking_costs_one_read_and_no_presenting(harness: WebhookHarness) -> None:
    def present() -> dict[str, Any]:
        raise AssertionError("nobody wants this")

    assert harness.core.fan_out(harness.event(), present) == 0
    assert harness.calls.made == ["endpoints.all"]


def test_fanning_out_twice_makes_the_same_deliveries(harness: WebhookHarness) -> None:
    for _ in range(3):
        harness.endpoint()
    event = harness.announce()
    first = harness.take()
    harness.clock.advance(timedelta(minutes=3))
    harness.announce(event)
    assert sorted(harness.take(), key=_id) == sorted(first, key=_id)


def test_events_fanned_out_twice_are_recorded_once(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.subscribers.takes = timedelta(milliseconds=20)
    event = harness.announce()
    harness.announce(event)
    harness.run_for(timedelta(hours=1))
    assert len(harness.deliveries) == 1
    assert len(harness.delivery.attempts) == 1


def test_an_endpoint_is_not_told_that_it_was_disabled_itself(harness: WebhookHarness) -> None:
    everything = frozenset(SUBSCRIBABLE)
    disabled = replace(
        harness.endpoint(events=everything), disabled_at=harness.clock.now(), disabled_reason="failing"
    )
    other = harness.endpoint(events=everything)
    event = endpoint_disabled(disabled)
    assert event.data == to_document(disabled)
    harness.announce(event)
    assert notified(harness) == {other.id}


def test_messages_hold_no_secret(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.announce()
    assert "whsec_" not in repr(harness.queues.deliveries)
    assert harness.secret(endpoint).removeprefix("whsec_") not in repr(harness.queues.deliveries)


def test_a_delivery_is_dated_by_its_event(harness: WebhookHarness) -> None:
    harness.endpoint()
    event: Event = harness.event()
    harness.clock.advance(30)
    harness.announce(event)
    (message,) = harness.take()
    assert message.first
    assert message.first.created_at == event.occurred_at


def _id(message: DeliveryMessage) -> str:
    return message.delivery_id
