"""Every limit that a document states is enforced: what breaks it is refused by name, and nothing is left of it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from darkroom.domain.accounts.api_keys import Scope
from tests.conformance.dialects import CASES, Case
from tests.docs.harness import Client

type Schema = Mapping[str, Any]

ANYWHERE = "01950000-0000-7000-8000-ffffffffffff"
WRONG_TYPES: Mapping[str, Any] = {
    "string": 7,
    "integer": "many",
    "number": "many",
    "boolean": "perhaps",
    "array": "one",
    "object": "one",
}


@dataclass(frozen=True)
class Breach:
    """A body's or a query's member with a value that the document rules out."""

    case: Case
    member: str
    value: Any
    why: str

    def __str__(self) -> str:
        return f"{self.case}: {self.member} {self.why}"


def breaches_of_bodies() -> Iterator[Breach]:
    for case in CASES:
        model = case.documented.operation.body
        if model is None:
            continue
        schema = model.model_json_schema(by_alias=True)
        for name, member in schema.get("properties", {}).items():
            for why, value in broken(member, schema.get("$defs", {})):
                yield Breach(case, name, value, why)


def breaches_of_queries() -> Iterator[Breach]:
    """In a query all is text, so texts and lists cannot be of another type."""
    for case in CASES:
        for parameter in case.documented.operation.parameters:
            if parameter.where == "query":
                for why, value in broken(parameter.schema, {}):
                    if why != "of another type" or parameter.schema["type"] not in ("string", "array"):
                        yield Breach(case, parameter.name, _as_text(value), why)


def _as_text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


def broken(schema: Schema, shared: Schema) -> Iterator[tuple[str, Any]]:
    """Values that a schema rules out, each with what is wrong."""
    kinds = list(_kinds(schema, shared))
    types = {kind.get("type") for kind in kinds}
    wrong = next(
        (value for kind, value in WRONG_TYPES.items() if kind in types and not _fits(value, types)), None
    )
    if wrong is not None:
        yield "of another type", wrong
    if len(kinds) == 1:
        yield from _beyond(kinds[0])


def _kinds(schema: Schema, shared: Schema) -> Iterator[Schema]:
    if "$ref" in schema:
        yield from _kinds(shared[schema["$ref"].rpartition("/")[2]], shared)
    elif "anyOf" in schema:
        for one in schema["anyOf"]:
            if one.get("type") != "null":
                yield from _kinds(one, shared)
    else:
        yield schema


def _fits(value: Any, types: set[Any]) -> bool:
    return ("string" in types and isinstance(value, str)) or (
        bool({"integer", "number"} & types) and isinstance(value, int)
    )


def _beyond(schema: Schema) -> Iterator[tuple[str, Any]]:
    if "maxLength" in schema:
        yield "too long", "x" * (schema["maxLength"] + 1)
    if schema.get("minLength"):
        yield "too short", ""
    if "enum" in schema:
        yield "unknown", "none of these"
    if "minimum" in schema:
        yield "too small", schema["minimum"] - 1
    if "maximum" in schema:
        yield "too large", schema["maximum"] + 1
    if "maxItems" in schema:
        yield "too many", [_item(schema["items"])] * (schema["maxItems"] + 1)
    if schema.get("minItems"):
        yield "none", []


def _item(schema: Schema) -> Any:
    return {"string": "x", "integer": 1, "number": 1}.get(schema.get("type", ""), {})


def refused(client: Client, breach: Breach, reply: Any, before: tuple[int, ...]) -> None:
    assert reply.status == 400, f"{reply.status} {reply.body[:300]}"
    assert breach.member in json.dumps(reply.json), reply.body
    assert client.untouched() == before


@pytest.mark.parametrize("breach", list(breaches_of_bodies()), ids=str)
def test_a_body_that_breaks_a_limit_is_refused_by_name(breach: Breach) -> None:
    case, client = breach.case, breach.case.client()
    path = case.path(dict.fromkeys(case.documented.path_names, ANYWHERE))
    key = client.issue("operator", dialect="admin", scopes=frozenset(Scope)) if case.scope else None
    before = client.untouched()
    body = {**case.example, breach.member: breach.value}
    refused(client, breach, client.ask(case.method, path, body, key=key), before)


@pytest.mark.parametrize("breach", list(breaches_of_queries()), ids=str)
def test_a_query_that_breaks_a_limit_is_refused_by_name(breach: Breach) -> None:
    case, client = breach.case, breach.case.client()
    path = case.path(dict.fromkeys(case.documented.path_names, ANYWHERE))
    key = client.issue("operator", dialect="admin", scopes=frozenset(Scope)) if case.scope else None
    before = client.untouched()
    reply = client.ask(case.method, path, query={breach.member: breach.value}, key=key)
    refused(client, breach, reply, before)
