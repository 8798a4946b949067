"""Events, endpoints and deliveries."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.ports import Ports

if TYPE_CHECKING:
    from darkroom.services.webhooks.announce import Announce
    from darkroom.services.webhooks.deliver_webhook import DeliverWebhook
    from darkroom.services.webhooks.fan_out import FanOut
    from darkroom.services.webhooks.manage_endpoints import ManageEndpoints


class WebhookServices(Ports):
    """Events, endpoints and deliveries."""

    @cached_property
    def announce(self) -> Announce:
        from darkroom.services.webhooks.announce import Announce

        return Announce(self.bus)

    @cached_property
    def fan_out(self) -> FanOut:
        from darkroom.services.webhooks.fan_out import FanOut

        return FanOut(self.endpoints, self.queues)

    @cached_property
    def deliver_webhook(self) -> DeliverWebhook:
        from darkroom.services.webhooks.deliver_webhook import DeliverWebhook

        return DeliverWebhook(
            self.store,
            self.endpoints,
            self.queues,
            self.subscribers,
            self.clock,
            self.ids,
            self.master_secret(),
        )

    @cached_property
    def manage_endpoints(self) -> ManageEndpoints:
        from darkroom.services.webhooks.manage_endpoints import ManageEndpoints

        return ManageEndpoints(
            self.store,
            self.endpoints,
            self.queues,
            self.subscribers,
            self.clock,
            self.ids,
            self.master_secret(),
        )
