"""Wallets over several rows: read as one, wherever the reader learnt of them."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.adapters.dynamodb.accounts import DynamoAccounts
from darkroom.adapters.dynamodb.keys import Tables
from darkroom.domain.accounts.api_keys import Token
from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.writes import (
    CreateKey,
    CreateWorkspace,
    GrantCredits,
    MoveCredits,
    SaveSpread,
    WriteRefused,
)
from darkroom.services.billing.spread_wallet import SpreadWallet
from darkroom.services.billing.watch_wallet import watching
from tests.contract.calls import counted
from tests.contract.conftest import Ports
from tests.contract.examples import NOW, OWNER, STRANGER, TEST_OWNER, WORKSPACE_ID, api_key, workspace
from tests.contract.test_ledger import hold, refund, settle

POLICY = RatePolicy("write", 60)
TODAY = NOW.date()


def spread(ports: Ports, shards: int = 4, credits: int = 40) -> None:
    ports.store.commit(GrantCredits(OWNER, credits))
    SpreadWallet(ports.store, ports.accounts)(OWNER, shards)


def balances(ports: Ports) -> list[int]:
    return [part.balance for part in ports.accounts.wallet(OWNER).parts]


def test_what_is_spread_is_one_wallet(ports: Ports) -> None:
    spread(ports)
    ports.store.commit(hold(7, shard=2, shards=4, units=3))
    ports.store.commit(settle(7, 5, shard=2, returned=1))
    ports.store.commit(hold(4, shard=0, shards=4, units=1))
    wallet = ports.accounts.wallet(OWNER)
    assert (wallet.granted, wallet.available, wallet.held, wallet.spent) == (40, 31, 4, 5)
    assert wallet.used == {(Feature.IMAGES, TODAY): 3}
    assert (wallet.shards, balances(ports)) == (4, [6, 10, 5, 10])
    assert ports.accounts.wallet(TEST_OWNER).parts == ports.accounts.wallet(STRANGER).parts == ()
    assert wallet.balances


def test_a_shard_has_no_more_than_its_own(ports: Ports) -> None:
    spread(ports)
    for refused_write in (
        hold(11, shard=1, shards=4),
        hold(1, shard=4, shards=4),
        hold(1),
        hold(1, shards=2),
    ):
        with pytest.raises(WriteRefused):
            ports.store.commit(refused_write)
    assert balances(ports) == [10] * 4


def test_a_refund_is_counted_in_one_place(ports: Ports) -> None:
    spread(ports)
    ports.store.commit(hold(7, shard=2, shards=4))
    ports.store.commit(settle(7, 7, shard=2))
    ports.store.commit(refund(3, shard=2, day_limit=None))
    wallet = ports.accounts.wallet(OWNER)
    assert (wallet.spent, wallet.given_back, wallet.refunded) == (4, 3, {})
    with pytest.raises(WriteRefused):
        ports.store.commit(refund(5, shard=2, day_limit=None))


def test_rows_move_credits_only_from_the_division_they_know(ports: Ports) -> None:
    spread(ports, shards=2)
    move: dict[str, Any] = {"before": 2, "shards": 2, "rows": 2}
    wrong = [
        (MoveCredits(OWNER, 0, -21, **move), MoveCredits(OWNER, 1, 21, **move)),
        (MoveCredits(OWNER, 0, -1, **move | {"before": 1}), MoveCredits(OWNER, 1, 1, **move)),
        (MoveCredits(OWNER, 0, -1, **move), MoveCredits(OWNER, 1, 1, **move, new=True)),
    ]
    for writes in wrong:
        with pytest.raises(WriteRefused):
            ports.store.commit(*writes)
    assert balances(ports) == [20, 20]
    ports.store.commit(MoveCredits(OWNER, 0, -20, **move), MoveCredits(OWNER, 1, 20, **move))
    assert balances(ports) == [0, 40]


def test_rows_that_a_watched_wallet_gets_are_watched_too(ports: Ports) -> None:
    ports.store.commit(GrantCredits(OWNER, 40))
    ports.store.commit(*watching(ports.accounts, OWNER, on=True))
    service = SpreadWallet(ports.store, ports.accounts)
    assert [part.watched for part in service(OWNER, 4).parts] == [True] * 4
    ports.store.commit(*watching(ports.accounts, OWNER, on=False))
    assert [part.watched for part in service(OWNER, 6).parts] == [False] * 6


def test_the_spread_wallets_are_known(ports: Ports) -> None:
    assert ports.accounts.spread_wallets() == {}
    spread(ports)
    ports.store.commit(SaveSpread(TEST_OWNER, 3))
    ports.store.commit(SaveSpread(TEST_OWNER, 2))
    assert ports.accounts.spread_wallets() == {OWNER: 4, TEST_OWNER: 2}


def test_gathering_moves_what_is_lacking_and_nothing_if_somebody_was_first(ports: Ports) -> None:
    spread(ports)
    service = SpreadWallet(ports.store, ports.accounts)
    before = ports.accounts.wallet(OWNER)
    assert [part.balance for part in service.gather(before, 25, 3).parts][3] == 25 + 5
    after = balances(ports)
    ports.store.commit(hold(after[0], shard=0, shards=4))
    assert service.gather(before, 35, 3).available == 40 - after[0]
    assert ports.accounts.wallet(OWNER).balances


def test_one_who_did_not_know_reads_all_rows_once_more_and_then_in_one_call(
    dynamo_ports: Ports, dynamodb: Any, tables: Tables
) -> None:
    ports = dynamo_ports
    ports.store.commit(CreateWorkspace(workspace()), CreateKey(api_key()))
    spread(ports)
    token = Token(WORKSPACE_ID, api_key().id)
    newcomer = DynamoAccounts(dynamodb, tables.accounts, assets=tables.assets)
    for calls in ({"BatchGetItem": 2}, {"BatchGetItem": 1}):
        with counted(dynamodb) as made:
            admission = newcomer.admit(token, POLICY, NOW, idempotency_key="order-1")
        assert made == calls
        assert admission is not None
        assert (admission.wallet.available, admission.wallet.shards) == (40, 4)
    another = DynamoAccounts(dynamodb, tables.accounts)
    for calls in ({"GetItem": 1, "BatchGetItem": 1}, {"BatchGetItem": 1}):
        with counted(dynamodb) as made:
            assert another.wallet(OWNER).available == 40
        assert made == calls
