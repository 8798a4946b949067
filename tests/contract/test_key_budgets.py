"""Budgets of keys: no ceiling is exceeded however many spend at once, and what comes back comes back to its day."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.accounts.key_budgets import KeyBudget, KeySpending
from darkroom.domain.writes import (
    CountSpending,
    CreateKey,
    CreateWorkspace,
    ReturnSpending,
    SetBudgets,
    WriteRefused,
)
from tests.contract.conftest import Ports
from tests.contract.examples import NOW, OWNER, STRANGER, TEST_OWNER, api_key, workspace
from tests.fakes import FakeStore

TODAY, TOMORROW = NOW.date(), NOW + timedelta(days=1)
BUDGET = KeyBudget("k", 10, 25)


def spend(ports: Ports, credits: int, budget: KeyBudget = BUDGET, at: object = NOW) -> None:
    ports.store.commit(CountSpending(OWNER, budget, credits, at))  # type: ignore[arg-type]


def refused(ports: Ports, credits: int, budget: KeyBudget = BUDGET, at: object = NOW) -> KeySpending | None:
    with pytest.raises(WriteRefused) as refusal:
        spend(ports, credits, budget, at)
    assert isinstance(refusal.value.write, CountSpending)
    current = refusal.value.current
    assert current is None or isinstance(current, KeySpending)
    return current


def test_a_ceiling_is_reached_and_not_exceeded(ports: Ports) -> None:
    assert refused(ports, 11) is None
    spend(ports, 7)
    found = refused(ports, 4)
    assert found == KeySpending(OWNER, BUDGET, {f"{TODAY}": 7, f"{TODAY:%Y-%m}": 7}, NOW)
    spend(ports, 3)
    refused(ports, 1)


def test_a_month_has_its_own_ceiling(ports: Ports) -> None:
    for day in range(2):
        spend(ports, 10, at=NOW + timedelta(days=day))
    third = NOW + timedelta(days=2)
    refused(ports, 6, at=third)
    spend(ports, 5, at=third)


def test_a_budget_may_have_one_ceiling_or_become_another(ports: Ports) -> None:
    spend(ports, 1_000, KeyBudget("free"))
    spend(ports, 9, KeyBudget("k", None, 10))
    refused(ports, 2, KeyBudget("k", None, 10))
    spend(ports, 2, KeyBudget("k", 11, None))
    refused(ports, 1, KeyBudget("k", 11, None))
    spend(ports, 1, KeyBudget("k", 12, 12))


def test_every_key_and_owner_has_counters_of_its_own(ports: Ports) -> None:
    spend(ports, 10)
    for owner, key in ((OWNER, "other"), (TEST_OWNER, "k"), (STRANGER, "k")):
        ports.store.commit(CountSpending(owner, replace(BUDGET, key_id=key), 10, NOW))


def test_what_comes_back_comes_back_to_its_day_and_month(ports: Ports) -> None:
    spend(ports, 10)
    spend(ports, 8, at=TOMORROW)
    ports.store.commit(ReturnSpending(OWNER, "k", 4, TODAY))
    refused(ports, 3, at=TOMORROW)
    spend(ports, 4)
    refused(ports, 1)


def test_what_is_not_kept_any_more_does_not_become_less_than_nothing(ports: Ports) -> None:
    spend(ports, 5)
    later = NOW + timedelta(days=5)
    spend(ports, 5, at=later)
    ports.store.commit(ReturnSpending(OWNER, "k", 5, TODAY))
    refused(ports, 6, at=later)
    spend(ports, 5, at=later)


def test_spending_at_once_never_exceeds_a_ceiling(ports: Ports) -> None:
    def once(_: int) -> bool:
        try:
            spend(ports, 3)
        except WriteRefused:
            return False
        return True

    # Moto undoes a refused transaction by putting all tables back, whoever wrote meanwhile: no threads there.
    with ThreadPoolExecutor(8 if isinstance(ports.store, FakeStore) else 1) as pool:
        assert sum(pool.map(once, range(20))) == 3


def test_what_a_key_counts_against_is_set_and_kept(ports: Ports) -> None:
    key = api_key()
    with pytest.raises(WriteRefused):
        ports.store.commit(SetBudgets(OWNER, key.id, (BUDGET,)))
    ports.store.commit(CreateKey(key))
    line = (KeyBudget(key.id, 5, None), BUDGET)
    ports.store.commit(SetBudgets(OWNER, key.id, line))
    assert ports.accounts.workspace_and_key(OWNER.workspace_id, key.id) == (None, replace(key, budgets=line))
    ports.store.commit(SetBudgets(OWNER, key.id, ()), CreateWorkspace(workspace()))
    assert ports.accounts.workspace_and_key(OWNER.workspace_id, key.id) == (workspace(), key)
    assert ports.accounts.workspace_and_key(OWNER.workspace_id, "nobody") == (workspace(), None)


def test_what_was_never_counted_can_be_given_back(ports: Ports) -> None:
    ports.store.commit(ReturnSpending(OWNER, "k", 5, TODAY))
    spend(ports, 10)
    refused(ports, 1)
