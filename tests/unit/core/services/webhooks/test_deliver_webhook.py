"""One try after the other: what is sent, what is written, what comes next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from darkroom.domain.webhooks.deliveries import AttemptError, DeliveryFailure, DeliveryStatus
from darkroom.domain.webhooks.endpoints import DISABLE_AFTER, EventType
from darkroom.domain.webhooks.responses import NoWebhookResponse, WebhookResponse
from darkroom.domain.writes import SaveDelivery, Write
from darkroom.services.webhooks.announce import Change, event_of
from darkroom.services.webhooks.deliver_webhook import Outcome
from tests.harness.webhooks import BROKEN, OK, PAGE, TIMEOUT, URL, Reply, WebhookHarness

HOUR = timedelta(hours=1)


@pytest.fixture
def harness() -> WebhookHarness:
    return WebhookHarness()


# ------------------------------------------------------------------ the normal case


def test_a_message_is_posted_once_and_recorded_with_its_attempt(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    event = harness.announce()
    harness.run_for(HOUR)
    (post,) = harness.subscribers.posts
    assert post.url == URL
    assert post.headers["content-type"] == "application/json"
    assert post.headers["user-agent"] == "Darkroom-Webhooks/1"
    assert harness.subscribers.timeouts == [15.0]
    delivery = harness.delivery
    assert (delivery.status, delivery.endpoint_id) == (DeliveryStatus.SUCCEEDED, endpoint.id)
    assert (delivery.event_id, delivery.payload.encode()) == (event.id, post.body)
    (attempt,) = delivery.attempts
    assert (attempt.status, attempt.duration_ms, attempt.response) == (200, 12, "thanks")


def test_fan_out_and_delivery_take_three_calls(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.announce()
    harness.work()
    assert harness.calls.made == [
        "endpoints.all",
        "queues.send_deliveries",
        "subscribers.post",
        "store.commit",
    ]


def test_many_endpoints_share_the_calls_of_the_fan_out(harness: WebhookHarness) -> None:
    for _ in range(10):
        harness.endpoint()
    harness.announce()
    assert harness.calls.made == ["endpoints.all", "queues.send_deliveries"]
    harness.work()
    assert harness.calls.made.count("store.commit") == 10


def test_a_healthy_endpoint_is_not_written_to(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.announce()
    harness.work()
    assert [[type(write) for write in commit] for commit in harness.store.commits] == [[SaveDelivery]]


# ------------------------------------------------------------------ retries


def test_a_failing_message_is_tried_on_schedule_and_then_given_up(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.subscribers.usual = BROKEN
    harness.announce()
    harness.run_for(timedelta(hours=40))
    times = [post.at for post in harness.subscribers.posts]
    waits = [(later - earlier) / timedelta(seconds=1) for earlier, later in pairwise(times)]
    assert len(times) == 8
    for waited, planned in zip(waits, [5, 300, 1800, 7200, 18_000, 36_000, 36_000], strict=True):
        assert planned <= waited <= planned + 61  # housekeeping looks once a minute
    assert (harness.delivery.status, harness.delivery.failure) == (
        DeliveryStatus.FAILED,
        DeliveryFailure.EXHAUSTED,
    )
    assert [attempt.status for attempt in harness.delivery.attempts] == [500] * 8
    assert harness.delivery.next_attempt_at is None


@pytest.mark.parametrize("failures", range(1, 8))
def test_any_retry_may_succeed(harness: WebhookHarness, failures: int) -> None:
    endpoint = harness.endpoint()
    harness.subscribers.replies = [BROKEN] * failures
    harness.announce()
    harness.run_for(timedelta(hours=40))
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED
    assert len(harness.delivery.attempts) == failures + 1
    assert len({(post.headers["svix-id"], post.body) for post in harness.subscribers.posts}) == 1
    assert harness.current(endpoint).failing_since is None


def test_short_waits_are_queued_and_long_ones_left_to_housekeeping(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.subscribers.usual = BROKEN
    harness.announce()
    for wait in (0, 5, 300):
        harness.clock.advance(wait)
        harness.work()
    assert len(harness.subscribers.posts) == 3
    assert [sent.delay_seconds for sent in harness.queues.deliveries] == [0, 5, 300]
    due = harness.delivery.next_attempt_at
    assert due
    assert not harness.endpoints.due(harness.clock.now(), 10).items
    assert harness.endpoints.due(due, 10).items == (harness.delivery,)


def test_a_retry_that_could_not_be_queued_is_found_by_housekeeping(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    messages = list(harness.take())
    harness.queues.busy = True
    assert [harness.deliver(message) for message in messages] == [Outcome.RETRYING]
    harness.queues.busy = False
    harness.run_for(timedelta(minutes=2))
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED


@pytest.mark.parametrize(
    ("reply", "status", "error"),
    [
        (TIMEOUT, None, "timeout"),
        (NoWebhookResponse(AttemptError.CONNECTION), None, "connection"),
        (NoWebhookResponse(AttemptError.URL_REFUSED), None, "url_refused"),
        (WebhookResponse(302, 3, "moved"), 302, "redirect"),
        (WebhookResponse(404, 3, "who?"), 404, "status"),
    ],
)
def test_what_went_wrong_is_logged(
    harness: WebhookHarness, reply: Reply, status: int | None, error: str
) -> None:
    harness.endpoint()
    harness.subscribers.replies = [reply]
    harness.subscribers.takes = timedelta(seconds=2)
    harness.announce()
    harness.work()
    (attempt,) = harness.delivery.attempts
    assert (attempt.status, attempt.error) == (status, error)
    assert attempt.explanation
    assert attempt.duration_ms == (3 if status else 2000)
    assert harness.delivery.status is DeliveryStatus.PENDING


def test_retry_after_is_heeded(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.subscribers.replies = [WebhookResponse(429, 1, retry_after="600")]
    harness.announce()
    harness.run_for(timedelta(minutes=9))
    assert len(harness.subscribers.posts) == 1
    harness.run_for(timedelta(minutes=2))
    assert len(harness.subscribers.posts) == 2


# ------------------------------------------------------------------ the endpoint's health


def test_410_disables_the_endpoint_and_says_so(harness: WebhookHarness) -> None:
    before = harness.endpoint()
    harness.subscribers.replies = [WebhookResponse(410, 1)]
    harness.announce()
    harness.run_for(timedelta(hours=40))
    after = harness.current(before)
    assert (after.enabled, after.disabled_reason) == (False, "gone")
    assert (harness.delivery.status, harness.delivery.failure) == (
        DeliveryStatus.FAILED,
        DeliveryFailure.GONE,
    )
    assert len(harness.subscribers.posts) == 1
    announced = event_of(Change("1", before, after))
    assert announced
    assert announced.type is EventType.ENDPOINT_DISABLED


def test_the_first_failure_is_noted_and_the_next_success_forgets_it(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    harness.work()
    assert harness.current(endpoint).failing_since == harness.clock.now()
    harness.run_for(timedelta(seconds=10))
    assert harness.current(endpoint).failing_since is None


def test_five_days_of_failure_disable_the_endpoint(harness: WebhookHarness) -> None:
    before = harness.endpoint()
    harness.subscribers.usual = TIMEOUT
    start = harness.clock.now()
    for _ in range(9):
        harness.announce()
        harness.run_for(timedelta(hours=13))
        assert harness.current(before).enabled
    while harness.current(before).enabled:
        harness.announce()
        harness.run_for(HOUR)
    after = harness.current(before)
    assert after.disabled_reason == "failing"
    assert after.disabled_at
    assert DISABLE_AFTER <= after.disabled_at - start < DISABLE_AFTER + timedelta(hours=4)
    announced = event_of(Change("1", before, after))
    assert announced
    assert announced.type is EventType.ENDPOINT_DISABLED

    posts = len(harness.subscribers.posts)
    harness.announce()
    harness.run_for(timedelta(hours=40))
    assert len(harness.subscribers.posts) == posts
    assert {delivery.status for delivery in harness.deliveries} == {DeliveryStatus.FAILED}


def test_one_success_in_between_starts_the_five_days_anew(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint(failing_since=harness.clock.now() - timedelta(days=4, hours=23))
    harness.announce()
    harness.work()
    harness.clock.advance(timedelta(hours=2))
    harness.subscribers.usual = BROKEN
    harness.announce()
    harness.work()
    assert harness.current(endpoint).enabled
    assert harness.current(endpoint).failing_since == harness.clock.now()


def test_a_success_that_crossed_the_first_failure_counts_too(harness: WebhookHarness) -> None:
    """Both messages left when the endpoint was well, so the success saw nothing to clear."""
    endpoint = harness.endpoint()
    harness.announce()
    harness.announce()
    harness.clock.advance(2)
    harness.subscribers.replies = [BROKEN, OK]
    harness.work()
    failing_since = harness.current(endpoint).failing_since
    assert failing_since
    harness.queues.waiting.clear()  # the failed one's retry comes too late to matter
    harness.clock.advance(timedelta(days=6))
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    harness.work()
    assert harness.current(endpoint).enabled
    assert harness.current(endpoint).failing_since == harness.clock.now()


def test_a_success_of_days_before_the_failures_does_not_count(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.announce()
    harness.work()
    harness.clock.advance(timedelta(seconds=30))
    harness.subscribers.usual = BROKEN
    harness.announce()
    harness.work()
    harness.clock.advance(DISABLE_AFTER)
    harness.announce()
    harness.work()
    assert harness.current(endpoint).disabled_reason == "failing"
    assert {d.failure for d in harness.deliveries} == {None, DeliveryFailure.ENDPOINT_DISABLED}


# ------------------------------------------------------------------ the state of now counts


def test_a_retry_goes_to_where_the_endpoint_is_now(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    harness.work()
    harness.manage.update(harness.caller(), endpoint.id, url="https://new.example.com/")
    harness.run_for(timedelta(seconds=10))
    assert [post.url for post in harness.subscribers.posts] == [URL, "https://new.example.com/"]


@pytest.mark.parametrize("how", ["disabled", "deleted"])
def test_a_retry_to_an_endpoint_that_is_gone_is_not_sent(harness: WebhookHarness, how: str) -> None:
    endpoint = harness.endpoint()
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    harness.work()
    if how == "disabled":
        harness.manage.update(harness.caller(), endpoint.id, enabled=False)
    else:
        harness.manage.delete(harness.caller(), endpoint.id)
    harness.run_for(HOUR)
    assert len(harness.subscribers.posts) == 1
    assert harness.delivery.status is DeliveryStatus.FAILED
    assert harness.delivery.failure == f"endpoint_{how}"
    assert not harness.endpoints.due(harness.clock.now() + timedelta(days=30), 10).items


def test_a_first_message_that_waited_long_looks_before_it_posts(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.announce()
    harness.clock.advance(timedelta(minutes=5))
    harness.manage.update(harness.caller(), endpoint.id, enabled=False)
    harness.work()
    assert not harness.subscribers.posts
    assert harness.delivery.failure is DeliveryFailure.ENDPOINT_DISABLED


def test_a_first_message_that_waited_long_is_still_delivered(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.announce()
    harness.clock.advance(timedelta(hours=5))
    harness.work()
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED
    assert len(harness.delivery.attempts) == 1


@pytest.mark.parametrize("reply", [OK, BROKEN, WebhookResponse(410, 1)])
def test_an_endpoint_deleted_while_it_is_asked_stays_deleted(harness: WebhookHarness, reply: Reply) -> None:
    endpoint = harness.endpoint(failing_since=harness.clock.now() - timedelta(days=1))
    harness.subscribers.replies = [reply]
    harness.subscribers.meanwhile = harness.memory.endpoints.clear
    harness.announce()
    harness.run_for(HOUR)
    assert harness.manage.all(endpoint.owner) == []
    assert len(harness.subscribers.posts) == 1
    assert harness.delivery.status is not DeliveryStatus.PENDING


# ------------------------------------------------------------------ twice, late, out of order


def test_a_message_delivered_twice_makes_one_record(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.subscribers.takes = timedelta(milliseconds=20)
    harness.announce()
    (message,) = harness.take()
    assert [harness.deliver(message), harness.deliver(message)] == [Outcome.SUCCEEDED, Outcome.DROPPED]
    assert len(harness.delivery.attempts) == 1
    assert len({post.headers["svix-id"] for post in harness.subscribers.posts}) == 1


def test_a_message_delivered_again_late_is_not_even_posted(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.announce()
    (message,) = harness.take()
    harness.deliver(message)
    harness.clock.advance(timedelta(minutes=3))
    assert harness.deliver(message) is Outcome.DROPPED
    assert len(harness.subscribers.posts) == 1


def test_a_retry_message_delivered_many_times_is_one_try(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    harness.work()
    harness.clock.advance(5)
    (retry,) = harness.take()
    assert [harness.deliver(retry) for _ in range(3)] == [Outcome.SUCCEEDED, Outcome.DROPPED, Outcome.DROPPED]
    assert len(harness.subscribers.posts) == 2


def test_two_workers_with_one_retry_post_once(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    harness.work()
    harness.clock.advance(5)
    (retry,) = harness.take()
    others: list[Outcome] = []

    def other_worker() -> None:
        harness.subscribers.meanwhile = lambda: None
        others.append(harness.deliver(retry))

    harness.subscribers.meanwhile = other_worker
    assert harness.deliver(retry) is Outcome.SUCCEEDED
    assert others == [Outcome.DROPPED]
    assert len(harness.subscribers.posts) == 2


def test_a_retry_that_comes_too_early_waits_for_its_time(harness: WebhookHarness) -> None:
    harness.endpoint()
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    harness.work()
    early = harness.queues.deliveries[-1].message
    assert harness.deliver(early) is Outcome.DROPPED
    assert len(harness.subscribers.posts) == 1


def test_a_message_without_a_record_is_dropped(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.announce()
    (message,) = harness.take()
    unknown = replace(message, first=None, endpoint=None)
    assert harness.deliver(unknown) is Outcome.DROPPED
    assert harness.core.read_deliveries.list(endpoint.owner, endpoint.id, PAGE).items == ()


def test_deliveries_overtake_each_other_freely(harness: WebhookHarness) -> None:
    harness.endpoint()
    events = [harness.announce() for _ in range(5)]
    messages = list(harness.take())
    for message in reversed(messages):
        harness.deliver(message)
    assert [post.headers["svix-id"] for post in harness.subscribers.posts] == [e.id for e in reversed(events)]
    assert len(harness.deliveries) == 5


def test_a_write_repeated_by_the_network_is_our_own(
    harness: WebhookHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    harness.endpoint()
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    (message,) = harness.take()
    commit = harness.store.commit

    def repeated(*writes: Write) -> None:
        commit(*writes)
        commit(*writes)

    monkeypatch.setattr(harness.store, "commit", repeated)
    assert harness.deliver(message) is Outcome.RETRYING
    assert harness.queues.deliveries[-1].delay_seconds == 5
