"""Credits: nothing is ever spent twice, lost or made up."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest

from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.billing.ledger import grant_entry, hold_entry, refund_entry
from darkroom.domain.paging import PageRequest
from darkroom.domain.writes import (
    AppendEntry,
    CountedRefund,
    CreateJob,
    GrantCredits,
    HoldCredits,
    IdempotencyRecord,
    RefundCredits,
    ReinstateCredits,
    ReverseCredits,
    SaveIdempotencyRecord,
    SettleCredits,
    SpendCredits,
    StoredResponse,
    Write,
    WriteRefused,
)
from darkroom.ports.storage import Store
from tests.contract.conftest import Ports
from tests.contract.examples import NOW, OWNER, STRANGER, TEST_OWNER, job, object_id
from tests.fakes import FakeStore

TODAY = NOW.date()


def hold(amount: int, **changes: Any) -> HoldCredits:
    terms: dict[str, Any] = {"feature": Feature.IMAGES, "units": 1, "day": TODAY, "day_ceiling": 1000}
    return HoldCredits(OWNER, amount, **terms | changes)


def settle(held: int, charged: int, **changes: Any) -> SettleCredits:
    terms: dict[str, Any] = {"feature": Feature.IMAGES, "day": TODAY, "returned": 0}
    return SettleCredits(OWNER, held, charged, **terms | changes)


def columns(ports: Ports, owner: Owner = OWNER) -> tuple[int, int, int, int]:
    wallet = ports.accounts.wallet(owner)
    return wallet.granted, wallet.available, wallet.held, wallet.spent


def test_a_grant_makes_the_wallet_and_adds_to_it(ports: Ports) -> None:
    assert columns(ports) == (0, 0, 0, 0)
    ports.store.commit(GrantCredits(OWNER, 10))
    ports.store.commit(GrantCredits(OWNER, 5))
    assert columns(ports) == (15, 15, 0, 0)
    assert columns(ports, TEST_OWNER) == columns(ports, STRANGER) == (0, 0, 0, 0)


def test_a_hold_moves_credits_and_counts_units(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    ports.store.commit(hold(4, units=2))
    ports.store.commit(hold(6, units=1, feature=Feature.VIDEO))
    assert columns(ports) == (10, 0, 10, 0)
    assert ports.accounts.wallet(OWNER).used == {(Feature.IMAGES, TODAY): 2, (Feature.VIDEO, TODAY): 1}


def test_a_hold_beyond_what_is_available_is_refused(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(hold(11))
    assert refused.value.current == 10
    assert columns(ports) == (10, 10, 0, 0)


@pytest.mark.parametrize("amount", [0, 1])
def test_nothing_can_be_held_in_a_wallet_that_does_not_exist(ports: Ports, amount: int) -> None:
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(hold(amount))
    assert refused.value.current == 0


def test_a_free_job_holds_and_settles_nothing(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 1))
    ports.store.commit(hold(0))
    ports.store.commit(settle(0, 0))
    assert columns(ports) == (1, 1, 0, 0)


def test_the_days_counter_stays_within_its_ceiling(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    ports.store.commit(hold(1, units=3, day_ceiling=5))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(hold(1, units=3, day_ceiling=5))
    assert refused.value.current == 9
    ports.store.commit(hold(1, units=2, day_ceiling=5))
    assert ports.accounts.wallet(OWNER).used == {(Feature.IMAGES, TODAY): 5}


@pytest.mark.parametrize("ceiling", [2, 0, -4])
def test_a_first_hold_of_the_day_beyond_the_ceiling_is_refused(ports: Ports, ceiling: int) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    with pytest.raises(WriteRefused):
        ports.store.commit(hold(1, units=3, day_ceiling=ceiling))
    assert ports.accounts.wallet(OWNER).used == {}


def test_stale_counters_are_dropped_on_the_way(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    long_ago = TODAY - timedelta(days=40)
    ports.store.commit(hold(1, day=long_ago))
    ports.store.commit(hold(1, stale=ports.accounts.wallet(OWNER).stale(TODAY)))
    assert ports.accounts.wallet(OWNER).used == {(Feature.IMAGES, TODAY): 1}


def test_a_settlement_spends_what_was_delivered_and_releases_the_rest(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    ports.store.commit(hold(6, units=3))
    ports.store.commit(settle(6, 4, returned=1))
    assert columns(ports) == (10, 6, 0, 4)
    assert ports.accounts.wallet(OWNER).used == {(Feature.IMAGES, TODAY): 2}


def test_units_returned_to_a_dropped_counter_leave_nothing_below_zero(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    ports.store.commit(hold(6, units=3))
    ports.store.commit(settle(6, 0, returned=3, day=date(2025, 1, 1)))
    assert ports.accounts.wallet(OWNER).used[Feature.IMAGES, date(2025, 1, 1)] == 0


def test_more_than_is_held_cannot_be_settled(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    ports.store.commit(hold(3))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(settle(4, 4))
    assert refused.value.current == 3
    assert columns(ports) == (10, 7, 3, 0)


def test_a_wallet_that_does_not_exist_cannot_be_settled(ports: Ports) -> None:
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(settle(0, 0))
    assert refused.value.current == 0


def test_a_movement_is_made_once_because_its_entry_is(ports: Ports) -> None:
    entry = grant_entry(OWNER, "checkout-1", 10, NOW, "first")
    ports.store.commit(GrantCredits(OWNER, 10), AppendEntry(entry))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(GrantCredits(OWNER, 10), AppendEntry(grant_entry(OWNER, "checkout-1", 10, NOW)))
    assert isinstance(refused.value.write, AppendEntry)
    assert refused.value.current == entry
    assert columns(ports) == (10, 10, 0, 0)


def test_a_refused_commit_writes_nothing_at_all(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    entry = hold_entry(OWNER, job().id, 11, NOW)
    with pytest.raises(WriteRefused):
        ports.store.commit(hold(11), AppendEntry(entry), CreateJob(job()))
    assert ports.jobs.get(OWNER, job().id) is None
    assert ports.accounts.entries(OWNER, PageRequest()).items == ()


RECORD = IdempotencyRecord(OWNER, "order-1", "abc", StoredResponse(201, "{}"), NOW + timedelta(hours=24))


def test_of_several_refusals_the_answered_request_is_told_first(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    entry = AppendEntry(hold_entry(OWNER, job().id, 10, NOW))
    accepted: list[Write] = [hold(10), entry, CreateJob(job()), SaveIdempotencyRecord(RECORD, NOW)]
    ports.store.commit(*accepted)
    assert _refused(ports.store, accepted).write == SaveIdempotencyRecord(RECORD, NOW)
    assert _refused(ports.store, accepted).current == RECORD
    assert _refused(ports.store, accepted[:3]).write == entry
    assert _refused(ports.store, [accepted[0], accepted[2]]).write == accepted[0]


def _refused(store: Store, writes: list[Write]) -> WriteRefused:
    with pytest.raises(WriteRefused) as refused:
        store.commit(*writes)
    return refused.value


def test_an_empty_commit_does_nothing(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 1))
    ports.store.commit()
    assert columns(ports) == (1, 1, 0, 0)


def test_fifty_holds_at_once_never_hold_more_than_there_is(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))

    def attempt(number: int) -> bool:
        try:
            ports.store.commit(hold(1), AppendEntry(hold_entry(OWNER, object_id(number), 1, NOW)))
        except WriteRefused:
            return False
        return True

    # Moto undoes a refused transaction by putting all tables back, whoever wrote meanwhile: no threads there.
    with ThreadPoolExecutor(16 if isinstance(ports.store, FakeStore) else 1) as pool:
        outcomes = list(pool.map(attempt, range(50)))
    assert outcomes.count(True) == 10
    assert columns(ports) == (10, 0, 10, 0)
    assert len(ports.accounts.entries(OWNER, PageRequest(limit=100)).items) == 10


def test_what_a_payment_granted_is_taken_back_and_what_is_not_there_is_owed(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    ports.store.commit(ReverseCredits(OWNER, 4))
    wallet = ports.accounts.wallet(OWNER)
    assert (wallet.available, wallet.owed, wallet.reversed) == (6, 0, 4)
    ports.store.commit(hold(5))
    ports.store.commit(ReverseCredits(OWNER, 4))
    wallet = ports.accounts.wallet(OWNER)
    assert (wallet.available, wallet.owed, wallet.held, wallet.reversed) == (0, 3, 5, 8)
    assert wallet.balances


def owing(ports: Ports, amount: int) -> None:
    """Have the owner owe so many credits, after five were spent."""
    ports.store.commit(GrantCredits(OWNER, 5))
    ports.store.commit(hold(5))
    ports.store.commit(settle(5, 5))
    ports.store.commit(ReverseCredits(OWNER, amount))


@pytest.mark.parametrize(
    "spending", [hold(1), SpendCredits(OWNER, 1, Feature.IMAGES, 1, TODAY, 1000)], ids=["hold", "late"]
)
def test_while_something_is_owed_nothing_is_spent(ports: Ports, spending: Write) -> None:
    owing(ports, 3)
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(spending)
    assert refused.value.current == -3
    ports.store.commit(hold(0))
    ports.store.commit(GrantCredits(OWNER, 3))
    with pytest.raises(WriteRefused):
        ports.store.commit(spending)
    ports.store.commit(GrantCredits(OWNER, 1))
    ports.store.commit(spending)


def test_what_comes_in_pays_first_what_is_owed(ports: Ports) -> None:
    owing(ports, 5)
    for payment in (
        GrantCredits(OWNER, 1),
        ReinstateCredits(OWNER, 1),
        RefundCredits(OWNER, 1, TODAY, 5),
    ):
        ports.store.commit(payment)
    assert (ports.accounts.wallet(OWNER).available, ports.accounts.wallet(OWNER).owed) == (0, 2)
    ports.store.commit(GrantCredits(OWNER, 9))
    wallet = ports.accounts.wallet(OWNER)
    assert (wallet.available, wallet.owed) == (7, 0)
    assert wallet.balances


def test_more_than_was_reversed_is_not_given_back(ports: Ports) -> None:
    owing(ports, 3)
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(ReinstateCredits(OWNER, 4))
    assert refused.value.current == 3
    for write in (ReinstateCredits(STRANGER, 1), ReverseCredits(STRANGER, 1)):
        with pytest.raises(WriteRefused):
            ports.store.commit(write)
    assert ports.accounts.wallet(OWNER).owed == 3


def spent(ports: Ports, amount: int) -> None:
    ports.store.commit(GrantCredits(OWNER, amount))
    ports.store.commit(hold(amount))
    ports.store.commit(settle(amount, amount))


def counted(credits: int, **changes: Any) -> SettleCredits:
    return settle(3, 0, refund=CountedRefund(credits, TODAY, 5), **changes)


def test_a_settlement_s_refund_counts_with_all_others_of_its_day(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 30))
    ports.store.commit(hold(12))
    ports.store.commit(counted(3))
    for too_much in (counted(3), counted(6)):
        with pytest.raises(WriteRefused):
            ports.store.commit(too_much)
    assert columns(ports) == (30, 21, 9, 0)
    ports.store.commit(counted(2))
    with pytest.raises(WriteRefused):
        ports.store.commit(refund(1, day_limit=5))
    assert ports.accounts.wallet(OWNER).refunded == {TODAY: 5}
    tomorrow = CountedRefund(5, TODAY + timedelta(days=1), 5)
    ports.store.commit(settle(3, 0, refund=tomorrow))
    assert ports.accounts.wallet(OWNER).refunded == {tomorrow.day: 5}


def test_credits_are_spent_at_once_within_what_there_is_and_what_the_plan_allows(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 5))
    ports.store.commit(SpendCredits(OWNER, 3, Feature.IMAGES, 1, TODAY, 2))
    assert columns(ports) == (5, 2, 0, 3)
    for refused in (
        SpendCredits(OWNER, 3, Feature.IMAGES, 1, TODAY, 2),
        SpendCredits(OWNER, 1, Feature.IMAGES, 2, TODAY, 2),
        SpendCredits(STRANGER, 0, Feature.IMAGES, 1, TODAY, 2),
    ):
        with pytest.raises(WriteRefused):
            ports.store.commit(refused)
    assert ports.accounts.wallet(OWNER).used[Feature.IMAGES, TODAY] == 1


def refund(amount: int, **changes: Any) -> RefundCredits:
    return RefundCredits(OWNER, amount, **{"day": TODAY, "day_limit": 20, **changes})


def test_a_refund_moves_what_was_spent_back_and_counts_the_day(ports: Ports) -> None:
    spent(ports, 50)
    ports.store.commit(refund(10))
    ports.store.commit(refund(10))
    assert columns(ports) == (50, 20, 0, 30)
    assert ports.accounts.wallet(OWNER).refunded == {TODAY: 20}
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(refund(1))
    assert refused.value.current == 30
    ports.store.commit(refund(10, day=TODAY + timedelta(days=1), stale=(TODAY,)))
    assert ports.accounts.wallet(OWNER).refunded == {TODAY + timedelta(days=1): 10}
    assert columns(ports) == (50, 30, 0, 20)


@pytest.mark.parametrize("write", [refund(10), refund(21, day_limit=20)])
def test_nothing_is_refunded_that_was_not_spent_or_is_more_than_the_days_limit(
    ports: Ports, write: RefundCredits
) -> None:
    spent(ports, 9 if write.credits == 10 else 50)
    before = columns(ports)
    with pytest.raises(WriteRefused):
        ports.store.commit(write)
    assert columns(ports) == before


def test_of_many_refunds_at_once_no_more_than_the_limit_passes(ports: Ports) -> None:
    spent(ports, 100)

    def attempt(number: int) -> bool:
        entry = refund_entry(OWNER, f"job-{number}", 10, NOW)
        try:
            ports.store.commit(refund(10, day_limit=30), AppendEntry(entry))
        except WriteRefused:
            return False
        return True

    with ThreadPoolExecutor(8 if isinstance(ports.store, FakeStore) else 1) as pool:
        assert sum(pool.map(attempt, range(10))) == 3
    assert columns(ports) == (100, 30, 0, 70)
