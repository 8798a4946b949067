"""Stripe over real HTTP: the adapter and Stripe's own SDK against the double, and events as Stripe signs them."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import stripe

from api_billing.app import WEBHOOK, handler
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.billing.charges import Charge, ChargeOutcome
from darkroom.domain.billing.payment_events import CheckoutEvent, CheckoutOutcome, SignatureRefused
from darkroom.domain.billing.purchases import Buyer
from darkroom.domain.billing.reload_messages import ReloadMessage
from darkroom.domain.errors import Unavailable
from darkroom.domain.writes import HoldCredits
from darkroom.wiring import override
from darkroom_payments.stripe_payments import StripePayments
from local.doubles.base import Fault
from local.doubles.stripe import (
    BOUNCES,
    COMES,
    DECLINED,
    DELAYED,
    EXPIRED,
    KEY,
    PAID,
    WEBHOOK_SECRET,
    StripeDouble,
)
from tests.contract.examples import OWNER, TEST_OWNER, purchase
from tests.harness.api_client import gateway_event
from tests.harness.core import TenantHarness

BASE_URL = "https://api.test"
KEYS = {"api_key": KEY, "webhook_secret": WEBHOOK_SECRET}


@pytest.fixture
def double() -> Iterator[StripeDouble]:
    with StripeDouble() as running:
        yield running


@pytest.fixture
def payments(double: StripeDouble) -> StripePayments:
    return StripePayments(lambda name: KEYS.get(name, ""), BASE_URL, double.url)


@pytest.fixture
def shop(payments: StripePayments) -> TenantHarness:
    """A stack that sells through the double."""
    stack = TenantHarness(credits=10, plan="metered")
    stack.core.payments = payments
    return stack


def bought(shop: TenantHarness, pack: str = "pack_300") -> str:
    """Start a purchase; returns the session's id."""
    return shop.core.buy_credits(shop.owner, pack, "ada@example.com").rpartition("/")[2]


def tell(shop: TenantHarness, headers: dict[str, str], body: bytes) -> int:
    """Hand a request of Stripe's to the function, as the gateway does; returns the answer's status."""
    event = gateway_event("POST", WEBHOOK, headers) | {"body": body.decode()}
    with override(shop.core):
        status: int = handler(event, None)["statusCode"]
    shop.check_books()
    return status


def tell_all(shop: TenantHarness, double: StripeDouble, events: list[dict[str, Any]] | None = None) -> None:
    for event in double.events if events is None else events:
        assert tell(shop, *double.signed(event)) == 200


# ------------------------------------------------------------------ the adapter


def test_a_checkout_asks_for_the_purchase_s_price(payments: StripePayments, double: StripeDouble) -> None:
    checkout = payments.checkout(purchase(), Buyer(email="ada@example.com"))
    session = double.objects[checkout.session_id]
    assert checkout.url == f"{double.url}/pay/{checkout.session_id}"
    assert (session["amount_total"], session["currency"]) == (2_400, "usd")
    asked = session["asked"]
    assert asked["customer_email"] == "ada@example.com"
    assert asked["payment_intent_data"]["setup_future_usage"] == "off_session"
    assert asked["success_url"] == f"{BASE_URL}/platform/v1/billing/paid"


def test_a_customer_who_paid_before_is_named(payments: StripePayments, double: StripeDouble) -> None:
    first = payments.checkout(purchase(), Buyer())
    double.pay(first.session_id)
    customer = double.objects[first.session_id]["customer"]
    again = payments.checkout(purchase(id="p-2"), Buyer(customer, "ada@example.com"))
    assert double.objects[again.session_id]["customer"] == customer


def test_a_customer_who_was_deleted_at_stripe_may_buy_as_another(
    payments: StripePayments, double: StripeDouble
) -> None:
    checkout = payments.checkout(purchase(), Buyer("cus_00", "ada@example.com"))
    assert double.objects[checkout.session_id]["customer"] is None


def test_starting_a_purchase_again_is_the_same_checkout(payments: StripePayments) -> None:
    assert payments.checkout(purchase(), Buyer()) == payments.checkout(purchase(), Buyer())


def test_an_answer_that_is_lost_starts_one_checkout(payments: StripePayments, double: StripeDouble) -> None:
    double.next(Fault(serve=True, drop=True, on="sessions"))
    checkout = payments.checkout(purchase(), Buyer())
    assert [one for one in double.objects.values() if one["object"] == "checkout.session"] == [
        double.objects[checkout.session_id]
    ]


@pytest.mark.parametrize(
    "fault", [Fault(500), Fault(429), Fault(402), Fault(400, {"error": {}}), Fault(drop=True)]
)
def test_whatever_goes_wrong_is_for_the_log(
    payments: StripePayments, double: StripeDouble, fault: Fault
) -> None:
    double.next(*[replace(fault, on="sessions")] * 5)
    with pytest.raises(Unavailable) as refused:
        payments.checkout(purchase(), Buyer())
    assert "stripe" not in str(refused.value).lower()


def test_a_key_that_stripe_does_not_know_is_our_trouble(double: StripeDouble) -> None:
    payments = StripePayments({"api_key": "sk_test_old"}.get, BASE_URL, double.url)  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        payments.checkout(purchase(), Buyer())


def test_a_stack_without_keys_sells_nothing() -> None:
    payments = StripePayments(lambda _: "", BASE_URL)
    for refused in (
        lambda: payments.takes(OWNER),
        lambda: payments.checkout(purchase(), Buyer()),
        lambda: payments.event(b"{}", "t=1,v1=00"),
    ):
        with pytest.raises(Unavailable):
            refused()


@pytest.mark.parametrize(("key", "sold"), [("sk_live_1", False), ("rk_live_1", False), ("sk_test_1", True)])
def test_real_money_buys_nothing_for_test_mode(key: str, sold: bool) -> None:
    payments = StripePayments(lambda _: key, BASE_URL)
    assert payments.takes(OWNER)
    assert payments.takes(TEST_OWNER) is sold


# ------------------------------------------------------------------ events


def test_an_event_says_what_stripe_said(payments: StripePayments, double: StripeDouble) -> None:
    checkout = payments.checkout(purchase(), Buyer())
    double.pay(checkout.session_id)
    session = double.objects[checkout.session_id]
    headers, body = double.signed(double.events[-1])
    assert payments.event(body, headers["Stripe-Signature"]) == CheckoutEvent(
        OWNER,
        "p-1",
        checkout.session_id,
        CheckoutOutcome.PAID,
        2_400,
        "usd",
        session["payment_intent"],
        session["customer"],
    )


def test_stripe_s_own_sdk_takes_the_double_s_signature(
    double: StripeDouble, payments: StripePayments
) -> None:
    double.pay(payments.checkout(purchase(), Buyer()).session_id)
    headers, body = double.signed(double.events[-1])
    event = stripe.Webhook.construct_event(body.decode(), headers["Stripe-Signature"], WEBHOOK_SECRET)
    assert event.type == "checkout.session.completed"


def test_what_is_forged_or_stale_or_damaged_is_refused(shop: TenantHarness, double: StripeDouble) -> None:
    double.pay(bought(shop))
    event, now = double.events[-1], time.time()
    headers, body = double.signed(event)
    right = headers["Stripe-Signature"]
    hostile = [
        double.signed(event, secret="whsec_guessed"),
        double.signed(event, at=now - 301),
        double.signed(event, at=0),
        ({"Stripe-Signature": right}, body.replace(b"2400", b"2401")),
        ({"Stripe-Signature": right}, body + b" "),
        ({"Stripe-Signature": right.replace("v1=", "v0=")}, body),
        ({"Stripe-Signature": f"t={int(now) + 1},v1={right.partition('v1=')[2]}"}, body),
        ({"Stripe-Signature": ""}, body),
        ({"Stripe-Signature": "t=,v1="}, body),
        ({"Stripe-Signature": "nonsense"}, body),
        ({}, body),
        ({"Stripe-Signature": right}, b""),
    ]
    assert {tell(shop, *request) for request in hostile} == {400}
    assert shop.wallet.granted == 10
    assert tell(shop, headers, body) == 200
    assert shop.wallet.granted == 310


def test_while_a_secret_is_rolled_either_signature_will_do(shop: TenantHarness, double: StripeDouble) -> None:
    double.pay(bought(shop))
    headers, body = double.signed(double.events[-1])
    signed = headers["Stripe-Signature"]
    other = double.signed(double.events[-1], secret="whsec_next")[0]["Stripe-Signature"].partition(",")[2]
    assert (
        tell(
            shop, {"Stripe-Signature": f"{signed.partition(',')[0]},{other},{signed.partition(',')[2]}"}, body
        )
        == 200
    )
    assert shop.wallet.granted == 310


@pytest.mark.parametrize(
    "body", [b"[]", b"7", b'"x"', b"{}", b'{"type":"checkout.session.completed"}', b'{"type":7,"data":[]}']
)
def test_what_is_signed_and_says_nothing_is_acknowledged(
    shop: TenantHarness, double: StripeDouble, body: bytes
) -> None:
    header = stripe.WebhookSignature.generate_signature_header(body.decode(), WEBHOOK_SECRET)
    assert tell(shop, {"Stripe-Signature": header}, body) == 200


def test_another_shop_s_checkout_at_the_same_account_is_acknowledged(
    shop: TenantHarness, double: StripeDouble
) -> None:
    double.pay(bought(shop))
    event = double.events[-1]
    for metadata in (
        {},
        {"darkroom_workspace": "w"},
        {"darkroom_purchase": "p", "darkroom_workspace": "w", "darkroom_mode": "x"},
    ):
        event["data"]["object"]["metadata"] = metadata
        assert tell(shop, *double.signed(event)) == 200
    assert shop.wallet.granted == 10


# ------------------------------------------------------------------ the whole way


def test_a_card_pays_at_once(shop: TenantHarness, double: StripeDouble) -> None:
    double.pay(bought(shop))
    for _ in range(3):
        tell_all(shop, double)
    assert shop.wallet.granted == 310


@pytest.mark.parametrize(("how", "granted"), [(COMES, 310), (BOUNCES, 10)])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_bank_debit_is_granted_when_it_comes(
    shop: TenantHarness, double: StripeDouble, how: str, granted: int, backwards: bool
) -> None:
    session = bought(shop)
    double.pay(session, DELAYED)
    if not backwards:
        tell_all(shop, double)
        assert shop.wallet.granted == 10
    double.settle(session, how)
    tell_all(shop, double, double.events[::-1] if backwards else None)
    assert shop.wallet.granted == granted


@pytest.mark.parametrize("how", [DECLINED, EXPIRED])
def test_what_was_not_paid_is_not_granted(shop: TenantHarness, double: StripeDouble, how: str) -> None:
    double.pay(bought(shop), how)
    tell_all(shop, double)
    assert shop.wallet.granted == 10


def test_the_double_tells_its_listener_until_it_is_heard(shop: TenantHarness, double: StripeDouble) -> None:
    heard: list[str] = []
    done = threading.Event()

    def hear(event: dict[str, Any]) -> None:
        heard.append(event["type"])
        if len(heard) == 2:
            done.set()

    double._deliver = hear  # type: ignore[method-assign]
    double.listener, double.copies = "http://127.0.0.1:1/", 1
    double.pay(bought(shop))
    assert done.wait(5)
    assert sorted(heard) == ["checkout.session.completed", "payment_intent.succeeded"]


def test_a_person_pays_on_the_page(shop: TenantHarness, double: StripeDouble) -> None:
    url = shop.core.buy_credits(shop.owner, "pack_300")
    page = httpx.get(url)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "300 credits" in page.text
    assert "24.00 USD" in page.text
    declined = press(url, DECLINED)
    assert declined.status_code == 402
    paid = press(url, PAID)
    assert (paid.status_code, paid.headers["location"]) == (303, f"{BASE_URL}/platform/v1/billing/paid")
    assert "Paid." in httpx.get(url).text
    press(url, PAID)
    tell_all(shop, double)
    assert shop.wallet.granted == 310


def test_a_person_pays_by_bank_debit_on_the_page(shop: TenantHarness, double: StripeDouble) -> None:
    url = shop.core.buy_credits(shop.owner, "pack_300")
    assert press(url, DELAYED).status_code == 303
    assert "under way" in httpx.get(url).text
    for _ in range(2):
        press(url, COMES)
    tell_all(shop, double)
    assert shop.wallet.granted == 310
    assert httpx.get(f"{double.url}/pay/cs_nothing").status_code == 404


def press(url: str, how: str) -> httpx.Response:
    form = {"content-type": "application/x-www-form-urlencoded"}
    return httpx.post(url, content=urlencode({"how": how}), headers=form)


def test_a_signature_is_of_the_body_s_bytes(payments: StripePayments) -> None:
    with pytest.raises(SignatureRefused):
        payments.event(b"\xff\xfe", "t=1,v1=00")


def test_the_double_keeps_idempotency_keys_as_stripe_does(
    payments: StripePayments, double: StripeDouble
) -> None:
    client = stripe.StripeClient(KEY, base_addresses={"api": double.url}, max_network_retries=0)
    first = payments.checkout(purchase(), Buyer())
    double.pay(first.session_id)
    customer = double.objects[first.session_id]["customer"]
    (method,) = client.v1.customers.payment_methods.list(customer).data
    asked: Any = {"amount": 2_400, "currency": "usd", "customer": customer, "payment_method": method.id}
    made = [client.v1.payment_intents.create(asked, {"idempotency_key": "k"}).id for _ in range(3)]
    assert len(set(made)) == 1
    with pytest.raises(stripe.IdempotencyError):
        client.v1.payment_intents.create({"amount": 1, "currency": "usd"}, {"idempotency_key": "k"})
    double.declines = ["insufficient_funds"]
    with pytest.raises(stripe.CardError) as declined:
        client.v1.payment_intents.create(asked, {"idempotency_key": "k2"})
    assert declined.value.code == "card_declined"


# ------------------------------------------------------------------ refunds and disputes


def sold(shop: TenantHarness, double: StripeDouble) -> str:
    """A purchase that was paid and granted; returns the payment's id."""
    session = bought(shop)
    double.pay(session)
    tell_all(shop, double)
    double.events.clear()
    payment: str = double.objects[session]["payment_intent"]
    return payment


def test_refunds_take_credits_by_their_sum(shop: TenantHarness, double: StripeDouble) -> None:
    payment = sold(shop, double)
    for cents in (600, 1_200, None):
        double.refund(payment, cents)
    tell_all(shop, double, [double.events[order] for order in (1, 0, 1)])
    assert shop.wallet.balance == 10 + 75
    tell_all(shop, double)
    assert shop.wallet.balance == 10


@pytest.mark.parametrize(("won", "balance"), [(True, 310), (False, 10)])
@pytest.mark.parametrize("backwards", [False, True])
def test_a_dispute_takes_credits_until_it_is_decided(
    shop: TenantHarness, double: StripeDouble, won: bool, balance: int, backwards: bool
) -> None:
    dispute = double.dispute(sold(shop, double))
    if not backwards:
        tell_all(shop, double)
        assert shop.wallet.balance == 10
    double.decide(dispute["id"], won=won)
    for _ in range(2):
        tell_all(shop, double, double.events[::-1] if backwards else None)
    assert shop.wallet.balance == balance


def test_a_refund_may_be_told_before_the_purchase(shop: TenantHarness, double: StripeDouble) -> None:
    session = bought(shop)
    double.pay(session)
    double.refund(double.objects[session]["payment_intent"])
    tell_all(shop, double, double.events[::-1])
    assert (shop.wallet.granted, shop.wallet.balance) == (310, 10)


def test_an_inquiry_takes_nothing_and_a_dispute_of_another_shop_neither(
    shop: TenantHarness, double: StripeDouble
) -> None:
    payment = sold(shop, double)
    dispute = double.dispute(payment)
    (event,) = double.events
    event["data"]["object"]["status"] = "warning_needs_response"
    assert tell(shop, *double.signed(event)) == 200
    double.objects[payment]["metadata"] = {}
    double.decide(dispute["id"], won=False)
    assert tell(shop, *double.signed(double.events[-1])) == 200
    assert shop.wallet.balance == 310


def test_a_dispute_whose_payment_cannot_be_looked_up_is_sent_again(
    shop: TenantHarness, double: StripeDouble
) -> None:
    double.dispute(sold(shop, double))
    double.next(*[Fault(500, on="payment_intents")] * 2)
    assert tell(shop, *double.signed(double.events[-1])) == 503
    tell_all(shop, double)
    assert shop.wallet.balance == 10


# ------------------------------------------------------------------ buying automatically


@pytest.fixture
def left(payments: StripePayments, double: StripeDouble) -> str:
    """A customer who left a card by buying a pack."""
    session = payments.checkout(purchase(), Buyer()).session_id
    double.pay(session)
    customer: str = double.objects[session]["customer"]
    return customer


RELOAD = purchase(id="r-1", session_id="", created_at=datetime.now(UTC))


def charges_of(double: StripeDouble, purchase_id: str = "r-1") -> list[dict[str, Any]]:
    made = [one for one in double.objects.values() if one["object"] == "charge"]
    return [one for one in made if one["metadata"]["darkroom_purchase"] == purchase_id]


def test_what_was_left_is_charged_once_however_often(
    payments: StripePayments, double: StripeDouble, left: str
) -> None:
    first = payments.charge(RELOAD, left)
    assert first.outcome is ChargeOutcome.PAID
    assert [payments.charge(RELOAD, left) for _ in range(3)] == [first] * 3
    (charge,) = charges_of(double)
    assert (charge["amount"], charge["currency"], charge["payment_intent"]) == (
        2_400,
        "usd",
        first.payment_id,
    )


def test_twenty_at_once_charge_once(payments: StripePayments, double: StripeDouble, left: str) -> None:
    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(lambda _: payments.charge(RELOAD, left).payment_id, range(20)))
    assert len(made) == len(charges_of(double)) == 1


@pytest.mark.parametrize("fault", [Fault(serve=True, drop=True), Fault(502, serve=True)])
def test_a_charge_whose_answer_is_lost_is_found_and_not_made_again(
    payments: StripePayments, double: StripeDouble, left: str, fault: Fault
) -> None:
    double.next(*[replace(fault, on="POST /v1/payment_intents")] * 2)
    with pytest.raises(Unavailable):
        payments.charge(RELOAD, left)
    double._answers.clear()  # a day later, when Stripe has forgotten the idempotency key
    assert payments.charge(RELOAD, left).outcome is ChargeOutcome.PAID
    assert len(charges_of(double)) == 1


@pytest.mark.parametrize("code", ["insufficient_funds", "expired_card", "authentication_required"])
def test_a_decline_says_why_and_the_next_purchase_is_tried_anew(
    payments: StripePayments, double: StripeDouble, left: str, code: str
) -> None:
    double.declines = [code]
    declined = payments.charge(RELOAD, left)
    assert declined.outcome is ChargeOutcome.DECLINED
    assert declined.reason
    assert payments.charge(RELOAD, left) == declined
    again = payments.charge(replace(RELOAD, id="r-2"), left)
    assert again.outcome is ChargeOutcome.PAID


@pytest.mark.parametrize("customer", ["", "cus_00"])
def test_who_left_nothing_is_declined(payments: StripePayments, customer: str) -> None:
    assert payments.charge(RELOAD, customer) == Charge(ChargeOutcome.DECLINED, reason="no_payment_method")


def test_a_card_that_was_removed_at_stripe_is_not_charged(
    payments: StripePayments, double: StripeDouble, left: str
) -> None:
    for one in double.objects.values():
        if one["object"] == "payment_method":
            one["customer"] = None
    assert payments.charge(RELOAD, left).reason == "no_payment_method"


def test_twenty_debits_across_the_threshold_are_one_charge_at_stripe(
    shop: TenantHarness, double: StripeDouble
) -> None:
    sold(shop, double)
    shop.core.auto_reload.enable(shop.owner, 50, "pack_100")
    day = shop.clock.now().date()

    def debit(_: int) -> None:
        shop.store.commit(HoldCredits(shop.owner, 15, Feature.IMAGES, 1, day, 1_000_000))
        shop.core.reload_credits.handle(ReloadMessage(shop.owner))

    with ThreadPoolExecutor(20) as pool:
        list(pool.map(debit, range(20)))
    assert shop.wallet.available == 310 - 300 + 100
    made = [one for one in double.objects.values() if one["object"] == "charge"]
    assert [one["amount"] for one in made] == [2_400, 900]
    for event in double.events:  # what Stripe tells of it besides changes nothing
        headers, body = double.signed(event)
        told = shop.core.payments.event(body, headers["Stripe-Signature"])
        assert told is None or shop.core.handle_payment_event(told) == "nothing"
    assert shop.wallet.available == 110
