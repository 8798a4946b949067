"""Webhooks under crashes, duplicates and disorder: every event arrives, every delivery is on record once."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from darkroom.domain.webhooks.deliveries import Delivery, DeliveryStatus
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.webhooks.events import Event
from tests.harness.webhooks import BROKEN, OK, TIMEOUT, VISIBILITY, Crash, WebhookHarness

HOUR = timedelta(hours=1)
CALLS = {
    "first try succeeds": ([OK], 4),  # all, send_deliveries | post, commit
    "first try fails": ([BROKEN, OK], 9),  # … commit, send_deliveries | with_delivery, claim, post, commit
    "retry fails too": ([BROKEN, BROKEN, OK], 14),
}


def fan_out_until_done(harness: WebhookHarness, event: Event) -> None:
    """As the events' queue does: what its function did not finish comes again."""
    while True:
        try:
            harness.announce(event)
        except Crash:
            continue
        return


@pytest.mark.parametrize("crash_before", [True, False], ids=["before", "after"])
@pytest.mark.parametrize(
    ("story", "crash_at"),
    [(story, call) for story, (_, calls) in CALLS.items() for call in range(1, calls + 1)],
)
def test_a_crash_at_any_call_loses_nothing(story: str, crash_at: int, crash_before: bool) -> None:
    harness = WebhookHarness()
    harness.calls.die_at, harness.calls.die_after_effect = crash_at, not crash_before
    endpoint = harness.endpoint()
    harness.subscribers.replies = list(CALLS[story][0])
    harness.subscribers.takes = timedelta(milliseconds=20)
    fan_out_until_done(harness, harness.event())
    harness.run_for(timedelta(hours=2))
    assert len(harness.calls.made) >= crash_at, "the crash never happened"
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED
    assert sum(attempt.succeeded for attempt in harness.delivery.attempts) == 1
    assert len({(post.headers["svix-id"], post.body) for post in harness.subscribers.posts}) == 1
    assert harness.current(endpoint).failing_since is None


@pytest.mark.parametrize(("story", "calls"), [(story, calls) for story, (_, calls) in CALLS.items()])
def test_the_calls_of_a_story_are_as_counted(story: str, calls: int) -> None:
    harness = WebhookHarness()
    harness.endpoint()
    harness.subscribers.replies = list(CALLS[story][0])
    harness.announce()
    harness.run_for(HOUR)
    assert len(harness.calls.made) == calls


@pytest.mark.parametrize("seed", range(60))
def test_anything_at_any_time(seed: int) -> None:
    chance = random.Random(seed)
    harness = WebhookHarness()
    harness.subscribers.takes = timedelta(milliseconds=20)
    endpoints = [harness.endpoint(url=f"https://{name}.example.com/") for name in ("a", "b", "c")]
    events: list[Event] = []
    for _ in range(chance.randint(5, 25)):
        _disturb(harness, chance)
        events.append(event := harness.event())
        for _ in range(chance.choice([1, 1, 1, 2])):
            fan_out_until_done(harness, event)
        _work_in_disorder(harness, chance)
        harness.run_for(timedelta(seconds=chance.choice([0, 1, 10, 400, 4000])))
    harness.calls.die_at = None
    harness.subscribers.replies.clear()
    harness.subscribers.usual = OK
    harness.run_for(timedelta(hours=12))
    assert _faults(harness, events, endpoints) == [], f"seed {seed}"


def _disturb(harness: WebhookHarness, chance: random.Random) -> None:
    harness.calls.die_after_effect = chance.random() < 0.5
    harness.calls.die_at = len(harness.calls.made) + chance.randint(1, 12) if chance.random() < 0.7 else None
    harness.subscribers.replies = chance.choices([OK, BROKEN, TIMEOUT], k=chance.randint(0, 4))


def _work_in_disorder(harness: WebhookHarness, chance: random.Random) -> None:
    """What is due, shuffled, some of it twice, some of it kept back."""
    messages = harness.take()
    messages += [message for message in messages if chance.random() < 0.3]
    chance.shuffle(messages)
    harness.queues.busy = chance.random() < 0.2
    for message in messages:
        if chance.random() < 0.2:
            harness.queues.put_back(message, timedelta(seconds=chance.randint(1, 3000)))
            continue
        try:
            harness.deliver(message)
        except Crash:
            harness.queues.put_back(message, VISIBILITY)
    harness.queues.busy = False


def _faults(harness: WebhookHarness, events: list[Event], endpoints: list[Endpoint]) -> list[str]:
    expected = {(event.id, endpoint.id) for event in events for endpoint in endpoints}
    recorded = [(delivery.event_id, delivery.endpoint_id) for delivery in harness.deliveries]
    received = {post.headers["svix-id"] for post in harness.subscribers.posts}
    faults = [f"{pair} not recorded" for pair in expected - set(recorded)]
    faults += [f"{pair} recorded out of the blue" for pair in set(recorded) - expected]
    faults += ["recorded twice"] if len(recorded) != len(set(recorded)) else []
    faults += [f"event {event.id} never arrived" for event in events if event.id not in received]
    faults += [fault for delivery in harness.deliveries for fault in _delivery_faults(delivery)]
    faults += [f"endpoint {e.id} was switched off" for e in endpoints if not harness.current(e).enabled]
    faults += [f"endpoint {e.id} passes for failing" for e in endpoints if harness.current(e).failing_since]
    return faults


def _delivery_faults(delivery: Delivery) -> list[str]:
    faults = []
    if delivery.status is not DeliveryStatus.SUCCEEDED or delivery.next_attempt_at is not None:
        faults.append(f"delivery {delivery.id} is {delivery.status}")
    if [attempt.succeeded for attempt in delivery.attempts].count(True) != 1 or not delivery.attempts[
        -1
    ].succeeded:
        faults.append(f"delivery {delivery.id} succeeded not once")
    if len({attempt.at for attempt in delivery.attempts}) != len(delivery.attempts):
        faults.append(f"delivery {delivery.id} has an attempt twice")
    return faults
