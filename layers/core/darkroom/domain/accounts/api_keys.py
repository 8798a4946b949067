"""API keys: their secrets, scopes, expiry and revocation."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from darkroom.domain.accounts.key_budgets import KeyBudget
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import ExpiredKey, InsufficientScope, InvalidKey, RevokedKey

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


_WORKSPACE_DIGITS = 22  # base62 digits that hold 128 bits


_SECRET_DIGITS = 43  # base62 digits that hold 256 bits


class Scope(StrEnum):
    """What a key may do. ``ADMIN`` is the operator's and implies the others."""

    GENERATE = "generations:write"
    READ = "generations:read"
    WEBHOOKS = "webhooks:manage"
    ACCOUNT = "account:read"
    KEYS = "keys:manage"
    BILLING = "billing:manage"
    ADMIN = "admin"


WORKSPACE_SCOPES = frozenset(Scope) - {Scope.ADMIN}
# What a key has that was asked for without scopes: nothing that makes keys or spends money on credits.
DEFAULT_SCOPES = WORKSPACE_SCOPES - {Scope.KEYS, Scope.BILLING}

MAX_KEYS = 100  # that can be used, of a workspace in both modes
_KEPT_DEAD = timedelta(days=30)  # how long a key is listed that was revoked or has expired
_SHORT_LIFE = _KEPT_SHORT = timedelta(days=1)  # one that was to live no longer is listed no longer
_MAX_DEAD = 200


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One credential. Only the secret's hash is stored; people recognise a key by its ``prefix``.

    ``made_by`` is the id of the key that made it, empty if none did; ``None`` on keys older than that was noted.
    ``budgets`` are what its spending counts against: its own, if it has one, then those of the keys it was made by.
    """

    id: str
    owner: Owner
    secret_hash: str
    prefix: str
    name: str
    scopes: frozenset[Scope]
    created_at: datetime
    expires_at: datetime | None = None
    revoked_at: datetime | None = None
    requests_per_minute: int | None = None
    made_by: str | None = None
    budgets: tuple[KeyBudget, ...] = ()

    @property
    def budget(self) -> KeyBudget:
        """Its own budget; one without ceilings if it has none."""
        return next((one for one in self.budgets if one.key_id == self.id), KeyBudget(self.id))

    def verify(self, token: str, now: datetime) -> None:
        """Accept the token, or raise what is wrong with it.

        Raises
        ------
        InvalidKey, RevokedKey, ExpiredKey
        """
        if not hmac.compare_digest(self.secret_hash, hash_token(token)):
            raise InvalidKey("Invalid API key.")
        if self.revoked_at is not None:
            raise RevokedKey("This API key was revoked.")
        if self.expires_at is not None and self.expires_at <= now:
            raise ExpiredKey("This API key has expired.")

    def require(self, scope: Scope) -> None:
        """Raise unless the key has the scope.

        Raises
        ------
        InsufficientScope
        """
        if not {scope, Scope.ADMIN} & self.scopes and not (scope is Scope.BILLING and self._could_buy):
            raise InsufficientScope(f"This API key lacks the scope {scope.value}.")

    @property
    def _could_buy(self) -> bool:
        """Whether the key is of a moondraft sign-up from before buying had a scope of its own."""
        return self.made_by is None and self.prefix.startswith("md_") and Scope.GENERATE in self.scopes

    def died_at(self, now: datetime) -> datetime | None:
        """Since when the key opens nothing any more, ``None`` while it does."""
        ends = [at for at in (self.revoked_at, self.expires_at) if at is not None and at <= now]
        return min(ends, default=None)


def usable(keys: Iterable[ApiKey], now: datetime) -> list[ApiKey]:
    """Those of some keys that open something."""
    return [key for key in keys if key.died_at(now) is None]


def forgettable(keys: Iterable[ApiKey], now: datetime) -> list[ApiKey]:
    """Those of some keys that need not be listed any more: long dead, or more than anybody looks through."""
    dead = sorted(((at, key) for key in keys if (at := key.died_at(now))), key=lambda pair: pair[0])
    spare = len(dead) - _MAX_DEAD
    return [key for place, (at, key) in enumerate(dead) if place < spare or at < now - _kept_dead(key)]


def _kept_dead(key: ApiKey) -> timedelta:
    short = key.expires_at is not None and key.expires_at - key.created_at <= _SHORT_LIFE
    return _KEPT_SHORT if short else _KEPT_DEAD


def descendants(keys: Sequence[ApiKey], key_id: str) -> list[ApiKey]:
    """The keys a key made, those they made, and so on."""
    found: list[ApiKey] = []
    makers = {key_id}
    while makers:
        made = [key for key in keys if key.made_by in makers]
        found += made
        makers = {key.id for key in made}
    return found


@dataclass(frozen=True, slots=True)
class Token:
    """A parsed secret key: enough to find its record without an index."""

    workspace_id: str
    key_id: str


KEY_PREFIXES: Mapping[str, bool] = {
    "sk_live_": True,
    "sk_test_": False,
    "md_": True,
    "pdrv_": True,
    "ag_live_": True,
    "ag_test_": False,
    "gc_": True,
    "dk_admin_": True,
}


def mint_token(prefix: str, workspace_id: str, secret: bytes) -> str:
    """Make a new secret key: prefix, workspace, then 256 random bits, all in letters and digits.

    The workspace is part of the key so that one batched read finds key, wallet and rate windows together; that
    reveals nothing, because only the whole key authenticates.
    """
    if prefix not in KEY_PREFIXES:
        raise ValueError(f"unknown key prefix {prefix!r}")
    if len(secret) != 32:
        raise ValueError("a secret has 32 bytes")
    workspace = _encode(uuid.UUID(workspace_id).int, _WORKSPACE_DIGITS)
    return prefix + workspace + _encode(int.from_bytes(secret), _SECRET_DIGITS)


def parse_token(token: str) -> Token:
    """Parse a key into what its record is found by.

    Raises
    ------
    InvalidKey
        The token was not made by :func:`mint_token`, so there is nothing to look up.
    """
    prefix = next((p for p in KEY_PREFIXES if token.startswith(p)), None)
    digits = token[len(prefix) :] if prefix else ""
    if len(digits) != _WORKSPACE_DIGITS + _SECRET_DIGITS or not all(d in _ALPHABET for d in digits):
        raise InvalidKey("Invalid API key.")
    number = _decode(digits[:_WORKSPACE_DIGITS])
    if number >= 1 << 128:
        raise InvalidKey("Invalid API key.")
    return Token(str(uuid.UUID(int=number)), key_id(hash_token(token)))


def hash_token(token: str) -> str:
    """SHA-256 of the whole token, in hex. The secret has 256 random bits, so no salt or stretching is needed."""
    return hashlib.sha256(token.encode()).hexdigest()


def key_id(secret_hash: str) -> str:
    """The key's public id, the first half of its hash: it follows from the token and reveals nothing about it."""
    return str(uuid.UUID(hex=secret_hash[:32]))


def display_prefix(token: str) -> str:
    """What is shown of a key after it was minted: its prefix and its last four characters."""
    prefix = next(p for p in KEY_PREFIXES if token.startswith(p))
    return f"{prefix}…{token[-4:]}"


def _encode(number: int, digits: int) -> str:
    letters = []
    for _ in range(digits):
        number, digit = divmod(number, 62)
        letters.append(_ALPHABET[digit])
    return "".join(reversed(letters))


def _decode(text: str) -> int:
    number = 0
    for letter in text:
        number = number * 62 + _ALPHABET.index(letter)
    return number
