"""Payments through Stripe: Checkout's pages, and events signed by Stripe."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.charges import NO_PAYMENT_METHOD, Charge, ChargeOutcome
from darkroom.domain.billing.payment_events import PaymentEvent, SignatureRefused
from darkroom.domain.billing.purchases import Buyer, Checkout, Purchase
from darkroom.domain.errors import Unavailable
from darkroom_payments import events, metadata

if TYPE_CHECKING:
    from stripe import PaymentIntent, StripeClient

logger = logging.getLogger(__name__)

API_KEY, WEBHOOK_SECRET = "api_key", "webhook_secret"  # what they are called in the stack's secret
PAGES: Final = "/platform/v1/billing"  # below which a buyer comes back to
_TIMEOUT_SECONDS: Final = 8  # a client waits, and the gateway for half a minute
_RETRIES: Final = 1
_TOLERANCE_SECONDS: Final = 300
_OUTCOMES: Final = {"succeeded": ChargeOutcome.PAID, "processing": ChargeOutcome.PENDING}
_LIVE_KEYS: Final = ("sk_live_", "rk_live_")


class StripePayments:
    """Takes money through one account at Stripe.

    ``keys`` reads the stack's secret by name. ``double`` is the address of a double of Stripe, empty for Stripe.
    """

    def __init__(self, keys: Callable[[str], str], base_url: str, double: str = "") -> None:
        self._keys = keys
        self._base_url = base_url
        self._double = double
        self._made: tuple[str, StripeClient] | None = None

    def takes(self, owner: Owner) -> bool:
        real_money = self._key.startswith(_LIVE_KEYS)
        return owner.livemode or not real_money

    def checkout(self, purchase: Purchase, buyer: Buyer) -> Checkout:
        import stripe  # noqa: PLC0415 - half a second that a process spends only if it needs it

        with _translating():
            try:
                return self._checkout(purchase, buyer, "checkout")
            except stripe.InvalidRequestError as refused:
                if refused.code != "resource_missing" or not buyer.customer_id:
                    raise
                # The customer was deleted at Stripe: whoever pays now is another.
                return self._checkout(purchase, Buyer(email=buyer.email), "checkout-anew")

    def _checkout(self, purchase: Purchase, buyer: Buyer, what: str) -> Checkout:
        session = self._client.v1.checkout.sessions.create(
            params=self._session(purchase, buyer), options={"idempotency_key": f"{what}-{purchase.id}"}
        )
        return Checkout(str(session.url), session.id)

    def charges(self, owner: Owner) -> bool:
        return bool(self._keys(API_KEY)) and self.takes(owner)

    def charge(self, purchase: Purchase, customer_id: str) -> Charge:
        import stripe  # noqa: PLC0415 - as above

        declined = Charge(ChargeOutcome.DECLINED, reason=NO_PAYMENT_METHOD)
        if not customer_id:
            return declined
        with _translating():
            try:
                made = self._made_earlier(purchase, customer_id)
                if made is None:
                    method = self._newest_method(customer_id)
                    if not method:
                        return declined
                    made = self._charge(purchase, customer_id, method)
            except stripe.CardError as refused:
                return Charge(ChargeOutcome.DECLINED, reason=refused.code or "card_declined")
            except stripe.InvalidRequestError as refused:
                if refused.code != "resource_missing":
                    raise
                return declined  # the customer, or what they left, was deleted at Stripe
        outcome = _OUTCOMES.get(made.status, ChargeOutcome.DECLINED)
        return Charge(outcome, made.id, "" if outcome is not ChargeOutcome.DECLINED else made.status)

    def _charge(self, purchase: Purchase, customer_id: str, method: str) -> PaymentIntent:
        pack = purchase.pack
        return self._client.v1.payment_intents.create(
            params={
                "amount": pack.price_cents,
                "currency": pack.currency,
                "customer": customer_id,
                "payment_method": method,
                "off_session": True,
                "confirm": True,
                "description": f"{pack.credits} credits, reloaded automatically",
                "metadata": metadata.of_automatic(purchase),
            },
            options={"idempotency_key": f"reload-{purchase.id}"},
        )

    def _made_earlier(self, purchase: Purchase, customer_id: str) -> PaymentIntent | None:
        """What an earlier call made whose answer was lost. Stripe forgets idempotency keys after a day."""
        since = int(purchase.created_at.timestamp()) - 60
        recent = self._client.v1.payment_intents.list(
            {"customer": customer_id, "created": {"gte": since}, "limit": 100}
        )
        for intent in recent.data:
            if intent.metadata.to_dict().get(metadata.PURCHASE) == purchase.id and intent.status in _OUTCOMES:
                return intent
        return None

    def _newest_method(self, customer_id: str) -> str:
        methods = self._client.v1.customers.payment_methods.list(customer_id, {"limit": 1}).data
        return methods[0].id if methods else ""

    def event(self, body: bytes, signature: str) -> PaymentEvent | None:
        import stripe  # noqa: PLC0415 - as above

        secret = self._keys(WEBHOOK_SECRET)
        if not secret:
            raise Unavailable("This stack has no secret to verify Stripe's events with.")
        try:
            text = body.decode()
            stripe.WebhookSignature.verify_header(text, signature, secret, _TOLERANCE_SECONDS)
            document = json.loads(text)
        except (stripe.SignatureVerificationError, ValueError) as refused:
            raise SignatureRefused from refused
        return events.event(document, self._payment_intent) if isinstance(document, dict) else None

    def _payment_intent(self, payment_id: str) -> Mapping[str, Any]:
        with _translating():
            return self._client.v1.payment_intents.retrieve(payment_id).to_dict()

    def _session(self, purchase: Purchase, buyer: Buyer) -> Any:
        pack, ours = purchase.pack, metadata.of(purchase)
        price = {
            "currency": pack.currency,
            "unit_amount": pack.price_cents,
            "product_data": {"name": f"{pack.credits} credits"},
        }
        who: dict[str, Any] = {"customer": buyer.customer_id}
        if not buyer.customer_id:
            who = {"customer_creation": "always", **({"customer_email": buyer.email} if buyer.email else {})}
        return {
            "mode": "payment",
            "line_items": [{"quantity": 1, "price_data": price}],
            "client_reference_id": purchase.id,
            "metadata": ours,
            # The charge carries it too, so that refunds and disputes are known by it.
            "payment_intent_data": {"metadata": ours, "setup_future_usage": "off_session"},
            # The price is what was agreed: nobody is asked for another currency's equivalent of it.
            "adaptive_pricing": {"enabled": False},
            "success_url": f"{self._base_url}{PAGES}/paid",
            "cancel_url": f"{self._base_url}{PAGES}/canceled",
            **who,
        }

    @property
    def _key(self) -> str:
        """The account's key.

        Raises
        ------
        Unavailable
        """
        key = self._keys(API_KEY)
        if not key:
            raise Unavailable("Credits cannot be bought on this stack; ask its operator.", retry_after=3600)
        return key

    @property
    def _client(self) -> StripeClient:
        """The client for the key as it is now: an operator may have changed it."""
        key = self._key
        if self._made is None or self._made[0] != key:
            self._made = key, self._client_for(key)
        return self._made[1]

    def _client_for(self, key: str) -> StripeClient:
        import stripe  # noqa: PLC0415 - as above

        return stripe.StripeClient(
            key,
            base_addresses={"api": self._double} if self._double else None,
            max_network_retries=_RETRIES,
            http_client=self._http,
        )

    @cached_property
    def _http(self) -> Any:
        import stripe  # noqa: PLC0415 - as above

        return stripe.RequestsClient(timeout=_TIMEOUT_SECONDS)


@contextmanager
def _translating() -> Iterator[None]:
    """Whatever goes wrong at Stripe, the caller can only come back; why is for the log."""
    import stripe  # noqa: PLC0415 - as above

    try:
        yield
    except stripe.StripeError as error:
        logger.exception("Stripe refused a call: %s %s", type(error).__name__, error.code)
        raise Unavailable("The payment service does not answer; try again.") from error
