from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.errors import NotFound
from darkroom.domain.writes import SetAutoReload
from tests.harness.container import Harness

PAID = 100


class Shop(Harness):
    """A workspace that bought credits."""

    def __init__(self) -> None:
        super().__init__()
        self.owner = Owner(self.core.open_workspace("Ada", credits=PAID).id, livemode=True)

    @property
    def state(self) -> tuple[int, int, int]:
        wallet = self.accounts.wallet(self.owner)
        return wallet.available, wallet.owed, wallet.reversed


def test_a_refund_however_often_told_takes_its_credits_once() -> None:
    shop = Shop()
    taken = [shop.core.reverse_payment(shop.owner, 30, cause="re_1", note="refunded") for _ in range(3)]
    assert taken == [True, False, False]
    assert shop.state == (70, 0, 30)
    assert shop.core.reverse_payment(shop.owner, 30, cause="re_2")
    assert shop.state == (40, 0, 60)
    shop.check_books()


def test_of_a_dispute_told_at_once_one_takes_them_and_one_gives_them_back() -> None:
    shop = Shop()
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: shop.core.reverse_payment(shop.owner, 130, cause="dp_1"), range(8)))
        assert sum(taken) == 1
        assert shop.state == (0, 30, 130)
        given = list(
            pool.map(lambda _: shop.core.reverse_payment.reinstate(shop.owner, cause="dp_1"), range(8))
        )
    assert sum(given) == 1
    assert shop.state == (100, 0, 0)
    shop.check_books()


def test_a_dispute_that_is_told_as_won_before_it_is_told_as_begun_is_not_there_yet() -> None:
    shop = Shop()
    with pytest.raises(NotFound):
        shop.core.reverse_payment.reinstate(shop.owner, cause="dp_1")
    shop.core.reverse_payment(shop.owner, 10, cause="dp_1")
    assert shop.core.reverse_payment.reinstate(shop.owner, cause="dp_1")
    assert shop.state == (100, 0, 0)


def test_another_workspace_s_dispute_gives_nothing_back() -> None:
    shop = Shop()
    shop.core.reverse_payment(shop.owner, 10, cause="dp_1")
    stranger = Owner(shop.core.open_workspace("Eve", credits=5).id, livemode=True)
    with pytest.raises(NotFound):
        shop.core.reverse_payment.reinstate(stranger, cause="dp_1")


def test_what_comes_with_it_is_written_with_it_or_not_at_all() -> None:
    shop = Shop()
    also = (SetAutoReload(shop.owner, AutoReload(5, "s")),)
    assert shop.core.reverse_payment(shop.owner, 10, cause="re_1", also=also)
    assert shop.accounts.auto_reload(shop.owner) == AutoReload(5, "s")
    again = (SetAutoReload(shop.owner, None),)
    assert not shop.core.reverse_payment(shop.owner, 10, cause="re_1", also=again)
    assert shop.accounts.auto_reload(shop.owner) == AutoReload(5, "s")


def test_whoever_waits_for_credits_hears_that_some_came_back() -> None:
    shop, heard = Shop(), list[Owner]()
    shop.core.credits_came = heard.append  # type: ignore[method-assign,assignment]
    shop.core.reverse_payment(shop.owner, 10, cause="dp_1")
    shop.core.reverse_payment.reinstate(shop.owner, cause="dp_1")
    shop.core.reverse_payment.reinstate(shop.owner, cause="dp_1")
    assert heard == [shop.owner]
