"""Endpoints: what they are told about, which secrets sign, and what switching and moving them forgets."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.webhooks.endpoints import (
    DEFAULT_OVERLAP,
    GENERATION_EVENTS,
    SUBSCRIBABLE,
    DisabledReason,
    Endpoint,
    EventType,
)
from tests.contract.examples import NOW, OWNER

ENDPOINT = Endpoint("e", OWNER, "https://s.test/", frozenset({EventType.COMPLETED}), NOW)
FAILING = replace(
    ENDPOINT, enabled=False, failing_since=NOW, disabled_at=NOW, disabled_reason=DisabledReason.FAILING
)


@pytest.mark.parametrize(
    ("event", "enabled", "delivered"),
    [
        (EventType.COMPLETED, True, True),
        (EventType.FAILED, True, False),
        (EventType.TEST, True, True),
        (EventType.COMPLETED, False, False),
        (EventType.TEST, False, False),
    ],
)
def test_an_endpoint_is_told_of_its_events_and_of_tests_while_it_is_on(
    event: EventType, enabled: bool, delivered: bool
) -> None:
    assert replace(ENDPOINT, enabled=enabled).wants(event) is delivered


def test_tests_cannot_be_subscribed_to_and_only_generations_have_generations_events() -> None:
    assert EventType.TEST not in SUBSCRIBABLE
    of_credits = {"credits.low", "credits.reloaded", "credits.reload_failed", "budget.reached"}
    others = {"webhook.disabled", "file.ready", "file.rejected", "batch.completed"}
    assert set(SUBSCRIBABLE) - GENERATION_EVENTS == others | of_credits


def test_a_new_secret_is_derived_from_the_master_secret_s_current_version() -> None:
    rotated = ENDPOINT.rotated(NOW, DEFAULT_OVERLAP, 3)
    assert (rotated.version, rotated.secret_version) == (ENDPOINT.version + 1, 2)
    assert rotated.overlap_until == NOW + DEFAULT_OVERLAP
    assert (rotated.master_version, rotated.previous_master_version) == (3, 1)


def test_switching_on_forgets_why_it_was_off() -> None:
    assert FAILING.switched(True) == ENDPOINT
    assert ENDPOINT.switched(False) == replace(ENDPOINT, enabled=False)


def test_switching_to_what_it_is_changes_nothing() -> None:
    assert FAILING.switched(False) == FAILING
    failing = replace(ENDPOINT, failing_since=NOW)
    assert failing.switched(True) == failing


def test_another_address_has_not_failed_yet() -> None:
    failing = replace(ENDPOINT, failing_since=NOW)
    assert failing.moved("https://t.test/") == replace(ENDPOINT, url="https://t.test/")
    assert failing.moved(ENDPOINT.url) == failing
