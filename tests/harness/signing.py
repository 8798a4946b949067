"""What callbacks are verified with in tests: keys that count how often they were asked for anew."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


class Keys:
    """See :class:`darkroom_vendors.callbacks.CallbackKeys`. ``published`` is the set a fresh look finds."""

    def __init__(
        self,
        known: Mapping[str, Any] | None = None,
        published: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> None:
        self._known, self._published, self._secrets = known or {}, published, secrets or {}
        self.asked: list[tuple[str, bool]] = []

    def secret(self, name: str) -> str:
        return self._secrets.get(name, "")

    def jwks(self, url: str, *, fresh: bool = False) -> Mapping[str, Any]:
        self.asked.append((url, fresh))
        return self._published if fresh and self._published is not None else self._known
