"""A vendor whose answers are not waited for as long as in earnest, to see a read time out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from darkroom.domain.engine import Finished, Order, Pending
from darkroom.vendors.base import Steps, Vendor

SECONDS = 0.2


@dataclass(frozen=True)
class Impatient:
    """``vendor`` with every call of a start given up after ``SECONDS``."""

    vendor: Vendor

    @property
    def name(self) -> str:
        return self.vendor.name

    @property
    def base_url(self) -> str:
        return self.vendor.base_url

    @property
    def hosts(self) -> tuple[str, ...]:
        return self.vendor.hosts

    def authorize(self, key: str) -> Mapping[str, str]:
        return self.vendor.authorize(key)

    def start(self, order: Order, callback_url: str | None) -> Steps[Finished | Pending]:
        steps = self.vendor.start(order, callback_url)
        try:
            call = next(steps)
            while True:
                call = steps.send((yield replace(call, timeout_seconds=SECONDS)))
        except StopIteration as done:
            value: Finished | Pending = done.value
            return value

    def poll(self, order: Order, handle: str) -> Steps[Finished | Pending]:
        return self.vendor.poll(order, handle)

    def cancel(self, handle: str) -> Steps[None]:
        return self.vendor.cancel(handle)
