from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.billing.ledger import (
    LedgerEntry,
    Wallet,
    grant_entry,
    hold_entry,
    next_reset,
    reinstatement_entry,
    reversal_entry,
    settle_entry,
)

NOW = datetime(2026, 6, 18, tzinfo=UTC)
OWNER = Owner("w", True)


@given(st.integers(0, 10_000), st.data())
def test_every_entry_balances(held: int, data: st.DataObject) -> None:
    charged = data.draw(st.integers(0, held))
    hold = hold_entry(OWNER, "j", held, NOW)
    settle = settle_entry(OWNER, "j", held=held, charged=charged, at=NOW)
    assert hold.held + settle.held == 0
    assert hold.available + settle.available == -charged
    assert settle.spent == charged


def test_an_entry_that_does_not_balance_cannot_be_made() -> None:
    with pytest.raises(ValueError, match="does not balance"):
        LedgerEntry("x", OWNER, grant_entry(OWNER, "c", 1, NOW).kind, NOW, available=1)


def test_what_is_given_back_is_what_was_taken() -> None:
    reversal = reversal_entry(OWNER, "dp_1", 30, NOW, "disputed")
    back = reinstatement_entry(reversal, "dp_1", NOW)
    assert (reversal.id, reversal.available, reversal.reversed) == ("dp_1#reversal", -30, 30)
    assert (back.id, back.available, back.reversed) == ("dp_1#reinstatement", 30, -30)
    with pytest.raises(ValueError, match="positive"):
        reversal_entry(OWNER, "dp_1", 0, NOW)


def test_what_is_owed_is_a_balance_below_nothing() -> None:
    wallet = Wallet(OWNER, owed=3, held=2, spent=4, granted=10, reversed=7)
    assert (wallet.balance, wallet.remaining, wallet.balances) == (-3, 0, True)
    assert not Wallet(OWNER, granted=10, available=9).balances


@pytest.mark.parametrize("charged", [-1, 11])
def test_settling_more_than_was_held_is_refused(charged: int) -> None:
    with pytest.raises(ValueError, match="would settle"):
        settle_entry(OWNER, "j", held=10, charged=charged, at=NOW)


def test_a_grant_is_positive() -> None:
    with pytest.raises(ValueError, match="positive"):
        grant_entry(OWNER, "c", 0, NOW)


def test_use_is_counted_over_thirty_days() -> None:
    used = {
        (Feature.IMAGES, date(2026, 5, 19)): 100,  # left the window
        (Feature.IMAGES, date(2026, 5, 20)): 10,
        (Feature.IMAGES, date(2026, 6, 18)): 1,
        (Feature.IMAGES, date(2026, 6, 19)): 1000,  # another clock's, which is ahead
        (Feature.VIDEO, date(2026, 6, 18)): 7,
    }
    wallet = Wallet(OWNER, used=used)
    today = date(2026, 6, 18)
    assert wallet.used_in_window(Feature.IMAGES, today) == 11
    assert wallet.ceiling_today(Feature.IMAGES, 50, today) == 40
    assert wallet.stale(today) == ((Feature.IMAGES, date(2026, 5, 19)),)


def test_what_is_held_still_counts_as_remaining() -> None:
    assert Wallet(OWNER, available=478, held=2, granted=480).remaining == 480


@pytest.mark.parametrize(
    ("now", "reset"),
    [
        (datetime(2026, 6, 18, 17, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)),
        (datetime(2026, 11, 1, tzinfo=UTC), datetime(2026, 12, 1, tzinfo=UTC)),
    ],
)
def test_the_allowance_resets_with_the_month(now: datetime, reset: datetime) -> None:
    assert next_reset(now) == reset
