"""Refunds and disputes: taken once, never more than was granted, in whatever order they are told."""

from __future__ import annotations

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.billing.payment_events import CheckoutOutcome, DisputeEvent, PaymentEvent, RefundEvent
from darkroom.domain.billing.purchases import DisputeStatus, PurchaseStatus
from darkroom.domain.writes import HoldCredits, WriteRefused
from darkroom.services.billing.metrics import BillingMetric
from tests.harness.core import TenantHarness

PRICE = 2_400
OPEN, WON, LOST = DisputeStatus.OPEN, DisputeStatus.WON, DisputeStatus.LOST


def a_stack() -> TenantHarness:
    """A workspace with ten credits that has begun to buy 300 for 24.00."""
    stack = TenantHarness(credits=10, plan="metered")
    stack.core.buy_credits(stack.owner, "pack_300")
    return stack


@pytest.fixture
def stack() -> TenantHarness:
    return a_stack()


@pytest.fixture
def paid(stack: TenantHarness) -> TenantHarness:
    tell(stack, stack.payments.outcome())
    return stack


def tell(stack: TenantHarness, *events: PaymentEvent) -> list[str]:
    results = []
    for event in events:
        results.append(stack.core.handle_payment_event(event))
        stack.check_books()
    return results


def refund(stack: TenantHarness, cents: int = PRICE) -> RefundEvent:
    return RefundEvent(stack.payments.payment(), cents)


def dispute(
    stack: TenantHarness, status: DisputeStatus = OPEN, cents: int = PRICE, name: str = "dp_1"
) -> DisputeEvent:
    return DisputeEvent(stack.payments.payment(), name, cents, status)


def balance(stack: TenantHarness) -> int:
    return stack.wallet.balance


def test_a_refund_takes_what_was_granted_once(paid: TenantHarness) -> None:
    assert tell(paid, refund(paid), refund(paid), refund(paid)) == ["taken", "nothing", "nothing"]
    assert balance(paid) == 10
    assert paid.wallet.reversed == 300
    assert paid.meter.counted[BillingMetric.PAYMENT_REVERSED] == 1


@pytest.mark.parametrize("order", list(permutations((600, 601, 1_200, PRICE))))
def test_partial_refunds_are_told_by_their_sum_in_whatever_order(
    paid: TenantHarness, order: tuple[int, ...]
) -> None:
    for told in range(1, len(order) + 1):
        tell(paid, refund(paid, order[told - 1]))
        assert balance(paid) == 310 - 300 * max(order[:told]) // PRICE
    assert balance(paid) == 10


@pytest.mark.parametrize("cents", [1, 600, PRICE, PRICE + 1])
def test_a_refund_that_overtakes_its_payment_proves_it(stack: TenantHarness, cents: int) -> None:
    tell(stack, refund(stack, cents))
    expected = 310 - 300 * min(cents, PRICE) // PRICE
    assert (stack.wallet.granted, balance(stack)) == (310, expected)
    tell(
        stack, stack.payments.outcome(CheckoutOutcome.UNPAID), stack.payments.outcome(), refund(stack, cents)
    )
    assert (stack.wallet.granted, balance(stack)) == (310, expected)
    assert [one.status for one in stack.memory.purchases.values()] == [PurchaseStatus.PAID]


def test_what_is_spent_already_is_owed_and_nothing_is_spent_until_it_is_paid(paid: TenantHarness) -> None:
    hold = HoldCredits(paid.owner, 200, Feature.IMAGES, 1, paid.clock.now().date(), 1_000)
    paid.memory.wallets[paid.owner] = paid.wallet  # a wallet of which most is under way
    paid.store.commit(hold)
    paid.core.handle_payment_event(refund(paid))
    assert paid.wallet.owed == 190
    with pytest.raises(WriteRefused):
        paid.store.commit(HoldCredits(paid.owner, 1, Feature.IMAGES, 1, paid.clock.now().date(), 1_000))


def test_a_dispute_takes_and_one_that_is_won_gives_back(paid: TenantHarness) -> None:
    assert tell(paid, dispute(paid), dispute(paid)) == ["taken", "nothing"]
    assert balance(paid) == 10
    assert tell(paid, dispute(paid, WON), dispute(paid, WON), dispute(paid)) == [
        "given back",
        "nothing",
        "nothing",
    ]
    assert balance(paid) == 310


def test_one_that_is_lost_stays_taken(paid: TenantHarness) -> None:
    assert tell(paid, dispute(paid), dispute(paid, LOST), dispute(paid, LOST)) == [
        "taken",
        "noted",
        "nothing",
    ]
    assert tell(paid, dispute(paid, WON)) == ["nothing"]
    assert balance(paid) == 10


@pytest.mark.parametrize(("decided", "expected"), [(WON, 310), (LOST, 10)])
def test_its_end_may_be_told_before_its_beginning_and_before_the_payment(
    stack: TenantHarness, decided: DisputeStatus, expected: int
) -> None:
    tell(stack, dispute(stack, decided), dispute(stack), stack.payments.outcome(), dispute(stack, decided))
    assert balance(stack) == expected


def test_what_a_payment_granted_is_taken_once_in_all(paid: TenantHarness) -> None:
    tell(paid, refund(paid, 1_200), dispute(paid), dispute(paid, name="dp_2"), refund(paid))
    assert balance(paid) == 10
    tell(paid, dispute(paid, WON))
    assert balance(paid) == 160


def test_of_what_is_not_ours_nothing_is_taken(paid: TenantHarness) -> None:
    unknown = paid.payments.payment(purchase_id="other")
    assert tell(paid, RefundEvent(unknown, 1), DisputeEvent(unknown, "dp_1", 1, OPEN)) == [
        "unknown",
        "unknown",
    ]
    assert paid.meter.counted[BillingMetric.UNKNOWN_PAYMENT] == 2


def test_of_what_was_never_granted_nothing_is_taken(stack: TenantHarness) -> None:
    other = stack.payments.payment(amount=1)
    assert tell(stack, RefundEvent(other, 1)) == ["unknown"]
    assert balance(stack) == 10


EVENTS = ("paid", "refund 600", "refund 2400", "open", "won", "lost", "open 2")


@given(st.lists(st.sampled_from(EVENTS), max_size=12))
def test_whatever_is_told_the_books_balance_and_no_more_is_taken_than_was_granted(told: list[str]) -> None:
    stack = a_stack()
    events: dict[str, PaymentEvent] = {
        "paid": stack.payments.outcome(),
        "refund 600": refund(stack, 600),
        "refund 2400": refund(stack),
        "open": dispute(stack),
        "won": dispute(stack, WON),
        "lost": dispute(stack, LOST),
        "open 2": dispute(stack, name="dp_2"),
    }
    tell(stack, *(events[one] for one in told))
    assert 10 <= balance(stack) <= 310
