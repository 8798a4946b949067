"""When a delivery is tried again: the rules alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain.serialization import from_document, to_document
from darkroom.domain.webhooks import deliveries
from darkroom.domain.webhooks.deliveries import (
    EXPLANATIONS,
    JITTER,
    MAX_ATTEMPTS_KEPT,
    RETRY_DELAYS,
    Attempt,
    AttemptError,
    Delivery,
    DeliveryFailure,
    DeliveryStatus,
)
from darkroom.domain.webhooks.endpoints import EventType
from tests.harness.webhooks import OWNER

NOW = datetime(2026, 6, 18, 12, 0, 0, 123456, tzinfo=UTC)
FRESH = Delivery("d", OWNER, "e", "evt", EventType.COMPLETED, "{}", NOW)


def attempt(status: int | None, at: datetime = NOW) -> Attempt:
    if status is None:
        return Attempt(at, None, 15_000, AttemptError.TIMEOUT)
    return deliveries.answered(at, status, duration_ms=5, response="")


def after(
    delivery: Delivery, status: int | None, *, retry_after: float | None = None, jitter: float = 0.0
) -> Delivery:
    asked = None if retry_after is None else timedelta(seconds=retry_after)
    return deliveries.attempted(delivery, attempt(status), retry_after=asked, jitter=jitter)


def test_the_schedule_is_the_documented_one() -> None:
    delivery, waits = FRESH, []
    while (delivery := after(delivery, 500)).next_attempt_at is not None:
        waits.append((delivery.next_attempt_at - NOW) / timedelta(seconds=1))
    assert waits == [5, 300, 1800, 7200, 18_000, 36_000, 36_000]
    assert delivery.status is DeliveryStatus.FAILED
    assert delivery.failure is DeliveryFailure.EXHAUSTED
    assert len(delivery.attempts) == 8


@given(st.floats(0, 1), st.integers(0, len(RETRY_DELAYS) - 1))
def test_jitter_only_ever_makes_a_retry_a_little_later(jitter: float, tries: int) -> None:
    delivery = FRESH
    for _ in range(tries + 1):
        delivery = after(delivery, 500, jitter=jitter)
    assert delivery.next_attempt_at
    delay = delivery.next_attempt_at - NOW
    assert RETRY_DELAYS[tries] <= delay <= RETRY_DELAYS[tries] * (1 + JITTER) + timedelta(microseconds=1)


@pytest.mark.parametrize("status", [200, 201, 202, 204, 299])
def test_a_2xx_ends_it_well(status: int) -> None:
    delivery = after(FRESH, status)
    assert (delivery.status, delivery.next_attempt_at) == (DeliveryStatus.SUCCEEDED, None)
    assert delivery.attempts[0].error is None
    assert delivery.attempts[0].explanation is None


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (None, AttemptError.TIMEOUT),
        (100, AttemptError.STATUS),
        *((status, AttemptError.REDIRECT) for status in (300, 301, 302, 303, 304, 307, 308)),
        *((status, AttemptError.STATUS) for status in (400, 401, 404, 429, 500, 502, 503, 504, 599)),
    ],
)
def test_everything_else_is_tried_again(status: int | None, error: AttemptError) -> None:
    delivery = after(FRESH, status)
    assert (delivery.status, delivery.tries) == (DeliveryStatus.PENDING, 1)
    assert delivery.attempts[0].error == error
    assert delivery.attempts[0].explanation == EXPLANATIONS[error]


def test_a_redirect_explains_itself() -> None:
    explanation = attempt(302).explanation
    assert explanation
    assert "not followed" in explanation


def test_410_is_not_tried_again() -> None:
    delivery = after(FRESH, 410)
    assert (delivery.status, delivery.failure) == (DeliveryStatus.FAILED, DeliveryFailure.GONE)
    assert delivery.next_attempt_at is None


@pytest.mark.parametrize(
    ("asked", "waited"), [(0, 5), (4, 5), (6, 6), (3600, 3600), (36_000, 36_000), (10**9, 36_000)]
)
def test_retry_after_makes_it_later_but_never_sooner_and_at_most_ten_hours(asked: int, waited: int) -> None:
    assert after(FRESH, 503, retry_after=asked).next_attempt_at == NOW + timedelta(seconds=waited)


@pytest.mark.parametrize("status", [429, 502, 503, 504])
@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("120", 120),
        (" 120 ", 120),
        ("0", 0),
        (format_datetime(NOW + timedelta(seconds=90), usegmt=True), 90),
        (format_datetime((NOW + timedelta(seconds=90)).astimezone(timezone(timedelta(hours=2)))), 90),
        ("Thu, 18 Jun 2026 12:01:30 -0000", 90),
        ("Thu, 18 Jun 2026 11:00:00 GMT", 0),
        ("9" * 256, 36_000),
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Thu, 99 Jun 2026 11:00:00 GMT", None),
        ("Thu, 18 Jun 99999 11:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_forms(status: int, text: str | None, seconds: int | None) -> None:
    asked = deliveries.requested_delay(status, text, NOW)
    assert (None if asked is None else round(asked / timedelta(seconds=1))) == seconds


@given(st.text())
def test_no_retry_after_breaks_anything(text: str) -> None:
    asked = deliveries.requested_delay(503, text, NOW)
    assert asked is None or asked >= timedelta()


@pytest.mark.parametrize("status", [200, 302, 400, 404, 410, 500])
def test_retry_after_is_heeded_only_where_it_means_something(status: int) -> None:
    assert deliveries.requested_delay(status, "120", NOW) is None


def test_a_new_schedule_keeps_what_happened() -> None:
    spent = FRESH
    for _ in range(8):
        spent = after(spent, 500)
    again = deliveries.scheduled(spent, NOW)
    assert (again.status, again.failure, again.tries) == (DeliveryStatus.PENDING, None, 0)
    assert (again.id, again.payload, len(again.attempts)) == (spent.id, spent.payload, 8)
    assert after(again, 500).next_attempt_at == NOW + RETRY_DELAYS[0]


def test_only_the_latest_attempts_are_kept() -> None:
    delivery = FRESH
    for number in range(MAX_ATTEMPTS_KEPT + 10):
        delivery = deliveries.attempted(
            deliveries.scheduled(delivery, NOW),
            attempt(500, NOW + timedelta(seconds=number)),
            retry_after=None,
            jitter=0,
        )
    assert len(delivery.attempts) == MAX_ATTEMPTS_KEPT
    assert delivery.attempts[-1].at == NOW + timedelta(seconds=MAX_ATTEMPTS_KEPT + 9)


def test_the_excerpt_of_an_answer_is_cut() -> None:
    assert len(deliveries.answered(NOW, 500, duration_ms=1, response="x" * 5000).response) == 1024


def test_a_delivery_is_due_a_little_early_for_clocks_differ() -> None:
    moment = NOW + deliveries.CLOCK_SKEW
    assert deliveries.due(replace(FRESH, next_attempt_at=moment), NOW)
    assert not deliveries.due(replace(FRESH, next_attempt_at=moment + timedelta(milliseconds=1)), NOW)
    assert not deliveries.due(replace(FRESH, next_attempt_at=NOW, status=DeliveryStatus.FAILED), NOW)


def test_a_claim_keeps_others_away_until_it_runs_out() -> None:
    claimed = deliveries.claimed(after(FRESH, 500), NOW)
    assert not deliveries.due(claimed, NOW)
    assert not deliveries.due(claimed, NOW + timedelta(seconds=30))
    assert deliveries.due(claimed, NOW + deliveries.CLAIM)


@pytest.mark.parametrize("status", [200, 410, 500, None])
def test_a_delivery_survives_being_stored(status: int | None) -> None:
    delivery = after(FRESH, status)
    assert from_document(Delivery, to_document(delivery)) == delivery
