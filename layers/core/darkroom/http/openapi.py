"""What a dialect adds to its routes' declarations to make its OpenAPI document.

Method, path and scope of an operation are its route's; its id is the handler's name and its summary the handler's
docstring. A dialect's ``operations.py`` adds bodies, answers and parameters. Nothing of it is imported when a request
is answered: ``python -m tools.openapi`` reads it, and tests hold it against the routes.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from aws_lambda_powertools.event_handler import Response

from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.errors import ErrorTable
from darkroom.http.idempotency import HEADER, MAX_KEY_CHARS
from darkroom.http.pipeline import Api
from darkroom.http.request_models import Body
from darkroom.http.routing import Route

type Json = Mapping[str, Any]

UUID: Json = {"type": "string", "format": "uuid"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter with its JSON Schema. Path parameters are listed only where they are no UUIDs."""

    name: str
    schema: Json
    description: str
    where: Literal["query", "header", "path"] = "query"
    required: bool = False


def paging(cursor: str, ids: Json = UUID, order: str = "newest") -> tuple[Parameter, ...]:
    """The parameters of a list whose answer names its last object's id, one of ``ids``, in the member ``cursor``."""
    return (
        Parameter(
            "limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 40}, "The size of a page."
        ),
        Parameter("starting_after", ids, f"The page before's `{cursor}`."),
        Parameter(
            "order", {"type": "string", "enum": ["newest", "oldest"], "default": order}, "Where to start."
        ),
    )


IDEMPOTENCY_KEY = Parameter(
    HEADER,
    {"type": "string", "minLength": 1, "maxLength": MAX_KEY_CHARS},
    "Repeating a request with the same key and body within 24 hours repeats its first answer.",
    where="header",
)
RATE_LIMIT_HEADERS: Mapping[str, str] = {
    "X-Request-Id": "This request's id.",
    "RateLimit-Limit": "Requests per minute.",
    "RateLimit-Remaining": "Requests left now.",
    "RateLimit-Reset": "Seconds until the window moves on.",
    "RateLimit-Policy": "The same as the IETF draft writes it.",
    "RateLimit": "The same as the IETF draft writes it.",
}


@dataclass(frozen=True, slots=True)
class ResponseSpec:
    """One way an operation succeeds. ``resource`` is the answer's TypedDict; without one it is any ``media``."""

    status: int
    resource: type[Any] | None
    description: str
    example: Json | None = None
    media: str = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """What a route's declaration does not say about it.

    ``errors`` are the statuses this route can refuse with, beside those that every route can. An ``idempotent`` one
    heeds the ``Idempotency-Key`` header.
    """

    handler: Callable[..., Response[str]]
    tag: str
    responses: tuple[ResponseSpec, ...]
    description: str = ""
    body: type[Body] | None = None
    body_required: bool = True
    example: Json | None = None
    parameters: tuple[Parameter, ...] = ()
    errors: tuple[int, ...] = ()
    idempotent: bool = False

    @property
    def id(self) -> str:
        """The operation's id: the handler's name in camel case."""
        first, *others = self.handler.__name__.split("_")
        return first + "".join(word.capitalize() for word in others)

    @property
    def summary(self) -> str:
        """The first sentence of the handler's docstring."""
        return (inspect.getdoc(self.handler) or "").partition("\n")[0].removesuffix(".")


@dataclass(frozen=True, slots=True)
class DocumentedRoute:
    """A route and what is said about it."""

    route: Route
    operation: Operation

    @property
    def scope(self) -> Scope | None:
        """The scope a key needs; ``None`` for a public route."""
        return self.route.scope

    @property
    def path_names(self) -> list[str]:
        """The names of the path's parameters, in order."""
        return re.findall(r"<(\w+)>", self.route.path)


@dataclass(frozen=True, slots=True)
class ApiDocument:
    """A dialect's whole document.

    ``common_errors`` are the statuses every route with a key can refuse with, ``public_errors`` those every public
    route can. ``headers`` are on every answer to a request with a key, by name with their meaning.
    """

    title: str
    version: str
    description: str
    api: Api
    operations: tuple[Operation, ...]
    error_resource: type[Any]
    common_errors: tuple[int, ...]
    tags: Mapping[str, str]
    public_errors: tuple[int, ...] = (500,)
    headers: Mapping[str, str] = field(default_factory=lambda: RATE_LIMIT_HEADERS)
    common_parameters: tuple[Parameter, ...] = ()

    @property
    def errors(self) -> ErrorTable:
        """The dialect's error table."""
        return self.api.dialect.errors

    @property
    def prefixes(self) -> tuple[str, ...]:
        """What the routes are served below."""
        return self.api.dialect.prefixes

    def routes(self) -> tuple[DocumentedRoute, ...]:
        """Every operation with its route, in the document's order.

        Raises
        ------
        LookupError
            A route has no operation, or an operation no route.
        """
        routes = {route.handler: route for route in self.api.routes}
        operations = {operation.handler: operation for operation in self.operations}
        if len(operations) != len(self.operations) or routes.keys() != operations.keys():
            odd = {handler.__name__ for handler in routes.keys() ^ operations.keys()}
            raise LookupError(f"{self.title}: routes and operations differ: {', '.join(sorted(odd))}")
        return tuple(DocumentedRoute(routes[handler], one) for handler, one in operations.items())

    def refusals(self, documented: DocumentedRoute) -> tuple[int, ...]:
        """The statuses a route can refuse with."""
        common = self.public_errors if documented.scope is None else self.common_errors
        return tuple(sorted({*common, *documented.operation.errors}))

    def parameters(self, documented: DocumentedRoute) -> Iterable[Parameter]:
        """All of a route's parameters."""
        own = documented.operation.parameters
        special = {parameter.name for parameter in own if parameter.where == "path"}
        for name in documented.path_names:
            if name not in special:
                yield Parameter(name, UUID, "", where="path", required=True)
        yield from own
        if documented.operation.idempotent:
            yield IDEMPOTENCY_KEY
        if documented.scope is not None:
            yield from self.common_parameters
