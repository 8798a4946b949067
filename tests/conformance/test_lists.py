"""Every list that is paged: by time, and from no object that it never had."""

from __future__ import annotations

import pytest

from darkroom.domain.accounts.api_keys import Scope
from tests.conformance.dialects import CASES, Case, Tenant, another_tenant
from tests.conformance.objects import make
from tests.harness.dialects import UNUSED_ID

PAGED = [
    case
    for case in CASES
    if any(parameter.name == "starting_after" for parameter in case.documented.operation.parameters)
]


def test_there_are_paged_lists_in_several_dialects() -> None:
    assert len({case.dialect for case in PAGED}) > 2


@pytest.mark.parametrize("case", PAGED, ids=str)
def test_a_page_cannot_begin_after_what_was_never_in_the_list(case: Case) -> None:
    client = case.client()
    tenant = Tenant(client, client.issue("operator", dialect="admin", scopes=frozenset(Scope)))
    path = case.path(make(case.dialect, case.documented.path_names, tenant))
    reply = tenant.ask("GET", path, query={"starting_after": UNUSED_ID})
    assert reply.status == 400, reply.body
    assert "starting_after" in reply.body


@pytest.mark.parametrize("case", [case for case in PAGED if case.scope is not Scope.ADMIN], ids=str)
def test_a_page_cannot_begin_after_what_is_in_another_workspaces_list(case: Case) -> None:
    client = case.client()
    stranger, tenant = another_tenant(client), Tenant(client, client.key)
    ids = [make(case.dialect, case.documented.path_names, one) for one in (stranger, tenant)]
    theirs, own = (
        {one["id"] for one in asking.ask("GET", case.path(named)).json["data"]}
        for asking, named in zip((stranger, tenant), ids, strict=True)
    )
    for foreign in theirs - own:  # two ledgers may begin with entries of one name
        assert tenant.ask("GET", case.path(ids[1]), query={"starting_after": foreign}).status == 400
