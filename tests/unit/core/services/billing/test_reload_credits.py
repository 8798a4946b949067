"""Buying credits that run low: once for each fall, enough, within a month's limit; neither a storm nor silence."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.billing.charges import NO_PAYMENT_METHOD, Charge, ChargeOutcome
from darkroom.domain.billing.purchases import PurchaseStatus
from darkroom.domain.billing.reload_messages import ReloadMessage
from darkroom.domain.billing.reloads import BACK_OFF, next_month
from darkroom.domain.errors import InvalidParam, Unavailable
from darkroom.domain.webhooks.endpoints import EventType
from darkroom.domain.webhooks.events import Event
from darkroom.domain.writes import HoldCredits, SetCustomer
from darkroom.services.billing.metrics import BillingMetric
from tests.fakes.calls import Crash
from tests.harness.core import CoreHarness

LOW, RELOADED = EventType.CREDITS_LOW, EventType.CREDITS_RELOADED
FAILED = EventType.CREDITS_RELOAD_FAILED
DECLINED = Charge(ChargeOutcome.DECLINED, reason="card_declined")


class Reloading(CoreHarness):
    """A workspace with 100 credits and a saved card that reloads below 50, and the worker that looks."""

    def __init__(self, threshold: float = 50, pack: str = "pack_100", **limits: Any) -> None:
        super().__init__(credits=100)
        self.store.commit(SetCustomer(self.owner, "cus_1"))
        self.core.auto_reload.enable(self.owner, threshold, pack, **limits)

    def spend(self, credits: int) -> None:
        """Hold credits for a job that goes on for ever."""
        day = self.clock.now().date()
        self.store.commit(HoldCredits(self.owner, credits, Feature.IMAGES, 1, day, 1_000_000))

    def look(self) -> None:
        """What each change of a watched wallet leads to."""
        self.core.reload_credits.handle(ReloadMessage(self.owner))

    def pass_time(self, delta: timedelta) -> None:
        """Let time pass and every message that waits come when it is due."""
        until = self.clock.now() + delta
        while self.reload_queue.sent:
            message, delay = self.reload_queue.sent.pop(0)
            if self.clock.now() + timedelta(seconds=delay) > until:
                self.reload_queue.sent.append((message, delay))
                break
            self.clock.advance(delay)
            self.core.reload_credits.handle(message)
        self.clock.advance(until - self.clock.now())

    @property
    def told(self) -> list[Event]:
        return list(self.memory.events.values())

    @property
    def news(self) -> list[EventType]:
        return [event.type for event in self.told]


@pytest.fixture
def stack() -> Reloading:
    return Reloading()


def test_twenty_debits_at_once_across_the_threshold_are_one_charge(stack: Reloading) -> None:
    def debit(_: int) -> None:
        stack.spend(4)
        stack.look()

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(debit, range(20)))
    for _ in range(5):  # every event twice and more, and late
        stack.look()
    assert len(stack.payments.charged) == 1
    assert stack.wallet.available == 100 - 80 + 100
    assert stack.news == [LOW, RELOADED]


def test_events_all_at_once_after_the_fall_are_one_charge(stack: Reloading) -> None:
    stack.spend(80)
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda _: stack.look(), range(100)))
    ((purchase, _),) = stack.payments.charged.values()
    assert purchase.pack.credits == 100
    assert stack.wallet.available == 120
    assert stack.meter.counted[BillingMetric.RELOADED] == 1


def test_a_balance_above_the_threshold_buys_nothing(stack: Reloading) -> None:
    stack.spend(50)
    stack.look()
    assert (stack.news, stack.payments.charged) == ([], {})


def test_one_charge_suffices_however_far_it_fell() -> None:
    stack = Reloading(threshold=500)
    stack.look()
    ((purchase, _),) = stack.payments.charged.values()
    assert (purchase.pack.credits, purchase.pack.price_cents) == (500, 4_500)
    assert stack.wallet.available == 600
    low, reloaded = stack.told
    assert low.data == {"credits": {"available": 100, "threshold": 500}}
    assert reloaded.data["reload"] == {
        "id": purchase.id,
        "credits": 500,
        "amount_cents": 4_500,
        "currency": "usd",
    }


def test_each_fall_is_one_charge(stack: Reloading) -> None:
    for _ in range(3):
        stack.spend(90)
        for _ in range(3):
            stack.look()
    assert len(stack.payments.charged) == 3
    assert stack.news == [LOW, RELOADED] * 3


def test_a_decline_waits_and_a_second_switches_off_and_both_are_told(stack: Reloading) -> None:
    stack.payments.answers = [DECLINED, DECLINED]
    stack.spend(90)
    for _ in range(20):
        stack.look()
    assert len(stack.payments.charged) == 1
    assert stack.news == [LOW, FAILED]
    first = stack.told[-1].data["reload"]
    assert (first["reason"], first["auto_reload_enabled"]) == ("card_declined", True)
    stack.pass_time(BACK_OFF + timedelta(minutes=1))
    for _ in range(20):
        stack.look()
    assert len(stack.payments.charged) == 2
    assert stack.news == [LOW, FAILED, FAILED]
    last = stack.told[-1].data["reload"]
    assert (last["auto_reload_enabled"], last["retry_at"]) == (False, None)
    assert stack.core.auto_reload.show(stack.owner) is None
    stack.pass_time(timedelta(days=40))
    assert len(stack.payments.charged) == 2
    assert [one.status for one in stack.memory.purchases.values()] == [PurchaseStatus.FAILED] * 2


def test_after_a_decline_the_next_try_needs_no_traffic(stack: Reloading) -> None:
    stack.payments.answers = [DECLINED]
    stack.spend(100)
    stack.look()
    stack.pass_time(timedelta(hours=2))
    assert stack.wallet.available == 100
    assert stack.news == [LOW, FAILED, RELOADED]


def test_without_a_payment_method_the_owner_is_told(stack: Reloading) -> None:
    stack.store.commit(SetCustomer(stack.owner, ""))
    stack.spend(90)
    stack.look()
    assert stack.told[-1].data["reload"]["reason"] == NO_PAYMENT_METHOD


def test_switching_on_again_begins_anew(stack: Reloading) -> None:
    stack.payments.answers = [DECLINED, DECLINED]
    stack.spend(90)
    stack.look()
    stack.pass_time(timedelta(hours=2))
    stack.core.auto_reload.enable(stack.owner, 50, "pack_300")
    stack.look()
    assert stack.wallet.available == 310


def test_a_month_costs_no_more_than_it_may() -> None:
    stack = Reloading(monthly_limit_cents=1_800)
    for _ in range(4):
        stack.spend(90)
        for _ in range(5):
            stack.look()
        if stack.wallet.available < 90:
            break
    assert len(stack.payments.charged) == 2
    assert stack.news == [LOW, RELOADED, LOW, RELOADED, LOW, FAILED]
    limit = stack.told[-1].data["reload"]
    assert (limit["reason"], limit["auto_reload_enabled"]) == ("monthly_limit", True)
    assert limit["retry_at"].startswith(next_month(stack.clock.now()).date().isoformat())
    stack.pass_time(next_month(stack.clock.now()) - stack.clock.now() + timedelta(minutes=1))
    assert len(stack.payments.charged) == 3
    assert stack.wallet.available >= 50


def test_a_charge_of_which_nothing_is_known_is_finished_and_not_made_again(stack: Reloading) -> None:
    stack.payments.answers = [Unavailable("Stripe does not answer.")]
    stack.spend(90)
    with pytest.raises(Unavailable):
        stack.look()
    assert stack.wallet.available == 10
    stack.core.auto_reload.disable(stack.owner)  # what is under way is finished all the same
    stack.look()
    assert len(stack.payments.charged) == 1
    assert stack.wallet.available == 110


@pytest.mark.parametrize("after_effect", [True, False])
@pytest.mark.parametrize("call", range(1, 12))
def test_wherever_the_worker_dies_there_is_one_charge(call: int, after_effect: bool) -> None:
    stack = Reloading()
    stack.spend(90)
    stack.calls.made.clear()
    stack.calls.die_at, stack.calls.die_after_effect = call, after_effect
    try:
        stack.look()
    except Crash:
        stack.calls.die_at = None
        stack.look()
    stack.calls.die_at = None
    stack.look()
    assert len(stack.payments.charged) == 1
    assert stack.wallet.available == 110
    assert stack.news == [LOW, RELOADED]


def test_a_stack_that_sells_nothing_says_that_credits_are_low(stack: Reloading) -> None:
    stack.payments.sells = False
    stack.spend(90)
    for _ in range(3):
        stack.look()
    assert (stack.news, stack.payments.charged) == ([LOW], {})


def test_a_wallet_over_several_rows_is_looked_at_as_a_whole(stack: Reloading) -> None:
    stack.core.spread_wallet(stack.owner, 4)
    stack.core.auto_reload.enable(stack.owner, 50, "pack_100")
    rows = [stack.memory.wallet_row(stack.owner, shard) for shard in range(4)]
    assert [row.watched for row in rows if row] == [True] * 4
    stack.look()
    assert stack.news == []
    stack.core.auto_reload.enable(stack.owner, 100.5, "pack_100")
    for _ in range(3):
        stack.look()
    assert stack.core.accounts.wallet(stack.owner).available == 200
    stack.core.auto_reload.disable(stack.owner)
    rows = [stack.memory.wallet_row(stack.owner, shard) for shard in range(4)]
    assert not any(row.watched for row in rows if row)


def test_coming_back_above_the_threshold_ends_the_fall(stack: Reloading) -> None:
    stack.payments.sells = False
    stack.spend(90)
    stack.look()
    stack.core.grant_credits_by_hand(stack.owner.workspace_id, 500)
    stack.look()
    stack.spend(490)
    stack.look()
    assert stack.news == [LOW, LOW]


def test_nobody_who_did_not_ask_for_it_is_charged() -> None:
    stack = Reloading()
    stack.core.auto_reload.disable(stack.owner)
    stack.spend(100)
    stack.look()
    assert (stack.news, stack.payments.charged) == ([], {})
    assert not stack.wallet.watched


@pytest.mark.parametrize("limit", [0, 899, 10_000_001])
def test_a_limit_below_a_pack_or_beyond_reason_is_refused(limit: int) -> None:
    with pytest.raises(InvalidParam):
        Reloading(monthly_limit_cents=limit)
