"""How calls are sent: as HTTP, again where that is safe, page after page."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import httpx
from pydantic import BaseModel
from tenacity import (
    AsyncRetrying,
    RetryCallState,
    Retrying,
    retry_if_exception,
    stop_after_attempt,
    wait_random_exponential,
)

from darkroom_client.errors import ApiError, ConnectionFailed, api_error

LONGEST_WAIT = 60.0  # seconds; a Retry-After beyond it is the caller's to wait for
_BACKOFF = wait_random_exponential(multiplier=0.5, max=8)


@dataclass(frozen=True, slots=True)
class Call:
    """One request. ``repeatable`` ones carry an idempotency key, so that sending them twice does them once."""

    method: str
    path: str
    query: Mapping[str, Any] = field(default_factory=dict)
    body: Mapping[str, Any] | None = None
    wait_seconds: int | None = None
    idempotency_key: str | None = None
    repeatable: bool = False

    def keyed(self) -> Call:
        """The call with a key of its own where it takes one and has none."""
        if not self.repeatable or self.idempotency_key:
            return self
        return replace(self, idempotency_key=str(uuid.uuid4()))

    @property
    def safe(self) -> bool:
        """Whether sending it again cannot do it twice."""
        return self.method != "POST" or self.idempotency_key is not None

    @property
    def headers(self) -> dict[str, str]:
        headers = {}
        if self.idempotency_key:
            headers["Idempotency-Key"] = self.idempotency_key
        if self.wait_seconds is not None:
            headers["Prefer"] = f"wait={self.wait_seconds}"
        return headers


@dataclass(eq=False)
class _Failed(Exception):
    """A try that failed, and whether another may follow."""

    error: ApiError | ConnectionFailed
    again: bool


def _request(prefix: str, call: Call) -> dict[str, Any]:
    query = {name: value for name, value in call.query.items() if value is not None}
    return {
        "method": call.method,
        "url": prefix + call.path,
        "params": {name: _spelled(value) for name, value in query.items()},
        "json": call.body,
        "headers": call.headers,
    }


def _spelled(value: Any) -> Any:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else value


def _answer[M: BaseModel](call: Call, response: httpx.Response, model: type[M]) -> M:
    if response.is_success:
        return model.model_validate_json(response.content)
    retry_after = _seconds(response.headers.get("Retry-After"))
    error = api_error(
        response.status_code, _json(response), response.headers.get("X-Request-Id"), retry_after
    )
    if (
        response.status_code == 429
    ):  # was not done, so it can be sent again; a quota says to wait for too long
        again = retry_after is not None and retry_after <= LONGEST_WAIT
    else:
        again = response.status_code >= 500 and call.safe and (retry_after or 0) <= LONGEST_WAIT
    raise _Failed(error, again)


def _unanswered(call: Call, error: httpx.TransportError) -> _Failed:
    never_sent = isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.PoolTimeout)
    return _Failed(ConnectionFailed(str(error) or type(error).__name__), call.safe or never_sent)


def _json(response: httpx.Response) -> Any:
    try:
        return response.json()
    except ValueError:
        return None


def _seconds(retry_after: str | None) -> float | None:
    try:
        return float(retry_after) if retry_after is not None else None
    except ValueError:
        return None


def _pause(state: RetryCallState) -> float:
    failed = state.outcome.exception() if state.outcome else None
    asked = (
        failed.error.retry_after
        if isinstance(failed, _Failed) and isinstance(failed.error, ApiError)
        else None
    )
    return asked if asked is not None else _BACKOFF(state)


def _may_follow(error: BaseException) -> bool:
    return isinstance(error, _Failed) and error.again


def _next_page(page: Any) -> str | None:
    cursor: str | None = page.nextCursor if hasattr(page, "nextCursor") else page.next_cursor
    return cursor


@dataclass(frozen=True, slots=True)
class Transport:
    """One API's calls over an ``httpx.Client``."""

    http: httpx.Client
    prefix: str
    tries: int

    def send[M: BaseModel](self, call: Call, model: type[M]) -> M:
        """Send a call, again after what passes by itself.

        Raises
        ------
        ApiError, ConnectionFailed
        """
        call = call.keyed()
        retrying = Retrying(
            stop=stop_after_attempt(self.tries),
            wait=_pause,
            retry=retry_if_exception(_may_follow),
            reraise=True,
        )
        try:
            answer: M = retrying(self._once, call, model)
        except _Failed as failed:
            raise failed.error from failed.__cause__
        return answer

    def pages[M: BaseModel, I](self, call: Call, model: type[M], item: type[I]) -> Iterator[I]:  # noqa: ARG002
        """Every item of a list."""
        while True:
            page: Any = self.send(call, model)
            yield from page.data
            cursor = _next_page(page)
            if cursor is None:
                return
            call = replace(call, query={**call.query, "starting_after": cursor})

    def _once[M: BaseModel](self, call: Call, model: type[M]) -> M:
        try:
            response = self.http.request(**_request(self.prefix, call))
        except httpx.TransportError as error:
            raise _unanswered(call, error) from error
        return _answer(call, response, model)


@dataclass(frozen=True, slots=True)
class AsyncTransport:
    """One API's calls over an ``httpx.AsyncClient``."""

    http: httpx.AsyncClient
    prefix: str
    tries: int

    async def send[M: BaseModel](self, call: Call, model: type[M]) -> M:
        """Send a call, again after what passes by itself.

        Raises
        ------
        ApiError, ConnectionFailed
        """
        call = call.keyed()
        retrying = AsyncRetrying(
            stop=stop_after_attempt(self.tries),
            wait=_pause,
            retry=retry_if_exception(_may_follow),
            reraise=True,
        )
        try:
            answer: M = await retrying(self._once, call, model)
        except _Failed as failed:
            raise failed.error from failed.__cause__
        return answer

    async def pages[M: BaseModel, I](
        self,
        call: Call,
        model: type[M],
        item: type[I],  # noqa: ARG002
    ) -> AsyncIterator[I]:
        """Every item of a list."""
        while True:
            page: Any = await self.send(call, model)
            for one in page.data:
                yield one
            cursor = _next_page(page)
            if cursor is None:
                return
            call = replace(call, query={**call.query, "starting_after": cursor})

    async def _once[M: BaseModel](self, call: Call, model: type[M]) -> M:
        try:
            response = await self.http.request(**_request(self.prefix, call))
        except httpx.TransportError as error:
            raise _unanswered(call, error) from error
        return _answer(call, response, model)
