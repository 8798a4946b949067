"""The rules of automatic purchases: what suffices, what a month may cost, when a decline is the last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain.billing.packs import AutoReload, Pack
from darkroom.domain.billing.reloads import BACK_OFF, ReloadState, month_of, next_month, sufficient
from tests.contract.examples import NOW, OWNER

PACK = Pack("pack_100", 100, price_cents=900)
NEW = ReloadState(OWNER)


@pytest.mark.parametrize(
    ("threshold", "balance", "credits"),
    [
        (50, 49, 100),
        (50, 0, 100),
        (50, -50, 200),
        (50, -51, 200),
        (500, 0, 600),
        (0.5, 0, 100),
        (100, 0, 200),
    ],
)
def test_as_many_packs_as_bring_the_balance_above_the_threshold(
    threshold: float, balance: int, credits: int
) -> None:
    bought = sufficient(AutoReload(threshold, PACK.id), PACK, balance)
    assert (bought.credits, bought.price_cents) == (credits, credits * 9)


@given(st.floats(1, 1_000_000), st.integers(-1_000_000, 1_000_000), st.sampled_from([100, 300, 1_000]))
def test_whatever_the_balance_is_it_is_above_and_one_pack_less_would_not_do(
    threshold: float, balance: int, credits: int
) -> None:
    if balance >= threshold:
        return
    pack = Pack("p", credits, price_cents=1)
    bought = sufficient(AutoReload(threshold, pack.id), pack, balance)
    assert balance + bought.credits > threshold >= balance + bought.credits - pack.credits


def test_a_month_counts_what_was_begun_less_what_was_declined() -> None:
    begun = NEW.crossed().begun("p", 900, NOW)
    assert begun.cents_in(month_of(NOW)) == 900
    assert begun.paid().crossed().begun("q", 1_800, NOW).cents_in(month_of(NOW)) == 2_700
    assert begun.declined(900, NOW).cents_in(month_of(NOW)) == 0
    later = next_month(NOW)
    assert begun.cents_in(month_of(later)) == 0
    assert begun.paid().begun("q", 100, later).month_cents == 100


def test_a_month_begins_at_its_first_instant_utc() -> None:
    assert next_month(datetime(2026, 12, 31, 23, tzinfo=UTC)) == datetime(2027, 1, 1, tzinfo=UTC)
    assert month_of(datetime.fromisoformat("2027-01-01T00:30:00+01:00")) == "2026-12"


def test_a_decline_waits_and_the_second_in_a_row_is_the_last() -> None:
    once = NEW.crossed().begun("p", 900, NOW).declined(900, NOW)
    assert once.waits(NOW + BACK_OFF - timedelta(seconds=1))
    assert not once.waits(NOW + BACK_OFF)
    assert not once.is_given_up
    assert once.begun("q", 900, NOW).declined(900, NOW).is_given_up
    paid_between = once.begun("q", 900, NOW).paid()
    assert not paid_between.crossed().begun("r", 900, NOW).declined(900, NOW).is_given_up


def test_setting_it_up_anew_forgets_declines_and_not_what_is_under_way() -> None:
    under_way = NEW.crossed().begun("p", 900, NOW)
    assert under_way.fresh().purchase_id == "p"
    declined = under_way.declined(900, NOW).fresh()
    assert (declined.declines, declined.wait_until, declined.low) == (0, None, False)


def test_every_step_is_one_version() -> None:
    state = NEW
    for step, after in enumerate((NEW.crossed(), NEW.crossed().begun("p", 1, NOW)), start=1):
        assert after.version == step
        state = after
    assert state.paid().version == 3
