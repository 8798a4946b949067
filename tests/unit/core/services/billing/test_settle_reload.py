"""Automatic purchases whose end is told later: bank debits, and what is refunded."""

from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.domain.billing.charges import Charge, ChargeOutcome
from darkroom.domain.billing.payment_events import RefundEvent, ReloadEvent
from darkroom.services.billing.metrics import BillingMetric
from tests.unit.core.services.billing.test_reload_credits import FAILED, LOW, RELOADED, Reloading


@pytest.fixture
def stack() -> Reloading:
    return Reloading()


def test_what_is_under_way_counts_until_its_end_is_known(stack: Reloading) -> None:
    stack.payments.answers = [Charge(ChargeOutcome.PENDING)]
    stack.spend(90)
    for _ in range(10):
        stack.look()
    assert len(stack.payments.charged) == 1
    ((purchase, charge),) = stack.payments.charged.values()
    assert stack.news == [LOW]
    event = ReloadEvent(stack.payments.paid_by_itself(purchase, charge), is_paid=True)
    for _ in range(3):
        stack.core.handle_payment_event(event)
    assert stack.news == [LOW, RELOADED]
    assert stack.wallet.available == 110


def test_a_debit_that_bounces_is_a_decline(stack: Reloading) -> None:
    stack.payments.answers = [Charge(ChargeOutcome.PENDING)]
    stack.spend(90)
    stack.look()
    ((purchase, charge),) = stack.payments.charged.values()
    failed = ReloadEvent(stack.payments.paid_by_itself(purchase, charge), is_paid=False)
    assert [stack.core.handle_payment_event(failed) for _ in range(2)] == ["settled", "nothing"]
    assert stack.news == [LOW, FAILED]
    assert stack.told[-1].data["reload"]["reason"] == "payment_failed"


def test_a_payment_of_another_amount_grants_nothing(stack: Reloading) -> None:
    stack.payments.answers = [Charge(ChargeOutcome.PENDING)]
    stack.spend(90)
    stack.look()
    ((purchase, charge),) = stack.payments.charged.values()
    wrong = ReloadEvent(stack.payments.paid_by_itself(purchase, charge, amount=1), is_paid=True)
    assert stack.core.handle_payment_event(wrong) == "nothing"
    assert stack.meter.counted[BillingMetric.PAYMENT_MISMATCH] == 1


def test_a_refund_of_a_reload_takes_its_credits(stack: Reloading) -> None:
    stack.spend(90)
    stack.look()
    ((purchase, charge),) = stack.payments.charged.values()
    stack.core.handle_payment_event(RefundEvent(stack.payments.paid_by_itself(purchase, charge), 900))
    assert stack.wallet.balance == 10


def test_after_a_debit_that_bounced_the_next_try_needs_no_traffic(stack: Reloading) -> None:
    stack.payments.answers = [Charge(ChargeOutcome.PENDING)]
    stack.spend(100)
    stack.look()
    ((purchase, charge),) = stack.payments.charged.values()
    stack.core.handle_payment_event(
        ReloadEvent(stack.payments.paid_by_itself(purchase, charge), is_paid=False)
    )
    stack.pass_time(timedelta(hours=2))
    assert stack.news == [LOW, FAILED, RELOADED]
    assert stack.wallet.available == 100


def test_what_is_told_of_a_charge_that_the_worker_ends_itself_changes_nothing(stack: Reloading) -> None:
    stack.spend(90)
    stack.look()
    ((purchase, charge),) = stack.payments.charged.values()
    for is_paid in (True, False, True):
        event = ReloadEvent(stack.payments.paid_by_itself(purchase, charge), is_paid)
        assert stack.core.handle_payment_event(event) == "nothing"
    assert stack.wallet.available == 110


def test_what_is_paid_is_granted_though_the_worker_died_before_it_knew(stack: Reloading) -> None:
    stack.spend(90)
    stack.payments.answers = [RuntimeError("the process died")]
    with pytest.raises(RuntimeError):
        stack.look()
    (purchase,) = stack.memory.purchases.values()
    charge = stack.payments.charge(purchase, "cus_1")
    event = ReloadEvent(stack.payments.paid_by_itself(purchase, charge), is_paid=True)
    assert stack.core.handle_payment_event(event) == "settled"
    stack.look()
    assert stack.wallet.available == 110
    assert stack.news == [LOW, RELOADED]
