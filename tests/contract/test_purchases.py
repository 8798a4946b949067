"""Purchases: each change follows the one before it, and what came to nothing is forgotten."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest

from darkroom.adapters.dynamodb.marshal import to_epoch
from darkroom.adapters.dynamodb.purchases import purchase_row
from darkroom.domain.billing.purchases import UNFINISHED_KEPT, PurchaseStatus
from darkroom.domain.writes import SavePurchase, SetCustomer, WriteRefused
from tests.contract.calls import counted
from tests.contract.conftest import Ports
from tests.contract.examples import NOW, OWNER, STRANGER, TEST_OWNER, purchase


def test_a_purchase_is_kept_as_it_is(ports: Ports) -> None:
    assert ports.purchases.get(OWNER, "p-1") is None
    for one in (purchase(), purchase().pending("pi_1"), purchase(version=2).paid("pi_1", NOW)):
        ports.store.commit(SavePurchase(one))
        assert ports.purchases.get(OWNER, "p-1") == one


@pytest.mark.parametrize("owner", [STRANGER, TEST_OWNER])
def test_somebody_else_s_purchase_is_not_found(ports: Ports, owner: Any) -> None:
    ports.store.commit(SavePurchase(purchase()))
    assert ports.purchases.get(owner, "p-1") is None


@pytest.mark.parametrize("version", [1, 3])
def test_a_change_on_another_state_is_refused_with_the_state_there_is(ports: Ports, version: int) -> None:
    ports.store.commit(SavePurchase(purchase()))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(SavePurchase(replace(purchase().paid("pi_1", NOW), version=version)))
    assert refused.value.current == purchase()


def test_the_customer_is_the_one_that_paid_last(ports: Ports) -> None:
    assert ports.purchases.customer(OWNER) == ""
    for customer in ("cus_1", "cus_2"):
        ports.store.commit(SetCustomer(OWNER, customer))
        assert ports.purchases.customer(OWNER) == customer
    assert ports.purchases.customer(STRANGER) == ""


def test_only_what_came_to_nothing_is_forgotten() -> None:
    assert purchase_row(purchase())["expires_at"] == math.ceil(to_epoch(NOW + UNFINISHED_KEPT))
    for status in set(PurchaseStatus) - {PurchaseStatus.OPEN}:
        assert "expires_at" not in purchase_row(purchase(status=status))


def test_each_read_is_one_call(dynamo_ports: Ports, dynamodb: Any) -> None:
    with counted(dynamodb) as calls:
        dynamo_ports.purchases.get(OWNER, "p-1")
        dynamo_ports.purchases.customer(OWNER)
    assert calls == {"GetItem": 2}
