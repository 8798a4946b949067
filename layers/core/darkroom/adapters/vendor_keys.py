"""The vendors' keys and what their callbacks are verified with."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from darkroom.adapters.fetch import FetchFailed, SafeHttp, UrlRefused
from darkroom.adapters.secrets import Secret
from darkroom.domain.errors import Unavailable
from darkroom.ports.system import Clock

logger = logging.getLogger(__name__)

JWKS_KEPT = timedelta(hours=24)
JWKS_AGAIN = timedelta(minutes=5)  # a forged signature must not have us ask for keys each time
_MAX_JWKS_BYTES = 64 * 1024


class VendorKeys:
    """One secret, a JSON object of names and keys."""

    def __init__(self, secret: Secret) -> None:
        self._secret = secret
        self._text: str | None = None
        self._keys: Mapping[str, str] = {}

    def get(self, name: str) -> str:
        """The key of that name, empty if there is none.

        Raises
        ------
        Unavailable, AwsRefused
            Only where none were ever read: keys that were read stay good while no newer ones can be had.
        """
        text = self._secret.text
        if text != self._text:
            self._keys, self._text = _keys(text), text
        return self._keys.get(name, "")


class CallbackSecrets:
    """See :class:`darkroom_vendors.callbacks.CallbackKeys`.

    Published keys are fetched from ``publisher`` if there is one, a double's address, at the path the vendor has
    them at.
    """

    def __init__(self, keys: VendorKeys, http: SafeHttp, clock: Clock, *, publisher: str = "") -> None:
        self._keys = keys
        self._http = http
        self._clock = clock
        self._publisher = publisher
        self._sets: dict[str, tuple[datetime, Mapping[str, Any]]] = {}

    def secret(self, name: str) -> str:
        """The secret of that name, empty if there is none."""
        return self._keys.get(name)

    def jwks(self, url: str, *, fresh: bool = False) -> Mapping[str, Any]:
        """A vendor's published keys."""
        now = self._clock.now()
        read_at, known = self._sets.get(url, (None, {}))
        longest = JWKS_AGAIN if fresh else JWKS_KEPT
        if read_at is not None and now - read_at < longest:
            return known
        try:
            address = self._publisher + urlsplit(url).path if self._publisher else url
            key_set = json.loads(self._http.get(address, max_bytes=_MAX_JWKS_BYTES, timeout_seconds=8).data)
        except (UrlRefused, FetchFailed, ValueError) as error:
            if read_at is not None and now - read_at < JWKS_KEPT:
                return known
            raise Unavailable("A vendor's keys could not be had.") from error
        self._sets[url] = (now, key_set if isinstance(key_set, dict) else {})
        return self._sets[url][1]


def _keys(text: str) -> Mapping[str, str]:
    try:
        secrets = json.loads(text)
    except ValueError:
        secrets = None
    if not isinstance(secrets, dict):
        logger.error("the vendors' secret is not a JSON object")
        return {}
    return {name: key.strip() for name, key in secrets.items() if isinstance(key, str)}
