from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import IdempotencyConflict, InvalidParam, NotFound
from tests.harness.container import Harness

DAY = timedelta(days=1)


class Bank(Harness):
    """A workspace without credits."""

    def __init__(self) -> None:
        super().__init__()
        self.owner = Owner(self.core.open_workspace("Ada").id, livemode=True)

    def grant(self, credits: int, days: int | None = None, cause: str = "invoice") -> bool:
        expires_at = None if days is None else self.clock.now() + days * DAY
        return self.core.grant_credits_by_hand(
            self.owner.workspace_id, credits, cause=cause, expires_at=expires_at
        )

    @property
    def ends(self) -> list[tuple[int, timedelta]]:
        now = self.clock.now()
        grants = self.accounts.expiring_grants(self.owner).grants
        return [(grant.left, grant.expires_at - now) for grant in grants]


def test_of_one_cause_told_at_once_one_grants() -> None:
    bank = Bank()
    with ThreadPoolExecutor(8) as pool:
        granted = list(pool.map(lambda _: bank.grant(10, days=3), range(8)))
    assert sum(granted) == 1
    assert bank.accounts.wallet(bank.owner).available == 10
    assert bank.ends == [(10, 3 * DAY)]
    bank.check_books()


def test_grants_of_several_causes_at_once_all_end_when_they_should() -> None:
    bank = Bank()
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda day: bank.grant(day, days=day, cause=f"c{day}"), range(1, 9)))
    assert bank.ends == [(day, day * DAY) for day in range(1, 9)]
    bank.check_books()


def test_a_cause_that_granted_something_else_is_a_conflict() -> None:
    bank = Bank()
    bank.grant(10, days=3)
    for credits, days in ((11, 3), (10, None)):
        with pytest.raises(IdempotencyConflict):
            bank.grant(credits, days)
    assert not bank.grant(10, days=3)
    assert bank.ends == [(10, 3 * DAY)]


@pytest.mark.parametrize("days", [0, -1, 3651])
def test_a_grant_ends_in_the_future_and_within_ten_years(days: int) -> None:
    bank = Bank()
    with pytest.raises(InvalidParam):
        bank.grant(10, days=days)
    assert bank.accounts.wallet(bank.owner).granted == 0


def test_nobody_is_granted_anything_who_is_not_there() -> None:
    bank = Bank()
    with pytest.raises(NotFound):
        bank.core.grant_credits_by_hand("nobody", 10, expires_at=bank.clock.now() + DAY)
    assert not bank.memory.expiring
