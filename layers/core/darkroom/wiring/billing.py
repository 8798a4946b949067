"""Prices, purchases and grants."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.ports import Ports

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.services.billing.auto_reload import ManageAutoReload
    from darkroom.services.billing.buy_credits import BuyCredits
    from darkroom.services.billing.estimate import Estimate
    from darkroom.services.billing.expire_grants import ExpireGrants
    from darkroom.services.billing.grant_credits import GrantCreditsByHand
    from darkroom.services.billing.handle_checkout import HandleCheckout
    from darkroom.services.billing.handle_payment_event import HandlePaymentEvent
    from darkroom.services.billing.queue_reloads import QueueReloads
    from darkroom.services.billing.reload_credits import ReloadCredits
    from darkroom.services.billing.reverse_payment import ReversePayment
    from darkroom.services.billing.settle_reload import SettleReload


class BillingServices(Ports):
    """Prices, purchases and grants."""

    @cached_property
    def estimate(self) -> Estimate:
        from darkroom.catalog_data import agent, catalog
        from darkroom.services.billing.estimate import Estimate

        return Estimate(catalog(), self.clock, agent.DIALECT, agent.PRICE_VERSION)

    @cached_property
    def buy_credits(self) -> BuyCredits:
        from darkroom.catalog_data.packs import PACKS
        from darkroom.services.billing.buy_credits import BuyCredits

        return BuyCredits(self.payments, self.purchases, self.store, self.ids, self.clock, PACKS)

    @cached_property
    def handle_checkout(self) -> HandleCheckout:
        from darkroom.services.billing.handle_checkout import HandleCheckout

        return HandleCheckout(self.store, self.purchases, self.clock, self.meter, self.credits_came)

    @cached_property
    def handle_payment_event(self) -> HandlePaymentEvent:
        from darkroom.services.billing.handle_payment_event import HandlePaymentEvent
        from darkroom.services.billing.take_back import TakeBack

        checkout = self.handle_checkout
        take_back = TakeBack(self.store, self.purchases, self.meter, checkout, self.reverse_payment)
        return HandlePaymentEvent(checkout, take_back, self.settle_reload)

    @cached_property
    def settle_reload(self) -> SettleReload:
        from darkroom.services.billing.settle_reload import SettleReload

        return SettleReload(
            self.store,
            self.accounts,
            self.purchases,
            self.clock,
            self.meter,
            self.queue_reload,
            self.credits_came,
        )

    @cached_property
    def queue_reload(self) -> QueueReloads:
        from darkroom.services.billing.queue_reloads import QueueReloads

        return QueueReloads(self.reload_queue, self.clock)

    @cached_property
    def reload_credits(self) -> ReloadCredits:
        from darkroom.catalog_data.packs import PACKS
        from darkroom.services.billing.reload_credits import ReloadCredits

        return ReloadCredits(
            self.store,
            self.accounts,
            self.purchases,
            self.payments,
            self.settle_reload,
            self.queue_reload,
            self.clock,
            PACKS,
        )

    @cached_property
    def auto_reload(self) -> ManageAutoReload:
        from darkroom.catalog_data.packs import PACKS
        from darkroom.services.billing.auto_reload import ManageAutoReload

        return ManageAutoReload(self.store, self.accounts, self.purchases, PACKS)

    @cached_property
    def grant_credits_by_hand(self) -> GrantCreditsByHand:
        from darkroom.services.billing.grant_credits import GrantCreditsByHand

        return GrantCreditsByHand(self.store, self.accounts, self.ids, self.clock, self.credits_came)

    @cached_property
    def reverse_payment(self) -> ReversePayment:
        from darkroom.services.billing.reverse_payment import ReversePayment

        return ReversePayment(self.store, self.accounts, self.clock, self.credits_came)

    @cached_property
    def expire_grants(self) -> ExpireGrants:
        from darkroom.services.billing.expire_grants import ExpireGrants

        return ExpireGrants(self.store, self.accounts, self.clock, self.meter)

    def credits_came(self, owner: Owner) -> None:
        """Whoever waits for an owner's credits can go on. Where nobody does, nothing happens."""
