"""Registering, changing and deleting endpoints."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam, NotFound
from darkroom.domain.webhooks.endpoints import GENERATION_EVENTS, MAX_ENDPOINTS, EventType
from tests.harness.webhooks import BROKEN, OWNER, URL, WORKSPACE, WebhookHarness

HOUR = timedelta(hours=1)
TEST_MODE = Owner(WORKSPACE, False)


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


def test_a_deleted_endpoint_is_gone(harness: WebhookHarness) -> None:
    endpoint = harness.endpoint()
    harness.manage.delete(harness.caller(), endpoint.id)
    with pytest.raises(NotFound):
        harness.manage.get(OWNER, endpoint.id)
    with pytest.raises(NotFound):
        harness.manage.delete(harness.caller(), endpoint.id)
