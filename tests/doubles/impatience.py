"""A vendor whose answers are not waited for as long as in earnest, to see a read time out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from darkroom.domain.jobs.engine import Finished, Pending, TaskRequest
from darkroom_vendors.base import Flow, Vendor

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

    def start(self, make_task_request: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:
        steps = self.vendor.start(make_task_request, callback_url)
        try:
            call = next(steps)
            while True:
                call = steps.send((yield replace(call, timeout_seconds=SECONDS)))
        except StopIteration as done:
            value: Finished | Pending = done.value
            return value

    def poll(self, make_task_request: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        return self.vendor.poll(make_task_request, handle)

    def cancel(self, handle: str) -> Flow[None]:
        return self.vendor.cancel(handle)
