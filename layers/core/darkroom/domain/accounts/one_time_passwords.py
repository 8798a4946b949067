"""One-time passwords: six digits that prove the ownership of an address, for ten minutes and five attempts.

A code is stored as an HMAC under the stack's master secret, because six digits are quickly guessed from a plain hash.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

PASSWORD_LIFE = timedelta(minutes=10)
MAX_ATTEMPTS = 5
SEND_WINDOW = timedelta(hours=1)
SENDS_PER_WINDOW = 5

_DIGITS = 6
_MAX_ADDRESS = 254
_ADDRESS = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}"
)


@dataclass(frozen=True, slots=True)
class OneTimePassword:
    """The current code of an address. ``sends`` are the times at which codes were sent to it in the last hour."""

    address: str
    id: str
    digest: str
    expires_at: datetime
    sends: tuple[datetime, ...]
    attempts: int = 0

    def usable(self, now: datetime) -> bool:
        """Whether the code can still be redeemed."""
        return now < self.expires_at and self.attempts < MAX_ATTEMPTS

    def matches(self, master: bytes, code: str) -> bool:
        """Whether ``code`` is the one that was sent."""
        return hmac.compare_digest(self.digest, digest(master, self.address, self.id, code))


def normal_address(text: str) -> str | None:
    """A mail address in its normal spelling, or ``None`` if it is not one."""
    address = text.strip().lower()
    usable = len(address) <= _MAX_ADDRESS and _ADDRESS.fullmatch(address) is not None
    return address if usable and ".." not in address else None


def six_digits(secret: bytes) -> str:
    """A code from at least 32 random bytes."""
    return f"{int.from_bytes(secret) % 10**_DIGITS:0{_DIGITS}d}"


def is_code(text: str) -> bool:
    """Whether ``text`` is spelled like a code."""
    return len(text) == _DIGITS and text.isascii() and text.isdigit()


def digest(master: bytes, address: str, code_id: str, code: str) -> str:
    """What is stored of a code, bound to its address and its id, so that it proves nothing else."""
    return hmac.new(master, f"one-time-code:{address}:{code_id}:{code}".encode(), hashlib.sha256).hexdigest()


def recent_sends(earlier: OneTimePassword | None, now: datetime) -> tuple[datetime, ...]:
    """When codes were sent to an address within the window that ends now."""
    return tuple(at for at in earlier.sends if at > now - SEND_WINDOW) if earlier else ()


def wait_for_send(sends: tuple[datetime, ...], now: datetime) -> timedelta | None:
    """How long until another code may be sent, ``None`` if one may be now."""
    if len(sends) < SENDS_PER_WINDOW:
        return None
    return sends[-SENDS_PER_WINDOW] + SEND_WINDOW - now
