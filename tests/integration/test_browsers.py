"""What browsers and HTTP's own rules ask of every route of every dialect, made from the route tables."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from darkroom.http.openapi import IDEMPOTENCY_KEY
from tests.harness.dialects import CLIENTS, DIALECTS, all_routes, concrete, document, raw_request
from tests.unit.template.source import read

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE")
# What an answer says in these is its own.
OF_ONE_ANSWER = ("X-Request-Id", "RateLimit", "RateLimit-Remaining", "Date")
# Answered to some requests, beside the headers that a document has on all.
ON_SOME = {
    *("Allow", "Content-Range", "ETag", "Idempotent-Replayed", "Link", "Location", "Retry-After", "Sunset"),
    *("Deprecation", "Preference-Applied", "WWW-Authenticate"),
}
# Sent by clients of streams, files and the tools for agents, which no OpenAPI document describes.
SENT_TOO = {
    *("Authorization", "Content-Type", "Last-Event-ID", "If-None-Match", "If-Match", "If-Range", "Range"),
    *("MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"),
}


def methods_of(dialect: str) -> dict[str, set[str]]:
    methods: dict[str, set[str]] = defaultdict(set)
    for documented in document(dialect).routes():
        methods[documented.route.path].add(documented.route.method)
    return methods


def is_of(path: str, address: str) -> bool:
    return re.fullmatch(re.sub(r"<\w+>", "[^/]+", path), address) is not None


def paths() -> list[tuple[str, str]]:
    return [(dialect, path) for dialect in DIALECTS for path in methods_of(dialect)]


def test_every_dialect_is_among_them() -> None:
    assert sorted(CLIENTS) == DIALECTS


@pytest.mark.parametrize(("dialect", "path"), paths())
def test_a_method_that_a_path_has_not_is_a_405_that_names_those_it_has(dialect: str, path: str) -> None:
    client, address = CLIENTS[dialect](), concrete(path)
    # A parameter may stand where another route has a word.
    allowed = {m for other, has in methods_of(dialect).items() if is_of(other, address) for m in has}
    allowed |= {"HEAD"} if "GET" in allowed else set()
    for method in METHODS:
        if method not in allowed:
            client.clock.advance(60)
            answer = raw_request(client, method, address, client.key)
            assert answer.status == 405, (method, path)
            assert answer.headers["Allow"].split(", ") == sorted(allowed)
            if method != "HEAD":
                client.hold_to_contract(method, path, answer)


@pytest.mark.parametrize(("dialect", "path"), [one for one in paths() if "GET" in methods_of(one[0])[one[1]]])
def test_a_head_is_answered_as_the_get_without_its_body(dialect: str, path: str) -> None:
    client = CLIENTS[dialect]()
    whole, head = (raw_request(client, method, concrete(path), client.key) for method in ("GET", "HEAD"))
    assert (head.status, head.body) == (whole.status, "")
    same = [
        {name: value for name, value in answer.headers.items() if name not in OF_ONE_ANSWER}
        for answer in (head, whole)
    ]
    assert same[0] == same[1]


@pytest.mark.parametrize(
    ("dialect", "method", "path"),
    [(dialect, one.route.method, one.route.path) for dialect, one in all_routes() if one.scope is not None],
)
def test_a_401_says_how_to_authenticate(dialect: str, method: str, path: str) -> None:
    client = CLIENTS[dialect]()
    none, bad = (raw_request(client, method, concrete(path), token) for token in (None, "nonsense"))
    assert (none.status, none.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert (bad.status, bad.headers["WWW-Authenticate"]) == (401, 'Bearer error="invalid_token"')


def test_browsers_may_send_and_read_every_header_there_is() -> None:
    cors = read("template.yaml")["Resources"]["HttpApi"]["Properties"]["CorsConfiguration"]
    sent, answered = set(SENT_TOO), set(ON_SOME)
    for dialect in DIALECTS:
        answered |= set(document(dialect).headers)
        for documented in document(dialect).routes():
            given = document(dialect).parameters(documented)
            sent |= {one.name for one in (*given, IDEMPOTENCY_KEY) if one.where == "header"}
    assert sorted(sent - set(cors["AllowHeaders"])) == []
    assert sorted(answered - set(cors["ExposeHeaders"])) == []
    assert {method for method in METHODS if method != "TRACE"} == set(cors["AllowMethods"])
