"""Budgets of keys: nobody passes on more than they have, and what a maker's budget becomes, its children's become."""

from __future__ import annotations

import pytest

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.key_budgets import MOST_IN_A_LINE, KeyBudget
from darkroom.domain.errors import InsufficientScope, InvalidParam, NotFound
from darkroom.services.accounts.api_keys import KeyRequest, NewBudget
from darkroom.services.accounts.authenticate import Caller
from tests.harness.core import POLICY, CoreHarness

ALL = frozenset(Scope) - {Scope.ADMIN}


class Keys(CoreHarness):
    """A workspace whose keys make keys."""

    def made(self, maker: Caller, name: str = "child", **budget: int | None) -> Caller:
        request = KeyRequest(name, scopes=ALL, **budget)  # type: ignore[arg-type]
        _, token = self.core.issue_key.for_caller(maker, request)
        return self.authenticate(token, POLICY)

    def root(self, **budget: int | None) -> Caller:
        _, token = self.core.issue_key(
            self.owner.workspace_id,
            KeyRequest("root", scopes=ALL, **budget),  # type: ignore[arg-type]
        )
        return self.authenticate(token, POLICY)

    def line(self, caller: Caller) -> list[tuple[str, int | None, int | None]]:
        keys = {one.id: one for one in self.core.accounts.keys(self.owner.workspace_id)}
        key, names = keys[caller.key.id], {one.id: one.name for one in keys.values()}
        return [(names[one.key_id], one.day, one.month) for one in key.budgets]


@pytest.fixture
def keys() -> Keys:
    return Keys()


def test_a_key_counts_against_its_own_budget_and_its_makers(keys: Keys) -> None:
    root = keys.root(daily_credits=100)
    child = keys.made(root, "child", monthly_credits=50)
    plain = keys.made(child, "grandchild")
    assert keys.line(root) == [("root", 100, None)]
    assert keys.line(child) == [("child", None, 50), ("root", 100, None)]
    assert keys.line(plain) == keys.line(child)
    assert child.key.budget == KeyBudget(child.key.id, None, 50)
    assert plain.key.budget == KeyBudget(plain.key.id)
    assert keys.line(keys.root()) == []


def test_a_new_budget_reaches_all_that_was_made_with_the_key(keys: Keys) -> None:
    root = keys.root()
    child = keys.made(root, "child", daily_credits=10)
    grandchild = keys.made(child, "grandchild")
    other = keys.root()
    changed = keys.core.manage_keys.set_budget_for(root, root.key.id, NewBudget(daily_credits=70))
    assert changed.budget == KeyBudget(root.key.id, 70)
    assert keys.line(grandchild) == [("child", 10, None), ("root", 70, None)]
    assert keys.line(other) == []
    keys.core.manage_keys.set_budget_for(root, root.key.id, NewBudget())
    assert keys.line(grandchild) == [("child", 10, None)]


def test_many_keys_are_changed_in_several_steps(keys: Keys) -> None:
    root = keys.root()
    children = [keys.made(root, f"child {number}") for number in range(60)]
    keys.core.manage_keys.set_budget_for(root, root.key.id, NewBudget(5, 50))
    assert all(keys.line(child) == [("root", 5, 50)] for child in children)


def test_a_made_key_sets_the_budgets_of_what_it_made_and_no_others(keys: Keys) -> None:
    root = keys.root()
    child = keys.made(root, daily_credits=10)
    grandchild = keys.made(child)
    keys.core.manage_keys.set_budget_for(child, grandchild.key.id, NewBudget(5))
    assert keys.line(grandchild)[0][1] == 5
    for other in (child, root):
        with pytest.raises(InsufficientScope):
            keys.core.manage_keys.set_budget_for(child, other.key.id, NewBudget())
    with pytest.raises(NotFound):
        keys.core.manage_keys.set_budget_for(root, "01950000-0000-7000-8000-00000000ffff", NewBudget())


def test_a_line_has_so_many_budgets_and_no_more(keys: Keys) -> None:
    last = keys.root(daily_credits=1_000)
    for _ in range(MOST_IN_A_LINE - 1):
        last = keys.made(last, daily_credits=10)
    with pytest.raises(InvalidParam):
        keys.made(last, daily_credits=1)
    assert len(keys.line(keys.made(last))) == MOST_IN_A_LINE
