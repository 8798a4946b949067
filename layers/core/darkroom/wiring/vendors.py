"""The enabled vendors: their engines, their limits and the verification of their callbacks."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.settings import Settings
from darkroom.wiring.ports import LOCAL, Ports

if TYPE_CHECKING:
    from darkroom.adapters.vendor_keys import VendorKeys
    from darkroom.domain.jobs.engine import TaskRequest
    from darkroom.ports.jobs import Engine
    from darkroom.ports.vendors import Masks, Moderator
    from darkroom.services.vendors.call_vendor import CallVendor
    from darkroom.services.vendors.handle_callback import HandleCallback
    from darkroom_vendors.callbacks import Verifier

MODERATION_OPEN, MODERATION_CLOSED = "open", "closed"  # whether a request that could not be checked is sent


class VendorServices(Ports):
    """The enabled vendors: their engines, their limits and the verification of their callbacks."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(settings)
        self._engines: Mapping[str, Engine] | None = None
        self._verifiers: dict[str, Verifier] = {}

    @property
    def vendors(self) -> tuple[str, ...]:
        """The enabled vendors."""
        return tuple(name for name in map(str.strip, self.settings.vendors.split(",")) if name)

    def engines(self, masks: Masks | None = None) -> Mapping[str, Engine]:
        """The enabled vendors' engines. Only a worker that may read their keys can use them."""
        if self._engines is None:
            self._engines = self._built_engines(masks)
        return self._engines

    def _built_engines(self, masks: Masks | None) -> Mapping[str, Engine]:
        from darkroom.domain.vendors.callbacks import CallbackTarget, callback_token
        from darkroom_vendors import factory

        def token(vendor: str, request: TaskRequest) -> str:
            job = request.job
            target = CallbackTarget(job.owner, job.id, request.task.index)
            return callback_token(self.master_secret(), vendor, target)

        return factory.engines(
            self.vendors,
            keys=self.vendor_keys.get,
            clock=self.clock,
            token=token,
            public_base_url=self.settings.public_base_url,
            endpoint=self._doubles,
            masks=masks,
        )

    @cached_property
    def vendor_keys(self) -> VendorKeys:
        from darkroom.adapters.vendor_keys import VendorKeys

        return VendorKeys(self._secret(self.settings.secret_vendors_arn))

    @property
    def _doubles(self) -> str:
        """The address of the vendors' doubles, on a local stack only."""
        return self.settings.vendor_endpoint if self.settings.stage == LOCAL else ""

    def verifier(self, vendor: str) -> Verifier:
        """The verifier of a vendor's callbacks, one for the process because it caches the vendor's published keys.

        Raises
        ------
        LookupError
            The vendor does not call back.
        """
        if vendor not in self._verifiers:
            from darkroom.adapters.vendor_keys import CallbackSecrets
            from darkroom_vendors.factory import address
            from darkroom_vendors.registry import verifier

            publisher = address(self._doubles, vendor)
            keys = CallbackSecrets(self.vendor_keys, self.http, self.clock, publisher=publisher)
            self._verifiers[vendor] = verifier(vendor, keys)
        return self._verifiers[vendor]

    @cached_property
    def moderator(self) -> Moderator | None:
        """The moderator of requests; ``None`` if moderation is disabled."""
        if self.settings.moderation not in (MODERATION_OPEN, MODERATION_CLOSED):
            return None
        from darkroom_vendors.factory import address
        from darkroom_vendors.registry import moderator

        openai = address(self._doubles, "openai")
        return moderator(lambda: self.vendor_keys.get("openai"), self.clock, openai)

    @cached_property
    def call_vendor(self) -> CallVendor:
        from darkroom.catalog_data.routes import LIMITS
        from darkroom.services.vendors.call_vendor import CallVendor

        return CallVendor(
            self.vendor_limits,
            self.meter,
            self.clock,
            {**LIMITS, **_limits(self.settings.vendor_limits)},
            self.moderator,
            unchecked_passes=self.settings.moderation == MODERATION_OPEN,
        )

    @cached_property
    def handle_callback(self) -> HandleCallback:
        from darkroom.services.vendors.handle_callback import HandleCallback

        return HandleCallback(self.jobs, self.queues, self.clock)


def _limits(text: str) -> dict[str, int]:
    pairs = (pair.partition("=") for pair in text.split(",") if pair.strip())
    return {name.strip(): int(limit) for name, _, limit in pairs}
