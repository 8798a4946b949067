"""What providers tell of checkouts: granted once and only when paid, whatever comes twice, late or out of order."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import permutations

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.payment_events import CheckoutEvent, CheckoutOutcome
from darkroom.domain.billing.purchases import PurchaseStatus
from darkroom.domain.errors import Unavailable
from darkroom.services.billing.handle_checkout import CheckoutResult
from darkroom.services.billing.metrics import BillingMetric
from tests.fakes.calls import Crash
from tests.harness.core import TenantHarness

PAID, UNPAID, FAILED = CheckoutOutcome.PAID, CheckoutOutcome.UNPAID, CheckoutOutcome.FAILED


@pytest.fixture
def stack() -> TenantHarness:
    stack = TenantHarness(credits=10, plan="metered")
    stack.core.buy_credits(stack.owner, "pack_300")
    return stack


def tell(stack: TenantHarness, event: CheckoutEvent) -> CheckoutResult:
    result = stack.core.handle_checkout(event)
    stack.check_books()
    return result


def test_what_is_paid_is_granted_once_however_often_it_is_told(stack: TenantHarness) -> None:
    paid = stack.payments.outcome()
    assert tell(stack, paid) is CheckoutResult.GRANTED
    for _ in range(3):
        assert tell(stack, paid) is CheckoutResult.NOTHING
    assert stack.wallet.granted == 310
    (purchase,) = stack.memory.purchases.values()
    assert (purchase.status, purchase.payment_id) == (PurchaseStatus.PAID, "pi_1")
    assert purchase.paid_at == stack.clock.now()
    assert stack.memory.customers == {stack.owner: "cus_1"}


def test_a_hundred_tellings_at_once_grant_once(stack: TenantHarness) -> None:
    paid = stack.payments.outcome()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda _: stack.core.handle_checkout(paid), range(100)))
    assert results.count(CheckoutResult.GRANTED) == 1
    assert stack.wallet.granted == 310
    stack.check_books()


@pytest.mark.parametrize("order", sorted(set(permutations((UNPAID, PAID, UNPAID, PAID)))))
def test_a_delayed_payment_is_granted_when_it_comes_in_whatever_order(
    stack: TenantHarness, order: tuple[CheckoutOutcome, ...]
) -> None:
    for outcome in order:
        before = stack.wallet.granted
        result = tell(stack, stack.payments.outcome(outcome))
        assert (stack.wallet.granted > before) == (result is CheckoutResult.GRANTED)
    assert stack.wallet.granted == 310
    assert [one.status for one in stack.memory.purchases.values()] == [PurchaseStatus.PAID]


@pytest.mark.parametrize("outcomes", [[UNPAID], [UNPAID, FAILED], [FAILED, UNPAID], [FAILED, FAILED]])
def test_what_is_not_paid_is_not_granted(stack: TenantHarness, outcomes: list[CheckoutOutcome]) -> None:
    for outcome in outcomes:
        tell(stack, stack.payments.outcome(outcome))
    assert stack.wallet.granted == 10
    expected = PurchaseStatus.FAILED if FAILED in outcomes else PurchaseStatus.PENDING
    assert [one.status for one in stack.memory.purchases.values()] == [expected]


@pytest.mark.parametrize("change", [{"amount": 2_399}, {"amount": 0}, {"currency": "jpy"}, {"currency": ""}])
def test_another_amount_or_currency_grants_nothing_and_is_counted(
    stack: TenantHarness, change: dict[str, object]
) -> None:
    assert tell(stack, stack.payments.outcome(**change)) is CheckoutResult.MISMATCH  # type: ignore[arg-type]
    assert stack.wallet.granted == 10
    assert stack.meter.counted[BillingMetric.PAYMENT_MISMATCH] == 1


def test_a_changed_price_does_not_change_what_was_agreed(stack: TenantHarness) -> None:
    stack.core.buy_credits = replace(stack.core.buy_credits, packs={})  # nor its being sold at all
    assert tell(stack, stack.payments.outcome()) is CheckoutResult.GRANTED


def test_what_is_not_on_record_is_acknowledged_and_counted(stack: TenantHarness) -> None:
    known = stack.payments.outcome()
    stranger = Owner(stack.core.open_workspace("other").id, livemode=True)
    test_mode = Owner(stack.owner.workspace_id, livemode=False)
    for unknown in (
        replace(known, purchase_id="nobody's"),
        replace(known, session_id="cs_of_another_shop"),
        replace(known, owner=stranger),
        replace(known, owner=test_mode),
    ):
        assert tell(stack, unknown) is CheckoutResult.UNKNOWN
    assert stack.meter.counted[BillingMetric.UNKNOWN_PAYMENT] == 4
    assert stack.wallet.granted == 10


def test_two_purchases_are_two(stack: TenantHarness) -> None:
    stack.core.buy_credits(stack.owner, "pack_100")
    for number in (0, 1):
        assert tell(stack, stack.payments.outcome(number=number)) is CheckoutResult.GRANTED
    assert stack.wallet.granted == 410


@pytest.mark.parametrize("after_effect", [True, False])
@pytest.mark.parametrize("call", [1, 2])
def test_wherever_it_dies_the_next_telling_leaves_one_grant(
    stack: TenantHarness, call: int, after_effect: bool
) -> None:
    stack.calls.made.clear()
    stack.calls.die_at, stack.calls.die_after_effect = call, after_effect
    with pytest.raises(Crash):
        stack.core.handle_checkout(stack.payments.outcome())
    stack.calls.die_at = None
    tell(stack, stack.payments.outcome())
    assert stack.wallet.granted == 310


def test_a_busy_store_has_the_event_sent_again(stack: TenantHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy(*_: object) -> None:
        raise Unavailable("The store is busy.")

    monkeypatch.setattr(stack.store, "commit", busy)
    with pytest.raises(Unavailable):
        stack.core.handle_checkout(stack.payments.outcome())
    assert stack.wallet.granted == 10


def test_manifests_that_wait_for_credits_are_told_of_them(stack: TenantHarness) -> None:
    told: list[Owner] = []
    handle = replace(stack.core.handle_checkout, granted=told.append)
    handle(stack.payments.outcome(UNPAID))
    handle(stack.payments.outcome())
    handle(stack.payments.outcome())
    assert told == [stack.owner]
