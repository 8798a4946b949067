"""Counting port calls, and dying at one of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast


class Crash(BaseException):
    """The process died. Not an ``Exception``, so that nothing can catch it by accident."""


class Calls:
    """Counts port calls by name and, if told to, dies at one of them, before or after it took effect."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self.die_at: int | None = None
        self.die_after_effect = True

    def watch[T](self, port: T, name: str) -> T:
        """The port, watched."""
        return cast("T", _Watched(port, name, self))

    def around(self, name: str, call: Callable[[], Any]) -> Any:
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
