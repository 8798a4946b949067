"""Keys: minted once, listed without their secret, revoked at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.accounts.api_keys import (
    DEFAULT_SCOPES,
    MAX_KEYS,
    WORKSPACE_SCOPES,
    Scope,
    parse_token,
)
from darkroom.domain.errors import (
    FeatureQuotaExceeded,
    InsufficientScope,
    InvalidParam,
    NotFound,
    RevokedKey,
    Unavailable,
)
from darkroom.services.accounts.api_keys import PREFIXES, KeyRequest
from darkroom.services.accounts.authenticate import Caller
from tests.contract.examples import api_key
from tests.harness.core import POLICY, CoreHarness


@pytest.fixture
def harness() -> CoreHarness:
    return CoreHarness()


def caller_with(harness: CoreHarness, *scopes: Scope, livemode: bool = True) -> Caller:
    request = KeyRequest("parent", livemode=livemode, scopes=frozenset(scopes))
    return harness.authenticate(harness.core.issue_key(harness.owner.workspace_id, request)[1], POLICY)


def test_a_key_leads_to_its_workspace_and_its_secret_is_stored_nowhere(harness: CoreHarness) -> None:
    key, token = harness.core.issue_key(harness.owner.workspace_id, KeyRequest("ci"))
    assert parse_token(token).workspace_id == harness.owner.workspace_id
    assert harness.authenticate(token, POLICY).key == key
    assert token not in repr(harness.memory)
    assert (key.scopes, key.name) == (DEFAULT_SCOPES, "ci")


@pytest.mark.parametrize(
    ("dialect", "livemode"), [(dialect, mode) for dialect, modes in PREFIXES.items() for mode in modes]
)
def test_a_key_is_spelled_as_its_dialects_keys_are(
    harness: CoreHarness, dialect: str, livemode: bool
) -> None:
    request = KeyRequest("k", dialect, livemode)
    key, token = harness.core.issue_key(harness.owner.workspace_id, request)
    assert token.startswith(PREFIXES[dialect][livemode])
    assert key.owner.livemode is livemode


def test_a_dialect_without_test_keys_makes_none(harness: CoreHarness) -> None:
    keys = len(harness.memory.keys)
    with pytest.raises(InvalidParam) as refused:
        harness.core.issue_key(harness.owner.workspace_id, KeyRequest("k", "gencraft", livemode=False))
    assert refused.value.param == "livemode"
    assert len(harness.memory.keys) == keys


def test_a_key_that_has_expired_already_is_not_made(harness: CoreHarness) -> None:
    now = harness.clock.now()
    with pytest.raises(InvalidParam):
        harness.core.issue_key(harness.owner.workspace_id, KeyRequest("k", expires_at=now))
    soon = now + timedelta(microseconds=1)
    assert harness.core.issue_key(harness.owner.workspace_id, KeyRequest("k", expires_at=soon))[0].expires_at


def test_a_caller_passes_on_no_more_than_its_own_key_has(harness: CoreHarness) -> None:
    caller = caller_with(harness, Scope.KEYS, Scope.READ)
    with pytest.raises(InsufficientScope):
        harness.core.issue_key.for_caller(caller, KeyRequest("k", scopes=frozenset({Scope.GENERATE})))
    key, _ = harness.core.issue_key.for_caller(caller, KeyRequest("k"))
    assert key.scopes == {Scope.READ}  # to make keys has to be asked for
    assert (key.owner, key.made_by) == (caller.owner, caller.key.id)
    passed_on = KeyRequest("k", scopes=frozenset({Scope.KEYS}))
    assert harness.core.issue_key.for_caller(caller, passed_on)[0].scopes == {Scope.KEYS}
    with pytest.raises(InvalidParam) as refused:
        harness.core.issue_key.for_caller(caller_with(harness, Scope.KEYS), KeyRequest("k"))
    assert refused.value.param == "scopes"


def test_an_operators_key_makes_a_workspaces_unless_it_says_otherwise(harness: CoreHarness) -> None:
    caller = caller_with(harness, Scope.ADMIN)
    assert harness.core.issue_key.for_caller(caller, KeyRequest("k"))[0].scopes == DEFAULT_SCOPES
    admin = KeyRequest("k", scopes=frozenset({Scope.ADMIN}))
    assert harness.core.issue_key.for_caller(caller, admin)[0].scopes == {Scope.ADMIN}


def test_a_test_key_makes_test_keys_only(harness: CoreHarness) -> None:
    caller = caller_with(harness, Scope.KEYS, Scope.READ, livemode=False)
    with pytest.raises(InsufficientScope) as refused:
        harness.core.issue_key.for_caller(caller, KeyRequest("k"))
    assert refused.value.param == "livemode"
    key, _ = harness.core.issue_key.for_caller(caller, KeyRequest("k", livemode=False))
    assert not key.owner.livemode


def test_keys_are_listed_oldest_first_with_those_that_were_revoked(harness: CoreHarness) -> None:
    made = []
    for name in ("one", "two"):
        harness.clock.advance(1)
        made.append(harness.core.issue_key(harness.owner.workspace_id, KeyRequest(name))[0])
    harness.core.manage_keys.revoke(harness.owner.workspace_id, made[0].id)
    listed = harness.core.manage_keys.all(harness.owner)
    assert [(key.name, key.revoked_at is not None) for key in listed] == [
        ("k", False),
        ("one", True),
        ("two", False),
    ]


def test_revoking_is_immediate_and_its_first_time_stays(harness: CoreHarness) -> None:
    key, token = harness.core.issue_key(harness.owner.workspace_id, KeyRequest("gone"))
    revoked_at = harness.clock.now()
    harness.core.manage_keys.revoke(harness.owner.workspace_id, key.id)
    with pytest.raises(RevokedKey):
        harness.authenticate(token, POLICY)
    harness.clock.advance(60)
    harness.core.manage_keys.revoke(harness.owner.workspace_id, key.id)
    assert harness.memory.keys[harness.owner.workspace_id, key.id].revoked_at == revoked_at


def test_a_key_of_another_workspace_is_not_there(harness: CoreHarness) -> None:
    stranger = harness.core.open_workspace("other")
    key, token = harness.core.issue_key(stranger.id, KeyRequest("theirs"))
    with pytest.raises(NotFound):
        harness.core.manage_keys.revoke(harness.owner.workspace_id, key.id)
    assert harness.authenticate(token, POLICY).workspace.id == stranger.id


# ------------------------------------------------------------------ a key and what it makes


def test_a_key_s_children_neither_outlive_nor_outrun_it(harness: CoreHarness) -> None:
    ends = harness.clock.now() + timedelta(hours=1)
    request = KeyRequest("parent", scopes=WORKSPACE_SCOPES, expires_at=ends, requests_per_minute=10)
    parent = harness.authenticate(harness.core.issue_key(harness.owner.workspace_id, request)[1], POLICY)
    wishes = [
        KeyRequest("k"),
        KeyRequest("k", expires_at=ends + timedelta(days=1), requests_per_minute=100_000),
    ]
    for wish in wishes:
        child, _ = harness.core.issue_key.for_caller(parent, wish)
        assert (child.expires_at, child.requests_per_minute) == (ends, 10)
    sooner = KeyRequest("k", expires_at=ends - timedelta(minutes=1), requests_per_minute=3)
    child, _ = harness.core.issue_key.for_caller(parent, sooner)
    assert (child.expires_at, child.requests_per_minute) == (sooner.expires_at, 3)


def child_of(harness: CoreHarness, parent: Caller) -> Caller:
    request = KeyRequest("child", scopes=frozenset({Scope.KEYS, Scope.READ}))
    return harness.authenticate(harness.core.issue_key.for_caller(parent, request)[1], POLICY)


def test_revoking_a_key_revokes_what_it_made_and_what_that_made(harness: CoreHarness) -> None:
    line = [caller_with(harness, Scope.KEYS, Scope.READ)]
    for _ in range(3):
        line.append(child_of(harness, line[-1]))
    bystander = child_of(harness, line[0])
    harness.core.manage_keys.revoke(harness.owner.workspace_id, line[1].key.id)
    keys = harness.memory.keys
    revoked = [keys[one.owner.workspace_id, one.key.id].revoked_at is not None for one in (*line, bystander)]
    assert revoked == [False, True, True, True, False]


def test_revoking_reaches_every_descendant_however_many_there_are(harness: CoreHarness) -> None:
    parent = caller_with(harness, Scope.KEYS, Scope.READ)
    for _ in range(MAX_KEYS - 2):
        harness.core.issue_key.for_caller(parent, KeyRequest("many"))
    harness.core.manage_keys.revoke(harness.owner.workspace_id, parent.key.id)
    usable = [key for key in harness.memory.keys.values() if key.revoked_at is None]
    assert [key.made_by for key in usable] == [""]


def test_a_key_that_was_revoked_meanwhile_makes_no_more(harness: CoreHarness) -> None:
    parent = caller_with(harness, Scope.KEYS, Scope.READ)
    harness.core.manage_keys.revoke(harness.owner.workspace_id, parent.key.id)
    with pytest.raises(RevokedKey):
        harness.core.issue_key.for_caller(parent, KeyRequest("late"))


def test_a_child_revokes_itself_and_its_own_but_not_its_elders(harness: CoreHarness) -> None:
    parent = caller_with(harness, Scope.KEYS, Scope.READ)
    child, sibling = child_of(harness, parent), child_of(harness, parent)
    grandchild = child_of(harness, child)
    for elder in (parent, sibling):
        with pytest.raises(InsufficientScope):
            harness.core.manage_keys.revoke_for(child, elder.key.id)
    for own in (grandchild, child):
        harness.core.manage_keys.revoke_for(child, own.key.id)
    harness.core.manage_keys.revoke_for(parent, sibling.key.id)


def test_a_test_key_neither_sees_nor_revokes_live_keys(harness: CoreHarness) -> None:
    live, test = caller_with(harness, Scope.KEYS), caller_with(harness, Scope.KEYS, livemode=False)
    assert [key.id for key in harness.core.manage_keys.all(test.owner)] == [test.key.id]
    with pytest.raises(NotFound):
        harness.core.manage_keys.revoke_for(test, live.key.id)
    assert test.key.id in {key.id for key in harness.core.manage_keys.all(live.owner)}
    harness.core.manage_keys.revoke_for(live, test.key.id)


def test_a_workspace_has_so_many_keys_and_dead_ones_do_not_count(harness: CoreHarness) -> None:
    workspace_id = harness.owner.workspace_id
    made = [harness.core.issue_key(workspace_id, KeyRequest("k"))[0] for _ in range(MAX_KEYS - 1)]
    with pytest.raises(FeatureQuotaExceeded):
        harness.core.issue_key(workspace_id, KeyRequest("one too many"))
    harness.core.manage_keys.revoke(workspace_id, made[0].id)
    harness.core.issue_key(workspace_id, KeyRequest("in its place"))
    stranger = harness.core.open_workspace("other")
    harness.core.issue_key(stranger.id, KeyRequest("theirs"))


def test_where_no_more_fit_a_sign_in_replaces_the_oldest_of_its_name(harness: CoreHarness) -> None:
    workspace_id = harness.owner.workspace_id
    for _ in range(MAX_KEYS + 5):
        harness.clock.advance(1)
        harness.core.issue_key(workspace_id, KeyRequest("sign-in"), makes_room=True)
    usable = [key for key in harness.memory.keys.values() if key.revoked_at is None]
    assert len(usable) == MAX_KEYS
    assert {key.name for key in usable} == {"k", "sign-in"}


def test_keys_that_are_long_dead_are_forgotten(harness: CoreHarness) -> None:
    workspace_id = harness.owner.workspace_id
    for _ in range(10):
        ends = harness.clock.now() + timedelta(minutes=15)
        harness.core.issue_key(workspace_id, KeyRequest("access", expires_at=ends))
    harness.clock.advance(timedelta(days=29).total_seconds())
    assert len(harness.core.manage_keys.all(harness.owner)) == 11
    harness.clock.advance(timedelta(days=2).total_seconds())
    harness.core.issue_key(workspace_id, KeyRequest("next"))
    assert [key.name for key in harness.core.manage_keys.all(harness.owner)] == ["k", "next"]


def test_minting_and_revoking_in_turn_leaves_no_pile_of_rows(harness: CoreHarness) -> None:
    for _ in range(300):
        key, _ = harness.core.issue_key(harness.owner.workspace_id, KeyRequest("k"))
        harness.core.manage_keys.revoke(harness.owner.workspace_id, key.id)
    assert len(harness.memory.keys) < 300


def test_keys_that_keep_changing_are_tried_again_and_then_told(
    harness: CoreHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = harness.memory.workspaces[harness.owner.workspace_id]
    monkeypatch.setattr(harness.core.accounts, "workspace", lambda _: workspace)
    harness.core.issue_key(harness.owner.workspace_id, KeyRequest("k"))
    with pytest.raises(Unavailable):
        harness.core.issue_key(harness.owner.workspace_id, KeyRequest("k"))


def test_buying_is_a_scope_of_its_own_that_sign_ups_of_before_keep() -> None:
    key = api_key(prefix="md_…abcd", scopes=frozenset({Scope.GENERATE}))
    key.require(Scope.BILLING)
    for other in (
        replace(key, prefix="sk_live_…abcd"),
        replace(key, made_by=""),
        replace(key, scopes=frozenset()),
    ):
        with pytest.raises(InsufficientScope):
            other.require(Scope.BILLING)
