"""Visitors' counters, one-time codes and automatic reloads."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from darkroom.domain.accounts.one_time_passwords import MAX_ATTEMPTS
from darkroom.domain.accounts.rate_limits import NONE_YET, MinuteCount, RatePolicy, RateWindow
from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.writes import (
    CountVisit,
    SaveOneTimePassword,
    SetAutoReload,
    UseOneTimePassword,
    WriteRefused,
)
from tests.contract.calls import counted
from tests.contract.conftest import Ports
from tests.contract.examples import NOW, OWNER, TEST_OWNER, one_time_code

POLICY = RatePolicy("sign-in", 3)
WINDOW = RateWindow.at(POLICY, NOW.timestamp())
ADDRESS = one_time_code().address


def test_visits_are_counted_up_to_the_ceiling_and_told_of(ports: Ports) -> None:
    assert ports.accounts.visits("192.0.2.1", POLICY, NOW) == WINDOW
    for _ in range(POLICY.limit):
        ports.store.commit(CountVisit("192.0.2.1", WINDOW))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(CountVisit("192.0.2.1", WINDOW))
    full = MinuteCount(POLICY.limit, {WINDOW.second: POLICY.limit})
    assert refused.value.current == full
    assert ports.accounts.visits("192.0.2.1", POLICY, NOW).current == full
    later = ports.accounts.visits("192.0.2.1", POLICY, NOW + timedelta(seconds=60))
    assert (later.previous, later.current) == (full, NONE_YET)


def test_visits_are_apart_by_visitor_and_policy(ports: Ports) -> None:
    ports.store.commit(CountVisit("192.0.2.1", WINDOW))
    assert ports.accounts.visits("192.0.2.2", POLICY, NOW).current == NONE_YET
    assert ports.accounts.visits("192.0.2.1", RatePolicy("other", 3), NOW).current == NONE_YET


def test_a_code_comes_back_as_it_was_saved(ports: Ports) -> None:
    assert ports.accounts.one_time_code(ADDRESS) is None
    ports.store.commit(SaveOneTimePassword(one_time_code()))
    assert ports.accounts.one_time_code(ADDRESS) == one_time_code()
    assert ports.accounts.one_time_code("bob@example.com") is None


def test_a_code_only_replaces_the_one_that_was_seen(ports: Ports) -> None:
    first, second, third = one_time_code(1), one_time_code(2), one_time_code(3)
    ports.store.commit(SaveOneTimePassword(first))
    for replaces in (None, third.id):
        with pytest.raises(WriteRefused) as refused:
            ports.store.commit(SaveOneTimePassword(second, replaces=replaces))
        assert refused.value.current == first
    ports.store.commit(SaveOneTimePassword(second, replaces=first.id))
    assert ports.accounts.one_time_code(ADDRESS) == second


def test_a_code_that_has_gone_meanwhile_is_replaced_by_nothing_less(ports: Ports) -> None:
    ports.store.commit(SaveOneTimePassword(one_time_code(2), replaces=one_time_code(1).id))
    assert ports.accounts.one_time_code(ADDRESS) == one_time_code(2)


def test_attempts_are_used_up_and_no_more_than_there_are(ports: Ports) -> None:
    code = one_time_code()
    ports.store.commit(SaveOneTimePassword(code))
    for used in range(1, MAX_ATTEMPTS + 1):
        ports.store.commit(UseOneTimePassword(ADDRESS, code.id, 1))
        assert ports.accounts.one_time_code(ADDRESS) == replace(code, attempts=used)
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(UseOneTimePassword(ADDRESS, code.id, 1))
    assert refused.value.current == replace(code, attempts=MAX_ATTEMPTS)


def test_a_code_is_redeemed_once_however_many_come_at_once(ports: Ports) -> None:
    ports.store.commit(SaveOneTimePassword(one_time_code()))

    def redeem(_: int) -> bool:
        try:
            ports.store.commit(UseOneTimePassword(ADDRESS, one_time_code().id, MAX_ATTEMPTS))
        except WriteRefused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(redeem, range(8))) == 1


@pytest.mark.parametrize("address", [ADDRESS, "bob@example.com"])
def test_another_code_s_attempts_are_not_touched(ports: Ports, address: str) -> None:
    ports.store.commit(SaveOneTimePassword(one_time_code()))
    with pytest.raises(WriteRefused):
        ports.store.commit(UseOneTimePassword(address, one_time_code(2).id, 1))
    assert ports.accounts.one_time_code(ADDRESS) == one_time_code()


def test_automatic_reload_is_set_changed_and_switched_off(ports: Ports) -> None:
    assert ports.accounts.auto_reload(OWNER) is None
    ports.store.commit(SetAutoReload(OWNER, None))
    for settings in (AutoReload(50, "pack_100"), AutoReload(10, "pack_1000"), None):
        ports.store.commit(SetAutoReload(OWNER, settings))
        assert ports.accounts.auto_reload(OWNER) == settings
    ports.store.commit(SetAutoReload(OWNER, AutoReload(1, "pack_100")))
    assert ports.accounts.auto_reload(TEST_OWNER) is None


def test_each_read_is_one_call(dynamo_ports: Ports, dynamodb: Any) -> None:
    accounts = dynamo_ports.accounts
    with counted(dynamodb) as calls:
        accounts.visits("192.0.2.1", POLICY, NOW)
        accounts.one_time_code(ADDRESS)
        accounts.auto_reload(OWNER)
        accounts.workspace_of("email", ADDRESS)
    assert calls == {"BatchGetItem": 1, "GetItem": 3}
