"""The failures of engines, one class per decision that is taken on them."""

from __future__ import annotations

from typing import ClassVar


class EngineError(Exception):
    """Base of an engine's failures. Its text is for the operator's log, never for a client.

    ``code`` is the vendor's code of the failure and ``request_id`` the vendor's id of the request.
    """

    name: ClassVar[str] = "EngineError"
    """What a task's facts call the failure. It is stored, so it outlives the name of the class."""

    def __init__(self, message: str, *, code: str = "", request_id: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.request_id = request_id


class Blocked(EngineError):
    """The prompt or result was refused for safety: refund, never retry, never try another engine."""

    name = "Blocked"


class Rejected(EngineError):
    """The input cannot be used: refund, no retry."""

    name = "Rejected"


class RouteFailed(EngineError):
    """The route tried the work and failed permanently."""

    name = "RouteFailed"


class RateLimitedByVendor(EngineError):
    """Over a limit: nothing was started; try again after ``retry_after`` seconds."""

    name = "RateLimitedByVendor"

    def __init__(self, message: str, *, retry_after: int = 5, code: str = "", request_id: str = "") -> None:
        super().__init__(message, code=code, request_id=request_id)
        self.retry_after = retry_after


class VendorUnavailable(RateLimitedByVendor):
    """The vendor reports a temporary failure or could not be reached: nothing is running there."""

    name = "VendorUnavailable"


class FileGone(VendorUnavailable):
    """A finished file is not at the address the vendor gave; polling again may give another."""

    name = "FileGone"


class RouteUnusable(EngineError):
    """The route cannot serve any request; nothing was started."""

    name = "RouteUnusable"


class AccountTrouble(RouteUnusable):
    """The vendor refuses our key, or our balance with it is used up."""

    name = "AccountTrouble"


class ModelRetired(RouteUnusable):
    """The vendor no longer has the model."""

    name = "ModelRetired"


class OutcomeUnknown(EngineError):
    """The response was lost: the work may be running and billed. Look it up by ``handle`` if there is one."""

    name = "OutcomeUnknown"

    def __init__(
        self, message: str, *, handle: str | None = None, code: str = "", request_id: str = ""
    ) -> None:
        super().__init__(message, code=code, request_id=request_id)
        self.handle = handle
