"""What a workspace can do with its endpoints and deliveries."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.accounts import Owner
from darkroom.domain.errors import IdempotencyConflict, InvalidParam, NotFound, RateLimited, Unavailable
from darkroom.domain.webhooks import (
    GENERATION_EVENTS,
    MAX_ENDPOINTS,
    Delivery,
    DeliveryFailure,
    DeliveryStatus,
    Endpoint,
    EventType,
)
from darkroom.domain.writes import CountRequest, Remember, StoredResponse
from darkroom.ports import PageRequest
from darkroom.services.authenticate import Caller
from darkroom.services.idempotency import AlreadyAnswered, Receipt
from darkroom.services.manage_endpoints import MAX_RECOVERED
from tests.unit.webhooks.world import BROKEN, OK, OWNER, PAGE, STRANGER, URL, WORKSPACE, World

HOUR = timedelta(hours=1)
TEST_MODE = Owner(WORKSPACE, False)


@pytest.fixture
def world() -> World:
    return World()


def receipt(fingerprint: str = "f") -> Receipt[Any]:
    return Receipt("key", fingerprint, lambda result: StoredResponse(200, repr(result)))


def failed_delivery(world: World, endpoint: Endpoint | None = None) -> Delivery:
    endpoint = endpoint or world.endpoint()
    usual, world.subscribers.usual = world.subscribers.usual, BROKEN
    event = world.announce()
    world.run_for(timedelta(hours=40))
    world.subscribers.usual = usual
    return next(d for d in world.deliveries if d.event_id == event.id)


# ------------------------------------------------------------------ registering


def test_a_new_endpoint_hears_of_generations_and_its_secret_is_told(world: World) -> None:
    created = world.manage.create(world.caller(), URL)
    assert created.endpoint.events == GENERATION_EVENTS
    assert created.secret == world.secret(created.endpoint)
    assert world.manage.get(OWNER, created.endpoint.id) == created.endpoint
    assert world.manage.all(OWNER) == [created.endpoint]


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
def test_only_public_https_urls_are_taken(world: World, url: str) -> None:
    endpoint = world.endpoint()
    with pytest.raises(InvalidParam) as refusal:
        world.manage.create(world.caller(), url)
    assert refusal.value.param == "url"
    with pytest.raises(InvalidParam):
        world.manage.update(world.caller(), endpoint.id, url=url)
    assert world.manage.all(OWNER) == [endpoint]


@pytest.mark.parametrize("events", [[], ["generation.done"], ["generation.completed", "webhook.test"]])
def test_only_events_that_exist_can_be_subscribed_to(world: World, events: list[str]) -> None:
    with pytest.raises(InvalidParam) as refusal:
        world.manage.create(world.caller(), URL, events)
    assert refusal.value.param == "events"


def test_an_overlong_description_is_refused(world: World) -> None:
    with pytest.raises(InvalidParam):
        world.manage.create(world.caller(), URL, description="x" * 501)


def test_the_number_of_endpoints_is_bounded_per_mode(world: World) -> None:
    for _ in range(MAX_ENDPOINTS):
        world.manage.create(world.caller(), URL)
    with pytest.raises(InvalidParam):
        world.manage.create(world.caller(), URL)
    world.manage.create(world.caller(TEST_MODE), URL)


# ------------------------------------------------------------------ changing


def test_what_is_given_is_changed_and_nothing_else(world: World) -> None:
    before = world.endpoint(description="mine")
    after = world.manage.update(world.caller(), before.id, events=["generation.failed"])
    assert after == replace(before, events=frozenset({EventType.FAILED}), version=2)
    assert world.current(before) == after
    cleared = world.manage.update(world.caller(), before.id, description="", url="https://b.example.com/")
    assert (cleared.description, cleared.url, cleared.version) == ("", "https://b.example.com/", 3)


def test_enabling_again_forgives(world: World) -> None:
    now = world.clock.now()
    endpoint = world.endpoint(
        enabled=False, disabled_at=now, disabled_reason="failing", failing_since=now - timedelta(days=6)
    )
    after = world.manage.update(world.caller(), endpoint.id, enabled=True)
    assert after.enabled
    assert (after.disabled_at, after.disabled_reason, after.failing_since) == (None, None, None)
    world.subscribers.replies = [BROKEN]
    world.announce()
    world.work()
    assert world.current(endpoint).enabled


def test_switching_off_by_hand_gives_no_reason_and_stops_everything(world: World) -> None:
    endpoint = world.endpoint()
    off = world.manage.update(world.caller(), endpoint.id, enabled=False)
    assert (off.enabled, off.disabled_at, off.disabled_reason) == (False, None, None)
    world.announce()
    world.run_for(HOUR)
    assert not world.subscribers.posts


def test_another_change_does_not_forgive(world: World) -> None:
    since = world.clock.now() - timedelta(days=1)
    endpoint = world.endpoint(failing_since=since)
    assert world.manage.update(world.caller(), endpoint.id, enabled=True).failing_since == since
    assert world.manage.update(world.caller(), endpoint.id, url=URL).failing_since == since
    assert world.manage.update(world.caller(), endpoint.id, url=URL + "/2").failing_since is None


def test_changes_that_race_are_all_made(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = world.endpoint()
    commit = world.stored.commit

    def slow(*writes: Any) -> None:
        monkeypatch.setattr(world.stored, "commit", commit)
        world.manage.update(world.caller(), endpoint.id, description="theirs")
        commit(*writes)

    monkeypatch.setattr(world.stored, "commit", slow)
    world.manage.update(world.caller(), endpoint.id, events=["generation.failed"])
    after = world.current(endpoint)
    assert (after.description, after.events, after.version) == ("theirs", frozenset({EventType.FAILED}), 3)


def test_a_change_that_races_a_deletion_does_not_undo_it(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = world.endpoint()
    commit = world.stored.commit

    def slow(*writes: Any) -> None:
        monkeypatch.setattr(world.stored, "commit", commit)
        world.manage.delete(world.caller(), endpoint.id)
        commit(*writes)

    monkeypatch.setattr(world.stored, "commit", slow)
    with pytest.raises(NotFound):
        world.manage.update(world.caller(), endpoint.id, description="still here")
    assert world.manage.all(OWNER) == []


def test_endless_races_are_given_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    endpoint = world.endpoint()
    commit = world.stored.commit

    def contended(*writes: Any) -> None:
        current = world.current(endpoint)
        world.memory.endpoints[OWNER, endpoint.id] = replace(current, version=current.version + 1)
        commit(*writes)

    monkeypatch.setattr(world.stored, "commit", contended)
    with pytest.raises(Unavailable):
        world.manage.update(world.caller(), endpoint.id, description="mine")


def test_a_deleted_endpoint_is_gone(world: World) -> None:
    endpoint = world.endpoint()
    world.manage.delete(world.caller(), endpoint.id)
    with pytest.raises(NotFound):
        world.manage.get(OWNER, endpoint.id)
    with pytest.raises(NotFound):
        world.manage.delete(world.caller(), endpoint.id)


@pytest.mark.parametrize("overlap", [timedelta(seconds=-1), timedelta(days=8)])
def test_an_absurd_overlap_is_refused(world: World, overlap: timedelta) -> None:
    with pytest.raises(InvalidParam):
        world.manage.rotate_secret(world.caller(), world.endpoint().id, overlap)


# ------------------------------------------------------------------ tests, replays, recovery


def test_a_test_message_goes_the_way_of_all_messages(world: World) -> None:
    endpoint = world.endpoint(events=frozenset({EventType.FAILED}))
    other = world.endpoint()
    delivery = world.manage.send_test(world.caller(), endpoint.id)
    assert delivery.status is DeliveryStatus.PENDING
    world.run_for(HOUR)
    done = world.manage.delivery(OWNER, endpoint.id, delivery.id)
    assert (done.status, done.event_type) == (DeliveryStatus.SUCCEEDED, EventType.TEST)
    (post,) = world.subscribers.posts
    assert b'"type":"webhook.test"' in post.body
    assert endpoint.id.encode() in post.body
    assert world.manage.deliveries(OWNER, other.id, PAGE).items == ()


def test_a_test_message_that_was_not_queued_is_sent_all_the_same(world: World) -> None:
    endpoint = world.endpoint()
    world.sent.busy = True
    world.manage.send_test(world.caller(), endpoint.id)
    world.sent.busy = False
    world.run_for(timedelta(minutes=2))
    assert world.delivery.status is DeliveryStatus.SUCCEEDED


def test_a_failed_delivery_is_replayed_under_a_new_schedule(world: World) -> None:
    failed = failed_delivery(world)
    again = world.manage.replay(world.caller(), failed.endpoint_id, failed.id)
    assert (again.id, again.payload, again.status) == (failed.id, failed.payload, DeliveryStatus.PENDING)
    world.subscribers.replies = [BROKEN, OK]
    world.run_for(timedelta(minutes=1))
    done = world.delivery
    assert (done.status, done.failure, len(done.attempts)) == (DeliveryStatus.SUCCEEDED, None, 10)
    assert len({post.headers["svix-id"] for post in world.subscribers.posts}) == 1


@pytest.mark.parametrize("reply", [OK, BROKEN])
def test_a_delivery_can_be_replayed_in_any_state(world: World, reply: Any) -> None:
    endpoint = world.endpoint()
    world.subscribers.replies = [reply]
    world.announce()
    world.work()
    world.manage.replay(world.caller(), endpoint.id, world.delivery.id)
    world.run_for(timedelta(minutes=1))
    assert len(world.subscribers.posts) == 2
    assert world.delivery.status is DeliveryStatus.SUCCEEDED


def test_a_replay_between_a_try_and_its_record_wins(world: World) -> None:
    endpoint = world.endpoint()
    world.subscribers.replies = [BROKEN]
    world.announce()
    world.work()
    world.clock.advance(5)

    def replayed() -> None:
        world.subscribers.meanwhile = lambda: None
        world.manage.replay(world.caller(), endpoint.id, world.delivery.id)

    world.subscribers.meanwhile = replayed
    world.run_for(timedelta(minutes=1))
    assert world.delivery.status is DeliveryStatus.SUCCEEDED


def test_everything_that_failed_since_then_is_recovered(world: World) -> None:
    endpoint = world.endpoint()
    old = failed_delivery(world, endpoint)
    since = world.clock.now()
    failed = [failed_delivery(world, endpoint) for _ in range(2)]
    world.announce()
    world.work()
    assert world.manage.recover(world.caller(), endpoint.id, since) == 2
    assert world.manage.recover(world.caller(), endpoint.id, since) == 0
    posts = len(world.subscribers.posts)
    world.run_for(timedelta(minutes=1))
    assert len(world.subscribers.posts) == posts + 2
    after = {d.id: d.status for d in world.deliveries}
    assert after[old.id] is DeliveryStatus.FAILED
    assert {after[d.id] for d in failed} == {DeliveryStatus.SUCCEEDED}


def many_failed(world: World, endpoint: Endpoint, count: int) -> None:
    at = world.clock.now() - HOUR
    for number in range(count):
        delivery = Delivery(
            world.ids.new(), OWNER, endpoint.id, world.ids.new(), EventType.FAILED, "{}",
            at + timedelta(seconds=number), DeliveryStatus.FAILED,
            failure=DeliveryFailure.EXHAUSTED, version=9,
        )  # fmt: skip
        world.memory.deliveries[OWNER, endpoint.id, delivery.id] = delivery


def test_a_recovery_is_bounded_and_spread_out(world: World) -> None:
    endpoint = world.endpoint()
    many_failed(world, endpoint, 1130)
    since = world.clock.now() - timedelta(hours=2)
    assert world.manage.recover(world.caller(), endpoint.id, since) == MAX_RECOVERED
    delays = [sent.delay_seconds for sent in world.sent.deliveries]
    assert max(delays.count(second) for second in set(delays)) == 25
    assert max(delays) < 60
    assert world.manage.recover(world.caller(), endpoint.id, since) == 130
    world.run_for(timedelta(minutes=3))
    assert {d.status for d in world.deliveries} == {DeliveryStatus.SUCCEEDED}
    assert len(world.subscribers.posts) == 1130


def test_a_recovery_leaves_out_what_somebody_replayed_meanwhile(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = world.endpoint()
    many_failed(world, endpoint, 3)
    second = world.deliveries[1]
    commit = world.stored.commit

    def slow(*writes: Any) -> None:
        monkeypatch.setattr(world.stored, "commit", commit)
        world.manage.replay(world.caller(), endpoint.id, second.id)
        commit(*writes)

    monkeypatch.setattr(world.stored, "commit", slow)
    assert world.manage.recover(world.caller(), endpoint.id, world.clock.now() - timedelta(days=1)) == 2


@pytest.mark.parametrize("ago", [timedelta(days=15), timedelta(seconds=-1)])
def test_recovery_reaches_back_two_weeks(world: World, ago: timedelta) -> None:
    with pytest.raises(InvalidParam):
        world.manage.recover(world.caller(), world.endpoint().id, world.clock.now() - ago)


def test_nothing_is_sent_again_to_a_disabled_endpoint(world: World) -> None:
    failed = failed_delivery(world)
    world.manage.update(world.caller(), failed.endpoint_id, enabled=False)
    for act in (
        lambda: world.manage.replay(world.caller(), failed.endpoint_id, failed.id),
        lambda: world.manage.recover(world.caller(), failed.endpoint_id, world.clock.now()),
        lambda: world.manage.send_test(world.caller(), failed.endpoint_id),
    ):
        with pytest.raises(InvalidParam, match="disabled"):
            act()


def test_the_log_is_listed_in_pages_and_by_status(world: World) -> None:
    endpoint = world.endpoint()
    failed = failed_delivery(world, endpoint)
    for _ in range(3):
        world.announce()
        world.work()
        world.clock.advance(1)
    page = world.manage.deliveries(OWNER, endpoint.id, PageRequest(limit=3))
    assert page.has_more
    rest = world.manage.deliveries(OWNER, endpoint.id, PageRequest(limit=3, after=page.items[-1].id))
    assert [d.id for d in (*page.items, *rest.items)][-1] == failed.id
    only = world.manage.deliveries(OWNER, endpoint.id, PAGE, status=DeliveryStatus.FAILED)
    assert only.items == (failed,)


# ------------------------------------------------------------------ every change, whichever it is

type Change = Callable[[World, Caller, Delivery, Any], object]

CHANGES: dict[str, Change] = {
    "update": lambda w, c, d, r: w.manage.update(c, d.endpoint_id, description="x", receipt=r),
    "delete": lambda w, c, d, r: w.manage.delete(c, d.endpoint_id, r),
    "rotate": lambda w, c, d, r: w.manage.rotate_secret(c, d.endpoint_id, receipt=r),
    "test": lambda w, c, d, r: w.manage.send_test(c, d.endpoint_id, r),
    "replay": lambda w, c, d, r: w.manage.replay(c, d.endpoint_id, d.id, r),
    "recover": lambda w, c, d, r: w.manage.recover(c, d.endpoint_id, w.clock.now() - timedelta(days=9), r),
}
ALL_CHANGES = CHANGES | {"create": lambda w, c, _, r: w.manage.create(c, URL, receipt=r)}


@pytest.mark.parametrize("stranger", [STRANGER, TEST_MODE])
@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_foreign_id_is_not_found(world: World, change: Change, stranger: Owner) -> None:
    delivery = failed_delivery(world)
    before = (dict(world.memory.endpoints), dict(world.memory.deliveries))
    with pytest.raises(NotFound):
        change(world, world.caller(stranger), delivery, None)
    with pytest.raises(NotFound):
        world.manage.get(stranger, delivery.endpoint_id)
    with pytest.raises(NotFound):
        world.manage.deliveries(stranger, delivery.endpoint_id, PAGE)
    with pytest.raises(NotFound):
        world.manage.delivery(stranger, delivery.endpoint_id, delivery.id)
    assert world.manage.all(stranger) == []
    assert before == (world.memory.endpoints, world.memory.deliveries)


@pytest.mark.parametrize("change", ALL_CHANGES.values(), ids=ALL_CHANGES)
def test_every_change_counts_its_request_once(world: World, change: Change) -> None:
    delivery = failed_delivery(world)
    before = len(world.stored.commits)
    caller = world.caller()
    change(world, caller, delivery, None)
    writes = [write for commit in world.stored.commits[before:] for write in commit]
    assert caller.counted
    assert sum(isinstance(write, CountRequest) for write in writes) == 1


@pytest.mark.parametrize("change", ALL_CHANGES.values(), ids=ALL_CHANGES)
def test_a_full_window_refuses_every_change(world: World, change: Change) -> None:
    delivery = failed_delivery(world)
    caller = world.caller()
    window = caller.window
    world.memory.rates[OWNER.workspace_id, caller.key.id, window.policy.name, window.minute] = window.ceiling
    with pytest.raises(RateLimited):
        change(world, caller, delivery, None)


@pytest.mark.parametrize("change", ALL_CHANGES.values(), ids=ALL_CHANGES)
def test_a_repeated_request_gets_its_first_answer_and_changes_nothing(world: World, change: Change) -> None:
    delivery = failed_delivery(world)
    change(world, world.caller(), delivery, receipt())
    world.memory.endpoints.setdefault((OWNER, delivery.endpoint_id), world.endpoint(id=delivery.endpoint_id))
    endpoints = dict(world.memory.endpoints)
    with pytest.raises(AlreadyAnswered):
        change(world, world.caller(), delivery, receipt())
    with pytest.raises(IdempotencyConflict):
        change(world, world.caller(), delivery, receipt("another request"))
    assert world.memory.endpoints == endpoints


@pytest.mark.parametrize("change", [ALL_CHANGES["create"], CHANGES["rotate"]], ids=["create", "rotate"])
def test_no_table_ever_holds_a_secret(world: World, change: Change) -> None:
    delivery = failed_delivery(world)
    change(world, world.caller(), delivery, receipt())
    assert any(isinstance(write, Remember) for write in world.stored.commits[-1])
    assert "whsec_" not in repr(world.memory)
