"""What can go wrong when Darkroom is asked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


class DarkroomError(Exception):
    """Anything this client raises."""


class ConnectionFailed(DarkroomError):
    """No answer came: the connection could not be made, broke off, or took too long."""


class WaitedTooLong(DarkroomError):
    """What was waited for has not ended. It goes on all the same; ask again later."""


class NotGenuine(DarkroomError):
    """A webhook message that Darkroom did not sign, or one that is too old."""


@dataclass(eq=False)
class ApiError(DarkroomError):
    """A refusal, in the words of the API. ``request_id`` is what its operator finds it by."""

    status: int
    code: str
    message: str
    param: str | None = None
    request_id: str | None = None
    retry_after: float | None = None
    details: list[dict[str, Any]] = field(default_factory=list)

    def __str__(self) -> str:
        where = f" ({self.param})" if self.param else ""
        return f"{self.status} {self.code}{where}: {self.message}"


class InvalidRequest(ApiError):
    """400, 413, 422: the request is wrong; ``param`` says where."""


class Unauthorized(ApiError):
    """401: the key is missing, unknown, expired or revoked."""


class PaymentRequired(ApiError):
    """402: there are not enough credits."""


class Forbidden(ApiError):
    """403: the key may not do this."""


class NotFound(ApiError):
    """404: there is none of that id in this workspace."""


class Conflict(ApiError):
    """409: what is there stands against it."""


class RateLimited(ApiError):
    """429: too many requests, or a quota is used up."""


class ServerError(ApiError):
    """500 and above."""


_BY_STATUS: dict[int, type[ApiError]] = {
    401: Unauthorized,
    402: PaymentRequired,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: RateLimited,
}


def api_error(status: int, body: Any, request_id: str | None, retry_after: float | None) -> ApiError:
    """The error for a refusal, whichever API's envelope it comes in."""
    kind = _BY_STATUS.get(status, ServerError if status >= 500 else InvalidRequest)
    envelope = body if isinstance(body, dict) else {}
    inside = envelope.get("error")
    told = inside if isinstance(inside, dict) else {**envelope, "message": inside}
    details = envelope.get("details")
    return kind(
        status=status,
        code=str(told.get("code") or "unknown"),
        message=str(told.get("message") or "The answer says no more."),
        param=told.get("param"),
        request_id=told.get("request_id") or told.get("requestId") or request_id,
        retry_after=retry_after,
        details=details if isinstance(details, list) else [],
    )
