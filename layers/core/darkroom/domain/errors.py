"""Every way a request or a job can be refused, as one tree.

    DomainError
    ├── InvalidRequest ── MissingParam, InvalidParam, InvalidAspectRatio, CountOutOfRange, InvalidMask,
    │                     MalformedBody, UnsupportedVersion
    ├── PayloadTooLarge
    ├── Unauthenticated ── MissingKey, InvalidKey, ExpiredKey, RevokedKey
    ├── Forbidden ──────── InsufficientScope, FeatureUnavailable
    ├── NotFound
    ├── MethodNotAllowed
    ├── Conflict ───────── IdempotencyConflict, AlreadyFinished
    ├── OutcomeError ───── ContentBlocked, GenerationFailed, GenerationTimedOut
    ├── RateLimited
    ├── QuotaError ─────── InsufficientCredits, FeatureQuotaExceeded
    ├── OfferError ─────── UnknownOffer, RetiredOffer
    └── Unavailable

A dialect maps each *leaf* to a status, a type and a code in one table; a test enumerates the leaves. The text in
``detail`` is written for the client: it never carries another exception's text or anything about our insides.
"""

from __future__ import annotations

from collections.abc import Iterator


class DomainError(Exception):
    """Base of everything the edge turns into a documented error."""

    def __init__(self, detail: str, *, param: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.param = param


class InvalidRequest(DomainError):
    """The request cannot be understood as it stands; nothing was charged or stored."""


class MissingParam(InvalidRequest):
    """A required parameter, or every member of a one-of group, is absent."""


class InvalidParam(InvalidRequest):
    """A parameter has the wrong type, length or value.

    ``also`` are further ones in the same request, for dialects that tell more than one.
    """

    def __init__(self, detail: str, *, param: str | None = None, also: tuple[InvalidParam, ...] = ()) -> None:
        super().__init__(detail, param=param)
        self.also = also


class InvalidAspectRatio(InvalidRequest):
    """The aspect ratio is not one the operation documents."""


class CountOutOfRange(InvalidRequest):
    """The number of outputs is outside the documented range."""


class InvalidMask(InvalidRequest):
    """The mask is not a usable PNG for its source."""


class MalformedBody(InvalidRequest):
    """The body is empty, not JSON, or not a JSON object."""


class UnsupportedVersion(InvalidRequest):
    """The pinned API version does not exist."""


class PayloadTooLarge(DomainError):
    """The body or one image in it exceeds the documented limit."""


class Unauthenticated(DomainError):
    """No usable key came with the request."""


class MissingKey(Unauthenticated):
    """No key came along, or not in the way keys are sent."""


class InvalidKey(Unauthenticated):
    """The key is malformed or unknown."""


class ExpiredKey(Unauthenticated):
    """The key's expiry has passed."""


class RevokedKey(Unauthenticated):
    """The key was revoked; revocation is immediate."""


class Forbidden(DomainError):
    """The key is known and the request is not for it."""


class InsufficientScope(Forbidden):
    """The key lacks the scope the route asks for."""


class FeatureUnavailable(Forbidden):
    """The workspace's plan does not include the feature."""


class NotFound(DomainError):
    """No such thing in this workspace; somebody else's id answers the same."""


class MethodNotAllowed(DomainError):
    """There is something at that path, which does not have the method; ``allowed`` are those it has."""

    def __init__(self, detail: str, *, allowed: tuple[str, ...]) -> None:
        super().__init__(detail)
        self.allowed = allowed


class Conflict(DomainError):
    """The request contradicts what already happened."""


class IdempotencyConflict(Conflict):
    """The idempotency key was first used with another request."""


class AlreadyFinished(Conflict):
    """The job is terminal and can no longer be changed."""


class InUse(Conflict):
    """It cannot be deleted: something else needs it."""


class OutcomeError(DomainError):
    """A job's unhappy end, told synchronously to a caller who waited for it."""


class ContentBlocked(OutcomeError):
    """The prompt or its result was refused for safety."""


class GenerationFailed(OutcomeError):
    """No output could be made."""


class GenerationTimedOut(OutcomeError):
    """The job did not finish before its deadline."""


class RateLimited(DomainError):
    """The key's sliding window is full."""

    def __init__(self, detail: str, *, retry_after: int, limit: int | None = None) -> None:
        super().__init__(detail)
        self.retry_after = retry_after
        self.limit = limit


class QuotaError(DomainError):
    """Something that is paid for or planned for is used up."""


class InsufficientCredits(QuotaError):
    """The wallet cannot cover the hold."""

    def __init__(self, detail: str, *, required: int, available: int) -> None:
        super().__init__(detail)
        self.required = required
        self.available = available


class FeatureQuotaExceeded(QuotaError):
    """The plan's rolling allowance for a feature is used up."""

    def __init__(self, detail: str, *, feature: str) -> None:
        super().__init__(detail)
        self.feature = feature


class OfferError(DomainError):
    """What was asked for is not for sale."""


class UnknownOffer(OfferError):
    """No offer, or no price, of that name."""


class RetiredOffer(OfferError):
    """The offer has ended; ``replacement`` says what to use instead."""

    def __init__(self, detail: str, *, replacement: str | None, param: str | None = None) -> None:
        super().__init__(detail, param=param)
        self.replacement = replacement


class Unavailable(DomainError):
    """We cannot take the request right now; trying again later is right."""

    def __init__(self, detail: str, *, retry_after: int = 5) -> None:
        super().__init__(detail)
        self.retry_after = retry_after


def leaves(root: type[DomainError] = DomainError) -> Iterator[type[DomainError]]:
    """Every error a dialect's table must answer for: the classes that nothing inherits from."""
    children = root.__subclasses__()
    if not children:
        yield root
    for child in children:
        yield from leaves(child)
