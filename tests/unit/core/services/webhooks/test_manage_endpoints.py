"""What a workspace can do with its endpoints and deliveries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import IdempotencyConflict, InvalidParam, NotFound, RateLimited, Unavailable
from darkroom.domain.paging import PageRequest
from darkroom.domain.webhooks.deliveries import Delivery, DeliveryFailure, DeliveryStatus
from darkroom.domain.webhooks.endpoints import GENERATION_EVENTS, MAX_ENDPOINTS, Endpoint, EventType
from darkroom.domain.writes import CountRequest, SaveIdempotencyRecord, StoredResponse
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import AlreadyAnswered, IdempotencyContext
from darkroom.services.webhooks.manage_endpoints import MAX_RECOVERED
from tests.harness.webhooks import BROKEN, OK, OWNER, PAGE, STRANGER, URL, WORKSPACE, WebhookHarness

HOUR = timedelta(hours=1)
TEST_MODE = Owner(WORKSPACE, False)


@pytest.fixture
def harness() -> WebhookHarness:
    return WebhookHarness()


def idempotency_context(fingerprint: str = "f") -> IdempotencyContext[Any]:
    return IdempotencyContext("key", fingerprint, lambda result: StoredResponse(200, repr(result)))


def failed_delivery(harness: WebhookHarness, endpoint: Endpoint | None = None) -> Delivery:
    endpoint = endpoint or harness.endpoint()
    usual, harness.subscribers.usual = harness.subscribers.usual, BROKEN
    event = harness.announce()
    harness.run_for(timedelta(hours=40))
    harness.subscribers.usual = usual
    return next(d for d in harness.deliveries if d.event_id == event.id)


# ------------------------------------------------------------------ registering


def test_a_new_endpoint_hears_of_generations_and_its_secret_is_told(harness: WebhookHarness) -> None:
    created = harness.manage.create(harness.caller(), URL)
    assert created.endpoint.events == GENERATION_EVENTS
    assert created.secret == harness.secret(created.endpoint)
    assert harness.manage.get(OWNER, created.endpoint.id) == created.endpoint
    assert harness.manage.all(OWNER) == [created.endpoint]


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest",
        "https://10.0.0.8/",
        "https://[::1]/",
        "https://user:pw@hooks.example.com/",
        "https://hooks.example.com:8443/",
        "ftp://hooks.example.com/",
        "https://hooks.example.com/" + "x" * 2048,
        "not a url",
        "",
    ],
)
def test_only_public_https_urls_are_taken(harness: WebhookHarness, url: str) -> None:
    endpoint = harness.endpoint()
    with pytest.raises(InvalidParam) as refusal:
        harness.manage.create(harness.caller(), url)
    assert refusal.value.param == "url"
    with pytest.raises(InvalidParam):
        harness.manage.update(harness.caller(), endpoint.id, url=url)
    assert harness.manage.all(OWNER) == [endpoint]


@pytest.mark.parametrize("events", [[], ["generation.done"], ["generation.completed", "webhook.test"]])
def test_only_events_that_exist_can_be_subscribed_to(harness: WebhookHarness, events: list[str]) -> None:
    with pytest.raises(InvalidParam) as refusal:
        harness.manage.create(harness.caller(), URL, events)
    assert refusal.value.param == "events"


def test_an_overlong_description_is_refused(harness: WebhookHarness) -> None:
    with pytest.raises(InvalidParam):
        harness.manage.create(harness.caller(), URL, description="x" * 501)


def test_the_number_of_endpoints_is_bounded_per_mode(harness: WebhookHarness) -> None:
    for _ in range(MAX_ENDPOINTS):
        harness.manage.create(harness.caller(), URL)
    with pytest.raises(InvalidParam):
        harness.manage.create(harness.caller(), URL)
    harness.manage.create(harness.caller(TEST_MODE), URL)


# ------------------------------------------------------------------ changing


def test_what_is_given_is_changed_and_nothing_else(harness: WebhookHarness) -> None:
    before = harness.endpoint(description="mine")
    after = harness.manage.update(harness.caller(), before.id, events=["generation.failed"])
    assert after == replace(before, events=frozenset({EventType.FAILED}), version=2)
    assert harness.current(before) == after
    cleared = harness.manage.update(harness.caller(), before.id, description="", url="https://b.example.com/")
    assert (cleared.description, cleared.url, cleared.version) == ("", "https://b.example.com/", 3)


def test_enabling_again_forgives(harness: WebhookHarness) -> None:
    now = harness.clock.now()
    endpoint = harness.endpoint(
        enabled=False, disabled_at=now, disabled_reason="failing", failing_since=now - timedelta(days=6)
    )
    after = harness.manage.update(harness.caller(), endpoint.id, enabled=True)
    assert after.enabled
    assert (after.disabled_at, after.disabled_reason, after.failing_since) == (None, None, None)
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    harness.work()
    assert harness.current(endpoint).enabled


def test_switching_off_by_hand_gives_no_reason_and_stops_everything(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    off = harness.manage.update(harness.caller(), endpoint.id, enabled=False)
    assert (off.enabled, off.disabled_at, off.disabled_reason) == (False, None, None)
    harness.announce()
    harness.run_for(HOUR)
    assert not harness.subscribers.posts


def test_another_change_does_not_forgive(harness: WebhookHarness) -> None:
    since = harness.clock.now() - timedelta(days=1)
    endpoint = harness.endpoint(failing_since=since)
    assert harness.manage.update(harness.caller(), endpoint.id, enabled=True).failing_since == since
    assert harness.manage.update(harness.caller(), endpoint.id, url=URL).failing_since == since
    assert harness.manage.update(harness.caller(), endpoint.id, url=URL + "/2").failing_since is None


def test_changes_that_race_are_all_made(harness: WebhookHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = harness.endpoint()
    commit = harness.store.commit

    def slow(*writes: Any) -> None:
        monkeypatch.setattr(harness.store, "commit", commit)
        harness.manage.update(harness.caller(), endpoint.id, description="theirs")
        commit(*writes)

    monkeypatch.setattr(harness.store, "commit", slow)
    harness.manage.update(harness.caller(), endpoint.id, events=["generation.failed"])
    after = harness.current(endpoint)
    assert (after.description, after.events, after.version) == ("theirs", frozenset({EventType.FAILED}), 3)


def test_a_change_that_races_a_deletion_does_not_undo_it(
    harness: WebhookHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = harness.endpoint()
    commit = harness.store.commit

    def slow(*writes: Any) -> None:
        monkeypatch.setattr(harness.store, "commit", commit)
        harness.manage.delete(harness.caller(), endpoint.id)
        commit(*writes)

    monkeypatch.setattr(harness.store, "commit", slow)
    with pytest.raises(NotFound):
        harness.manage.update(harness.caller(), endpoint.id, description="still here")
    assert harness.manage.all(OWNER) == []


def test_endless_races_are_given_up(harness: WebhookHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = harness.endpoint()
    commit = harness.store.commit

    def contended(*writes: Any) -> None:
        current = harness.current(endpoint)
        harness.memory.endpoints[OWNER, endpoint.id] = replace(current, version=current.version + 1)
        commit(*writes)

    monkeypatch.setattr(harness.store, "commit", contended)
    with pytest.raises(Unavailable):
        harness.manage.update(harness.caller(), endpoint.id, description="mine")


def test_a_deleted_endpoint_is_gone(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.manage.delete(harness.caller(), endpoint.id)
    with pytest.raises(NotFound):
        harness.manage.get(OWNER, endpoint.id)
    with pytest.raises(NotFound):
        harness.manage.delete(harness.caller(), endpoint.id)


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=8)])
def test_an_absurd_overlap_is_refused(harness: WebhookHarness, overlap: timedelta) -> None:
    with pytest.raises(InvalidParam):
        harness.manage.rotate_secret(harness.caller(), harness.endpoint().id, overlap)


# ------------------------------------------------------------------ tests, replays, recovery


def test_a_test_message_goes_the_way_of_all_messages(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint(events=frozenset({EventType.FAILED}))
    other = harness.endpoint()
    delivery = harness.manage.send_test(harness.caller(), endpoint.id)
    assert delivery.status is DeliveryStatus.PENDING
    harness.run_for(HOUR)
    done = harness.manage.delivery(OWNER, endpoint.id, delivery.id)
    assert (done.status, done.event_type) == (DeliveryStatus.SUCCEEDED, EventType.TEST)
    (post,) = harness.subscribers.posts
    assert b'"type":"webhook.test"' in post.body
    assert endpoint.id.encode() in post.body
    assert harness.manage.deliveries(OWNER, other.id, PAGE).items == ()


def test_a_test_message_that_was_not_queued_is_sent_all_the_same(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.queues.busy = True
    harness.manage.send_test(harness.caller(), endpoint.id)
    harness.queues.busy = False
    harness.run_for(timedelta(minutes=2))
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED


def test_a_failed_delivery_is_replayed_under_a_new_schedule(harness: WebhookHarness) -> None:
    failed = failed_delivery(harness)
    again = harness.manage.replay(harness.caller(), failed.endpoint_id, failed.id)
    assert (again.id, again.payload, again.status) == (failed.id, failed.payload, DeliveryStatus.PENDING)
    harness.subscribers.replies = [BROKEN, OK]
    harness.run_for(timedelta(minutes=1))
    done = harness.delivery
    assert (done.status, done.failure, len(done.attempts)) == (DeliveryStatus.SUCCEEDED, None, 10)
    assert len({post.headers["svix-id"] for post in harness.subscribers.posts}) == 1


@pytest.mark.parametrize("reply", [OK, BROKEN])
def test_a_delivery_can_be_replayed_in_any_state(harness: WebhookHarness, reply: Any) -> None:
    endpoint = harness.endpoint()
    harness.subscribers.replies = [reply]
    harness.announce()
    harness.work()
    harness.manage.replay(harness.caller(), endpoint.id, harness.delivery.id)
    harness.run_for(timedelta(minutes=1))
    assert len(harness.subscribers.posts) == 2
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED


def test_a_replay_between_a_try_and_its_record_wins(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.subscribers.replies = [BROKEN]
    harness.announce()
    harness.work()
    harness.clock.advance(5)

    def replayed() -> None:
        harness.subscribers.meanwhile = lambda: None
        harness.manage.replay(harness.caller(), endpoint.id, harness.delivery.id)

    harness.subscribers.meanwhile = replayed
    harness.run_for(timedelta(minutes=1))
    assert harness.delivery.status is DeliveryStatus.SUCCEEDED


def test_everything_that_failed_since_then_is_recovered(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    old = failed_delivery(harness, endpoint)
    since = harness.clock.now()
    failed = [failed_delivery(harness, endpoint) for _ in range(2)]
    harness.announce()
    harness.work()
    assert harness.manage.recover(harness.caller(), endpoint.id, since) == 2
    assert harness.manage.recover(harness.caller(), endpoint.id, since) == 0
    posts = len(harness.subscribers.posts)
    harness.run_for(timedelta(minutes=1))
    assert len(harness.subscribers.posts) == posts + 2
    after = {d.id: d.status for d in harness.deliveries}
    assert after[old.id] is DeliveryStatus.FAILED
    assert {after[d.id] for d in failed} == {DeliveryStatus.SUCCEEDED}


def many_failed(harness: WebhookHarness, endpoint: Endpoint, count: int) -> None:
    at = harness.clock.now() - HOUR
    for number in range(count):
        delivery = Delivery(
            harness.ids.new(), OWNER, endpoint.id, harness.ids.new(), EventType.FAILED, "{}",
            at + timedelta(seconds=number), DeliveryStatus.FAILED,
            failure=DeliveryFailure.EXHAUSTED, version=9,
        )  # fmt: skip
        harness.memory.deliveries[OWNER, endpoint.id, delivery.id] = delivery


def test_a_recovery_is_bounded_and_spread_out(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    many_failed(harness, endpoint, 1130)
    since = harness.clock.now() - timedelta(hours=2)
    assert harness.manage.recover(harness.caller(), endpoint.id, since) == MAX_RECOVERED
    delays = [sent.delay_seconds for sent in harness.queues.deliveries]
    assert max(delays.count(second) for second in set(delays)) == 25
    assert max(delays) < 60
    assert harness.manage.recover(harness.caller(), endpoint.id, since) == 130
    harness.run_for(timedelta(minutes=3))
    assert {d.status for d in harness.deliveries} == {DeliveryStatus.SUCCEEDED}
    assert len(harness.subscribers.posts) == 1130


def test_a_recovery_leaves_out_what_somebody_replayed_meanwhile(
    harness: WebhookHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = harness.endpoint()
    many_failed(harness, endpoint, 3)
    second = harness.deliveries[1]
    commit = harness.store.commit

    def slow(*writes: Any) -> None:
        monkeypatch.setattr(harness.store, "commit", commit)
        harness.manage.replay(harness.caller(), endpoint.id, second.id)
        commit(*writes)

    monkeypatch.setattr(harness.store, "commit", slow)
    assert harness.manage.recover(harness.caller(), endpoint.id, harness.clock.now() - timedelta(days=1)) == 2


@pytest.mark.parametrize("ago", [timedelta(days=15), timedelta(seconds=-1)])
def test_recovery_reaches_back_two_weeks(harness: WebhookHarness, ago: timedelta) -> None:
    with pytest.raises(InvalidParam):
        harness.manage.recover(harness.caller(), harness.endpoint().id, harness.clock.now() - ago)


def test_nothing_is_sent_again_to_a_disabled_endpoint(harness: WebhookHarness) -> None:
    failed = failed_delivery(harness)
    harness.manage.update(harness.caller(), failed.endpoint_id, enabled=False)
    for act in (
        lambda: harness.manage.replay(harness.caller(), failed.endpoint_id, failed.id),
        lambda: harness.manage.recover(harness.caller(), failed.endpoint_id, harness.clock.now()),
        lambda: harness.manage.send_test(harness.caller(), failed.endpoint_id),
    ):
        with pytest.raises(InvalidParam, match="disabled"):
            act()


def test_the_log_is_listed_in_pages_and_by_status(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    failed = failed_delivery(harness, endpoint)
    for _ in range(3):
        harness.announce()
        harness.work()
        harness.clock.advance(1)
    page = harness.manage.deliveries(OWNER, endpoint.id, PageRequest(limit=3))
    assert page.has_more
    rest = harness.manage.deliveries(OWNER, endpoint.id, PageRequest(limit=3, after=page.items[-1].id))
    assert [d.id for d in (*page.items, *rest.items)][-1] == failed.id
    only = harness.manage.deliveries(OWNER, endpoint.id, PAGE, status=DeliveryStatus.FAILED)
    assert only.items == (failed,)


# ------------------------------------------------------------------ every change, whichever it is

type Change = Callable[[WebhookHarness, Caller, Delivery, Any], object]

CHANGES: dict[str, Change] = {
    "update": lambda w, c, d, r: w.manage.update(c, d.endpoint_id, description="x", idempotency=r),
    "delete": lambda w, c, d, r: w.manage.delete(c, d.endpoint_id, r),
    "rotate": lambda w, c, d, r: w.manage.rotate_secret(c, d.endpoint_id, idempotency=r),
    "test": lambda w, c, d, r: w.manage.send_test(c, d.endpoint_id, r),
    "replay": lambda w, c, d, r: w.manage.replay(c, d.endpoint_id, d.id, r),
    "recover": lambda w, c, d, r: w.manage.recover(c, d.endpoint_id, w.clock.now() - timedelta(days=9), r),
}
ALL_CHANGES = CHANGES | {"create": lambda w, c, _, r: w.manage.create(c, URL, idempotency=r)}


@pytest.mark.parametrize("stranger", [STRANGER, TEST_MODE])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_foreign_id_is_not_found(harness: WebhookHarness, change: Change, stranger: Owner) -> None:
    delivery = failed_delivery(harness)
    before = (dict(harness.memory.endpoints), dict(harness.memory.deliveries))
    with pytest.raises(NotFound):
        change(harness, harness.caller(stranger), delivery, None)
    with pytest.raises(NotFound):
        harness.manage.get(stranger, delivery.endpoint_id)
    with pytest.raises(NotFound):
        harness.manage.deliveries(stranger, delivery.endpoint_id, PAGE)
    with pytest.raises(NotFound):
        harness.manage.delivery(stranger, delivery.endpoint_id, delivery.id)
    assert harness.manage.all(stranger) == []
    assert before == (harness.memory.endpoints, harness.memory.deliveries)


@pytest.mark.parametrize("change", ALL_CHANGES.values(), ids=ALL_CHANGES)
def test_every_change_counts_its_request_once(harness: WebhookHarness, change: Change) -> None:
    delivery = failed_delivery(harness)
    before = len(harness.store.commits)
    caller = harness.caller()
    change(harness, caller, delivery, None)
    writes = [write for commit in harness.store.commits[before:] for write in commit]
    assert caller.counted
    assert sum(isinstance(write, CountRequest) for write in writes) == 1


@pytest.mark.parametrize("change", ALL_CHANGES.values(), ids=ALL_CHANGES)
def test_a_full_window_refuses_every_change(harness: WebhookHarness, change: Change) -> None:
    delivery = failed_delivery(harness)
    caller = harness.caller()
    window = caller.window
    harness.memory.rates[OWNER.workspace_id, caller.key.id, window.policy.name, window.minute] = (
        window.ceiling
    )
    with pytest.raises(RateLimited):
        change(harness, caller, delivery, None)


@pytest.mark.parametrize("change", ALL_CHANGES.values(), ids=ALL_CHANGES)
def test_a_repeated_request_gets_its_first_answer_and_changes_nothing(
    harness: WebhookHarness, change: Change
) -> None:
    delivery = failed_delivery(harness)
    change(harness, harness.caller(), delivery, idempotency_context())
    harness.memory.endpoints.setdefault(
        (OWNER, delivery.endpoint_id), harness.endpoint(id=delivery.endpoint_id)
    )
    endpoints = dict(harness.memory.endpoints)
    with pytest.raises(AlreadyAnswered):
        change(harness, harness.caller(), delivery, idempotency_context())
    with pytest.raises(IdempotencyConflict):
        change(harness, harness.caller(), delivery, idempotency_context("another request"))
    assert harness.memory.endpoints == endpoints


@pytest.mark.parametrize("change", [ALL_CHANGES["create"], CHANGES["rotate"]], ids=["create", "rotate"])
def test_no_table_ever_holds_a_secret(harness: WebhookHarness, change: Change) -> None:
    delivery = failed_delivery(harness)
    change(harness, harness.caller(), delivery, idempotency_context())
    assert any(isinstance(write, SaveIdempotencyRecord) for write in harness.store.commits[-1])
    assert "whsec_" not in repr(harness.memory)
