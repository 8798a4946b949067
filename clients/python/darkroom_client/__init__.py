"""A client for Darkroom, typed, sync and async: memes, pixeldrive and platform."""

from darkroom_client.client import VERSION, AsyncDarkroom, Darkroom
from darkroom_client.errors import (
    ApiError,
    Conflict,
    ConnectionFailed,
    DarkroomError,
    Forbidden,
    InvalidRequest,
    NotFound,
    NotGenuine,
    PaymentRequired,
    RateLimited,
    ServerError,
    Unauthorized,
    WaitedTooLong,
)

__version__ = VERSION

__all__ = [
    "ApiError",
    "AsyncDarkroom",
    "Conflict",
    "ConnectionFailed",
    "Darkroom",
    "DarkroomError",
    "Forbidden",
    "InvalidRequest",
    "NotFound",
    "NotGenuine",
    "PaymentRequired",
    "RateLimited",
    "ServerError",
    "Unauthorized",
    "WaitedTooLong",
    "__version__",
]
