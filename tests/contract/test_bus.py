"""Announcing events, in memory and on EventBridge."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.stub import Stubber

from darkroom.adapters.eventbridge import EventBridgeBus, event_from_detail, event_to_detail
from darkroom.domain.jobs import transitions
from darkroom.domain.jobs.job import Job
from darkroom.domain.serialization import from_document
from darkroom.domain.webhooks.events import Event, endpoint_disabled, job_ended
from darkroom.ports.storage import Bus
from tests.contract.calls import counted
from tests.contract.examples import NOW, endpoint, job
from tests.fakes import FakeBus

ENDED = job_ended(transitions.canceled(job(), NOW))
DISABLED = endpoint_disabled(endpoint(disabled_at=NOW, disabled_reason="failed for 5 days"))
BUS = "darkroom-test"


@dataclass(frozen=True)
class Announced:
    """A bus, and what then arrives from it."""

    bus: Bus
    events: Callable[[], list[Event]]


@pytest.fixture
def events(aws: Any) -> Iterator[Any]:
    client = aws("events")
    client.create_event_bus(Name=BUS)
    yield client
    client.delete_event_bus(Name=BUS)


@pytest.fixture(params=["fake", "eventbridge"])
def announced(request: pytest.FixtureRequest) -> Announced:
    if request.param == "fake":
        fake = FakeBus()
        return Announced(fake, lambda: fake.events)
    events, entries = request.getfixturevalue("events"), []
    # Moto takes events but delivers them only with packages we have no other use for.
    events.meta.events.register(
        "provide-client-params.events.PutEvents", lambda params, **_: entries.extend(params["Entries"])
    )
    return Announced(
        EventBridgeBus(events, BUS), lambda: [event_from_detail(json.loads(e["Detail"])) for e in entries]
    )


def test_events_arrive_as_they_were_announced(announced: Announced) -> None:
    assert list(announced.bus.publish([ENDED, DISABLED])) == []
    assert sorted(announced.events(), key=lambda event: event.type) == [ENDED, DISABLED]


def test_an_events_job_can_be_read_back() -> None:
    arrived = event_from_detail(json.loads(event_to_detail(ENDED)))
    assert from_document(Job, arrived.data) == transitions.canceled(job(), NOW)


def test_rules_and_people_can_tell_events_apart(events: Any) -> None:
    seen: list[dict[str, Any]] = []
    events.meta.events.register(
        "provide-client-params.events.PutEvents", lambda params, **_: seen.extend(params["Entries"])
    )
    EventBridgeBus(events, BUS).publish([ENDED])
    entry = {name: seen[0][name] for name in ("Source", "DetailType", "EventBusName", "Time")}
    assert entry == {
        "Source": "darkroom",
        "DetailType": "generation.canceled",
        "EventBusName": BUS,
        "Time": NOW,
    }


def test_nothing_to_announce_is_no_call(events: Any) -> None:
    with counted(events) as calls:
        assert list(EventBridgeBus(events, BUS).publish([])) == []
    assert calls == {}


def numbered(count: int, **data: Any) -> list[Event]:
    return [replace(ENDED, id=f"e-{number}", data=data) for number in range(count)]


def test_events_go_in_tens(events: Any) -> None:
    with counted(events) as calls:
        EventBridgeBus(events, BUS).publish(numbered(21))
    assert calls == {"PutEvents": 3}


def test_large_events_go_in_fewer_than_tens(events: Any) -> None:
    with counted(events) as calls:
        EventBridgeBus(events, BUS).publish(numbered(4, text="x" * 100_000))
    assert calls == {"PutEvents": 2}


def test_an_event_no_bus_can_take_does_not_hold_up_the_others(events: Any) -> None:
    small, giant = numbered(2), replace(ENDED, id="giant", data={"text": "x" * 300_000})
    with counted(events) as calls:
        assert list(EventBridgeBus(events, BUS).publish([small[0], giant, small[1]])) == ["giant"]
    assert calls == {"PutEvents": 2}


def test_what_was_not_taken_is_told_by_id(events: Any) -> None:
    answers = [
        {"EventId": "1"},
        {"ErrorCode": "ThrottlingException", "ErrorMessage": "slow"},
        {"EventId": "3"},
    ]
    with Stubber(events) as stub:
        stub.add_response("put_events", {"FailedEntryCount": 1, "Entries": answers})
        assert list(EventBridgeBus(events, BUS).publish(numbered(3))) == ["e-1"]


def test_a_call_that_failed_took_nothing(events: Any) -> None:
    with Stubber(events) as stub:
        stub.add_client_error("put_events", "InternalException", http_status_code=500)
        assert list(EventBridgeBus(events, BUS).publish(numbered(2))) == ["e-0", "e-1"]


def test_the_fake_does_not_take_what_it_refuses() -> None:
    bus = FakeBus()
    bus.refusing.add(ENDED.id)
    assert bus.publish([ENDED, DISABLED]) == [ENDED.id]
    assert bus.events == [DISABLED]
