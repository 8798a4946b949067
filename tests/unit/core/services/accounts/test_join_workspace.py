from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from darkroom.domain.accounts.workspaces import Owner, Workspace
from darkroom.domain.errors import InvalidParam
from darkroom.services.accounts.join_workspace import JoinWorkspace
from tests.fakes import FakeAccounts, FakeClock, FakeIds, FakeStore, Memory


class Door:
    def __init__(self) -> None:
        self.memory = Memory()
        self.accounts = FakeAccounts(self.memory)
        self.join = JoinWorkspace(FakeStore(self.memory), self.accounts, FakeIds(), FakeClock())

    def enter(self, subject: str = "ada@example.com", provider: str = "email") -> tuple[Workspace, bool]:
        return self.join(provider, subject, name="Ada", credits=50, email="ada@example.com")


def test_the_first_time_opens_a_workspace_with_its_credits() -> None:
    door = Door()
    workspace, created = door.enter()
    assert created
    assert (workspace.name, workspace.plan, workspace.email) == ("Ada", "trial", "ada@example.com")
    assert door.accounts.workspace(workspace.id) == workspace
    assert door.accounts.wallet(Owner(workspace.id, True)).available == 50


def test_the_second_time_finds_it_and_grants_nothing() -> None:
    door = Door()
    first, _ = door.enter()
    again, created = door.enter()
    assert (again, created) == (first, False)
    assert door.accounts.wallet(Owner(first.id, True)).granted == 50
    assert len(door.memory.workspaces) == 1


def test_identities_of_different_providers_are_different_people() -> None:
    door = Door()
    assert door.enter()[0].id != door.enter(provider="partner")[0].id


def test_of_twenty_at_once_one_opens_it_and_all_are_given_the_same() -> None:
    door = Door()
    door.accounts.workspace_of = lambda *_: None  # type: ignore[method-assign]
    with ThreadPoolExecutor(20) as pool:
        entered = list(pool.map(lambda _: door.enter(), range(20)))
    assert sum(created for _, created in entered) == 1
    assert len({workspace.id for workspace, _ in entered}) == 1
    assert len(door.memory.workspaces) == 1
    assert sum(wallet.granted for owner, wallet in door.memory.wallets.items() if owner.livemode) == 50


@pytest.mark.parametrize("wrong", [{"plan": "gold"}, {"credits": -1}])
def test_what_cannot_be_opened_leaves_nothing_behind(wrong: dict[str, object]) -> None:
    door = Door()
    with pytest.raises(InvalidParam):
        door.join("email", "ada@example.com", **{"name": "Ada", **wrong})  # type: ignore[arg-type]
    assert not door.memory.identities
    assert not door.memory.workspaces
