"""Asking again until something has ended, with longer and longer pauses between."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tenacity import (
    AsyncRetrying,
    RetryError,
    Retrying,
    retry_if_result,
    stop_after_delay,
    wait_exponential_jitter,
)

from darkroom_client.errors import WaitedTooLong

_PAUSES = wait_exponential_jitter(initial=0.3, exp_base=1.5, max=5.0, jitter=0.2)


def wait_for[T](
    ask: Callable[[], T],
    ended: Callable[[T], bool],
    seconds: float,
    each: Callable[[T], object] | None = None,
) -> T:
    """What ``ask`` returns once it has ended; ``each`` is told of every answer on the way.

    Raises
    ------
    WaitedTooLong
    """
    retrying = Retrying(
        stop=stop_after_delay(seconds), wait=_PAUSES, retry=retry_if_result(lambda now: not ended(now))
    )

    def asked() -> T:
        now = ask()
        if each is not None:
            each(now)
        return now

    try:
        return retrying(asked)
    except RetryError as error:
        raise WaitedTooLong(f"it has not ended within {seconds:g} s") from error


async def async_wait_for[T](
    ask: Callable[[], Awaitable[T]],
    ended: Callable[[T], bool],
    seconds: float,
    each: Callable[[T], object] | None = None,
) -> T:
    """What ``ask`` returns once it has ended; ``each`` is told of every answer on the way.

    Raises
    ------
    WaitedTooLong
    """
    retrying = AsyncRetrying(
        stop=stop_after_delay(seconds), wait=_PAUSES, retry=retry_if_result(lambda now: not ended(now))
    )

    async def asked() -> T:
        now = await ask()
        if each is not None:
            each(now)
        return now

    try:
        return await retrying(asked)
    except RetryError as error:
        raise WaitedTooLong(f"it has not ended within {seconds:g} s") from error
