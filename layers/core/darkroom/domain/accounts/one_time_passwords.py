"""One-time passwords: six digits that prove the ownership of an address, for ten minutes and five attempts.

A code is stored as an HMAC under the stack's master secret, because six digits are quickly guessed from a plain hash.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.accounts.budgets import Budget
from darkroom.domain.master_secret import MasterSecret

PASSWORD_LIFE = timedelta(minutes=10)
MAX_ATTEMPTS = 5
SEND_WINDOW = timedelta(hours=1)
SENDS_PER_WINDOW = 5

# Guesses: 50 a day and 300 a month of a million codes.
SENDS_A_DAY = Budget("codes-a-day", 10)
SENDS_A_MONTH = Budget("codes-a-month", 60, days=30)

_DOTLESS = frozenset({"gmail.com"})
_TAGGED_BY_HYPHEN = frozenset({"yahoo.com", "ymail.com", "rocketmail.com"})
_SAME_DOMAIN = {
    "googlemail.com": "gmail.com",
    **dict.fromkeys(("pm.me", "protonmail.com", "protonmail.ch"), "proton.me"),
    **dict.fromkeys(("me.com", "mac.com"), "icloud.com"),
    **dict.fromkeys(("ya.ru", "yandex.com"), "yandex.ru"),
}
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

    def matches(self, master: MasterSecret, code: str) -> bool:
        """Whether ``code`` is the one that was sent."""
        return master.signed(self.digest, lambda key: digest(key, self.address, self.id, code))


def normal_address(text: str) -> str | None:
    """A mail address in its normal spelling, or ``None`` if it is not one."""
    address = _with_ascii_domain(text.strip().lower())
    usable = len(address) <= _MAX_ADDRESS and _ADDRESS.fullmatch(address) is not None
    return address if usable and ".." not in address else None


def canonical_mailbox(address: str) -> str:
    """The mailbox that an address, in its normal spelling, leads to: what free credits are given to once.

    Addresses with a ``+tag`` are those without. Providers that are known to ignore dots, or to have one mailbox under
    several names, are taken at their word; for others a dot makes another mailbox.
    """
    local, _, domain = address.rpartition("@")
    domain = _SAME_DOMAIN.get(domain, domain)
    local = local.partition("+")[0] or local
    if domain in _TAGGED_BY_HYPHEN:
        local = local.partition("-")[0] or local
    return f"{local.replace('.', '') if domain in _DOTLESS else local}@{domain}"


def _with_ascii_domain(address: str) -> str:
    """An address with its domain as name servers spell it, so that each has one spelling."""
    local, at, domain = address.rpartition("@")
    if not at or domain.isascii() or len(address) > _MAX_ADDRESS:
        return address
    try:
        return f"{local}@{domain.encode('idna').decode()}"
    except UnicodeError:
        return address


def six_digits(secret: bytes) -> str:
    """A code from at least 32 random bytes."""
    return f"{int.from_bytes(secret) % 10**_DIGITS:0{_DIGITS}d}"


def is_code(text: str) -> bool:
    """Whether ``text`` is spelled like a code."""
    return len(text) == _DIGITS and text.isascii() and text.isdigit()


def digest(key: bytes, address: str, code_id: str, code: str) -> str:
    """What is stored of a code, bound to its address and its id, so that it proves nothing else."""
    return hmac.new(key, f"one-time-code:{address}:{code_id}:{code}".encode(), hashlib.sha256).hexdigest()


def recent_sends(earlier: OneTimePassword | None, now: datetime) -> tuple[datetime, ...]:
    """When codes were sent to an address within the window that ends now."""
    return tuple(at for at in earlier.sends if at > now - SEND_WINDOW) if earlier else ()


def wait_for_send(sends: tuple[datetime, ...], now: datetime) -> timedelta | None:
    """How long until another code may be sent, ``None`` if one may be now."""
    if len(sends) < SENDS_PER_WINDOW:
        return None
    return sends[-SENDS_PER_WINDOW] + SEND_WINDOW - now
