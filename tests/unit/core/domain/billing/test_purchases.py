"""A purchase's way: what its refunds and disputes are worth, and how long one is kept that came to nothing."""

from __future__ import annotations

import pytest

from darkroom.domain.billing.purchases import UNFINISHED_KEPT, DisputeStatus, PurchaseStatus
from tests.contract.examples import NOW, purchase

PAID = purchase().paid("pi_1", NOW)


def test_it_goes_from_open_over_pending_to_paid() -> None:
    pending = purchase().pending("pi_1")
    paid = pending.paid("", NOW)
    assert [one.status for one in (purchase(), pending, paid)] == ["open", "pending", "paid"]
    assert (paid.payment_id, paid.paid_at, paid.version) == ("pi_1", NOW, 3)
    assert pending.failed("").status is PurchaseStatus.FAILED


def test_only_what_nobody_finished_is_forgotten() -> None:
    assert purchase().kept_until == NOW + UNFINISHED_KEPT
    assert PAID.kept_until is purchase().pending("pi_1").kept_until is None


@pytest.mark.parametrize(
    ("cents", "credits"), [(0, 0), (7, 0), (8, 1), (1_200, 150), (2_399, 299), (2_400, 300), (9_999, 300)]
)
def test_a_part_of_the_price_is_worth_whole_credits_and_all_of_it_all(cents: int, credits: int) -> None:
    changed, taken = PAID.refunded(cents)
    assert (taken, changed.refunded_cents) == (credits, cents)
    assert sum(changed.taken.values()) == credits


def test_refunds_and_disputes_together_take_no_more_than_was_granted() -> None:
    refunded, _ = PAID.refunded(600)
    disputed, taken = refunded.disputed("dp_1", 2_400, DisputeStatus.OPEN)
    assert taken == 225
    again, more = disputed.refunded(2_400)
    assert (more, again.taken) == (0, disputed.taken)
    assert again.decided("dp_1", DisputeStatus.WON).taken == refunded.taken
    assert again.decided("dp_1", DisputeStatus.LOST).taken == disputed.taken


def test_a_dispute_that_was_won_before_it_was_heard_of_takes_nothing() -> None:
    changed, taken = PAID.disputed("dp_1", 2_400, DisputeStatus.WON)
    assert (taken, dict(changed.disputes)) == (0, {"dp_1": DisputeStatus.WON})
