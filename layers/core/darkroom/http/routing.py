"""A dialect's routes, each declared once: method, path, and the scope a key needs.

The pipeline serves what is declared here, and the OpenAPI document is made from the same declarations.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Concatenate, overload

from aws_lambda_powertools.event_handler import Response

from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.services.accounts.authenticate import Caller

type Handler[**P] = Callable[Concatenate[RequestContext, Caller, P], Response[str]]
type PublicHandler[**P] = Callable[Concatenate[RequestContext, P], Response[str]]
type Declare = Callable[[Handler[...]], Handler[...]]
type DeclarePublic = Callable[[PublicHandler[...]], PublicHandler[...]]


@dataclass(frozen=True, slots=True)
class Route:
    """One route. ``path`` has no prefix and writes parameters as ``<name>``; a public route has no ``scope``."""

    method: str
    path: str
    scope: Scope | None
    handler: Callable[..., Response[str]]

    def answer(self, request: RequestContext, path_parameters: dict[str, Any]) -> Response[str]:
        """Run the handler, after the caller's scope was checked.

        Raises
        ------
        DomainError, AlreadyAnswered
        """
        if self.scope is None:
            return self.handler(request, **path_parameters)
        return self.handler(request, request.authorize(self.scope), **path_parameters)


class Routes:
    """The routes of one resource. ``get``, ``post`` and so on are decorators of handlers.

    A handler takes the request, the authorized caller (unless the route is public, ``scope=None``) and the path's
    parameters by name. ``at_root`` routes are served without the dialect's prefixes.
    """

    def __init__(self, *, at_root: bool = False) -> None:
        self.at_root = at_root
        self._routes: list[Route] = []

    def __iter__(self) -> Iterator[Route]:
        return iter(self._routes)

    @overload
    def get(self, path: str, scope: Scope) -> Declare: ...
    @overload
    def get(self, path: str, scope: None) -> DeclarePublic: ...
    def get(self, path: str, scope: Scope | None) -> Declare | DeclarePublic:
        """Declare a GET."""
        return self._declare("GET", path, scope)

    @overload
    def post(self, path: str, scope: Scope) -> Declare: ...
    @overload
    def post(self, path: str, scope: None) -> DeclarePublic: ...
    def post(self, path: str, scope: Scope | None) -> Declare | DeclarePublic:
        """Declare a POST."""
        return self._declare("POST", path, scope)

    def put(self, path: str, scope: Scope) -> Declare:
        """Declare a PUT."""
        return self._declare("PUT", path, scope)

    def patch(self, path: str, scope: Scope) -> Declare:
        """Declare a PATCH."""
        return self._declare("PATCH", path, scope)

    def delete(self, path: str, scope: Scope) -> Declare:
        """Declare a DELETE."""
        return self._declare("DELETE", path, scope)

    def _declare(
        self, method: str, path: str, scope: Scope | None
    ) -> Callable[[Callable[..., Response[str]]], Callable[..., Response[str]]]:
        def declare(handler: Callable[..., Response[str]]) -> Callable[..., Response[str]]:
            self._routes.append(Route(method, path, scope, handler))
            return handler

        return declare
