"""A workspace sees only itself: on every route that names something, and in every list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from darkroom.domain.accounts.api_keys import Scope
from tests.conformance.dialects import CASES, DIALECTS, Case, Tenant, another_tenant
from tests.conformance.objects import MAKERS, body_of, make, unknown

NAMING = [case for case in CASES if case.documented.path_names and case.scope is not Scope.ADMIN]
LISTING = [
    case
    for case in CASES
    if case.method == "GET"
    and case.scope not in (None, Scope.ADMIN)
    and not case.documented.path_names
    and not any(parameter.required for parameter in case.documented.operation.parameters)
]

# What of a path is no id: there is nothing of it that others could have.
NO_IDS = {"version"}


@pytest.mark.parametrize("case", NAMING, ids=str)
def test_all_that_a_path_can_name_is_made_here(case: Case) -> None:
    """A new route fails here until `objects.py` says how to make what it names."""
    assert {(case.dialect, name) for name in case.documented.path_names} <= MAKERS.keys()


@pytest.mark.parametrize("case", NAMING, ids=str)
def test_what_another_workspace_has_is_not_there(case: Case) -> None:
    client = case.client()
    victim, attacker = another_tenant(client), Tenant(client, client.key)
    theirs = make(case.dialect, case.documented.path_names, victim)
    before = _stored(client.memory)
    foreign = attacker.ask(case.method, case.path(theirs), case.example)
    assert _stored(client.memory) == before
    assert foreign.status == 404, foreign.body

    nowhere = {name: id_ if name in NO_IDS else unknown(id_) for name, id_ in theirs.items()}
    absent = attacker.ask(case.method, case.path(nowhere), case.example)
    assert (absent.status, body_of(absent, nowhere)) == (foreign.status, body_of(foreign, theirs))


@pytest.mark.parametrize("case", [one for one in NAMING if len(one.documented.path_names) > 1], ids=str)
def test_what_is_within_ones_own_is_ones_own(case: Case) -> None:
    """Another's part is not there within a whole of one's own either."""
    client = case.client()
    victim, attacker = another_tenant(client), Tenant(client, client.key)
    *outer, inner = case.documented.path_names
    if inner in NO_IDS:
        return
    theirs = make(case.dialect, case.documented.path_names, victim)
    own = make(case.dialect, outer, attacker)
    assert attacker.ask(case.method, case.path({**theirs, **own}), case.example).status == 404


@pytest.mark.parametrize("case", NAMING, ids=str)
def test_ones_own_is_there(case: Case) -> None:
    """So that the tests above name what there is."""
    client = case.client()
    tenant = another_tenant(client)
    ids = make(case.dialect, case.documented.path_names, tenant)
    reply = tenant.ask(case.method, case.path(ids), case.example)
    assert reply.status in (200, 201, 202, 204, 409), reply.body


@pytest.mark.parametrize("case", LISTING, ids=str)
def test_a_list_has_nothing_of_another_workspace(case: Case) -> None:
    client = case.client()
    victim = another_tenant(client)
    theirs = _everything(case.dialect, victim)
    reply = Tenant(client, client.key).ask("GET", case.path({}))
    assert reply.status == 200, reply.body
    assert [name for name, id_ in theirs.items() if id_ in reply.body] == []


def test_tasks_polled_together_are_ones_own() -> None:
    client = DIALECTS["gencraft"].client()
    victim, attacker = another_tenant(client), Tenant(client, client.key)
    theirs, own = (MAKERS["gencraft", "task_id"](tenant, {}) for tenant in (victim, attacker))
    tasks = attacker.ask("GET", "/tasks", query={"ids": f"{theirs},{own}"}).json["tasks"]
    assert [(task["task_id"], task["status"]) for task in tasks] == [(theirs, "failed"), (own, "queued")]


def test_every_maker_is_needed() -> None:
    named = {(case.dialect, name) for case in NAMING for name in case.documented.path_names}
    assert MAKERS.keys() == named
    assert set(DIALECTS) == {case.dialect for case in CASES}


def _everything(dialect: str, tenant: Tenant) -> Mapping[str, str]:
    """One of each thing of a dialect."""
    ids: dict[str, str] = {}
    for name in [name for of, name in MAKERS if of == dialect and name not in NO_IDS]:
        ids[name] = MAKERS[dialect, name](tenant, ids)
    return ids


def _stored(memory: Any) -> dict[str, Any]:
    """All that is stored but how often somebody asked."""
    tables = {name: table for name, table in vars(memory).items() if isinstance(table, dict)}
    return {name: dict(table) for name, table in tables.items() if name != "rates"}
