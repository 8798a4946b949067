"""A request's way through a dialect: authentication, rate limit, the route, the error envelope, headers.

Built on Powertools' resolver. :class:`Dialect` holds all that differs between dialects.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware

from darkroom.domain.errors import DomainError, MethodNotAllowed, NotFound
from darkroom.http.dialect import Dialect
from darkroom.http.idempotency import lookup_key, stored_key
from darkroom.http.request_context import RequestContext, bearer
from darkroom.http.responses import encode, json_response
from darkroom.http.routing import Route, Routes
from darkroom.http.serving import with_method
from darkroom.ports.system import Ids
from darkroom.services.accounts.authenticate import Authenticate
from darkroom.services.idempotency import AlreadyAnswered

logger = Logger()

READS = frozenset({"GET", "HEAD"})
_REQUEST = "request"
_SECRETS = re.compile(r"(/files/|/s/\d+/)[^/]+")


class Address(Protocol):
    """The part of the settings that says where clients reach the stack."""

    @property
    def public_base_url(self) -> str: ...


class Core(Protocol):
    """What the pipeline needs of the composition root."""

    @property
    def settings(self) -> Address: ...
    @property
    def authenticate(self) -> Authenticate: ...
    @property
    def ids(self) -> Ids: ...


@dataclass(frozen=True, slots=True)
class Api:
    """A dialect's entry point: its Lambda handler calls ``handle``.

    ``methods`` are those of each path. ``core`` is a function because the composition root is built only once a
    request needs it.
    """

    dialect: Dialect
    routes: tuple[Route, ...]
    methods: Mapping[str, set[str]]
    public_paths: frozenset[str]
    core: Callable[[], Core]
    app: APIGatewayHttpResolver

    @classmethod
    def of(cls, dialect: Dialect, resources: tuple[Routes, ...], core: Callable[[], Core]) -> Api:
        """Serve a dialect's routes below each of its prefixes."""
        app = APIGatewayHttpResolver()
        public_paths = set()
        methods: dict[str, set[str]] = {}
        for routes in resources:
            for prefix in ("",) if routes.at_root else dialect.prefixes:
                for route in routes:
                    _serve(app, prefix + route.path, route)
                    methods.setdefault(prefix + route.path, set()).add(route.method)
                    public_paths |= {prefix + route.path} if route.scope is None else set()
        api = cls(
            dialect,
            tuple(route for routes in resources if not routes.at_root for route in routes),
            methods,
            frozenset(public_paths),
            core,
            app,
        )

        def middleware(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
            # A function, not a method: Powertools inspects it once and stores attributes on it.
            return api.respond(app, next_middleware)

        app.use([middleware])
        app.not_found(api.refuse)
        return api

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Answer one API Gateway event, whatever is in it. A HEAD is answered as the GET, without its body."""
        try:
            if event["requestContext"]["http"]["method"] == "HEAD":
                return {
                    **self.app.resolve(with_method(event, "GET"), context),
                    "body": "",
                    "isBase64Encoded": False,
                }
            return self.app.resolve(event, context)
        except Exception:
            request_id = self._new_request_id()
            logger.exception("request failed outside its route", request_id=request_id)
            status, body, _ = self.dialect.errors.answer_unexpected(request_id)
            headers = {"Content-Type": "application/json", "X-Request-Id": request_id}
            return {"statusCode": status, "headers": headers, "body": encode(body), "isBase64Encoded": False}

    def respond(self, app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
        """Answer one request; the middleware around every route, and around a request that has none."""
        request = RequestContext(
            self.dialect,
            app.current_event,
            self._new_request_id(),
            self.core().settings.public_base_url,
        )
        app.context[_REQUEST] = request
        response = self._answer(request, lambda: self._authenticated(request, app, next_middleware))
        headers = {**request.rate_headers(), **self.dialect.headers(request), **request.extra_headers}
        response.headers = {**headers, "X-Request-Id": request.request_id, **response.headers}
        _log(request, response)
        return response

    def refuse(self, _: Exception) -> Response[Any]:
        """Refuse a request that no route takes.

        Raises
        ------
        NotFound, MethodNotAllowed
        """
        method, path = self.app.current_event.http_method, self.app.current_event.path
        patterns = {one: re.sub(r"<\w+>", "[^/]+", one) for one in self.methods}
        allowed = {m for one in self.methods if re.fullmatch(patterns[one], path) for m in self.methods[one]}
        if not allowed or method in allowed:  # a parameter may have characters that no route takes
            raise NotFound("No such endpoint.")
        listed = tuple(sorted(allowed | ({"HEAD"} if "GET" in allowed else set())))
        raise MethodNotAllowed(f"This endpoint takes {_either(listed)}.", allowed=listed)

    def _authenticated(
        self, request: RequestContext, app: APIGatewayHttpResolver, next_middleware: NextMiddleware
    ) -> Response[Any]:
        if request.event.path in self.public_paths:
            self._count_visitor(request)
            return next_middleware(app)
        prefetch = self.dialect.prefetch(request)
        request.policy = prefetch.policy or self.dialect.policy(request.event.http_method, request.event.path)
        authenticate = self.core().authenticate
        caller = authenticate(
            bearer(request.header("authorization")),
            request.policy,
            idempotency_key=lookup_key(request),
            prefetch=prefetch.keys,
        )
        request.caller = caller
        if request.event.http_method in READS:
            authenticate.count(
                caller
            )  # before the work: nothing of it commits, so nothing else would refuse it
        response = self._answer(request, lambda: self._routed(request, app, next_middleware))
        authenticate.count(caller)
        return response

    def _count_visitor(self, request: RequestContext) -> None:
        """Count a request to a public route, if its dialect limits those."""
        visitor = self.dialect.visitor(request)
        if visitor is not None:
            request.policy = self.dialect.policy(request.event.http_method, request.event.path)
            request.visitor_window = self.core().authenticate.visitor(visitor, request.policy)

    def _routed(
        self, request: RequestContext, app: APIGatewayHttpResolver, next_middleware: NextMiddleware
    ) -> Response[Any]:
        self.dialect.check(request)
        stored_key(request)  # refuses an invalid key
        return next_middleware(app)

    def _new_request_id(self) -> str:
        return f"req_{self.core().ids.new()}"

    def _answer(self, request: RequestContext, work: Callable[[], Response[Any]]) -> Response[Any]:
        """Run ``work``; however it ends, the answer is in the dialect's envelope."""
        try:
            return work()
        except AlreadyAnswered as earlier:
            stored, replayed = earlier.response, {"Idempotent-Replayed": "true"}
            return Response(stored.status, "application/json", stored.body, headers=replayed)
        except DomainError as error:
            request.note_refusal(error)
            return json_response(*self.dialect.errors.answer(error, request.request_id))
        except Exception:
            logger.exception("request failed", request_id=request.request_id)
            return json_response(*self.dialect.errors.answer_unexpected(request.request_id))


def _serve(app: APIGatewayHttpResolver, path: str, route: Route) -> None:
    def answer(**path_parameters: str) -> Response[str]:
        return route.answer(app.context[_REQUEST], path_parameters)

    app.route(path, method=route.method)(answer)


def _either(names: tuple[str, ...]) -> str:
    return " or ".join(filter(None, (", ".join(names[:-1]), names[-1])))


def loggable(path: str) -> str:
    """A path without the signatures in it: whoever reads logs is not to open files."""
    return _SECRETS.sub(r"\1…", path)


def _log(request: RequestContext, response: Response[Any]) -> None:
    owner = request.caller.owner if request.caller else None
    logger.info(
        "request",
        request_id=request.request_id,
        method=request.event.http_method,
        path=loggable(request.event.path),
        status=response.status_code,
        workspace_id=owner.workspace_id if owner else None,
        livemode=owner.livemode if owner else None,
    )
