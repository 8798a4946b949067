"""Budgets are held to when a job is accepted, in its transaction; what is not charged comes back."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from darkroom.catalog_data import memes
from darkroom.domain.errors import InsufficientCredits
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.services.accounts.api_keys import KeyRequest
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.submit_job import Submission
from tests.harness.core import POLICY, CoreHarness
from tests.unit.core.services.accounts.test_api_keys_budgets import ALL, Keys

SPEC = ImageSpec("a red kite", "1:1")


def submit(harness: CoreHarness, caller: Caller, count: int = 1, prompt: str = "a red kite") -> Job:
    again = harness.authenticate(token_of(harness, caller), POLICY)
    return harness.submit_job(again, Submission(memes.IMAGE, ImageSpec(prompt, "1:1"), count))


def token_of(harness: CoreHarness, caller: Caller) -> str:
    return TOKENS[harness, caller.key.id]


TOKENS: dict[tuple[CoreHarness, str], str] = {}


class Spending(Keys):
    """Keys whose secrets are remembered."""

    def made(self, maker: Caller, name: str = "child", **budget: int | None) -> Caller:
        request = KeyRequest(name, scopes=ALL, **budget)  # type: ignore[arg-type]
        return self._kept(self.core.issue_key.for_caller(maker, request)[1])

    def root(self, **budget: int | None) -> Caller:
        request = KeyRequest("root", scopes=ALL, **budget)  # type: ignore[arg-type]
        return self._kept(self.core.issue_key(self.owner.workspace_id, request)[1])

    def _kept(self, token: str) -> Caller:
        caller = self.authenticate(token, POLICY)
        TOKENS[self, caller.key.id] = token
        return caller

    def used(self, caller: Caller) -> int:
        today = f"{self.clock.now():%Y-%m-%d}"
        return self.memory.spending[self.owner, caller.key.id].used[today]


@pytest.fixture
def harness() -> Spending:
    return Spending()


def test_what_a_budget_does_not_cover_is_refused_by_its_name_and_nothing_is_held(harness: Spending) -> None:
    key = harness.root(daily_credits=3, monthly_credits=100)
    submit(harness, key, 2)
    with pytest.raises(InsufficientCredits) as refused:
        submit(harness, key, 2)
    assert refused.value.detail == (
        f"The daily budget of the API key {key.key.id} is 3 credits, of which 1 is left. You need 2."
    )
    assert (refused.value.required, refused.value.available) == (2, 1)
    assert harness.wallet.held == 2
    submit(harness, key)


def test_a_child_spends_of_its_makers_budgets(harness: Spending) -> None:
    root = harness.root(monthly_credits=5)
    children = [harness.made(root, daily_credits=4) for _ in range(2)]
    submit(harness, children[0], 3)
    with pytest.raises(InsufficientCredits) as refused:
        submit(harness, children[1], 3)
    assert refused.value.detail.startswith(f"The monthly budget of the API key {root.key.id} is 5 credits")
    submit(harness, children[1], 2)
    with pytest.raises(InsufficientCredits):
        submit(harness, root)
    assert [harness.used(one) for one in (root, *children)] == [5, 3, 2]


def test_a_new_day_has_a_new_budget(harness: Spending) -> None:
    key = harness.root(daily_credits=1)
    submit(harness, key)
    with pytest.raises(InsufficientCredits):
        submit(harness, key)
    harness.clock.advance(timedelta(days=1))
    submit(harness, key)


def test_what_fails_is_canceled_or_refunded_comes_back(harness: Spending) -> None:
    root = harness.root(daily_credits=10)
    key = harness.made(root, daily_credits=10)
    failing = submit(harness, key, 2, "[[fail:0]] a kite")
    canceled = submit(harness, key, 3)
    kept = submit(harness, key, 1)
    assert harness.used(key) == 6
    caller = harness.authenticate(token_of(harness, key), POLICY)
    harness.cancel_job(caller, canceled.id)
    harness.work()
    assert (harness.job(failing.id).charged, harness.used(key), harness.used(root)) == (1, 2, 2)
    caller = harness.authenticate(token_of(harness, key), POLICY)
    harness.core.delete_job(caller, harness.job(kept.id), refundable=True)
    assert (harness.used(key), harness.used(root)) == (1, 1)
    harness.check_books()


def test_fifty_at_once_accept_what_the_budget_covers(harness: Spending) -> None:
    key = harness.root(daily_credits=10)

    def once(_: int) -> bool:
        try:
            submit(harness, key)
        except InsufficientCredits:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(once, range(50))) == 10
    assert (harness.used(key), harness.wallet.held) == (10, 10)


def test_an_accepted_request_is_no_call_more(harness: Spending) -> None:
    plain, budgeted = harness.root(), harness.made(harness.root(daily_credits=10), daily_credits=10)
    calls = []
    for key in (plain, budgeted):
        harness.calls.made.clear()
        submit(harness, key)
        calls.append(list(harness.calls.made))
    assert calls[0] == calls[1]
    assert len(calls[0]) == 3


def test_a_key_without_a_budget_counts_nothing(harness: Spending) -> None:
    job = submit(harness, harness.root())
    assert job.budgets == ()
    assert not harness.memory.spending
