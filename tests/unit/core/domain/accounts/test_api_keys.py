from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from darkroom.domain.accounts import api_keys
from darkroom.domain.accounts.api_keys import ApiKey, Scope
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import ExpiredKey, InsufficientScope, InvalidKey, RevokedKey

NOW = datetime(2026, 6, 18, tzinfo=UTC)
WORKSPACE = "018f4e9a-0000-7000-8000-000000000001"
TOKEN = api_keys.mint_token("sk_live_", WORKSPACE, bytes(range(32)))


def key(**changes: object) -> ApiKey:
    secret_hash = api_keys.hash_token(TOKEN)
    given_values: dict[str, object] = {
        "id": api_keys.key_id(secret_hash),
        "owner": Owner(WORKSPACE, True),
        "secret_hash": secret_hash,
        "prefix": api_keys.display_prefix(TOKEN),
        "name": "k",
        "scopes": frozenset({Scope.READ}),
        "created_at": NOW,
    }
    return ApiKey(**{**given_values, **changes})  # type: ignore[arg-type]


@given(st.uuids().map(str), st.binary(min_size=32, max_size=32))
def test_a_token_leads_back_to_its_workspace(workspace: str, secret: bytes) -> None:
    token = api_keys.parse_token(api_keys.mint_token("sk_test_", workspace, secret))
    assert token.workspace_id == workspace


def test_a_tokens_key_id_is_half_its_hash() -> None:
    assert api_keys.parse_token(TOKEN).key_id.replace("-", "") == api_keys.hash_token(TOKEN)[:32]


@pytest.mark.parametrize(
    "token",
    ["", "sk_live_", "sk_live_short", TOKEN[:-1], TOKEN + "A", TOKEN.replace("sk_live_", "sk_dead_"),
     TOKEN[:-1] + "é", TOKEN[:-1] + "\n", "sk_live_" + "z" * 65, "Bearer " + TOKEN],
)  # fmt: skip
def test_what_we_never_minted_is_refused_without_a_look_up(token: str) -> None:
    with pytest.raises(InvalidKey):
        api_keys.parse_token(token)


def test_a_good_key_verifies() -> None:
    key().verify(TOKEN, NOW)


def test_half_a_hash_is_not_enough() -> None:
    with pytest.raises(InvalidKey):
        key(secret_hash=api_keys.hash_token(TOKEN)[:32] + "0" * 32).verify(TOKEN, NOW)


def test_revocation_and_expiry_are_told_apart() -> None:
    with pytest.raises(RevokedKey):
        key(revoked_at=NOW).verify(TOKEN, NOW)
    with pytest.raises(ExpiredKey):
        key(expires_at=NOW).verify(TOKEN, NOW)
    key(expires_at=NOW + timedelta(seconds=1)).verify(TOKEN, NOW)


def test_scopes_are_asked_for_and_admin_has_them_all() -> None:
    key().require(Scope.READ)
    with pytest.raises(InsufficientScope):
        key().require(Scope.GENERATE)
    key(scopes=frozenset({Scope.ADMIN})).require(Scope.GENERATE)


def test_what_is_shown_of_a_key_opens_nothing() -> None:
    assert api_keys.display_prefix(TOKEN) == f"sk_live_…{TOKEN[-4:]}"


def test_a_key_that_was_to_live_for_minutes_is_forgotten_after_a_day() -> None:
    minutes = key(expires_at=NOW + timedelta(minutes=15), created_at=NOW)
    months = key(expires_at=NOW + timedelta(days=60), created_at=NOW)
    revoked = key(revoked_at=NOW, created_at=NOW)
    day, month = timedelta(days=1, minutes=16), timedelta(days=31)
    assert api_keys.forgettable([minutes, months, revoked], NOW + timedelta(days=1)) == []
    assert api_keys.forgettable([minutes, months, revoked], NOW + day) == [minutes]
    assert api_keys.forgettable([minutes, months, revoked], NOW + month) == [revoked, minutes]
    assert months in api_keys.forgettable([months], NOW + timedelta(days=60) + month)
