"""What must hold of every dialect's OpenAPI document, and of every answer."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

import pytest
from openapi_spec_validator import validate
from pydantic import TypeAdapter

from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.idempotency import header_key
from darkroom.http.openapi import ApiDocument, DocumentedRoute
from darkroom.http.pipeline import Api
from darkroom.http.request_context import RequestContext
from darkroom.http.request_models import Body
from darkroom.services.accounts.authenticate import Caller

_ADAPTERS: dict[type[Any], TypeAdapter[Any]] = {}

EXAMPLE_ID = "01950000-0000-7000-8000-00000000abcd"


class Answered(Protocol):
    """An answer as it went out."""

    @property
    def status(self) -> int: ...
    @property
    def headers(self) -> dict[str, str]: ...
    @property
    def body(self) -> str: ...


def adapter(resource: type[Any]) -> TypeAdapter[Any]:
    """What validates answers against a resource. It is kept: making one takes longer than most tests."""
    if resource not in _ADAPTERS:
        _ADAPTERS[resource] = TypeAdapter(resource)
    return _ADAPTERS[resource]


def routes_of(api: Api) -> set[tuple[str, str]]:
    """Every route that is served: its method and whole path."""
    return {(route.method, route.path) for route in (*api.app._static_routes, *api.app._dynamic_routes)}


def documented_route(document: ApiDocument, method: str, path: str) -> DocumentedRoute | None:
    """The operation a request is for; ``path`` is without the prefix."""
    return next((one for one in document.routes() if _serves(one, method, path)), None)


def _serves(documented: DocumentedRoute, method: str, path: str) -> bool:
    pattern = re.sub(r"<\w+>", "[^/]+", documented.route.path)
    return documented.route.method == method and re.fullmatch(pattern, path) is not None


def hold_to_document(document: ApiDocument, method: str, path: str, reply: Answered) -> None:
    """An answer has a status that its operation documents, and the body that is documented for it."""
    documented = documented_route(document, method, path)
    if reply.status >= 400:
        adapter(document.error_resource).validate_json(reply.body)
        if documented is not None and reply.status not in (404, 500):
            assert reply.status in document.refusals(documented), f"{method} {path}: {reply.body}"
        return
    assert documented is not None
    specs = {spec.status: spec for spec in documented.operation.responses}
    assert reply.status in specs, f"{method} {path} answers {reply.status}"
    spec = specs[reply.status]
    if reply.status != 204:
        assert reply.headers["Content-Type"].startswith(spec.media)
    if spec.resource is not None:
        adapter(spec.resource).validate_json(reply.body)


def check_served(document: ApiDocument, served: Mapping[str, Any], stored: str, base_url: str) -> None:
    """The served document is valid, and is the stored one with the stack's public address before its servers."""
    validate(served)
    servers = [{"url": base_url + prefix} for prefix in document.prefixes]
    assert served == {**json.loads(stored), "servers": servers}


def check_routes(document: ApiDocument, *, unlisted: set[tuple[str, str]] | None = None) -> None:
    """Every route is documented, below each prefix, and nothing else is."""
    documented = {
        (one.route.method, prefix + one.route.path)
        for one in document.routes()
        for prefix in document.prefixes
    }
    assert routes_of(document.api) == documented | (unlisted or set())


def check_operations(
    document: ApiDocument,
    monkeypatch: pytest.MonkeyPatch,
    ask: Callable[[str, str, Mapping[str, Any] | None], object],
) -> None:
    """Each handler asks for the scope, parses the body and reads the parameters its operation documents.

    ``ask`` sends a request: method, path without prefix, and a body.
    """
    uses = _Uses(monkeypatch)
    for documented in document.routes():
        operation = documented.operation
        with uses.of_one_request() as used:
            path = re.sub(r"<\w+>", EXAMPLE_ID, documented.route.path)
            ask(documented.route.method, path, operation.example)
        assert used.scopes == ({documented.scope} if documented.scope else set()), operation.id
        assert used.bodies == ({operation.body} if operation.body else set()), operation.id
        queries = {one.name for one in operation.parameters if one.where == "query"}
        assert used.queries == queries, operation.id
        common = {
            "authorization",
            "idempotency-key",
            *(one.name.lower() for one in document.common_parameters),
        }
        headers = {one.name.lower() for one in operation.parameters if one.where == "header"}
        assert used.headers - common <= headers, operation.id
        assert used.idempotency == operation.idempotent or document.api.dialect.idempotency is not header_key


def check_examples(document: ApiDocument) -> None:
    """Every example fits the schema it stands beside."""
    for operation in document.operations:
        if operation.example is not None and operation.body is not None:
            operation.body.model_validate(dict(operation.example))
        for spec in operation.responses:
            if spec.example is not None and spec.resource is not None:
                adapter(spec.resource).validate_json(json.dumps(spec.example))


class _Used:
    """What one request's handling used."""

    def __init__(self) -> None:
        self.scopes: set[Scope] = set()
        self.bodies: set[type[Body]] = set()
        self.queries: set[str] = set()
        self.headers: set[str] = set()
        self.idempotency = False


class _Query(dict[str, str]):
    """Query parameters that note which of them are looked for."""

    def __init__(self, values: Mapping[str, str], names: set[str]) -> None:
        super().__init__(values)
        self._names = names

    def get(self, name: str, default: Any = None) -> Any:
        self._names.add(name)
        return super().get(name, default)

    def __contains__(self, name: object) -> bool:
        self._names.add(str(name))
        return super().__contains__(name)

    def __getitem__(self, name: str) -> str:
        self._names.add(name)
        return super().__getitem__(name)


class _Uses:
    """Listens to what handlers ask of the request."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._used = _Used()
        authorize, parse = RequestContext.authorize, RequestContext.parse
        query, header = RequestContext.query, RequestContext.header
        context, key = RequestContext.idempotency_context, RequestContext.idempotency_key

        def note_scope(request: RequestContext, scope: Scope) -> Caller:
            self._used.scopes.add(scope)
            return authorize(request, scope)

        def note_body[B: Body](request: RequestContext, model: type[B], *, optional: bool = False) -> B:
            self._used.bodies.add(model)
            return parse(request, model, optional=optional)

        def note_query(request: RequestContext) -> Mapping[str, str]:
            return _Query(query(request), self._used.queries)

        def note_header(request: RequestContext, name: str) -> str | None:
            self._used.headers.add(name.lower())
            return header(request, name)

        def note_idempotency(request: RequestContext, *given: Any) -> Any:
            self._used.idempotency = True
            return context(request, *given)

        def note_key(request: RequestContext) -> str | None:
            self._used.idempotency = True
            return key(request)

        monkeypatch.setattr(RequestContext, "idempotency_context", note_idempotency)
        monkeypatch.setattr(RequestContext, "idempotency_key", note_key)
        monkeypatch.setattr(RequestContext, "authorize", note_scope)
        monkeypatch.setattr(RequestContext, "parse", note_body)
        monkeypatch.setattr(RequestContext, "query", note_query)
        monkeypatch.setattr(RequestContext, "header", note_header)

    @contextmanager
    def of_one_request(self) -> Iterator[_Used]:
        self._used = _Used()
        yield self._used
