"""Busy workspaces: a wallet over several rows is one, whatever is held, settled, refunded and moved at once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from darkroom.catalog_data import memes
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.errors import DomainError, FeatureQuotaExceeded, InsufficientCredits
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.domain.writes import HoldCredits, MoveCredits, StoredResponse, WriteRefused
from darkroom.services.billing.spread_wallet import MAX_SHARDS
from darkroom.services.idempotency import AlreadyAnswered, IdempotencyContext
from darkroom.services.jobs.delete_job import Refund
from darkroom.services.jobs.submit_job import Submission
from tests.harness.container import SETTINGS
from tests.harness.core import CoreHarness

SHARDS = pytest.mark.parametrize("shards", [1, 4, MAX_SHARDS])


def busy(shards: int, credits: int = 100, **more: Any) -> CoreHarness:
    """A workspace whose plan limits nothing and whose wallet is spread."""
    harness = CoreHarness(credits, **more)
    harness.spread(shards)
    return harness


def at_once(deed: Callable[[], object], times: int) -> Counter[str]:
    """What became of a deed that many do at once: accepted, or refused for what reason."""

    def attempt(_: int) -> str:
        try:
            deed()
        except DomainError as refused:
            return type(refused).__name__
        return "accepted"

    with ThreadPoolExecutor(16) as pool:
        return Counter(pool.map(attempt, range(times)))


@SHARDS
def test_fifty_requests_at_once_against_credits_for_ten_accept_exactly_ten(shards: int) -> None:
    harness = busy(shards, credits=10)
    assert at_once(harness.submit, 50) == {"accepted": 10, "InsufficientCredits": 40}
    assert (harness.wallet.available, harness.wallet.held) == (0, 10)
    harness.check_books()
    harness.work()
    assert (harness.wallet.held, harness.wallet.spent) == (0, 10)
    harness.check_books()


@SHARDS
def test_what_is_only_there_in_several_shards_can_be_held(shards: int) -> None:
    harness = busy(shards, credits=30)
    assert at_once(lambda: harness.submit(count=7), 20) == {"accepted": 4, "InsufficientCredits": 16}
    assert harness.wallet.available == 2
    with pytest.raises(InsufficientCredits) as refused:
        harness.submit(count=7)
    assert (refused.value.required, refused.value.available) == (7, 2)
    harness.check_books()


@SHARDS
def test_the_same_key_twenty_times_at_once_for_the_last_credits_is_one_job(shards: int) -> None:
    harness = busy(shards, credits=10)
    render = IdempotencyContext[Job]("k", "f", lambda job: StoredResponse(202, job.id))

    def attempt(_: int) -> str:
        try:
            return harness.submit(count=10, idempotency=render).id
        except AlreadyAnswered as answered:
            return answered.response.body

    with ThreadPoolExecutor(20) as pool:
        assert len(set(pool.map(attempt, range(20)))) == len(harness.memory.jobs) == 1
    harness.check_books()


def test_a_request_that_was_answered_meanwhile_is_not_told_that_credits_are_short() -> None:
    harness = busy(4, credits=10)
    render = IdempotencyContext[Job]("k", "f", lambda job: StoredResponse(202, job.id))
    late = harness.caller("k")
    accepted = harness.submit(count=10, idempotency=render)
    late.wallet = harness.wallet  # read after the first was accepted, and its record before
    with pytest.raises(AlreadyAnswered) as answered:
        harness.submit_job(late, Submission(memes.IMAGE, ImageSpec("a kite", "1:1"), 10), render)
    assert answered.value.response.body == accepted.id


def test_what_is_gathered_is_enough_for_the_next_ones_too() -> None:
    harness = busy(4, credits=400)
    workspace = harness.memory.workspaces[harness.owner.workspace_id]
    limited = replace(workspace, allowances={Feature.IMAGES: 1000})  # so that all is paid from one shard
    harness.memory.workspaces[workspace.id] = limited
    for _ in range(20):
        harness.submit(count=10)
    gathered = [
        commit for commit in harness.store.commits if any(isinstance(it, MoveCredits) for it in commit)
    ]
    assert len(gathered) < 6, "one was to spread the wallet"
    assert harness.wallet.held == 200
    harness.check_books()


def test_jobs_are_paid_from_all_shards_and_give_back_where_they_took() -> None:
    harness = busy(4, credits=400)
    assert [part.balance for part in harness.wallet.parts] == [100] * 4
    jobs = [harness.submit() for _ in range(40)]
    paid_from = Counter(job.shard for job in jobs)
    assert set(paid_from) == {0, 1, 2, 3}
    assert [part.held for part in harness.wallet.parts] == [paid_from[shard] for shard in range(4)]
    for job in jobs[:20]:
        harness.cancel_job(harness.caller(), job.id)
    harness.work()
    delivered = Counter(job.shard for job in jobs[20:])
    assert [part.spent for part in harness.wallet.parts] == [delivered[shard] for shard in range(4)]
    assert [part.balance + part.spent for part in harness.wallet.parts] == [100] * 4
    harness.check_books()


def test_spreading_and_collecting_change_no_sum_and_no_ledger() -> None:
    harness = busy(4, credits=102)
    harness.submit(count=9)
    before, entries = harness.wallet, dict(harness.memory.entries)
    for shards in (16, 3, 1, 5):
        harness.core.spread_wallet(harness.owner, shards)
        wallet = harness.wallet
        assert replace(wallet, parts=(), shards=1) == replace(before, parts=(), shards=1)
        assert wallet.shards == shards
        used = [part.balance for part in wallet.parts[:shards]]
        assert max(used) - min(used) <= 1
        assert not any(part.balance for part in wallet.parts[shards:])
    assert harness.memory.entries == entries
    harness.check_books()


def test_whoever_knows_an_old_division_takes_nothing() -> None:
    harness = CoreHarness(100)
    late = harness.caller()
    harness.core.spread_wallet(harness.owner, 4)
    hold = HoldCredits(harness.owner, 1, Feature.IMAGES, 0, harness.clock.now().date(), 9)
    with pytest.raises(WriteRefused):
        harness.store.commit(hold)
    with pytest.raises(WriteRefused):
        harness.store.commit(replace(hold, shard=1, shards=2))
    harness.store.commit(replace(hold, shard=1, shards=4))
    # A request that was admitted before looks again, and is accepted.
    job = harness.submit_job(late, Submission(memes.IMAGE, ImageSpec("a kite", "1:1"), 99))
    assert job.held == 99
    assert harness.wallet.available == 0


def test_a_division_that_changes_under_many_requests_loses_none() -> None:
    harness = busy(2, credits=60)

    def submit_or_spread(number: int) -> str:
        if number % 7 == 0:
            harness.core.spread_wallet(harness.owner, 1 + number % 5)
            return "spread"
        try:
            harness.submit(count=2)
        except InsufficientCredits:
            return "refused"
        return "accepted"

    with ThreadPoolExecutor(12) as pool:
        outcomes = Counter(pool.map(submit_or_spread, range(70)))
    assert outcomes == {"accepted": 30, "refused": 30, "spread": 10}
    assert (harness.wallet.available, harness.wallet.held) == (0, 60)
    harness.check_books()


@SHARDS
def test_a_plan_s_allowance_stays_exact(shards: int) -> None:
    harness = busy(shards)
    workspace = harness.memory.workspaces[harness.owner.workspace_id]
    earlier = [harness.submit(count=3) for _ in range(4)]  # counted on any shard, while nothing was limited
    limited = replace(workspace, allowances={Feature.IMAGES: 20})
    harness.memory.workspaces[workspace.id] = limited
    assert at_once(lambda: harness.submit(count=2), 12) == {"accepted": 4, "FeatureQuotaExceeded": 8}
    today = harness.clock.now().date()
    assert harness.wallet.used_in_window(Feature.IMAGES, today) == 20
    harness.cancel_job(harness.caller(), earlier[0].id)
    assert at_once(harness.submit, 5) == {"accepted": 3, "FeatureQuotaExceeded": 2}
    with pytest.raises(FeatureQuotaExceeded):
        harness.submit()
    harness.check_books()


@SHARDS
def test_refunds_of_a_day_stay_within_their_limit(shards: int) -> None:
    harness = busy(shards, settings=replace(SETTINGS, refunds_per_day="5"))
    jobs = [harness.submit() for _ in range(12)]
    harness.work()
    made = [
        harness.core.delete_job(harness.caller(), harness.job(job.id), refundable=True).refund for job in jobs
    ]
    assert Counter(made) == {Refund.REFUNDED: 5, Refund.LIMIT_REACHED: 7}
    assert harness.wallet.spent == 7
    harness.check_books()


def test_what_is_owed_stops_spending_from_every_shard() -> None:
    harness = busy(4, credits=100)
    job = harness.submit(count=20)
    assert harness.core.reverse_payment(harness.owner, 90, cause="dp_1")
    wallet = harness.wallet
    assert (wallet.owed, wallet.available, wallet.held, wallet.reversed) == (10, 0, 20, 90)
    assert at_once(harness.submit, 8) == {"InsufficientCredits": 8}
    harness.cancel_job(harness.caller(), job.id)
    assert harness.sweep().evened == 1
    assert (harness.wallet.owed, harness.wallet.available, harness.wallet.shards) == (0, 10, 4)
    assert harness.core.reverse_payment.reinstate(harness.owner, cause="dp_1")
    harness.sweep()
    assert [part.balance for part in harness.wallet.parts] == [25] * 4
    harness.check_books()


def test_grants_end_in_a_spread_wallet_too() -> None:
    harness = busy(4, credits=40)
    ends = harness.clock.now() + timedelta(days=1)
    harness.core.grant_credits_by_hand(harness.owner.workspace_id, 20, expires_at=ends)
    job = harness.submit(count=5)
    harness.work()
    assert harness.job(job.id).charged == 5
    harness.clock.set(ends)
    harness.sweep()
    assert (harness.wallet.expired, harness.wallet.available) == (15, 40)
    harness.sweep()
    assert harness.wallet.shards == 4
    harness.check_books()


def test_housekeeping_spreads_what_came_into_one_shard() -> None:
    harness = busy(4, credits=40)
    harness.core.grant_credits_by_hand(harness.owner.workspace_id, 360)
    assert [part.balance for part in harness.wallet.parts] == [370, 10, 10, 10]
    assert harness.sweep().evened == 1
    assert [part.balance for part in harness.wallet.parts] == [100] * 4
    assert harness.sweep().evened == 0


def test_a_wallet_that_cannot_be_evened_out_stops_no_other() -> None:
    harness = busy(2, credits=40)
    other = harness.core.open_workspace("other", credits=10)
    owner = replace(harness.owner, workspace_id=other.id)
    harness.core.spread_wallet(owner, 2)
    for workspace_id in (harness.owner.workspace_id, other.id):
        harness.core.grant_credits_by_hand(workspace_id, 100)
    real = harness.store.commit

    def broken(*writes: Any) -> None:
        if any(isinstance(write, MoveCredits) and write.owner == harness.owner for write in writes):
            raise TypeError("a defect")
        real(*writes)

    harness.store.commit = broken  # type: ignore[method-assign]
    assert harness.sweep().evened == 1
    assert [part.balance for part in harness.accounts.wallet(owner).parts] == [55, 55]


@pytest.mark.parametrize("seed", range(12))
def test_a_seeded_life_of_a_busy_workspace_keeps_its_books(seed: int) -> None:
    dice, harness = random.Random(seed), busy(4, credits=300)
    jobs: list[Job] = []
    for step in range(120):
        match dice.randrange(10):
            case 0 | 1 | 2 | 3:
                try:
                    jobs.append(harness.submit(count=dice.randint(1, 9)))
                except InsufficientCredits:
                    assert harness.wallet.balance < 9
            case 4 | 5:
                harness.work()
            case 6 if jobs:
                job = harness.job(dice.choice(jobs).id)
                if not job.deleted_at:
                    harness.core.delete_job(harness.caller(), job, refundable=True)
            case 7:
                harness.core.spread_wallet(harness.owner, dice.randint(1, 8))
            case 8:
                harness.core.grant_credits_by_hand(harness.owner.workspace_id, dice.randint(1, 30))
            case 9 if dice.random() < 0.4:
                harness.core.reverse_payment(harness.owner, dice.randint(1, 60), cause=f"re_{step}")
            case _:
                harness.sweep()
        harness.check_books()
    harness.work()
    harness.sweep()
    assert harness.wallet.held == 0
    harness.check_books()
