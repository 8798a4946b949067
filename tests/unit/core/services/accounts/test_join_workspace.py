from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from darkroom.domain.accounts.workspaces import Owner, Workspace
from darkroom.domain.errors import InvalidParam
from tests.harness.container import Harness


class JoinHarness(Harness):
    """A stack that somebody signs in to."""

    def enter(self, subject: str = "ada@example.com", provider: str = "email") -> tuple[Workspace, bool]:
        return self.core.join_workspace(provider, subject, name="Ada", credits=50, email="ada@example.com")


def test_the_first_time_opens_a_workspace_with_its_credits() -> None:
    harness = JoinHarness()
    workspace, created = harness.enter()
    assert created
    assert (workspace.name, workspace.plan, workspace.email) == ("Ada", "trial", "ada@example.com")
    assert harness.accounts.workspace(workspace.id) == workspace
    assert harness.accounts.wallet(Owner(workspace.id, True)).available == 50


def test_the_second_time_finds_it_and_grants_nothing() -> None:
    harness = JoinHarness()
    first, _ = harness.enter()
    again, created = harness.enter()
    assert (again, created) == (first, False)
    assert harness.accounts.wallet(Owner(first.id, True)).granted == 50
    assert len(harness.memory.workspaces) == 1


def test_identities_of_different_providers_are_different_people() -> None:
    harness = JoinHarness()
    assert harness.enter()[0].id != harness.enter(provider="partner")[0].id


def test_of_twenty_at_once_one_opens_it_and_all_are_given_the_same() -> None:
    harness = JoinHarness()
    harness.accounts.workspace_of = lambda *_: None  # type: ignore[method-assign]
    with ThreadPoolExecutor(20) as pool:
        entered = list(pool.map(lambda _: harness.enter(), range(20)))
    assert sum(created for _, created in entered) == 1
    assert len({workspace.id for workspace, _ in entered}) == 1
    assert len(harness.memory.workspaces) == 1
    assert sum(wallet.granted for owner, wallet in harness.memory.wallets.items() if owner.livemode) == 50


@pytest.mark.parametrize("wrong", [{"plan": "gold"}, {"credits": -1}])
def test_what_cannot_be_opened_leaves_nothing_behind(wrong: dict[str, object]) -> None:
    harness = JoinHarness()
    with pytest.raises(InvalidParam):
        harness.core.join_workspace("email", "ada@example.com", **{"name": "Ada", **wrong})  # type: ignore[arg-type]
    assert not harness.memory.identities
    assert not harness.memory.workspaces
