"""What a document calls a default is what a request gets that leaves it out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from darkroom.domain.accounts.api_keys import Scope
from tests.conformance.dialects import CASES, Case, Tenant
from tests.conformance.objects import make
from tests.docs.harness import Client


def documented() -> Iterator[tuple[Case, str, Any]]:
    """Each member of a body that is not required, with its default."""
    for case in CASES:
        model = case.documented.operation.body
        if model is None or case.scope is None:
            continue
        schema = model.model_json_schema(by_alias=True)
        for name, member in schema.get("properties", {}).items():
            if member.get("default") not in (None, "", [], {}):
                yield case, name, member["default"]


DEFAULTS = list(documented())


@pytest.mark.parametrize(
    ("case", "member", "default"), DEFAULTS, ids=[f"{case}: {name}" for case, name, _ in DEFAULTS]
)
def test_a_default_that_is_spelled_out_changes_nothing(case: Case, member: str, default: Any) -> None:
    assert answered(case, {member: default}) == answered(case, {})


def answered(case: Case, spelled_out: dict[str, Any]) -> tuple[int, str, list[Any]]:
    """The answer to the document's example on a new stack, and the jobs that it led to."""
    client = case.client()
    key = client.issue("operator", dialect="admin", scopes=frozenset(Scope))
    ids = {"workspace_id": client.workspace.id}
    if case.scope is not Scope.ADMIN:
        ids = make(case.dialect, case.documented.path_names, Tenant(client, key))
    names = {*spelled_out, *(name for _, name, _ in DEFAULTS)}
    example = {name: value for name, value in case.example.items() if name not in names} | spelled_out
    reply = client.ask(case.method, case.path(ids), example, key=key)
    return reply.status, _settled(reply.body), _jobs(client)


def _settled(body: str) -> str:
    """A body without what is drawn by lot."""
    return re.sub(r'"(secret|id|prefix|plain)": ?"[^"]*"', r'"\1"', body)


def _jobs(client: Client) -> list[Any]:
    return [
        (job.kind, job.model, job.spec, job.unit_price, len(job.tasks)) for job in client.memory.jobs.values()
    ]
