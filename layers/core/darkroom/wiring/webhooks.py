"""Events, endpoints and deliveries."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.ports import Ports

if TYPE_CHECKING:
    from darkroom.services.webhooks.announce import Announce
    from darkroom.services.webhooks.change_endpoint import ChangeEndpoint
    from darkroom.services.webhooks.deliver_webhook import DeliverWebhook
    from darkroom.services.webhooks.fan_out import FanOut
    from darkroom.services.webhooks.manage_endpoints import ManageEndpoints
    from darkroom.services.webhooks.queue_deliveries import QueueDeliveries
    from darkroom.services.webhooks.read_deliveries import ReadDeliveries
    from darkroom.services.webhooks.recover_deliveries import RecoverDeliveries
    from darkroom.services.webhooks.replay_delivery import ReplayDelivery
    from darkroom.services.webhooks.rotate_secret import RotateSecret
    from darkroom.services.webhooks.send_test_event import SendTestEvent


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
    def queue_deliveries(self) -> QueueDeliveries:
        from darkroom.services.webhooks.queue_deliveries import QueueDeliveries

        return QueueDeliveries(self.queues)

    @cached_property
    def deliver_webhook(self) -> DeliverWebhook:
        from darkroom.services.webhooks.deliver_webhook import DeliverWebhook

        return DeliverWebhook(
            self.store,
            self.endpoints,
            self.queue_deliveries,
            self.subscribers,
            self.clock,
            self.ids,
            self.master_secret,
        )

    @cached_property
    def change_endpoint(self) -> ChangeEndpoint:
        from darkroom.services.webhooks.change_endpoint import ChangeEndpoint

        return ChangeEndpoint(self.store, self.endpoints, self.clock)

    @cached_property
    def manage_endpoints(self) -> ManageEndpoints:
        from darkroom.services.webhooks.manage_endpoints import ManageEndpoints

        return ManageEndpoints(
            self.store,
            self.endpoints,
            self.change_endpoint,
            self.subscribers,
            self.clock,
            self.ids,
            self.master_secret,
        )

    @cached_property
    def rotate_secret(self) -> RotateSecret:
        from darkroom.services.webhooks.rotate_secret import RotateSecret

        return RotateSecret(self.change_endpoint, self.clock, self.master_secret)

    @cached_property
    def send_test_event(self) -> SendTestEvent:
        from darkroom.services.webhooks.send_test_event import SendTestEvent

        return SendTestEvent(self.store, self.endpoints, self.queue_deliveries, self.clock, self.ids)

    @cached_property
    def read_deliveries(self) -> ReadDeliveries:
        from darkroom.services.webhooks.read_deliveries import ReadDeliveries

        return ReadDeliveries(self.endpoints)

    @cached_property
    def replay_delivery(self) -> ReplayDelivery:
        from darkroom.services.webhooks.replay_delivery import ReplayDelivery

        return ReplayDelivery(
            self.store, self.endpoints, self.read_deliveries, self.queue_deliveries, self.clock
        )

    @cached_property
    def recover_deliveries(self) -> RecoverDeliveries:
        from darkroom.services.webhooks.recover_deliveries import RecoverDeliveries

        return RecoverDeliveries(self.store, self.endpoints, self.queue_deliveries, self.clock)
