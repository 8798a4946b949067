"""Purchases: each change follows the one before it, and what came to nothing is forgotten."""

from __future__ import annotations

import math
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.keys import Tables
from darkroom.adapters.dynamodb.marshal import to_epoch, to_image
from darkroom.adapters.dynamodb.purchases import purchase_row
from darkroom.adapters.sqs_reloads import SqsReloadQueue, reload_from_json
from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.billing.purchases import UNFINISHED_KEPT, PurchaseStatus
from darkroom.domain.billing.reload_messages import ReloadMessage
from darkroom.domain.billing.reloads import ReloadState
from darkroom.domain.writes import (
    GrantCredits,
    SavePurchase,
    SaveReloadState,
    SetAutoReload,
    SetCustomer,
    WatchWallet,
    WriteRefused,
)
from tests.contract.calls import counted
from tests.contract.conftest import Ports
from tests.contract.examples import NOW, OWNER, STRANGER, TEST_OWNER, purchase
from tests.fakes.payments import FakeReloadQueue

SETTINGS = AutoReload(12.5, "pack_100", 5_000)


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


# ------------------------------------------------------------------ automatic purchases


def test_an_owner_s_state_is_new_until_it_is_saved(ports: Ports) -> None:
    assert ports.purchases.reload_state(OWNER) == ReloadState(OWNER)
    crossed = ReloadState(OWNER).crossed()
    for state in (crossed, crossed.begun("p-1", 900, NOW), crossed.begun("p-1", 900, NOW).declined(900, NOW)):
        ports.store.commit(SaveReloadState(state))
        assert ports.purchases.reload_state(OWNER) == state
    assert ports.purchases.reload_state(TEST_OWNER) == ReloadState(TEST_OWNER)


def test_of_twenty_who_saw_the_same_state_one_takes_the_step(ports: Ports) -> None:
    def cross(_: int) -> bool:
        try:
            ports.store.commit(SaveReloadState(ReloadState(OWNER).crossed()))
        except WriteRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(cross, range(20))) == 1


def test_settings_and_state_do_not_touch_each_other(ports: Ports) -> None:
    ports.store.commit(SaveReloadState(ReloadState(OWNER).crossed()), SetAutoReload(OWNER, SETTINGS))
    assert ports.accounts.auto_reload(OWNER) == SETTINGS
    ports.store.commit(SetAutoReload(OWNER, None))
    assert ports.purchases.reload_state(OWNER).low


def test_watching_a_wallet_leaves_its_credits_alone(ports: Ports) -> None:
    ports.store.commit(WatchWallet(OWNER, on=True))
    assert ports.accounts.wallet(OWNER).granted == 0
    ports.store.commit(GrantCredits(OWNER, 7))
    ports.store.commit(WatchWallet(OWNER, on=True))
    ports.store.commit(WatchWallet(OWNER, on=False))
    assert ports.accounts.wallet(OWNER).available == 7


def test_only_a_watched_wallet_s_row_says_so(dynamo_ports: Ports, dynamodb: Any, tables: Tables) -> None:
    def row() -> dict[str, Any]:
        item: dict[str, Any] = dynamodb.get_item(TableName=tables.accounts, Key=to_image(keys.wallet(OWNER)))[
            "Item"
        ]
        return item

    dynamo_ports.store.commit(GrantCredits(OWNER, 7))
    assert "watched" not in row()
    dynamo_ports.store.commit(WatchWallet(OWNER, on=True))
    assert row()["watched"] == {"BOOL": True}  # what the filter of the worker's stream asks for
    assert keys.owner_of_wallet(row()["pk"]["S"]) == OWNER
    dynamo_ports.store.commit(WatchWallet(OWNER, on=False))
    assert "watched" not in row()


def test_a_message_arrives_as_it_was_sent(aws: Any) -> None:
    sqs = aws("sqs")
    url = sqs.create_queue(QueueName="billing")["QueueUrl"]
    queue, fake = SqsReloadQueue(sqs, url), FakeReloadQueue()
    for message in (ReloadMessage(OWNER), ReloadMessage(TEST_OWNER, NOW)):
        queue.send(message)
        fake.send(message)
        (received,) = sqs.receive_message(QueueUrl=url)["Messages"]
        assert reload_from_json(received["Body"]) == message
    assert [message for message, _ in fake.sent] == [ReloadMessage(OWNER), ReloadMessage(TEST_OWNER, NOW)]
