"""Admission: whose key it is, whether it still holds, and whether one more request fits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.accounts.rate_limits import KEYS_WORTH, MinuteCount, RatePolicy
from darkroom.domain.errors import ExpiredKey, InvalidKey, RateLimited
from darkroom.services.accounts.api_keys import KeyRequest
from tests.harness.core import POLICY, CoreHarness

TIGHT = RatePolicy("tight", 2)


@pytest.fixture
def harness() -> CoreHarness:
    return CoreHarness()


def test_admission_is_one_read_that_brings_all_there_is_to_know(harness: CoreHarness) -> None:
    caller = harness.authenticate(harness.token, POLICY)
    assert harness.calls.made == ["accounts.admit"]
    assert (caller.owner, caller.wallet) == (harness.owner, harness.wallet)
    assert caller.workspace == harness.memory.workspaces[harness.owner.workspace_id]
    assert not caller.counted


@pytest.mark.parametrize("change", [lambda token: token[:-1] + "?", lambda token: token + "x", lambda _: ""])
def test_what_is_no_key_is_refused_without_a_read(harness: CoreHarness, change: object) -> None:
    with pytest.raises(InvalidKey):
        harness.authenticate(change(harness.token), POLICY)  # type: ignore[operator]
    assert harness.calls.made == []


def test_another_secret_for_a_known_key_is_refused(harness: CoreHarness) -> None:
    other = "A" if harness.token[-1] != "A" else "B"
    with pytest.raises(InvalidKey):
        harness.authenticate(harness.token[:-1] + other, POLICY)


def test_a_key_ends_at_its_expiry(harness: CoreHarness) -> None:
    ends = harness.clock.now() + timedelta(seconds=5)
    token = harness.core.issue_key(harness.owner.workspace_id, KeyRequest("k", expires_at=ends))[1]
    harness.clock.advance(4.999)
    harness.authenticate(token, POLICY)
    harness.clock.advance(0.001)
    with pytest.raises(ExpiredKey):
        harness.authenticate(token, POLICY)


def test_requests_beyond_the_limit_are_refused_until_the_window_has_room(harness: CoreHarness) -> None:
    for _ in range(TIGHT.limit):
        harness.authenticate.count(harness.authenticate(harness.token, TIGHT))
    with pytest.raises(RateLimited) as refused:
        harness.authenticate(harness.token, TIGHT)
    assert refused.value.limit == TIGHT.limit
    harness.clock.advance(refused.value.retry_after)
    harness.authenticate(harness.token, TIGHT)


def test_two_that_were_admitted_for_the_last_place_are_one(harness: CoreHarness) -> None:
    first, second, third = (harness.authenticate(harness.token, TIGHT) for _ in range(3))
    harness.authenticate.count(first)
    harness.authenticate.count(second)
    with pytest.raises(RateLimited):
        harness.authenticate.count(third)


def test_a_request_is_counted_once(harness: CoreHarness) -> None:
    caller = harness.authenticate(harness.token, TIGHT)
    for _ in range(3):
        harness.authenticate.count(caller)
    assert [count.total for count in harness.memory.rates.values()] == [1, 1]  # of its key, of its workspace


@pytest.mark.parametrize(
    ("requested", "limit"), [(1, 1), (2, 2), (100_000, TIGHT.limit), (None, TIGHT.limit)]
)
def test_a_key_may_lower_its_limit_and_never_raise_it(
    harness: CoreHarness, requested: int | None, limit: int
) -> None:
    request = KeyRequest("own pace", requests_per_minute=requested)
    token = harness.core.issue_key(harness.owner.workspace_id, request)[1]
    assert harness.authenticate(token, TIGHT).window.policy == RatePolicy("tight", limit)


def test_keys_of_a_workspace_share_what_a_few_of_them_may_use(harness: CoreHarness) -> None:
    tokens = [
        harness.core.issue_key(harness.owner.workspace_id, KeyRequest(f"key {number}"))[1]
        for number in range(KEYS_WORTH + 1)
    ]
    for token in tokens[:-1] * TIGHT.limit:
        harness.authenticate.count(harness.authenticate(token, TIGHT))
    with pytest.raises(RateLimited) as refused:
        harness.authenticate(tokens[-1], TIGHT)
    assert refused.value.limit == TIGHT.limit * KEYS_WORTH
    stranger = harness.core.issue_key(harness.core.open_workspace("other").id, KeyRequest("theirs"))[1]
    harness.authenticate(stranger, TIGHT)


def test_of_several_windows_the_tightest_is_told(harness: CoreHarness) -> None:
    caller = harness.authenticate(harness.token, TIGHT)
    assert caller.tightest_window == caller.window
    assert caller.workspace_window is not None
    crowded = replace(caller.workspace_window, current=MinuteCount(KEYS_WORTH * TIGHT.limit - 1))
    caller.workspace_window = crowded
    assert caller.tightest_window == crowded


def test_a_key_of_its_own_pace_has_it_for_everything_but_what_is_shared(harness: CoreHarness) -> None:
    request = KeyRequest("slow", requests_per_minute=1)
    token = harness.core.issue_key(harness.owner.workspace_id, request)[1]
    caller = harness.authenticate(token, TIGHT)
    assert caller.window.policy == RatePolicy("tight", 1)
    shared = RatePolicy("previews", 5, shared=True)
    assert harness.authenticate(token, shared).window.policy == shared
    harness.authenticate.count(caller)
    with pytest.raises(RateLimited):
        harness.authenticate(token, TIGHT)


def test_visitors_are_counted_by_who_they_are(harness: CoreHarness) -> None:
    for _ in range(TIGHT.limit):
        harness.authenticate.visitor("192.0.2.1", TIGHT)
    with pytest.raises(RateLimited):
        harness.authenticate.visitor("192.0.2.1", TIGHT)
    assert harness.authenticate.visitor("192.0.2.2", TIGHT).remaining_after == 1
