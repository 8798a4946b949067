from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.expiring import HELD_RECHECK, ExpiringGrant, ExpiringGrants
from darkroom.domain.billing.ledger import Wallet

NOW = datetime(2026, 6, 18, tzinfo=UTC)
DAY = timedelta(days=1)
OWNER = Owner("w", True)
NONE = ExpiringGrants(OWNER)


def left(grants: ExpiringGrants) -> list[tuple[str, int]]:
    return [(grant.id, grant.left) for grant in grants.grants]


def two(wallet: Wallet | None = None) -> ExpiringGrants:
    """Thirty credits that end in two days, and ten that came later and end in one."""
    wallet = wallet or Wallet(OWNER)
    later = NONE.granted("later", 30, NOW + 2 * DAY, wallet)
    with_it = replace(wallet, available=wallet.available + 30)
    return later.granted("soon", 10, NOW + DAY, with_it)


def test_the_soonest_to_end_is_spent_first() -> None:
    grants = two()
    assert left(grants) == [("soon", 10), ("later", 30)]
    wallet = Wallet(OWNER, available=95, spent=5, granted=100)
    assert left(grants.as_of(wallet)) == [("soon", 5), ("later", 30)]
    assert left(grants.as_of(replace(wallet, available=75, spent=25))) == [("later", 15)]
    assert left(grants.as_of(replace(wallet, available=0, spent=100))) == []


def test_what_was_spent_before_a_grant_is_not_of_it() -> None:
    grants = two(Wallet(OWNER, available=50, spent=70, granted=120))
    assert left(grants.as_of(Wallet(OWNER, available=90, spent=70, granted=160))) == [
        ("soon", 10),
        ("later", 30),
    ]


def test_what_is_given_back_does_not_end_and_is_consumed_after_what_does() -> None:
    grants = two()
    spent = Wallet(OWNER, available=35, spent=5, granted=40)
    back = replace(spent, available=40, spent=0, given_back=5)
    assert left(grants.as_of(back)) == [("soon", 5), ("later", 30)]
    assert left(grants.as_of(replace(back, available=38, spent=2))) == [("soon", 3), ("later", 30)]


def test_what_is_left_when_a_grant_ends_expires_and_the_rest_does_not() -> None:
    wallet = Wallet(OWNER, available=96, spent=4, granted=100)
    assert two().expired(wallet, NOW)[1] == ()
    after, (entry,) = two().expired(wallet, NOW + DAY)
    assert (entry.id, entry.available, entry.expired, entry.at) == ("soon#expiry", -6, 6, NOW + DAY)
    assert left(after) == [("later", 30)]
    assert after.consumed == 4


def test_what_is_held_when_its_grant_ends_expires_once_it_is_given_back() -> None:
    holding = Wallet(OWNER, available=33, held=7, granted=40)
    after, (entry,) = two().expired(holding, NOW + DAY)
    assert entry.expired == 3
    assert left(after) == [("soon", 7), ("later", 30)]
    stored = after.to_store(NOW + DAY)
    assert stored.at == NOW + DAY + HELD_RECHECK
    # Two of the seven are charged, the others given back.
    settled = Wallet(OWNER, available=35, spent=2, expired=3, granted=40)
    last, (again,) = stored.expired(settled, NOW + DAY + HELD_RECHECK)
    assert (again.id, again.expired) == ("soon#expiry#3", 5)
    assert left(last) == [("later", 30)]


def test_a_reversal_takes_what_has_no_end_first() -> None:
    wallet = Wallet(OWNER, available=100, granted=100)
    assert left(two().reversed(60, wallet)) == [("soon", 10), ("later", 30)]
    assert left(two().reversed(65, wallet)) == [("soon", 5), ("later", 30)]
    assert left(two().reversed(500, wallet)) == []
    holding = Wallet(OWNER, available=0, held=40, granted=40)
    assert left(two().reversed(15, holding)) == [("later", 25)]


def test_of_a_grant_that_pays_what_is_owed_only_the_rest_ends() -> None:
    owing = Wallet(OWNER, owed=4, spent=10, granted=10, reversed=4)
    assert left(NONE.granted("c", 10, NOW + DAY, owing)) == [("c", 6)]
    assert NONE.granted("c", 3, NOW + DAY, owing).left == 0


def test_the_first_to_end_says_when_they_are_due() -> None:
    assert two().to_store(NOW).at == NOW + DAY
    assert NONE.to_store(NOW).at is None
    assert [NONE.to_store(NOW).version, two().to_store(NOW).to_store(NOW).version] == [1, 2]
    ended = ExpiringGrants(OWNER, (ExpiringGrant("c", NOW, 1),))
    assert ended.to_store(NOW).at == NOW + HELD_RECHECK
