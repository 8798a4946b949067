"""One try after the other: what is sent, what is written, what comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from darkroom.domain.webhooks import (
    DISABLE_AFTER,
    AttemptError,
    DeliveryFailure,
    DeliveryStatus,
    EventType,
)
from darkroom.domain.writes import SaveDelivery, Write
from darkroom.ports import Answer, NoAnswer
from darkroom.services.announce import Change, event_of
from darkroom.services.deliver_webhook import Outcome
from tests.unit.webhooks.world import BROKEN, OK, PAGE, TIMEOUT, URL, Reply, World

HOUR = timedelta(hours=1)


@pytest.fixture
def world() -> World:
    return World()


# ------------------------------------------------------------------ the normal case


def test_a_message_is_posted_once_and_recorded_with_its_attempt(world: World) -> None:
    endpoint = world.endpoint()
    event = world.announce()
    world.run_for(HOUR)
    (post,) = world.subscribers.posts
    assert post.url == URL
    assert post.headers["content-type"] == "application/json"
    assert post.headers["user-agent"] == "Darkroom-Webhooks/1"
    assert world.subscribers.timeouts == [15.0]
    delivery = world.delivery
    assert (delivery.status, delivery.endpoint_id) == (DeliveryStatus.SUCCEEDED, endpoint.id)
    assert (delivery.event_id, delivery.payload.encode()) == (event.id, post.body)
    (attempt,) = delivery.attempts
    assert (attempt.status, attempt.duration_ms, attempt.response) == (200, 12, "thanks")


def test_fan_out_and_delivery_take_three_calls(world: World) -> None:
    world.endpoint()
    world.announce()
    world.work()
    assert world.wire.calls == ["all", "send_deliveries", "post", "commit"]


def test_many_endpoints_share_the_calls_of_the_fan_out(world: World) -> None:
    for _ in range(10):
        world.endpoint()
    world.announce()
    assert world.wire.calls == ["all", "send_deliveries"]
    world.work()
    assert world.wire.calls.count("commit") == 10


def test_a_healthy_endpoint_is_not_written_to(world: World) -> None:
    world.endpoint()
    world.announce()
    world.work()
    assert [[type(write) for write in commit] for commit in world.stored.commits] == [[SaveDelivery]]


# ------------------------------------------------------------------ retries


def test_a_failing_message_is_tried_on_schedule_and_then_given_up(world: World) -> None:
    world.endpoint()
    world.subscribers.usual = BROKEN
    world.announce()
    world.run_for(timedelta(hours=40))
    times = [post.at for post in world.subscribers.posts]
    waits = [(later - earlier) / timedelta(seconds=1) for earlier, later in pairwise(times)]
    assert len(times) == 8
    for waited, planned in zip(waits, [5, 300, 1800, 7200, 18_000, 36_000, 36_000], strict=True):
        assert planned <= waited <= planned + 61  # housekeeping looks once a minute
    assert (world.delivery.status, world.delivery.failure) == (
        DeliveryStatus.FAILED,
        DeliveryFailure.EXHAUSTED,
    )
    assert [attempt.status for attempt in world.delivery.attempts] == [500] * 8
    assert world.delivery.next_attempt_at is None


@pytest.mark.parametrize("failures", range(1, 8))
def test_any_retry_may_succeed(world: World, failures: int) -> None:
    endpoint = world.endpoint()
    world.subscribers.replies = [BROKEN] * failures
    world.announce()
    world.run_for(timedelta(hours=40))
    assert world.delivery.status is DeliveryStatus.SUCCEEDED
    assert len(world.delivery.attempts) == failures + 1
    assert len({(post.headers["svix-id"], post.body) for post in world.subscribers.posts}) == 1
    assert world.current(endpoint).failing_since is None


def test_short_waits_are_queued_and_long_ones_left_to_housekeeping(world: World) -> None:
    world.endpoint()
    world.subscribers.usual = BROKEN
    world.announce()
    for wait in (0, 5, 300):
        world.clock.advance(wait)
        world.work()
    assert len(world.subscribers.posts) == 3
    assert [sent.delay_seconds for sent in world.sent.deliveries] == [0, 5, 300]
    due = world.delivery.next_attempt_at
    assert due
    assert not world.found.due(world.clock.now(), 10)
    assert world.found.due(due, 10) == [world.delivery]


def test_a_retry_that_could_not_be_queued_is_found_by_housekeeping(world: World) -> None:
    world.endpoint()
    world.subscribers.replies = [BROKEN]
    world.announce()
    messages = list(world.take())
    world.sent.busy = True
    assert [world.deliver(message) for message in messages] == [Outcome.RETRYING]
    world.sent.busy = False
    world.run_for(timedelta(minutes=2))
    assert world.delivery.status is DeliveryStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("reply", "status", "error"),
    [
        (TIMEOUT, None, "timeout"),
        (NoAnswer(AttemptError.CONNECTION), None, "connection"),
        (NoAnswer(AttemptError.URL_REFUSED), None, "url_refused"),
        (Answer(302, 3, "moved"), 302, "redirect"),
        (Answer(404, 3, "who?"), 404, "status"),
    ],
)
def test_what_went_wrong_is_logged(world: World, reply: Reply, status: int | None, error: str) -> None:
    world.endpoint()
    world.subscribers.replies = [reply]
    world.subscribers.takes = timedelta(seconds=2)
    world.announce()
    world.work()
    (attempt,) = world.delivery.attempts
    assert (attempt.status, attempt.error) == (status, error)
    assert attempt.explanation
    assert attempt.duration_ms == (3 if status else 2000)
    assert world.delivery.status is DeliveryStatus.PENDING


def test_retry_after_is_heeded(world: World) -> None:
    world.endpoint()
    world.subscribers.replies = [Answer(429, 1, retry_after="600")]
    world.announce()
    world.run_for(timedelta(minutes=9))
    assert len(world.subscribers.posts) == 1
    world.run_for(timedelta(minutes=2))
    assert len(world.subscribers.posts) == 2


# ------------------------------------------------------------------ the endpoint's health


def test_410_disables_the_endpoint_and_says_so(world: World) -> None:
    before = world.endpoint()
    world.subscribers.replies = [Answer(410, 1)]
    world.announce()
    world.run_for(timedelta(hours=40))
    after = world.current(before)
    assert (after.enabled, after.disabled_reason) == (False, "gone")
    assert (world.delivery.status, world.delivery.failure) == (DeliveryStatus.FAILED, DeliveryFailure.GONE)
    assert len(world.subscribers.posts) == 1
    told = event_of(Change("1", before, after))
    assert told
    assert told.type is EventType.ENDPOINT_DISABLED


def test_the_first_failure_is_noted_and_the_next_success_forgets_it(world: World) -> None:
    endpoint = world.endpoint()
    world.subscribers.replies = [BROKEN]
    world.announce()
    world.work()
    assert world.current(endpoint).failing_since == world.clock.now()
    world.run_for(timedelta(seconds=10))
    assert world.current(endpoint).failing_since is None


def test_five_days_of_failure_disable_the_endpoint(world: World) -> None:
    before = world.endpoint()
    world.subscribers.usual = TIMEOUT
    start = world.clock.now()
    for _ in range(9):
        world.announce()
        world.run_for(timedelta(hours=13))
        assert world.current(before).enabled
    while world.current(before).enabled:
        world.announce()
        world.run_for(HOUR)
    after = world.current(before)
    assert after.disabled_reason == "failing"
    assert after.disabled_at
    assert DISABLE_AFTER <= after.disabled_at - start < DISABLE_AFTER + timedelta(hours=4)
    told = event_of(Change("1", before, after))
    assert told
    assert told.type is EventType.ENDPOINT_DISABLED

    posts = len(world.subscribers.posts)
    world.announce()
    world.run_for(timedelta(hours=40))
    assert len(world.subscribers.posts) == posts
    assert {delivery.status for delivery in world.deliveries} == {DeliveryStatus.FAILED}


def test_one_success_in_between_starts_the_five_days_anew(world: World) -> None:
    endpoint = world.endpoint(failing_since=world.clock.now() - timedelta(days=4, hours=23))
    world.announce()
    world.work()
    world.clock.advance(timedelta(hours=2))
    world.subscribers.usual = BROKEN
    world.announce()
    world.work()
    assert world.current(endpoint).enabled
    assert world.current(endpoint).failing_since == world.clock.now()


def test_a_success_that_crossed_the_first_failure_counts_too(world: World) -> None:
    """Both messages left when the endpoint was well, so the success saw nothing to clear."""
    endpoint = world.endpoint()
    world.announce()
    world.announce()
    world.clock.advance(2)
    world.subscribers.replies = [BROKEN, OK]
    world.work()
    failing_since = world.current(endpoint).failing_since
    assert failing_since
    world.sent.waiting.clear()  # the failed one's retry comes too late to matter
    world.clock.advance(timedelta(days=6))
    world.subscribers.replies = [BROKEN]
    world.announce()
    world.work()
    assert world.current(endpoint).enabled
    assert world.current(endpoint).failing_since == world.clock.now()


def test_a_success_of_days_before_the_failures_does_not_count(world: World) -> None:
    endpoint = world.endpoint()
    world.announce()
    world.work()
    world.clock.advance(timedelta(seconds=30))
    world.subscribers.usual = BROKEN
    world.announce()
    world.work()
    world.clock.advance(DISABLE_AFTER)
    world.announce()
    world.work()
    assert world.current(endpoint).disabled_reason == "failing"
    assert {d.failure for d in world.deliveries} == {None, DeliveryFailure.ENDPOINT_DISABLED}


# ------------------------------------------------------------------ the state of now counts


def test_a_retry_goes_to_where_the_endpoint_is_now(world: World) -> None:
    endpoint = world.endpoint()
    world.subscribers.replies = [BROKEN]
    world.announce()
    world.work()
    world.manage.update(world.caller(), endpoint.id, url="https://new.example.com/")
    world.run_for(timedelta(seconds=10))
    assert [post.url for post in world.subscribers.posts] == [URL, "https://new.example.com/"]


@pytest.mark.parametrize("how", ["disabled", "deleted"])
def test_a_retry_to_an_endpoint_that_is_gone_is_not_sent(world: World, how: str) -> None:
    endpoint = world.endpoint()
    world.subscribers.replies = [BROKEN]
    world.announce()
    world.work()
    if how == "disabled":
        world.manage.update(world.caller(), endpoint.id, enabled=False)
    else:
        world.manage.delete(world.caller(), endpoint.id)
    world.run_for(HOUR)
    assert len(world.subscribers.posts) == 1
    assert world.delivery.status is DeliveryStatus.FAILED
    assert world.delivery.failure == f"endpoint_{how}"
    assert not world.found.due(world.clock.now() + timedelta(days=30), 10)


def test_a_first_message_that_waited_long_looks_before_it_posts(world: World) -> None:
    endpoint = world.endpoint()
    world.announce()
    world.clock.advance(timedelta(minutes=5))
    world.manage.update(world.caller(), endpoint.id, enabled=False)
    world.work()
    assert not world.subscribers.posts
    assert world.delivery.failure is DeliveryFailure.ENDPOINT_DISABLED


def test_a_first_message_that_waited_long_is_still_delivered(world: World) -> None:
    world.endpoint()
    world.announce()
    world.clock.advance(timedelta(hours=5))
    world.work()
    assert world.delivery.status is DeliveryStatus.SUCCEEDED
    assert len(world.delivery.attempts) == 1


@pytest.mark.parametrize("reply", [OK, BROKEN, Answer(410, 1)])
def test_an_endpoint_deleted_while_it_is_asked_stays_deleted(world: World, reply: Reply) -> None:
    endpoint = world.endpoint(failing_since=world.clock.now() - timedelta(days=1))
    world.subscribers.replies = [reply]
    world.subscribers.meanwhile = world.memory.endpoints.clear
    world.announce()
    world.run_for(HOUR)
    assert world.manage.all(endpoint.owner) == []
    assert len(world.subscribers.posts) == 1
    assert world.delivery.status is not DeliveryStatus.PENDING


# ------------------------------------------------------------------ twice, late, out of order


def test_a_message_delivered_twice_makes_one_record(world: World) -> None:
    world.endpoint()
    world.subscribers.takes = timedelta(milliseconds=20)
    world.announce()
    (message,) = world.take()
    assert [world.deliver(message), world.deliver(message)] == [Outcome.SUCCEEDED, Outcome.DROPPED]
    assert len(world.delivery.attempts) == 1
    assert len({post.headers["svix-id"] for post in world.subscribers.posts}) == 1


def test_a_message_delivered_again_late_is_not_even_posted(world: World) -> None:
    world.endpoint()
    world.announce()
    (message,) = world.take()
    world.deliver(message)
    world.clock.advance(timedelta(minutes=3))
    assert world.deliver(message) is Outcome.DROPPED
    assert len(world.subscribers.posts) == 1


def test_a_retry_message_delivered_many_times_is_one_try(world: World) -> None:
    world.endpoint()
    world.subscribers.replies = [BROKEN]
    world.announce()
    world.work()
    world.clock.advance(5)
    (retry,) = world.take()
    assert [world.deliver(retry) for _ in range(3)] == [Outcome.SUCCEEDED, Outcome.DROPPED, Outcome.DROPPED]
    assert len(world.subscribers.posts) == 2


def test_two_workers_with_one_retry_post_once(world: World) -> None:
    world.endpoint()
    world.subscribers.replies = [BROKEN]
    world.announce()
    world.work()
    world.clock.advance(5)
    (retry,) = world.take()
    others: list[Outcome] = []

    def other_worker() -> None:
        world.subscribers.meanwhile = lambda: None
        others.append(world.deliver(retry))

    world.subscribers.meanwhile = other_worker
    assert world.deliver(retry) is Outcome.SUCCEEDED
    assert others == [Outcome.DROPPED]
    assert len(world.subscribers.posts) == 2


def test_a_retry_that_comes_too_early_waits_for_its_time(world: World) -> None:
    world.endpoint()
    world.subscribers.replies = [BROKEN]
    world.announce()
    world.work()
    early = world.sent.deliveries[-1].message
    assert world.deliver(early) is Outcome.DROPPED
    assert len(world.subscribers.posts) == 1


def test_a_message_without_a_record_is_dropped(world: World) -> None:
    endpoint = world.endpoint()
    world.announce()
    (message,) = world.take()
    unknown = replace(message, first=None, endpoint=None)
    assert world.deliver(unknown) is Outcome.DROPPED
    assert world.manage.deliveries(endpoint.owner, endpoint.id, PAGE).items == ()


def test_deliveries_overtake_each_other_freely(world: World) -> None:
    world.endpoint()
    events = [world.announce() for _ in range(5)]
    messages = list(world.take())
    for message in reversed(messages):
        world.deliver(message)
    assert [post.headers["svix-id"] for post in world.subscribers.posts] == [e.id for e in reversed(events)]
    assert len(world.deliveries) == 5


def test_a_write_repeated_by_the_network_is_our_own(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.endpoint()
    world.subscribers.replies = [BROKEN]
    world.announce()
    (message,) = world.take()
    commit = world.stored.commit

    def repeated(*writes: Write) -> None:
        commit(*writes)
        commit(*writes)

    monkeypatch.setattr(world.stored, "commit", repeated)
    assert world.deliver(message) is Outcome.RETRYING
    assert world.sent.deliveries[-1].delay_seconds == 5
