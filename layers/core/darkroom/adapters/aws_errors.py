"""AWS's errors as ours: temporary ones that are worth a retry, and permanent ones that the operator must fix."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore import exceptions
from botocore.exceptions import BotoCoreError, ClientError

from darkroom.domain.errors import Unavailable

BUSY = "The service is busy. Please try again."

_TRANSIENT = frozenset(
    {
        "InternalError",
        "InternalException",
        "InternalFailure",
        "InternalServerError",
        "InternalServiceError",
        "ProvisionedThroughputExceededException",
        "ReplicatedWriteConflictException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "RequestTimeout",
        "RequestTimeoutException",
        "ServiceUnavailable",
        "SlowDown",
        "Throttling",
        "ThrottledException",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


class AwsRefused(Exception):
    """AWS will always refuse this call: a permission, a name or a request is wrong. For the operator."""


def error_code(error: ClientError) -> str:
    """The service's own name for the error."""
    return str(error.response.get("Error", {}).get("Code", ""))


def translated(error: ClientError | BotoCoreError) -> Unavailable | AwsRefused:
    """The exception to raise instead: ``Unavailable`` if trying again later can help."""
    if isinstance(error, ClientError):
        status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
        if error_code(error) in _TRANSIENT or status >= 500:
            return Unavailable(BUSY)
        return AwsRefused(f"{error.operation_name}: {error_code(error)}")
    if isinstance(error, exceptions.HTTPClientError | exceptions.ConnectionError):
        return Unavailable(BUSY)
    return AwsRefused(type(error).__name__)


@contextmanager
def translating() -> Iterator[None]:
    """Translate every error of botocore's that leaves the block.

    Raises
    ------
    Unavailable, AwsRefused
    """
    try:
        yield
    except (ClientError, BotoCoreError) as error:
        raise translated(error) from error
