"""The dialects as these tests see them: a client on fakes, the document of its routes, and two tenants."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.openapi import DocumentedRoute
from tests.docs.harness import REFERENCES, Client, Reference
from tests.harness.pictures import png

# Some have more than one page of reference.
DIALECTS: Mapping[str, Reference] = {one.api.dialect.name: one for one in REFERENCES.values()}


@dataclass(frozen=True)
class Case:
    """One route of one dialect."""

    dialect: str
    documented: DocumentedRoute

    def __str__(self) -> str:
        route = self.documented.route
        return f"{self.dialect} {route.method} {route.path}"

    @property
    def method(self) -> str:
        return self.documented.route.method

    @property
    def scope(self) -> Scope | None:
        return self.documented.scope

    @property
    def example(self) -> Any:
        """A body as the document shows it; an empty one where a body may be sent and none is shown."""
        operation = self.documented.operation
        return dict(operation.example or {}) if operation.body else None

    def path(self, ids: Mapping[str, str]) -> str:
        return re.sub(r"<(\w+)>", lambda name: ids[name[1]], self.documented.route.path)

    def client(self) -> Client:
        """A stack of its own; what the document's example takes from the web is there."""
        client = DIALECTS[self.dialect].client()
        if source := (self.example or {}).get("source"):
            client.fetcher.pages[source] = png()
        return client


@dataclass(frozen=True)
class Tenant:
    """A workspace's key on a client that others use too."""

    client: Client
    key: str

    def ask(self, method: str, path: str, body: Any = None, **options: Any) -> Any:
        return self.client.ask(method, path, body, key=self.key, **options)

    def made(self, path: str, body: Any = None, **options: Any) -> Any:
        """What a POST that must succeed answers."""
        reply = self.ask("POST", path, body, **options)
        assert reply.status < 300, f"{path}: {reply.status} {reply.body}"
        return reply.json


def cases() -> Iterator[Case]:
    for name, reference in DIALECTS.items():
        for documented in reference.document.routes():
            yield Case(name, documented)


CASES = tuple(cases())


def another_tenant(client: Client) -> Tenant:
    """A second workspace on the same stack."""
    workspace = client.core.open_workspace("Other Roasters", plan="pro", credits=500)
    return Tenant(client, client.issue("theirs", workspace_id=workspace.id))
