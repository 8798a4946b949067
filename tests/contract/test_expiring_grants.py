"""Grants that end: written on what they were, found when they are due."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.expiring import ExpiringGrant, ExpiringGrants
from darkroom.domain.writes import (
    ExpireCredits,
    GrantCredits,
    RefundCredits,
    ReverseCredits,
    SaveExpiringGrants,
    SpendCredits,
    WriteRefused,
)
from tests.contract.conftest import Ports
from tests.contract.examples import MINUTE, NOW, OWNER, STRANGER, TEST_OWNER
from tests.contract.test_ledger import hold

DAY = timedelta(days=1)


def grants(*ends: timedelta, owner: Owner = OWNER) -> ExpiringGrants:
    some = tuple(ExpiringGrant(f"c{number}", NOW + end, 5, number) for number, end in enumerate(ends))
    return ExpiringGrants(owner, some, consumed=3).to_store(NOW)


def test_what_was_written_is_read_and_nobody_has_another_s(ports: Ports) -> None:
    assert ports.accounts.expiring_grants(OWNER) == ExpiringGrants(OWNER)
    ports.store.commit(SaveExpiringGrants(grants(DAY, 2 * DAY)))
    assert ports.accounts.expiring_grants(OWNER) == grants(DAY, 2 * DAY)
    for other in (TEST_OWNER, STRANGER):
        assert ports.accounts.expiring_grants(other) == ExpiringGrants(other)


def test_of_two_who_change_the_same_the_second_is_refused(ports: Ports) -> None:
    first = grants(DAY)
    ports.store.commit(SaveExpiringGrants(first))
    for stale in (first, replace(first, version=3)):
        with pytest.raises(WriteRefused) as refused:
            ports.store.commit(SaveExpiringGrants(stale))
        assert refused.value.current == first
    ports.store.commit(SaveExpiringGrants(first.to_store(NOW)))
    assert ports.accounts.expiring_grants(OWNER).version == 2


def test_the_first_version_is_of_an_owner_that_has_none(ports: Ports) -> None:
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(SaveExpiringGrants(replace(grants(DAY), version=2)))
    assert refused.value.current is None


def test_owners_are_due_when_the_first_of_their_grants_ends_the_longest_overdue_first(ports: Ports) -> None:
    owners = [Owner(f"w{number}", livemode=True) for number in range(9)]
    for number, owner in enumerate(owners):
        ports.store.commit(SaveExpiringGrants(grants((9 - number) * DAY, 20 * DAY, owner=owner)))
    ports.store.commit(SaveExpiringGrants(grants(owner=OWNER)))
    due = ports.accounts.due_to_expire(NOW + 3 * DAY, 10)
    assert [one.owner for one in due.items] == [owners[8], owners[7], owners[6]]
    assert due.items[0] == grants(DAY, 20 * DAY, owner=owners[8])
    assert [one.owner for one in ports.accounts.due_to_expire(NOW + 30 * DAY, 2).items] == [
        owners[8],
        owners[7],
    ]
    assert ports.accounts.due_to_expire(NOW + DAY - MINUTE, 10).items == ()


def test_who_is_put_off_is_due_later_and_who_has_nothing_left_never(ports: Ports) -> None:
    ports.store.commit(SaveExpiringGrants(grants(DAY)))
    ports.accounts.postpone_expiry(OWNER, NOW + 2 * DAY)
    assert ports.accounts.due_to_expire(NOW + DAY, 10).items == ()
    (due,) = ports.accounts.due_to_expire(NOW + 2 * DAY, 10).items
    assert due.version == 1
    ports.store.commit(SaveExpiringGrants(replace(due, grants=()).to_store(NOW)))
    assert ports.accounts.due_to_expire(NOW + 99 * DAY, 10).items == ()


def test_only_what_is_available_expires(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 10))
    ports.store.commit(hold(4))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(ExpireCredits(OWNER, 7))
    assert refused.value.current == 6
    ports.store.commit(ExpireCredits(OWNER, 6))
    wallet = ports.accounts.wallet(OWNER)
    assert (wallet.available, wallet.held, wallet.expired, wallet.balances) == (0, 4, 6, True)
    with pytest.raises(WriteRefused):
        ports.store.commit(ExpireCredits(STRANGER, 1))


def test_what_was_consumed_never_falls(ports: Ports) -> None:
    day = NOW.date()
    ports.store.commit(GrantCredits(OWNER, 10))
    ports.store.commit(SpendCredits(OWNER, 6, hold(0).feature, 1, day, 9))
    ports.store.commit(RefundCredits(OWNER, 4, day, 9))
    ports.store.commit(ReverseCredits(OWNER, 9))
    wallet = ports.accounts.wallet(OWNER)
    assert (wallet.spent, wallet.given_back, wallet.consumed, wallet.owed) == (2, 4, 6, 1)
