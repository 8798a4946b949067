"""Vendors' limits, in memory and in DynamoDB: who gets in, who has to wait, and what a failing vendor does."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest

from darkroom.adapters.dynamodb.keys import Tables
from darkroom.adapters.dynamodb.vendor_limits import DynamoVendorLimits
from darkroom.domain.vendors.vendor_limits import (
    FIRST_OPEN,
    LONGEST_OPEN,
    PROBE,
    THRESHOLD,
    VendorCircuitOpen,
    VendorLimit,
    VendorLimitReached,
    share_of,
)
from darkroom.domain.writes import ReleaseVendorSlots, TakeSlots, WriteRefused
from darkroom.ports.storage import Store
from darkroom.ports.vendors import VendorLimits
from tests.contract.calls import counted
from tests.contract.conftest import Ports
from tests.contract.examples import MINUTE, NOW
from tests.fakes import FakeStore, Memory
from tests.fakes.vendor_limits import FakeVendorLimits

LATER = NOW + 10 * MINUTE


@pytest.fixture(params=["fake", "dynamo"])
def sides(request: pytest.FixtureRequest) -> tuple[VendorLimits, Store]:
    if request.param == "fake":
        memory = Memory()
        return FakeVendorLimits(memory), FakeStore(memory)
    tables: Tables = request.getfixturevalue("tables")
    ports: Ports = request.getfixturevalue("dynamo_ports")
    return DynamoVendorLimits(request.getfixturevalue("dynamodb"), tables.accounts), ports.store


@pytest.fixture
def locked(sides: tuple[VendorLimits, Store], monkeypatch: pytest.MonkeyPatch) -> VendorLimits:
    """Gates whose single calls are atomic, which DynamoDB's are and the emulator's are not."""
    found, lock = sides[0], threading.Lock()
    if isinstance(found, DynamoVendorLimits):
        attempt = found._gateway._attempt

        def one_at_a_time(operation: str, request: Any) -> dict[str, Any]:
            with lock:
                return attempt(operation, request)

        monkeypatch.setattr(found._gateway, "_attempt", one_at_a_time)
    return found


@pytest.fixture
def vendor_limits(sides: tuple[VendorLimits, Store]) -> VendorLimits:
    return sides[0]


def enter(
    vendor_limits: VendorLimits, task: str, *, limit: int = 2, now: Any = NOW, until: Any = LATER
) -> bool:
    return vendor_limits.enter("fal", task, limit=limit, now=now, until=until)


def opened(vendor_limits: VendorLimits, *, now: Any = NOW) -> None:
    for number in range(THRESHOLD):
        vendor_limits.failed("fal", f"f{number}", now=now)


def test_there_are_so_many_slots_and_no_more(vendor_limits: VendorLimits) -> None:
    assert not enter(vendor_limits, "a")
    assert not enter(vendor_limits, "b")
    with pytest.raises(VendorLimitReached):
        enter(vendor_limits, "c")
    vendor_limits.enter("kie", "c", limit=1, now=NOW, until=LATER)


def test_whoever_has_a_slot_keeps_it_and_takes_no_second_one(vendor_limits: VendorLimits) -> None:
    for _ in range(3):
        enter(vendor_limits, "a")
    enter(vendor_limits, "b")
    enter(vendor_limits, "a")
    vendor_limits.leave("fal", "a")
    enter(vendor_limits, "c")


def test_a_slot_given_back_is_free_and_giving_back_twice_is_harmless(vendor_limits: VendorLimits) -> None:
    vendor_limits.leave("fal", "nobody")
    enter(vendor_limits, "a", limit=1)
    vendor_limits.leave("fal", "a")
    vendor_limits.leave("fal", "a")
    enter(vendor_limits, "b", limit=1)
    with pytest.raises(VendorLimitReached):
        enter(vendor_limits, "a", limit=1)


def test_a_slot_nobody_gave_back_ends(vendor_limits: VendorLimits) -> None:
    enter(vendor_limits, "dead", limit=1, until=NOW + MINUTE)
    with pytest.raises(VendorLimitReached):
        enter(vendor_limits, "a", limit=1, now=NOW + MINUTE - timedelta(seconds=1))
    enter(vendor_limits, "a", limit=1, now=NOW + MINUTE)
    with pytest.raises(VendorLimitReached):
        enter(vendor_limits, "dead", limit=1, now=NOW + MINUTE)


def test_the_transaction_that_ends_a_task_gives_its_slot_back(sides: tuple[VendorLimits, Store]) -> None:
    vendor_limits, store = sides
    enter(vendor_limits, "a")
    enter(vendor_limits, "b")
    store.commit(ReleaseVendorSlots("fal", ("a", "b")))
    enter(vendor_limits, "c", limit=1)
    store.commit(ReleaseVendorSlots("never-used", ("a",), healthy=True))


def test_many_failures_in_a_row_open_the_breaker(vendor_limits: VendorLimits) -> None:
    for number in range(THRESHOLD - 1):
        enter(vendor_limits, f"t{number}")
        assert not vendor_limits.failed("fal", f"t{number}", now=NOW)
    enter(vendor_limits, "last")
    assert vendor_limits.failed("fal", "last", now=NOW)
    with pytest.raises(VendorCircuitOpen) as refusal:
        enter(vendor_limits, "a")
    assert refusal.value.retry_after == FIRST_OPEN.total_seconds()


def test_a_failure_gives_the_slot_back(vendor_limits: VendorLimits) -> None:
    enter(vendor_limits, "a", limit=1)
    vendor_limits.failed("fal", "a", now=NOW)
    enter(vendor_limits, "b", limit=1)


def test_a_success_between_failures_forgets_them(sides: tuple[VendorLimits, Store]) -> None:
    vendor_limits, store = sides
    for _ in range(3):
        for number in range(THRESHOLD - 1):
            assert not vendor_limits.failed("fal", f"t{number}", now=NOW)
        store.commit(ReleaseVendorSlots("fal", ("x",), healthy=True))
    enter(vendor_limits, "a")


def test_after_its_time_one_tries_and_the_others_wait(vendor_limits: VendorLimits) -> None:
    opened(vendor_limits)
    then = NOW + FIRST_OPEN
    assert enter(vendor_limits, "probe", now=then)
    with pytest.raises(VendorCircuitOpen):
        enter(vendor_limits, "a", now=then)
    vendor_limits.recovered("fal")
    assert not enter(vendor_limits, "a", now=then)


def test_a_trial_that_nobody_tells_of_is_followed_by_another(vendor_limits: VendorLimits) -> None:
    opened(vendor_limits)
    then = NOW + FIRST_OPEN
    enter(vendor_limits, "crashed", now=then)
    with pytest.raises(VendorCircuitOpen):
        enter(vendor_limits, "a", now=then + PROBE - timedelta(seconds=1))
    assert enter(vendor_limits, "a", now=then + PROBE)


def test_each_trial_that_fails_lengthens_the_wait_up_to_a_bound(vendor_limits: VendorLimits) -> None:
    opened(vendor_limits)
    now, wait = NOW + FIRST_OPEN, FIRST_OPEN
    for _ in range(8):
        assert enter(vendor_limits, "probe", now=now)
        assert vendor_limits.failed("fal", "probe", now=now, probe=True)
        wait = min(wait * 2, LONGEST_OPEN)
        with pytest.raises(VendorCircuitOpen):
            enter(vendor_limits, "a", now=now + wait - timedelta(seconds=1))
        now += wait
    assert wait == LONGEST_OPEN


def test_what_fails_while_it_is_open_does_not_lengthen_it(vendor_limits: VendorLimits) -> None:
    opened(vendor_limits)
    assert not vendor_limits.failed("fal", "late", now=NOW + timedelta(seconds=5))
    assert enter(vendor_limits, "probe", now=NOW + FIRST_OPEN)


def test_a_vendor_that_names_a_time_is_left_alone_until_then(vendor_limits: VendorLimits) -> None:
    for number in range(THRESHOLD):
        vendor_limits.failed("fal", f"t{number}", now=NOW, retry_after=120)
    with pytest.raises(VendorCircuitOpen):
        enter(vendor_limits, "a", now=NOW + timedelta(seconds=119))
    assert enter(vendor_limits, "a", now=NOW + timedelta(seconds=120))


def test_a_success_closes_the_breaker_and_shortens_the_next_wait(sides: tuple[VendorLimits, Store]) -> None:
    vendor_limits, store = sides
    opened(vendor_limits)
    enter(vendor_limits, "probe", now=NOW + FIRST_OPEN)
    store.commit(ReleaseVendorSlots("fal", ("probe",), healthy=True))
    assert not enter(vendor_limits, "a", now=NOW + FIRST_OPEN)
    opened(vendor_limits, now=NOW + MINUTE)
    assert enter(vendor_limits, "b", now=NOW + MINUTE + FIRST_OPEN)


def test_of_many_at_once_as_many_get_in_as_there_are_slots(locked: VendorLimits) -> None:
    def attempt(number: int) -> bool:
        try:
            enter(locked, f"t{number}", limit=5)
        except VendorLimitReached:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 5


def test_of_many_at_once_one_tries_a_vendor_that_failed(locked: VendorLimits) -> None:
    opened(locked)

    def attempt(number: int) -> bool:
        try:
            return enter(locked, f"t{number}", limit=50, now=NOW + FIRST_OPEN)
        except (VendorLimitReached, VendorCircuitOpen):
            return False

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(attempt, range(24))) == 1


def test_getting_in_is_one_call_and_leaving_none_of_its_own(tables: Tables, dynamodb: Any) -> None:
    vendor_limits = DynamoVendorLimits(dynamodb, tables.accounts)
    with counted(dynamodb) as calls:
        enter(vendor_limits, "a")
        enter(vendor_limits, "b")
    assert calls == {"UpdateItem": 2}


def test_slots_are_taken_in_a_transaction_all_or_none(sides: tuple[VendorLimits, Store]) -> None:
    vendor_limits, store = sides
    store.commit(TakeSlots("bulk#w", ("a", "b"), 3, LATER))
    with pytest.raises(WriteRefused) as refused:
        store.commit(TakeSlots("bulk#w", ("c", "d"), 3, LATER))
    assert refused.value.current == VendorLimit({"a": LATER, "b": LATER})
    store.commit(TakeSlots("bulk#w", ("c",), 3, LATER))
    store.commit(TakeSlots("bulk#another", ("c", "d"), 3, LATER))
    store.commit(ReleaseVendorSlots("bulk#w", ("a", "b")))
    store.commit(TakeSlots("bulk#w", ("d", "e"), 3, LATER))
    for one in ("c", "d", "e"):
        vendor_limits.leave("bulk#w", one)
    store.commit(TakeSlots("bulk#w", ("f", "g", "h"), 3, LATER))


def test_a_workspace_has_its_share_of_the_slots_and_leaves_the_rest_to_others(
    sides: tuple[VendorLimits, Store],
) -> None:
    vendor_limits, store = sides

    def enter_for(workspace_id: str, task: str) -> None:
        vendor_limits.enter("fal", task, limit=4, now=NOW, until=LATER, workspace_id=workspace_id)

    for task in ("a", "b", "c", "a"):
        enter_for("w", task)
    with pytest.raises(VendorLimitReached):
        enter_for("w", "d")
    enter_for("other", "x")
    with pytest.raises(VendorLimitReached):
        enter_for("third", "y")
    store.commit(ReleaseVendorSlots("fal", ("a",), workspace_id="w"))
    enter_for("w", "d")
    vendor_limits.leave("fal", "b", workspace_id="w")
    vendor_limits.failed("fal", "c", now=NOW, workspace_id="w")
    for task in ("e", "f"):
        enter_for("w", task)
    with pytest.raises(VendorLimitReached):
        enter_for("w", "g")


def test_a_slot_that_was_given_back_by_earlier_code_does_not_count_against_the_share(
    vendor_limits: VendorLimits,
) -> None:
    for round_ in range(3):
        for number in range(3):
            task = f"{round_}-{number}"
            vendor_limits.enter("fal", task, limit=4, now=NOW, until=LATER, workspace_id="w")
        for number in range(3):
            vendor_limits.leave("fal", f"{round_}-{number}")


@pytest.mark.parametrize(("limit", "share"), [(1, 1), (2, 1), (3, 2), (4, 3), (10, 8), (100, 75)])
def test_a_share_leaves_a_slot_for_another_wherever_there_are_two(limit: int, share: int) -> None:
    assert share_of(limit) == share
