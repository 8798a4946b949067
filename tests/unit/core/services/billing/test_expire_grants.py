"""Grants that end: whatever else happens to the credits, and however often housekeeping looks."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import pytest

from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.billing.expiring import HELD_RECHECK
from darkroom.domain.billing.ledger import EntryKind, hold_entry, refund_entry, settle_entry
from darkroom.domain.paging import RowKey
from darkroom.domain.writes import AppendEntry, HoldCredits, RefundCredits, SettleCredits, WriteRefused
from darkroom.services.billing.expire_grants import AGAIN_AFTER, UNREADABLE_AFTER
from darkroom.services.jobs.metrics import Metric
from tests.harness.container import Harness

DAY = timedelta(days=1)
ENOUGH = 10**6


class Bank(Harness):
    """A workspace without credits."""

    def __init__(self) -> None:
        super().__init__()
        self.owner = Owner(self.core.open_workspace("Ada").id, livemode=True)
        self.jobs_held: dict[str, int] = {}

    def grant(self, credits: int, days: int | None = None, **more: Any) -> bool:
        expires_at = None if days is None else self.clock.now() + days * DAY
        return self.core.grant_credits_by_hand(
            self.owner.workspace_id, credits, expires_at=expires_at, **more
        )

    def hold(self, job: str, credits: int) -> None:
        now = self.clock.now()
        write = HoldCredits(self.owner, credits, Feature.IMAGES, 1, now.date(), ENOUGH)
        self.store.commit(write, AppendEntry(hold_entry(self.owner, job, credits, now)))
        self.jobs_held[job] = credits

    def settle(self, job: str, charged: int) -> None:
        now, held = self.clock.now(), self.jobs_held.pop(job)
        entry = settle_entry(self.owner, job, held=held, charged=charged, at=now)
        self.store.commit(
            SettleCredits(self.owner, held, charged, Feature.IMAGES, now.date(), 0), AppendEntry(entry)
        )

    def spend(self, job: str, credits: int) -> None:
        self.hold(job, credits)
        self.settle(job, credits)

    def refund(self, job: str, credits: int) -> None:
        now = self.clock.now()
        entry = refund_entry(self.owner, job, credits, now)
        self.store.commit(RefundCredits(self.owner, credits, now.date(), ENOUGH), AppendEntry(entry))

    def pass_(self, time: timedelta) -> None:
        self.clock.set(self.clock.now() + time)
        self.core.sweep()

    @property
    def columns(self) -> dict[str, int]:
        wallet = self.accounts.wallet(self.owner)
        return {
            name: getattr(wallet, name)
            for name in ("available", "owed", "held", "spent", "expired", "reversed")
        }

    @property
    def left(self) -> list[int]:
        wallet = self.accounts.wallet(self.owner)
        return [grant.left for grant in self.accounts.expiring_grants(self.owner).as_of(wallet).grants]

    def check(self) -> None:
        """The wallet balances and is the sum of its entries."""
        wallet = self.accounts.wallet(self.owner)
        entries = [entry for (owner, _), entry in self.memory.entries.items() if owner == self.owner]
        assert wallet.balances
        assert sum(entry.available for entry in entries) == wallet.balance
        for column in ("granted", "held", "spent", "expired", "reversed"):
            assert sum(getattr(entry, column) for entry in entries) == getattr(wallet, column), column


def test_what_ends_soonest_is_spent_first_and_what_is_left_expires_once() -> None:
    bank = Bank()
    bank.grant(100)
    bank.grant(50, days=10)
    bank.grant(20, days=1)
    bank.spend("a", 15)
    assert bank.left == [5, 50]
    bank.pass_(DAY)
    assert bank.columns | {"expired": 5, "available": 150} == bank.columns
    for _ in range(3):
        bank.core.sweep()
    assert bank.columns["expired"] == 5
    bank.spend("b", 60)
    bank.pass_(10 * DAY)
    assert bank.columns == {
        "available": 90, "owed": 0, "held": 0, "spent": 75, "expired": 5, "reversed": 0
    }  # fmt: skip
    assert bank.accounts.expiring_grants(bank.owner).at is None
    bank.check()


def test_what_a_job_holds_settles_after_the_end_and_what_it_gives_back_expires_then() -> None:
    bank = Bank()
    bank.grant(10, days=1)
    bank.hold("a", 4)
    bank.pass_(DAY)
    assert bank.columns | {"available": 0, "held": 4, "expired": 6} == bank.columns
    bank.settle("a", 1)
    bank.pass_(HELD_RECHECK)
    assert bank.columns | {"available": 0, "held": 0, "spent": 1, "expired": 9} == bank.columns
    ids = [entry.id for entry in bank.memory.entries.values() if entry.kind is EntryKind.EXPIRY]
    assert len(set(ids)) == 2
    bank.check()


def test_housekeeping_twice_at_once_expires_once() -> None:
    bank = Bank()
    bank.grant(40, days=1)
    bank.clock.set(bank.clock.now() + DAY)
    with ThreadPoolExecutor(8) as pool:
        expired = list(pool.map(lambda _: bank.core.expire_grants.of(bank.owner), range(8)))
    assert sum(expired) == 40
    assert bank.columns["expired"] == 40
    bank.check()


def test_many_who_grant_and_spend_at_once_lose_nothing() -> None:
    bank = Bank()
    bank.grant(100)

    def act(number: int) -> None:
        if number % 2:
            bank.grant(5, days=number)
        else:
            bank.spend(f"j{number}", 3)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(act, range(20)))
    assert bank.columns | {"available": 120, "spent": 30} == bank.columns
    assert 50 - 30 <= sum(bank.left) <= 50
    bank.pass_(30 * DAY)
    assert bank.left == []
    assert bank.columns["available"] == 120 - bank.columns["expired"]
    bank.check()


def test_a_reversal_leaves_no_grant_with_more_than_there_is() -> None:
    bank = Bank()
    bank.grant(10, days=1)
    bank.grant(10)
    bank.core.reverse_payment(bank.owner, 25, cause="dp_1")
    assert (bank.left, bank.columns["owed"]) == ([], 5)
    bank.grant(30)
    bank.pass_(DAY)
    assert bank.columns | {"available": 25, "expired": 0} == bank.columns
    bank.check()


def test_an_owner_who_cannot_be_helped_stops_no_other_and_is_put_off() -> None:
    bank = Bank()
    bank.grant(10, days=1)
    other = Owner(bank.core.open_workspace("Eve").id, livemode=True)
    ends = bank.clock.now() + DAY
    bank.core.grant_credits_by_hand(other.workspace_id, 7, expires_at=ends)
    bank.clock.set(ends)
    real = bank.accounts.wallet

    def broken(owner: Owner) -> Any:
        if owner == bank.owner:
            raise TypeError("a defect")
        return real(owner)

    bank.accounts.wallet = broken  # type: ignore[method-assign]
    bank.accounts.unreadable[RowKey("EXPIRING#1", "foreign")] = ends
    assert bank.core.expire_grants.overdue() == 1
    assert real(other).expired == 7
    assert bank.accounts.expiring_grants(bank.owner).at == ends + AGAIN_AFTER
    assert bank.accounts.unreadable == {RowKey("EXPIRING#1", "foreign"): ends + UNREADABLE_AFTER}
    assert bank.meter.counted[Metric.SET_ASIDE] == 2
    bank.accounts.wallet = real  # type: ignore[method-assign]
    bank.pass_(AGAIN_AFTER)
    assert bank.columns["expired"] == 10


# ------------------------------------------------------------------- a seeded simulation


@dataclass(order=True)
class Bucket:
    """What is left of a grant that ends; those that end together are spent in the order of their names."""

    ends: datetime
    name: str
    left: int


@dataclass
class Model:
    """The same bank with a bucket for each grant that is emptied as credits are spent."""

    endless: int = 0  # below nothing while something is owed and nothing is held
    buckets: list[Bucket] = field(default_factory=list)
    held: int = 0
    spent: int = 0
    expired: int = 0

    @property
    def unspent(self) -> int:
        return self.endless + sum(bucket.left for bucket in self.buckets)

    def take(self, credits: int) -> None:
        """Take from what ends, the soonest first, and then from what does not."""
        for bucket in sorted(self.buckets):
            taken = min(credits, bucket.left)
            bucket.left -= taken
            credits -= taken
        self.endless -= credits

    def lend(self, name: str, credits: int, ends: datetime) -> None:
        paying = min(max(self.held - self.unspent, 0), credits)
        self.endless += paying
        self.buckets.append(Bucket(ends, name, credits - paying))

    def reverse(self, credits: int) -> None:
        kept = max(self.endless, 0)
        self.endless -= min(credits, kept)
        self.take(max(credits - kept, 0))

    def expire(self, now: datetime) -> None:
        held = self.held
        for bucket in sorted(self.buckets):
            of_jobs = min(held, bucket.left)
            held -= of_jobs
            if bucket.ends <= now:
                self.expired += bucket.left - of_jobs
                bucket.left = of_jobs


@pytest.mark.parametrize("seed", range(40))
def test_a_seeded_life_of_grants_and_spending_ends_as_a_simple_model_says(seed: int) -> None:
    dice, bank, model = random.Random(seed), Bank(), Model(endless=1)
    bank.grant(1)
    for step in range(120):
        _live(dice, bank, model, step)
        balance = model.unspent - model.held
        assert (
            bank.columns
            | {
                "available": max(balance, 0),
                "owed": max(-balance, 0),
                "held": model.held,
                "spent": model.spent,
                "expired": model.expired,
            }
            == bank.columns
        ), (seed, step)
        ending = sorted(bucket for bucket in model.buckets if bucket.left)
        assert bank.left == [bucket.left for bucket in ending], (seed, step)
    bank.check()
    for job in list(bank.jobs_held):
        bank.settle(job, 0)
    bank.pass_(1000 * DAY)
    assert bank.left == []
    bank.check()


def _live(dice: random.Random, bank: Bank, model: Model, step: int) -> None:
    match dice.choice(["grant", "lend", "hold", "hold", "settle", "settle", "refund", "reverse", "pass"]):
        case "grant":
            amount = dice.randint(1, 30)
            bank.grant(amount, cause=f"g{step}")
            bank.grant(amount, cause=f"g{step}")
            model.endless += amount
        case "lend":
            amount, days = dice.randint(1, 60), dice.randint(1, 20)
            bank.grant(amount, days=days, cause=f"l{step}")
            model.lend(f"l{step}", amount, bank.clock.now() + days * DAY)
        case "hold":
            amount = dice.randint(0, 25)
            if amount and amount > model.unspent - model.held:
                with pytest.raises(WriteRefused):
                    bank.hold(f"j{step}", amount)
            else:
                bank.hold(f"j{step}", amount)
                model.held += amount
        case "settle" if bank.jobs_held:
            job = dice.choice(sorted(bank.jobs_held))
            held = bank.jobs_held[job]
            charged = dice.randint(0, held)
            bank.settle(job, charged)
            model.held -= held
            model.spent += charged
            model.take(charged)
        case "refund" if model.spent:
            amount = dice.randint(1, model.spent)
            bank.refund(f"r{step}", amount)
            model.spent -= amount
            model.endless += amount
        case "reverse" if dice.random() < 0.3:
            amount = dice.randint(1, 40)
            bank.core.reverse_payment(bank.owner, amount, cause=f"d{step}")
            model.reverse(amount)
        case "pass":
            bank.pass_(dice.choice([HELD_RECHECK, DAY, 3 * DAY]))
            model.expire(bank.clock.now())
