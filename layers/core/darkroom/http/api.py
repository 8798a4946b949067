"""One HTTP request's way through a dialect: request id, admission, the route, envelope, rate headers.

Built on Powertools' resolver. ``Dialect`` is all that differs between dialects here; routes get at the sender
through ``RequestContext``, which lives in the router's context for the length of one request.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.event_handler import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.middlewares import NextMiddleware
from aws_lambda_powertools.event_handler.router import APIGatewayHttpRouter
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.rate_limits import RatePolicy, RateWindow
from darkroom.domain.errors import (
    DomainError,
    InvalidParam,
    InvalidRequest,
    MissingKey,
    NotFound,
    PayloadTooLarge,
    RateLimited,
)
from darkroom.domain.writes import StoredResponse
from darkroom.http import bodies, rate
from darkroom.http.errors import ErrorTable
from darkroom.services.accounts.authenticate import Authenticate, Caller
from darkroom.services.idempotency import RETENTION, AlreadyAnswered, IdempotencyContext, replay

logger = Logger()

REQUEST_CONTEXT = "exchange"
MAX_IDEMPOTENCY_KEY = 255


def header_key(current: RequestContext) -> str | None:
    """The idempotency key where most clients send it: in the ``Idempotency-Key`` of a POST.

    Raises
    ------
    InvalidParam
    """
    key = current.header("idempotency-key") if current.event.http_method == "POST" else None
    if key is None:
        return None
    if not key.strip() or len(key) > MAX_IDEMPOTENCY_KEY or not key.isprintable():
        raise InvalidParam(
            f"Idempotency-Key must have 1 to {MAX_IDEMPOTENCY_KEY} printable characters.",
            param="Idempotency-Key",
        )
    return key


@dataclass(frozen=True, slots=True)
class Prefetch:
    """What is read along in the one read that admits a request, and the rate window, if it is not its path's.

    ``payload_key`` is of a render of the template; what was made of it before is read too.
    """

    template_id: str | None = None
    payload_key: str | None = None
    policy: RatePolicy | None = None


@dataclass(frozen=True, slots=True)
class Dialect:
    """What is a dialect's own on the way of a request.

    ``policy`` names the rate window a method and path fall under; ``public`` are full paths that need no key.
    ``visitor`` tells what the sender of such a request is known by where its rate is limited all the same.
    ``prefixes`` are what every route's path stands behind. ``check`` may refuse an admitted request before
    its route sees it. ``max_body_bytes`` is enforced here because no gateway in front can be relied on to.
    ``idempotency`` finds a request's idempotency key, before its sender is known, so that one read fetches what
    was answered then; first answers are kept for ``retention``. ``along`` finds out from a request nobody has judged
    yet what its route will want to know; of one that makes no sense it wants nothing.
    """

    name: str
    errors: ErrorTable
    policy: Callable[[str, str], RatePolicy]
    public: frozenset[str] = frozenset()
    max_body_bytes: int = 1024 * 1024
    headers: Callable[[RequestContext], Mapping[str, str]] = field(default=lambda _: {})
    prefixes: tuple[str, ...] = ("",)
    check: Callable[[RequestContext], None] = field(default=lambda _: None)
    idempotency: Callable[[RequestContext], str | None] = header_key
    retention: timedelta = RETENTION
    visitor: Callable[[RequestContext], str | None] = field(default=lambda _: None)
    prefetch: Callable[[RequestContext], Prefetch] = field(default=lambda _: Prefetch())


@dataclass(slots=True)
class RequestContext:
    """One request under way.

    ``policy`` is set once it is known that the request's rate is limited; ``visited`` is the window of a sender
    without a key.
    """

    dialect: Dialect
    event: APIGatewayProxyEventV2
    request_id: str
    caller: Caller | None = None
    policy: RatePolicy | None = None
    visited: RateWindow | None = None
    extra_headers: dict[str, str] = field(default_factory=dict)
    _refusal: RateLimited | None = None
    _body: dict[str, Any] | None = None

    def sender(self, scope: Scope) -> Caller:
        """The admitted sender, if the key has ``scope``.

        Raises
        ------
        MissingKey, InsufficientScope
        """
        if self.caller is None:
            raise MissingKey("Missing API key.")
        self.caller.key.require(scope)
        return self.caller

    def header(self, name: str) -> str | None:
        """A request header by its lower-case name."""
        return self.event.headers.get(name)

    def query(self) -> Mapping[str, str]:
        """The query parameters; of a repeated one, API Gateway joins the values with commas."""
        return self.event.query_string_parameters or {}

    def json_object(self, *, optional: bool = False) -> dict[str, Any]:
        """The body as a JSON object; an ``optional`` one may be left out.

        Raises
        ------
        MalformedBody, PayloadTooLarge
        """
        if optional and not (self.event.body or "").strip():
            return {}
        if self._body is None:
            self._body = bodies.json_object(self.event, self.dialect.max_body_bytes)
        return self._body

    def idempotency_context[T](self, render: Callable[[T], StoredResponse]) -> IdempotencyContext[T] | None:
        """The receipt for this request, if its sender asked for idempotency.

        Asked for after the scope and before anything in the body is judged, so that a repeated request gets
        its answer whatever has changed since.

        Raises
        ------
        AlreadyAnswered, IdempotencyConflict
            The key was used before.
        """
        key = self.idempotency_key()
        if key is None or self.caller is None:
            return None
        fingerprint = bodies.fingerprint(self.event, self.dialect.max_body_bytes)
        replay(self.caller.idempotency_record, fingerprint)
        return IdempotencyContext(key, fingerprint, render, self.dialect.retention)

    def idempotency_key(self) -> str | None:
        """The key as it is stored: of this dialect, so that no other dialect's request can clash with it.

        Raises
        ------
        InvalidRequest, PayloadTooLarge
            What the dialect takes for its key cannot be one.
        """
        key = self.dialect.idempotency(self)
        return None if key is None else f"{self.dialect.name}:{key}"

    def rate_headers(self) -> dict[str, str]:
        """What the answer says about the sender's rate limit; nothing where no key is needed."""
        if self.policy is None:
            return {}
        if self._refusal is not None:
            limit = self._refusal.limit or self.policy.limit
            return rate.of_refusal(RatePolicy(self.policy.name, limit), self._refusal.retry_after)
        window = self.caller.window if self.caller else self.visited
        return rate.of_window(window) if window else rate.of_nobody(self.policy)

    def note(self, error: DomainError) -> None:
        """Remember a refusal that the rate headers must agree with."""
        if isinstance(error, RateLimited):
            self._refusal = error


def request_context(router: APIGatewayHttpRouter) -> RequestContext:
    """The request under way, for a route."""
    found: RequestContext = router.context[REQUEST_CONTEXT]
    return found


def new_router() -> APIGatewayHttpRouter:
    """A router for one resource's routes."""
    return APIGatewayHttpRouter()  # type: ignore[no-untyped-call]


def json_response(
    status: int, body: Mapping[str, Any], headers: Mapping[str, str] | None = None
) -> Response[str]:
    """A JSON answer."""
    return Response(status, "application/json", encode(body), headers=dict(headers or {}))


def encode(body: Mapping[str, Any]) -> str:
    """The one spelling of JSON we send: compact, unicode as it is."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True)
class Api:
    """A dialect's entry point: ``handle`` is what its Lambda handler calls.

    ``authenticate`` is a factory because clients are only built once a request needs them.
    """

    dialect: Dialect
    authenticate: Callable[[], Authenticate]
    new_request_id: Callable[[], str]
    app: APIGatewayHttpResolver

    @classmethod
    def of(
        cls,
        dialect: Dialect,
        routers: tuple[APIGatewayHttpRouter, ...],
        authenticate: Callable[[], Authenticate],
        new_request_id: Callable[[], str],
    ) -> Api:
        """Put a dialect's routers together."""
        app = APIGatewayHttpResolver()
        api = cls(dialect, authenticate, new_request_id, app)
        for prefix in dialect.prefixes:
            for router in routers:
                app.include_router(router, prefix=prefix)

        def middleware(app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
            # A function, not a method: Powertools inspects it once and keeps what it found on it.
            return api.respond(app, next_middleware)

        app.use([middleware])
        app.not_found(_no_such_endpoint)
        return api

    def handle(self, event: dict[str, Any], context: Any) -> dict[str, Any]:
        """Answer one API Gateway event, whatever is in it."""
        try:
            return self.app.resolve(event, context)
        except Exception:
            request_id = self.new_request_id()
            logger.exception("request failed outside its route", request_id=request_id)
            status, body, _ = self.dialect.errors.answer_unexpected(request_id)
            headers = {"Content-Type": "application/json", "X-Request-Id": request_id}
            return {"statusCode": status, "headers": headers, "body": encode(body), "isBase64Encoded": False}

    def respond(self, app: APIGatewayHttpResolver, next_middleware: NextMiddleware) -> Response[Any]:
        """Answer one request; the middleware around every route, and around the lack of one."""
        current = RequestContext(self.dialect, app.current_event, self.new_request_id())
        app.context[REQUEST_CONTEXT] = current
        response = self._answer(current, lambda: self._admitted(current, app, next_middleware))
        headers = {**current.rate_headers(), **self.dialect.headers(current), **current.extra_headers}
        response.headers = {**headers, "X-Request-Id": current.request_id, **response.headers}
        _log(current, response)
        return response

    def _admitted(
        self, current: RequestContext, app: APIGatewayHttpResolver, next_middleware: NextMiddleware
    ) -> Response[Any]:
        if current.event.path in self.dialect.public:
            self._let_in(current)
            return next_middleware(app)
        wanted = self.dialect.prefetch(current)
        current.policy = wanted.policy or self.dialect.policy(current.event.http_method, current.event.path)
        authenticate = self.authenticate()
        caller = authenticate(
            bearer(current.header("authorization")),
            current.policy,
            idempotency_key=_usable_key(current),
            template_id=wanted.template_id,
            payload_key=wanted.payload_key,
        )
        current.caller = caller
        response = self._answer(current, lambda: self._routed(current, app, next_middleware))
        authenticate.count(caller)
        return response

    def _let_in(self, current: RequestContext) -> None:
        """Count a request without a key, if its dialect limits such."""
        subject = self.dialect.visitor(current)
        if subject is not None:
            current.policy = self.dialect.policy(current.event.http_method, current.event.path)
            current.visited = self.authenticate().visitor(subject, current.policy)

    def _routed(
        self, current: RequestContext, app: APIGatewayHttpResolver, next_middleware: NextMiddleware
    ) -> Response[Any]:
        self.dialect.check(current)
        current.idempotency_key()
        return next_middleware(app)

    def _answer(self, current: RequestContext, work: Callable[[], Response[Any]]) -> Response[Any]:
        """Run ``work``; every way it can end is an answer of the dialect's."""
        try:
            return work()
        except AlreadyAnswered as before:
            stored, replayed = before.response, {"Idempotent-Replayed": "true"}
            return Response(stored.status, "application/json", stored.body, headers=replayed)
        except DomainError as error:
            current.note(error)
            return json_response(*self.dialect.errors.answer(error, current.request_id))
        except Exception:
            logger.exception("request failed", request_id=current.request_id)
            return json_response(*self.dialect.errors.answer_unexpected(current.request_id))


def _no_such_endpoint(_: Exception) -> Response[Any]:
    raise NotFound("No such endpoint.")


def bearer(authorization: str | None) -> str:
    """The key in an ``Authorization`` header.

    Raises
    ------
    MissingKey
    """
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise MissingKey("Missing API key: send it as 'Authorization: Bearer <key>'.")
    return token.strip()


def _usable_key(current: RequestContext) -> str | None:
    """The idempotency key to look up; one that is unusable is refused later, once we know who sent it."""
    try:
        return current.idempotency_key()
    except (InvalidRequest, PayloadTooLarge):
        return None


def _log(current: RequestContext, response: Response[Any]) -> None:
    owner = current.caller.owner if current.caller else None
    logger.info(
        "request",
        request_id=current.request_id,
        method=current.event.http_method,
        path=current.event.path,
        status=response.status_code,
        workspace_id=owner.workspace_id if owner else None,
        livemode=owner.livemode if owner else None,
    )
