"""Who is told about an event."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.accounts import Owner
from darkroom.domain.documents import endpoint_to_document
from darkroom.domain.events import Event, endpoint_disabled
from darkroom.domain.webhooks import SUBSCRIBABLE, EventType
from darkroom.ports import DeliveryMessage
from tests.unit.webhooks.world import OWNER, STRANGER, WORKSPACE, World

TEST_MODE = Owner(WORKSPACE, False)


@pytest.fixture
def world() -> World:
    return World()


def told(world: World) -> set[str]:
    return {message.endpoint_id for message in world.take()}


def test_every_endpoint_that_wants_the_event_is_told(world: World) -> None:
    wanting = {world.endpoint().id for _ in range(3)}
    world.endpoint(events=frozenset({EventType.FAILED}))
    world.endpoint(enabled=False)
    world.announce()
    assert told(world) == wanting


@pytest.mark.parametrize(
    "event_type", [kind for kind in SUBSCRIBABLE if kind.value.startswith("generation.")]
)
def test_each_event_reaches_its_subscriber_only(world: World, event_type: EventType) -> None:
    by_type = {kind: world.endpoint(events=frozenset({kind})).id for kind in SUBSCRIBABLE}
    world.announce(world.event(event_type=event_type))
    assert told(world) == {by_type[event_type]}


@pytest.mark.parametrize("other", [STRANGER, TEST_MODE])
def test_no_event_crosses_workspaces_or_modes(world: World, other: Owner) -> None:
    mine, theirs = world.endpoint(OWNER), world.endpoint(other)
    world.announce(world.event(OWNER))
    world.work()
    world.announce(world.event(other))
    world.work()
    assert [(d.owner, d.endpoint_id) for d in world.deliveries] == [(OWNER, mine.id), (other, theirs.id)]
    assert [b'"livemode":true' in post.body for post in world.subscribers.posts] == [True, other.livemode]


def test_nobody_asking_costs_one_read_and_no_presenting(world: World) -> None:
    def present() -> dict[str, Any]:
        raise AssertionError("nobody wants this")

    assert world.fan_out(world.event(), present) == 0
    assert world.wire.calls == ["all"]


def test_fanning_out_twice_makes_the_same_deliveries(world: World) -> None:
    for _ in range(3):
        world.endpoint()
    event = world.announce()
    first = world.take()
    world.clock.advance(timedelta(minutes=3))
    world.announce(event)
    assert sorted(world.take(), key=_id) == sorted(first, key=_id)


def test_events_fanned_out_twice_are_recorded_once(world: World) -> None:
    world.endpoint()
    world.subscribers.takes = timedelta(milliseconds=20)
    event = world.announce()
    world.announce(event)
    world.run_for(timedelta(hours=1))
    assert len(world.deliveries) == 1
    assert len(world.delivery.attempts) == 1


def test_an_endpoint_is_not_told_that_it_was_disabled_itself(world: World) -> None:
    everything = frozenset(SUBSCRIBABLE)
    disabled = replace(
        world.endpoint(events=everything), disabled_at=world.clock.now(), disabled_reason="failing"
    )
    other = world.endpoint(events=everything)
    event = endpoint_disabled(disabled)
    assert event.data == endpoint_to_document(disabled)
    world.announce(event)
    assert told(world) == {other.id}


def test_messages_hold_no_secret(world: World) -> None:
    endpoint = world.endpoint()
    world.announce()
    assert "whsec_" not in repr(world.sent.deliveries)
    assert world.secret(endpoint).removeprefix("whsec_") not in repr(world.sent.deliveries)


def test_a_delivery_is_dated_by_its_event(world: World) -> None:
    world.endpoint()
    event: Event = world.event()
    world.clock.advance(30)
    world.announce(event)
    (message,) = world.take()
    assert message.first
    assert message.first.created_at == event.occurred_at


def _id(message: DeliveryMessage) -> str:
    return message.delivery_id
