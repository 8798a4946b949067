"""Asks Moltbook whose an identity token is. Nothing of an agent's profile but its id is believed or kept."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from darkroom.domain.errors import DomainError, ExpiredKey, InvalidKey, RevokedKey, Unavailable

logger = logging.getLogger(__name__)

TIMEOUT_SECONDS = 5.0
MAX_BODY_BYTES = 64 * 1024
MAX_SUBJECT_CHARS = 128
MAX_RETRY_SECONDS = 300

_INVALID = "The Moltbook identity token is not valid."
# What Moltbook says about the token. All else it may say is about us, or about Moltbook.
_REFUSALS: Mapping[str, tuple[type[DomainError], str]] = {
    "identity_token_expired": (ExpiredKey, "The Moltbook identity token has expired; get a new one."),
    "invalid_token": (InvalidKey, _INVALID),
    "audience_required": (InvalidKey, "The Moltbook identity token is for an audience; get one without."),
    "audience_mismatch": (InvalidKey, "The Moltbook identity token is for another audience."),
    "agent_not_found": (InvalidKey, "Moltbook knows no such agent."),
    "agent_deactivated": (RevokedKey, "The Moltbook agent is deactivated."),
}
_OURS = frozenset({"invalid_app_key", "missing_app_key"})


class Moltbook:
    """Verifies agents' identity tokens. ``app_key`` is read when first needed.

    ``base_url`` has to be the www host: the bare one redirects, and a redirect would carry the app key away, so
    none is followed.
    """

    name = "moltbook"

    def __init__(
        self,
        base_url: str,
        app_key: Callable[[], bytes],
        *,
        audience: str = "",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._url = f"{base_url.rstrip('/')}/api/v1/agents/verify-identity"
        self._app_key = app_key
        self._audience = audience
        self._monotonic = monotonic

    def verify(self, token: str) -> str:
        """See :meth:`darkroom.ports.accounts.IdentityProvider.verify`."""
        claim = {"token": token, **({"audience": self._audience} if self._audience else {})}
        try:
            status, headers, body = self._post(claim)
        except httpx.HTTPError as error:
            raise _unavailable(type(error).__name__) from error
        said = _object(body)
        if status == 200 and said.get("success") is True and said.get("valid") is True:
            return _subject(said)
        raise _refusal(status, headers, said)

    def _post(self, claim: Mapping[str, str]) -> tuple[int, httpx.Headers, bytes]:
        """Status, headers and body, the whole of it within the time and size allowed.

        Raises
        ------
        Unavailable, httpx.HTTPError
        """
        key = self._app_key().strip()
        if not key:
            raise _unavailable("no app key")
        ends = self._monotonic() + TIMEOUT_SECONDS
        headers = {b"X-Moltbook-App-Key": key, b"Accept-Encoding": b"identity"}
        with (
            httpx.Client(timeout=TIMEOUT_SECONDS, follow_redirects=False, trust_env=False) as client,
            client.stream("POST", self._url, json=claim, headers=headers) as response,
        ):
            body = bytearray()
            for chunk in response.iter_raw():
                body += chunk
                if len(body) > MAX_BODY_BYTES:
                    raise _unavailable("oversized response")
                if self._monotonic() > ends:
                    raise _unavailable("slow response")
            return response.status_code, response.headers, bytes(body)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}


def _subject(said: Mapping[str, Any]) -> str:
    agent = said.get("agent")
    subject = agent.get("id") if isinstance(agent, dict) else None
    if isinstance(subject, str) and 0 < len(subject) <= MAX_SUBJECT_CHARS and _is_plain(subject):
        return subject
    raise _unavailable("an agent without a usable id")


def _is_plain(subject: str) -> bool:
    return subject.isascii() and subject.isprintable() and " " not in subject


def _refusal(status: int, headers: httpx.Headers, said: Mapping[str, Any]) -> DomainError:
    code = said.get("error")
    if isinstance(code, str) and code in _REFUSALS and 400 <= status < 500:
        kind, text = _REFUSALS[code]
        return kind(text)
    if status == 429:
        return _unavailable("rate limited", _seconds(headers.get("retry-after", "")))
    if status in {200, 401, 403, 404} and said.get("valid") is False and code not in _OURS:
        return InvalidKey(_INVALID)
    return _unavailable("app key refused" if code in _OURS else f"status {status}")


def _unavailable(why: str, retry_after: int = 30) -> Unavailable:
    logger.warning("moltbook could not verify a token: %s", why)
    return Unavailable("Moltbook cannot verify identities just now.", retry_after=retry_after)


def _seconds(retry_after: str) -> int:
    if not (retry_after.isascii() and retry_after.isdigit()):
        return 60
    return min(max(int(retry_after), 1), MAX_RETRY_SECONDS)
