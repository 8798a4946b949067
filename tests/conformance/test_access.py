"""Every route with a key refuses a request without a usable one, and a key without the route's scope."""

from __future__ import annotations

import pytest

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import DomainError, InsufficientScope, InvalidKey
from darkroom.http import bodies
from darkroom.http.request_context import MAX_READ_AHEAD
from tests.conformance.dialects import CASES, DIALECTS, Case
from tests.docs.harness import Client

KEYED = [case for case in CASES if case.scope is not None]
ANYWHERE = "01950000-0000-7000-8000-ffffffffffff"


def ask(case: Case, client: Client, key: str | None) -> tuple[int, str]:
    """The status of an otherwise good request with this key, and the challenge that comes with it."""
    path = case.path(dict.fromkeys(case.documented.path_names, ANYWHERE))
    before = client.untouched()
    reply = client.ask(case.method, path, case.example, key=key)
    assert client.untouched() == before
    return reply.status, reply.headers.get("WWW-Authenticate", "")


def status_of(case: Case, error: type[DomainError]) -> int:
    """What a dialect's table says; one of them knows no 403."""
    return DIALECTS[case.dialect].errors.rows[error].status


@pytest.mark.parametrize("case", KEYED, ids=str)
def test_a_key_without_the_scope_is_refused(case: Case) -> None:
    client = case.client()
    lacking = client.issue("lacking", scopes=frozenset(Scope) - {case.scope, Scope.ADMIN})
    assert ask(case, client, lacking)[0] == status_of(case, InsufficientScope)


@pytest.mark.parametrize("case", KEYED, ids=str)
def test_without_a_usable_key_there_is_nothing(case: Case) -> None:
    client = case.client()
    expired = client.expired_key()
    revoked = client.revoked_key()
    made_up = client.key[:-4] + "AAAA"
    for key in (None, "x", "sk_live_", made_up, expired, revoked):
        assert ask(case, client, key)[0] == status_of(case, InvalidKey) == 401, key


@pytest.mark.parametrize("case", [case for case in KEYED if case.example is not None], ids=str)
def test_a_large_body_is_not_read_before_its_key_is_known(
    case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = case.client()
    read: list[bytes] = []
    monkeypatch.setattr(bodies, "parsed", read.append)
    path = case.path(dict.fromkeys(case.documented.path_names, ANYWHERE))
    large = {**case.example, "x": "y" * MAX_READ_AHEAD}
    for key in (None, client.key[:-4] + "AAAA"):
        assert client.ask(case.method, path, large, key=key).status == 401
    assert read == []


@pytest.mark.parametrize("case", [one for one in KEYED if one.scope is Scope.ADMIN], ids=str)
def test_what_is_the_operators_is_no_tenants(case: Case) -> None:
    client = case.client()
    assert ask(case, client, client.key)[0] == status_of(case, InsufficientScope)


def test_every_dialect_has_routes_with_a_key() -> None:
    assert {case.dialect for case in KEYED} == {case.dialect for case in CASES}
