"""Workspaces, keys, the admission read, idempotency records and rate counters."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from darkroom.domain.accounts.admission import Admission
from darkroom.domain.accounts.api_keys import Token
from darkroom.domain.accounts.budgets import Budget
from darkroom.domain.accounts.rate_limits import NONE_YET, MinuteCount, RatePolicy, RateWindow
from darkroom.domain.billing.ledger import grant_entry, hold_entry
from darkroom.domain.errors import InvalidParam
from darkroom.domain.paging import PageRequest
from darkroom.domain.writes import (
    AppendEntry,
    ChangeKeys,
    ClaimIdentity,
    CountBudget,
    CountRequest,
    CountVisit,
    CreateKey,
    CreateWorkspace,
    ForgetKey,
    GrantCredits,
    IdempotencyRecord,
    ReplaceResponse,
    RevokeKey,
    SaveIdempotencyRecord,
    StoredResponse,
    WriteRefused,
)
from tests.contract.conftest import Ports
from tests.contract.examples import (
    NOW,
    OWNER,
    STRANGER,
    TEST_OWNER,
    WORKSPACE_ID,
    api_key,
    object_id,
    workspace,
)

POLICY = RatePolicy("write", 5)
RECORD = IdempotencyRecord(
    OWNER, "order-1", "abc", StoredResponse(201, '{"ok":"✓"}'), NOW + timedelta(hours=24)
)


def window(*, current: MinuteCount = NONE_YET) -> RateWindow:
    return RateWindow.at(POLICY, NOW.timestamp(), current=current)


def test_a_workspace_comes_back_as_it_was_created(ports: Ports) -> None:
    ports.store.commit(CreateWorkspace(workspace()))
    assert ports.accounts.workspace(WORKSPACE_ID) == workspace()
    assert ports.accounts.workspace(STRANGER.workspace_id) is None


def test_a_workspace_is_created_once(ports: Ports) -> None:
    ports.store.commit(CreateWorkspace(workspace()))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(CreateWorkspace(workspace(name="Other")))
    assert refused.value.current == workspace()


def test_an_identity_leads_to_its_workspace(ports: Ports) -> None:
    ports.store.commit(ClaimIdentity("email", "é" * 3000, WORKSPACE_ID))
    assert ports.accounts.workspace_of("email", "é" * 3000) == WORKSPACE_ID
    assert ports.accounts.workspace_of("email", "é" * 2999) is None
    assert ports.accounts.workspace_of("partner", "é" * 3000) is None


def test_an_identity_is_claimed_once_with_all_that_comes_with_it(ports: Ports) -> None:
    ports.store.commit(ClaimIdentity("email", "a@example.com", WORKSPACE_ID))
    late = workspace(id=STRANGER.workspace_id)
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(
            CreateWorkspace(late),
            GrantCredits(STRANGER, 50),
            AppendEntry(grant_entry(STRANGER, "opening", 50, NOW)),
            ClaimIdentity("email", "a@example.com", late.id),
        )
    assert isinstance(refused.value.write, ClaimIdentity)
    assert refused.value.current == WORKSPACE_ID
    assert ports.accounts.workspace(late.id) is None
    assert ports.accounts.wallet(STRANGER).granted == 0


def test_keys_are_listed_oldest_first_in_both_modes_and_only_ones_own(ports: Ports) -> None:
    young, old = api_key(1, created_at=NOW), api_key(2, created_at=NOW - timedelta(days=1), owner=TEST_OWNER)
    for key in (young, old, api_key(3, owner=STRANGER)):
        ports.store.commit(CreateKey(key))
    assert ports.accounts.keys(WORKSPACE_ID) == [old, young]


def test_a_key_is_created_once(ports: Ports) -> None:
    ports.store.commit(CreateKey(api_key()))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(CreateKey(api_key(name="Other")))
    assert refused.value.current == api_key()


def test_revoking_keeps_the_first_revocation(ports: Ports) -> None:
    ports.store.commit(CreateKey(api_key()))
    ports.store.commit(RevokeKey(OWNER, api_key().id, NOW))
    ports.store.commit(RevokeKey(OWNER, api_key().id, NOW + timedelta(hours=1)))
    assert ports.accounts.keys(WORKSPACE_ID) == [api_key(revoked_at=NOW)]


def test_changes_of_keys_follow_one_another(ports: Ports) -> None:
    ports.store.commit(CreateWorkspace(workspace()))
    for seen in (0, 1):
        ports.store.commit(ChangeKeys(WORKSPACE_ID, seen))
        with pytest.raises(WriteRefused) as refused:
            ports.store.commit(ChangeKeys(WORKSPACE_ID, seen), CreateKey(api_key()))
        assert refused.value.current == workspace(key_changes=seen + 1)
    assert ports.accounts.workspace(WORKSPACE_ID) == workspace(key_changes=2)
    assert ports.accounts.keys(WORKSPACE_ID) == []
    with pytest.raises(WriteRefused):
        ports.store.commit(ChangeKeys(STRANGER.workspace_id, 0))


def test_a_budget_counts_for_its_subject_and_period(ports: Ports) -> None:
    budget = Budget("sign-up", 2)
    for _ in range(2):
        ports.store.commit(CountBudget("192.0.2.1", budget, NOW))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(CountBudget("192.0.2.1", budget, NOW), CreateWorkspace(workspace()))
    assert refused.value.current == 2
    assert ports.accounts.workspace(WORKSPACE_ID) is None
    ports.store.commit(
        CountBudget("192.0.2.2", budget, NOW), CountBudget("192.0.2.1", Budget("other", 1), NOW)
    )
    ports.store.commit(CountBudget("192.0.2.1", budget, NOW + timedelta(days=1)))
    with pytest.raises(WriteRefused):
        ports.store.commit(CountBudget("192.0.2.9", Budget("nothing", 0), NOW))


def test_a_forgotten_key_is_gone_and_may_be_forgotten_again(ports: Ports) -> None:
    ports.store.commit(CreateKey(api_key()), CreateKey(api_key(2, made_by=api_key().id)))
    for _ in range(2):
        ports.store.commit(ForgetKey(OWNER, api_key().id))
    assert ports.accounts.keys(WORKSPACE_ID) == [api_key(2, made_by=api_key().id)]


def test_a_key_that_does_not_exist_cannot_be_revoked(ports: Ports) -> None:
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(RevokeKey(OWNER, object_id(1), NOW))
    assert refused.value.current is None
    assert ports.accounts.keys(WORKSPACE_ID) == []


def admitted(ports: Ports, idempotency_key: str | None = None, *, seconds: float = 0) -> Admission | None:
    token = Token(WORKSPACE_ID, api_key().id)
    now = NOW + timedelta(seconds=seconds)
    return ports.accounts.admit(token, POLICY, now, idempotency_key=idempotency_key)


def test_admission_tells_everything_about_the_sender(ports: Ports) -> None:
    key = api_key(requests_per_minute=7, expires_at=NOW + timedelta(days=1))
    ports.store.commit(
        CreateWorkspace(workspace()),
        CreateKey(key),
        GrantCredits(OWNER, 30),
        SaveIdempotencyRecord(RECORD, NOW),
    )
    ports.store.commit(GrantCredits(TEST_OWNER, 99))
    ports.store.commit(CountRequest(OWNER, key.id, window()))
    found = admitted(ports, RECORD.key)
    assert found is not None
    assert (found.key, found.workspace, found.idempotency_record) == (key, workspace(), RECORD)
    assert (found.wallet.owner, found.wallet.available) == (OWNER, 30)
    assert found.window == window(current=MinuteCount(1, {window().second: 1}))


def test_admission_reads_the_wallet_and_record_of_the_keys_mode(ports: Ports) -> None:
    record = replace(RECORD, owner=TEST_OWNER)
    ports.store.commit(
        CreateWorkspace(workspace()),
        CreateKey(api_key(owner=TEST_OWNER)),
        GrantCredits(TEST_OWNER, 5),
        SaveIdempotencyRecord(RECORD, NOW),
        SaveIdempotencyRecord(record, NOW),
    )
    found = admitted(ports, RECORD.key)
    assert found is not None
    assert (found.wallet.owner, found.wallet.available, found.idempotency_record) == (TEST_OWNER, 5, record)


def test_admission_of_a_fresh_key_finds_an_empty_wallet_and_window(ports: Ports) -> None:
    ports.store.commit(CreateWorkspace(workspace()), CreateKey(api_key()))
    found = admitted(ports, "never used")
    assert found is not None
    assert (found.wallet.granted, found.window, found.idempotency_record) == (0, window(), None)


def test_nobody_is_admitted_without_key_or_workspace(ports: Ports) -> None:
    assert admitted(ports) is None
    ports.store.commit(CreateKey(api_key()))
    assert admitted(ports) is None
    ports.store.commit(CreateWorkspace(workspace()))
    assert admitted(ports) is not None


def test_a_record_is_not_told_of_once_it_has_expired(ports: Ports) -> None:
    ports.store.commit(CreateWorkspace(workspace()), CreateKey(api_key()), SaveIdempotencyRecord(RECORD, NOW))
    day = timedelta(hours=24).total_seconds()
    last, first = (
        admitted(ports, RECORD.key, seconds=day - 0.000_001),
        admitted(ports, RECORD.key, seconds=day),
    )
    assert last is not None
    assert last.idempotency_record == RECORD
    assert first is not None
    assert first.idempotency_record is None


def test_an_idempotency_key_is_remembered_once_until_it_expires(ports: Ports) -> None:
    ports.store.commit(SaveIdempotencyRecord(RECORD, NOW))
    second = replace(RECORD, fingerprint="def", expires_at=NOW + timedelta(hours=48))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(SaveIdempotencyRecord(second, RECORD.expires_at - timedelta(microseconds=1)))
    assert refused.value.current == RECORD
    ports.store.commit(SaveIdempotencyRecord(second, RECORD.expires_at))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(SaveIdempotencyRecord(RECORD, NOW))
    assert refused.value.current == second


@pytest.mark.parametrize("key", ["", "k" * 5000, "ключ#1", "half \ud83d"])
def test_any_text_can_be_an_idempotency_key(ports: Ports, key: str) -> None:
    ports.store.commit(CreateWorkspace(workspace()), CreateKey(api_key()))
    ports.store.commit(SaveIdempotencyRecord(replace(RECORD, key=key), NOW))
    found = admitted(ports, key)
    assert found is not None
    assert found.idempotency_record is not None
    assert found.idempotency_record.fingerprint == RECORD.fingerprint


def test_a_response_is_replaced_in_the_record_of_its_request_alone(ports: Ports) -> None:
    ports.store.commit(CreateWorkspace(workspace()), CreateKey(api_key()))
    record = replace(RECORD, normalized="the same in other words")
    final = StoredResponse(200, '{"done":"✓"}')
    with pytest.raises(WriteRefused):
        ports.store.commit(ReplaceResponse(OWNER, record.key, record.fingerprint, final))
    ports.store.commit(SaveIdempotencyRecord(record, NOW))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(ReplaceResponse(OWNER, record.key, "another", final))
    assert refused.value.current == record
    ports.store.commit(ReplaceResponse(OWNER, record.key, record.fingerprint, final))
    found = admitted(ports, record.key)
    assert found is not None
    assert found.idempotency_record == replace(record, response=final)


def test_idempotency_keys_of_others_do_not_collide(ports: Ports) -> None:
    for owner in (OWNER, TEST_OWNER, STRANGER):
        ports.store.commit(SaveIdempotencyRecord(replace(RECORD, owner=owner), NOW))
        with pytest.raises(WriteRefused) as refused:
            ports.store.commit(SaveIdempotencyRecord(replace(RECORD, owner=owner), NOW))
        assert refused.value.current == replace(RECORD, owner=owner)


def test_requests_are_counted_up_to_the_windows_ceiling(ports: Ports) -> None:
    for _ in range(POLICY.limit):
        ports.store.commit(CountRequest(OWNER, "key", window()))
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(CountRequest(OWNER, "key", window()))
    assert refused.value.current == MinuteCount(POLICY.limit, {window().second: POLICY.limit})


def test_a_window_without_room_counts_nothing(ports: Ports) -> None:
    full = RateWindow(POLICY, minute=1, elapsed=0, previous=MinuteCount(5, {59: 5}))
    assert full.ceiling == 0
    with pytest.raises(WriteRefused) as refused:
        ports.store.commit(CountRequest(OWNER, "key", full))
    assert refused.value.current in (None, NONE_YET)


def test_counters_are_apart_by_key_policy_and_minute(ports: Ports) -> None:
    tight = RateWindow(RatePolicy("write", 1), minute=1, elapsed=0)
    counts = [
        CountRequest(OWNER, "key", tight),
        CountRequest(OWNER, "other", tight),
        CountRequest(STRANGER, "key", tight),
        CountRequest(OWNER, "key", replace(tight, minute=2)),
        CountRequest(OWNER, "key", replace(tight, policy=RatePolicy("read", 1))),
    ]
    for count in counts:
        ports.store.commit(count)
    for count in counts:
        with pytest.raises(WriteRefused) as refused:
            ports.store.commit(count)
        assert refused.value.current == MinuteCount(1, {0: 1})


def test_the_minute_before_is_told_of(ports: Ports) -> None:
    ports.store.commit(CreateWorkspace(workspace()), CreateKey(api_key()))
    ports.store.commit(CountRequest(OWNER, api_key().id, window()))
    found = admitted(ports, seconds=60)
    assert found is not None
    assert found.window.previous == MinuteCount(1, {window().second: 1})
    assert found.window.current == NONE_YET


@given(times=st.lists(st.floats(0, 150), max_size=12).map(sorted))
@settings(database=None, max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_store_counts_what_the_rule_counts(ports: Ports, times: list[float]) -> None:
    """Through the store, each request is admitted or refused as by the rule over what was admitted before."""
    policy = RatePolicy(f"write-{uuid4()}", 2)
    admitted_at: list[int] = []
    for at in times:
        now = NOW + timedelta(seconds=at)
        second = int(now.timestamp())
        found = ports.accounts.visits("192.0.2.1", policy, now)
        expected = sum(one > second - 60 for one in admitted_at) < policy.limit
        assert found.admits == expected
        if expected:
            ports.store.commit(CountVisit("192.0.2.1", found))
            admitted_at.append(second)


def test_entries_are_paged_by_time_and_are_ones_own(ports: Ports) -> None:
    ids = [object_id(number) for number in (3, 1, 5, 2, 4)]
    entries = [
        hold_entry(OWNER, job_id, 1, NOW + n * timedelta(microseconds=1)) for n, job_id in enumerate(ids)
    ]
    for entry in (*entries, grant_entry(STRANGER, "x", 1, NOW), grant_entry(TEST_OWNER, "x", 1, NOW)):
        ports.store.commit(AppendEntry(entry))
    first = ports.accounts.entries(OWNER, PageRequest(limit=3))
    assert (list(first.items), first.has_more) == (entries[:1:-1], True)
    rest = ports.accounts.entries(OWNER, PageRequest(limit=3, after=first.items[-1].id))
    assert (list(rest.items), rest.has_more) == (entries[1::-1], False)
    forth = ports.accounts.entries(OWNER, PageRequest(limit=2, after=entries[1].id, newest_first=False))
    assert (list(forth.items), forth.has_more) == (entries[2:4], True)


def test_entries_of_one_moment_are_each_listed_once(ports: Ports) -> None:
    entries = [hold_entry(OWNER, object_id(number), number, NOW) for number in range(1, 6)]
    for entry in entries:
        ports.store.commit(AppendEntry(entry))
    for newest_first in (True, False):
        seen: list[str] = []
        while len(seen) < 5:
            page = PageRequest(limit=2, after=seen[-1] if seen else None, newest_first=newest_first)
            seen += [entry.id for entry in ports.accounts.entries(OWNER, page).items]
        assert sorted(seen) == sorted(entry.id for entry in entries)


@pytest.mark.parametrize("of_another", [False, True])
def test_entries_do_not_begin_after_one_that_is_not_there(ports: Ports, of_another: bool) -> None:
    if of_another:
        ports.store.commit(AppendEntry(grant_entry(STRANGER, "x", 1, NOW)))
    with pytest.raises(InvalidParam) as refused:
        ports.accounts.entries(OWNER, PageRequest(after="x#grant"))
    assert refused.value.param == "starting_after"
