"""Which changes are events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from darkroom.domain.files.file import CleanMedia, File, Rejection, UnusableFile
from darkroom.domain.jobs.job import Job
from darkroom.domain.webhooks.endpoints import Endpoint, EventType
from darkroom.domain.webhooks.events import Event
from darkroom.services.webhooks.announce import Announce, Change
from tests.contract.examples import account_event, file
from tests.fakes import FakeBus
from tests.harness.webhooks import WebhookHarness, ended_job, open_job

OPEN, ENDED = open_job(), ended_job()
WELL = WebhookHarness().endpoint()
DISABLED = replace(WELL, enabled=False, disabled_at=ENDED.completed_at, disabled_reason="failing")
SWITCHED_OFF = replace(WELL, enabled=False)
FILE = file()
READY = FILE.ready(CleanMedia(b"12345", "image/png", 4, 3), FILE.created_at)
REJECTED = FILE.rejected(UnusableFile(Rejection.DAMAGED, "is damaged"), FILE.created_at)


@pytest.mark.parametrize(
    ("before", "after", "announced"),
    [
        (OPEN, ENDED, EventType.CANCELED),
        (None, ENDED, EventType.CANCELED),
        (ENDED, ENDED, None),
        (None, OPEN, None),
        (OPEN, OPEN, None),
        (ENDED, None, None),
        (WELL, DISABLED, EventType.ENDPOINT_DISABLED),
        (None, DISABLED, EventType.ENDPOINT_DISABLED),
        (DISABLED, DISABLED, None),
        (DISABLED, replace(DISABLED, description="still"), None),
        (DISABLED, WELL, None),
        (WELL, SWITCHED_OFF, None),
        (None, WELL, None),
        (FILE, READY, EventType.FILE_READY),
        (FILE, REJECTED, EventType.FILE_REJECTED),
        (READY, READY, None),
        (None, FILE, None),
        (READY, None, None),
        (None, account_event(), EventType.CREDITS_LOW),
        (None, None, None),
    ],
)
def test_only_the_step_into_an_end_is_an_event(
    before: Job | Endpoint | File | None, after: Job | Endpoint | File | None, announced: EventType | None
) -> None:
    bus = FakeBus()
    result = Announce(bus)([Change("1", before, after)])
    assert [event.type for event in bus.events] == ([announced] if announced else [])
    assert (result.events, result.failed) == (len(bus.events), ())


def test_announcing_twice_is_one_event() -> None:
    bus = FakeBus()
    for _ in range(2):
        Announce(bus)([Change("1", OPEN, ENDED)])
    first, second = bus.events
    assert first == second


def test_being_disabled_again_is_another_event() -> None:
    bus = FakeBus()
    assert DISABLED.disabled_at
    again = replace(DISABLED, disabled_at=DISABLED.disabled_at.replace(year=2027))
    Announce(bus)([Change("1", WELL, DISABLED), Change("2", WELL, again)])
    first, second = bus.events
    assert first.id != second.id


def test_what_the_bus_did_not_take_is_told_by_its_place() -> None:
    bus = FakeBus()
    other = replace(ENDED, id="018f4e9a-0000-7000-8000-0000000000aa")
    changes = [Change("1", OPEN, ENDED), Change("2", OPEN, OPEN), Change("3", OPEN, other)]
    Announce(bus)(changes)
    bus.refusing = {bus.events[1].id}
    result = Announce(bus)(changes)
    assert (result.events, result.failed) == (1, ("3",))


def test_a_batch_without_events_does_not_call_the_bus() -> None:
    class Silent:
        def publish(self, events: Sequence[Event]) -> Sequence[str]:
            raise AssertionError(events)

    assert Announce(Silent())([Change("1", None, OPEN)]).events == 0
