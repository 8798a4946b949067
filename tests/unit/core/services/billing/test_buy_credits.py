"""Starting a purchase: what is on record before the buyer sees the page, and who may not buy."""

from __future__ import annotations

import pytest

from darkroom.catalog_data.packs import PACKS
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.purchases import Buyer, Purchase
from darkroom.domain.errors import InvalidParam, Unavailable
from darkroom.domain.writes import SetCustomer
from tests.harness.core import TenantHarness


@pytest.fixture
def stack() -> TenantHarness:
    return TenantHarness(credits=0, plan="metered")


def only(stack: TenantHarness) -> Purchase:
    (purchase,) = stack.memory.purchases.values()
    return purchase


def test_the_purchase_is_on_record_with_its_price(stack: TenantHarness) -> None:
    assert stack.core.buy_credits(stack.owner, "pack_300") == "https://checkout.test/pay/cs_1"
    purchase = only(stack)
    assert (purchase.owner, purchase.pack, purchase.session_id) == (stack.owner, PACKS["pack_300"], "cs_1")
    assert stack.owner not in stack.memory.wallets


def test_the_first_checkout_knows_the_address_and_later_ones_the_customer(stack: TenantHarness) -> None:
    stack.core.buy_credits(stack.owner, "pack_100", "ada@example.com")
    stack.store.commit(SetCustomer(stack.owner, "cus_7"))
    stack.core.buy_credits(stack.owner, "pack_100", "ada@example.com")
    buyers = [buyer for _, buyer in stack.payments.started]
    assert buyers == [Buyer("", "ada@example.com"), Buyer("cus_7", "ada@example.com")]


def test_an_unknown_pack_starts_nothing(stack: TenantHarness) -> None:
    with pytest.raises(InvalidParam):
        stack.core.buy_credits(stack.owner, "pack_5")
    assert stack.payments.started == []


def test_nothing_is_on_record_of_a_checkout_that_could_not_be_started(stack: TenantHarness) -> None:
    stack.payments.down = True
    with pytest.raises(Unavailable):
        stack.core.buy_credits(stack.owner, "pack_100")
    assert stack.memory.purchases == {}


def test_real_money_buys_nothing_for_test_mode(stack: TenantHarness) -> None:
    test_mode = Owner(stack.owner.workspace_id, livemode=False)
    with pytest.raises(InvalidParam):
        stack.core.buy_credits(test_mode, "pack_100")
    stack.payments.real_money = False
    stack.core.buy_credits(test_mode, "pack_100")
    assert only(stack).owner == test_mode
