"""One HTTP request under way: who sent it, what is in it, and what its answer will carry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.rate_limits import RatePolicy, RateWindow
from darkroom.domain.errors import DomainError, MissingKey, RateLimited
from darkroom.domain.writes import StoredResponse
from darkroom.http import bodies, idempotency, rate
from darkroom.http.dialect import Dialect
from darkroom.http.request_models import Body, parse
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import IdempotencyContext

# Characters of a body that is read before its key is looked at, because the read that admits the request can then
# read what it names. What is larger is read once it is known whose it is, which costs a call more.
MAX_READ_AHEAD = 400_000


@dataclass(slots=True)
class RequestContext:
    """A request and what is known about it so far.

    ``caller`` is set once the request is authenticated, ``policy`` once its rate is limited; ``visitor_window`` is
    the rate window of a client without a key. ``extra_headers`` are sent with the answer. ``public_base_url`` is what
    clients put before a path to reach this API; it may end in a path of its own.
    """

    dialect: Dialect
    event: APIGatewayProxyEventV2
    request_id: str
    public_base_url: str
    caller: Caller | None = None
    policy: RatePolicy | None = None
    visitor_window: RateWindow | None = None
    extra_headers: dict[str, str] = field(default_factory=dict)
    _rate_refusal: RateLimited | None = None
    _body: dict[str, Any] | None = None

    def authorize(self, scope: Scope) -> Caller:
        """The authenticated caller, if the key has ``scope``.

        Raises
        ------
        MissingKey, InsufficientScope
        """
        if self.caller is None:
            raise MissingKey("Missing API key.")
        self.caller.key.require(scope)
        return self.caller

    def header(self, name: str) -> str | None:
        """A request header; names are compared ignoring case."""
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

    def read_ahead(self) -> dict[str, Any] | None:
        """The body as far as it may be read before the key is looked at: ``None`` if it is large or no good."""
        if len(self.event.body or "") > MAX_READ_AHEAD:
            return None
        try:
            return self.json_object()
        except DomainError:
            return None

    def parse[B: Body](self, model: type[B], *, optional: bool = False) -> B:
        """The body as a ``model``; an ``optional`` one may be left out.

        Raises
        ------
        MalformedBody, PayloadTooLarge, InvalidRequest
        """
        return parse(model, self.json_object(optional=optional))

    def idempotency_key(self) -> str | None:
        """See :func:`darkroom.http.idempotency.stored_key`."""
        return idempotency.stored_key(self)

    def idempotency_context[T](
        self, render: Callable[[T], StoredResponse], normalized: Callable[[], str] = lambda: ""
    ) -> IdempotencyContext[T] | None:
        """See :func:`darkroom.http.idempotency.context_for`."""
        return idempotency.context_for(self, render, normalized)

    @property
    def prefix(self) -> str:
        """The one of the dialect's prefixes that the request came by."""
        path = self.event.path
        return next((p for p in self.dialect.prefixes if path.startswith(f"{p}/")), self.dialect.prefixes[0])

    @property
    def route_path(self) -> str:
        """The request's path without the dialect's prefix."""
        return str(self.event.path).removeprefix(self.prefix)

    def url_of(self, route_path: str) -> str:
        """The public address of another route of this API, for ``Location`` and other links."""
        return self.public_base_url + self.prefix + route_path

    def rate_headers(self) -> dict[str, str]:
        """The headers about the client's rate limit; none on a route that has no limit."""
        if self.policy is None:
            return {}
        if self._rate_refusal is not None:
            limit = self._rate_refusal.limit or self.policy.limit
            return rate.of_refusal(RatePolicy(self.policy.name, limit), self._rate_refusal.retry_after)
        window = self.caller.tightest_window if self.caller else self.visitor_window
        return rate.of_window(window) if window else rate.of_unauthenticated(self.policy)

    def note_refusal(self, error: DomainError) -> None:
        """Keep a rate refusal, so that the rate headers agree with it."""
        if isinstance(error, RateLimited):
            self._rate_refusal = error


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
