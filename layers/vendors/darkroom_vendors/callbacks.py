"""Vendors' callbacks and their verification.

A callback is a hint that work may have ended: its sender and the work it is about are verified here, and the vendor
is then polled for the result. Nothing else in a callback is believed.

A vendor that calls back has a class in its own file with the shape of :class:`Verifier`, made with
:class:`CallbackKeys`, and a line in ``registry.VERIFIERS``.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

TOLERANCE = timedelta(minutes=5)  # how far a callback's time may be from ours


class CallbackKeys(Protocol):
    """What callbacks are verified with."""

    def secret(self, name: str) -> str:
        """A secret the operator put beside the vendors' keys, such as ``replicate_webhook``; empty if not there."""
        ...

    def jwks(self, url: str, *, fresh: bool = False) -> Mapping[str, Any]:
        """A vendor's published set of keys, at most a day old.

        ``fresh`` asks for it anew, for a signature none of the known keys made; that is granted every few minutes.

        Raises
        ------
        Unavailable
            It could not be had. The vendor will call again.
        """
        ...


class Verifier(Protocol):
    """Verifies one vendor's callbacks."""

    def verify(self, headers: Mapping[str, str], body: bytes, now: datetime) -> str | None:
        """What the vendor calls the work the callback is about: its request, task or prediction id.

        ``None`` if the callback proves nothing: no signature, a wrong one, one made more than ``TOLERANCE`` from
        ``now``, or a body that names no work. Header names are in lower case; ``body`` is as it was signed.
        """
        ...


def is_timely(at: datetime, now: datetime) -> bool:
    """Whether a callback that was signed at ``at`` is to be believed at ``now``."""
    return abs(now - at) <= TOLERANCE
