"""Keys: minted once, listed without their secret, revoked at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.domain.accounts.api_keys import WORKSPACE_SCOPES, Scope, parse_token
from darkroom.domain.errors import InsufficientScope, InvalidParam, NotFound, RevokedKey
from darkroom.services.accounts.api_keys import PREFIXES, KeyRequest
from darkroom.services.accounts.authenticate import Caller
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
    assert (key.scopes, key.name) == (WORKSPACE_SCOPES, "ci")


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
    assert key.scopes == {Scope.KEYS, Scope.READ}
    assert key.owner == caller.owner


def test_an_operators_key_makes_a_workspaces_unless_it_says_otherwise(harness: CoreHarness) -> None:
    caller = caller_with(harness, Scope.ADMIN)
    assert harness.core.issue_key.for_caller(caller, KeyRequest("k"))[0].scopes == WORKSPACE_SCOPES
    admin = KeyRequest("k", scopes=frozenset({Scope.ADMIN}))
    assert harness.core.issue_key.for_caller(caller, admin)[0].scopes == {Scope.ADMIN}


def test_a_test_key_makes_test_keys_only(harness: CoreHarness) -> None:
    caller = caller_with(harness, Scope.KEYS, livemode=False)
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
    listed = harness.core.manage_keys.all(harness.owner.workspace_id)
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
    assert harness.authenticate(token, POLICY).workspace == stranger
