"""Buying credits without money, on a developer's machine only.

A checkout is a token that carries the purchase and is signed with the stack's master secret, so that nobody can
name a purchase that was never started. A stack that is not local is wired without any of this.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable, Mapping
from datetime import timedelta

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.packs import Pack, Purchase
from darkroom.domain.errors import NotFound
from darkroom.domain.master_secret import MasterSecret
from darkroom.ports.system import Clock

PATH = "/platform/v1/sandbox/checkout"
CHECKOUT_LIFE = timedelta(hours=24)


class SandboxPayments:
    """Sends buyers to our own page, which asks for no money."""

    def __init__(
        self, base_url: str, master: Callable[[], MasterSecret], packs: Mapping[str, Pack], clock: Clock
    ) -> None:
        self._base_url = base_url
        self._master = master
        self._packs = packs
        self._clock = clock

    def checkout(self, purchase: Purchase) -> str:
        until = self._clock.now() + CHECKOUT_LIFE
        owner = purchase.owner
        claims = [purchase.id, owner.workspace_id, owner.livemode, purchase.pack.id, int(until.timestamp())]
        payload = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
        return f"{self._base_url}{PATH}?checkout={payload}.{_signature(self._master().key, payload)}"

    def opened(self, checkout: str) -> Purchase:
        """The purchase a checkout page is about.

        Raises
        ------
        NotFound
            It was not made here, or its time is up.
        """
        payload, _, signature = checkout.partition(".")
        try:
            genuine = self._master().signed(signature, lambda key: _signature(key, payload))
            claims = json.loads(base64.urlsafe_b64decode(payload + "==")) if genuine else None
        except (binascii.Error, ValueError) as error:
            raise NotFound("No such checkout.") from error
        if claims is None or claims[4] <= self._clock.now().timestamp() or claims[3] not in self._packs:
            raise NotFound("No such checkout.")
        return Purchase(claims[0], Owner(claims[1], claims[2]), self._packs[claims[3]])


def _signature(key: bytes, payload: str) -> str:
    return hmac.new(key, f"checkout:{payload}".encode(), hashlib.sha256).hexdigest()
