"""Counting port calls, and dying at one of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, cast


class Crash(BaseException):
    """The process died. Not an ``Exception``, so that nothing can catch it by accident."""


class Calls:
    """Counts port calls by name and, if told to, dies at one of them, before or after it took effect."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.die_at: int | None = None
        self.die_after_effect = True
        self._watching = True

    def watch[T](self, port: T, name: str) -> T:
        """The port, watched."""
        return cast("T", _Watched(port, name, self))

    @contextmanager
    def unwatched(self) -> Iterator[None]:
        """Let calls pass uncounted for a while: those of whatever else goes on in the stack."""
        self._watching = False
        try:
            yield
        finally:
            self._watching = True

    def around(self, name: str, call: Callable[[], Any]) -> Any:
        if not self._watching:
            return call()
        self.made.append(name)
        dying = self.die_at is not None and len(self.made) == self.die_at
        if dying and not self.die_after_effect:
            raise Crash
        result = call()
        if dying:
            raise Crash
        return result


class _Watched:
    def __init__(self, port: Any, name: str, calls: Calls) -> None:
        self._port, self._name, self._calls = port, name, calls

    def __getattr__(self, method: str) -> Any:
        found = getattr(self._port, method)
        if not callable(found):
            return found
        return lambda *args, **kwargs: self._calls.around(
            f"{self._name}.{method}", lambda: found(*args, **kwargs)
        )
