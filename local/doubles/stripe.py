"""A double of Stripe: checkout sessions and the page they are paid on, customers, saved cards, payments, refunds,
disputes, and signed events.

A person pays on the page; ``pay`` does the same. Every event is kept in ``events`` and, once ``listener`` is an
address, sent there: as often as ``copies`` says and until it is answered with a 2xx. What is ``held_back`` waits for
``release``, in any order. ``signed`` makes the request of an event, by another secret or at another time too.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import html
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import parse_qsl

from local.doubles.base import CannedResponse, Double, RecordedRequest, Route

KEY: Final = "sk_test_double"
WEBHOOK_SECRET: Final = "whsec_of_the_double_of_stripe"  # noqa: S105 - no secret
API_VERSION: Final = "2026-10-28.endive"

PAID, DELAYED, DECLINED, EXPIRED = "pay", "delayed", "decline", "expire"
COMES, BOUNCES = "comes", "bounces"  # what becomes of a delayed payment

_TRIES: Final = 20
_BETWEEN_TRIES: Final = 0.25  # seconds; Stripe takes hours

type Object = dict[str, Any]


class StripeDouble(Double):
    """Stripe, as far as selling credits goes. ``declines`` are what the next off-session payments fail with."""

    name = "stripe"

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, Object] = {}
        self.events: list[Object] = []
        self.declines: list[str] = []
        self.address = ""  # where it is reached, if not at a port of its own
        self.listener = ""
        self.copies = 1
        self.hold_back = False
        self.held_back: list[Object] = []
        self._answers: dict[str, tuple[bytes, CannedResponse]] = {}
        self._made = 0

    def routes(self) -> list[tuple[str, str, Route]]:
        one = "(?P<id>[a-z]+_(?:test_)?[0-9a-f]+)"
        return [
            ("GET", f"/pay/{one}", self._page),
            ("POST", f"/pay/{one}", self._press),
            ("POST", "/v1/checkout/sessions", self._create_session),
            ("POST", "/v1/payment_intents", self._create_payment),
            ("GET", "/v1/payment_intents", self._payments),
            ("POST", "/v1/refunds", self._create_refund),
            ("GET", f"/v1/customers/{one}/payment_methods", self._methods),
            ("GET", f"/v1/(?:checkout/sessions|customers|payment_intents|charges|refunds)/{one}", self._get),
        ]

    def refuse(self, request: RecordedRequest) -> CannedResponse | None:
        if request.path.startswith("/pay/") or request.headers.get("authorization") == f"Bearer {KEY}":
            return None
        return _refusal(401, "invalid_request_error", "Invalid API Key provided: sk_test_****")

    def missing(self, request: RecordedRequest) -> CannedResponse:
        message = f"Unrecognized request URL ({request.method}: {request.path})."
        return _refusal(404, "invalid_request_error", message)

    # ------------------------------------------------------------------ what people do

    def pay(self, session_id: str, how: str = PAID) -> None:
        """Finish a checkout as its buyer would: ``pay``, ``delayed``, ``decline`` or ``expire``."""
        with self._lock:
            self._finish(self.objects[session_id], how)

    def settle(self, session_id: str, how: str = COMES) -> None:
        """Decide a delayed payment days later: it ``comes``, or it ``bounces``."""
        with self._lock:
            session = self.objects[session_id]
            payment = self.objects[session["payment_intent"]]
            if how == BOUNCES:
                payment["status"] = "requires_payment_method"
                self._tell("checkout.session.async_payment_failed", session)
                return
            self._charge(payment)
            session["payment_status"] = "paid"
            self._tell("checkout.session.async_payment_succeeded", session)

    def refund(self, payment_id: str, amount: int | None = None) -> Object:
        """Give money back, all that is left unless an amount is named."""
        with self._lock:
            charge = self.objects[self.objects[payment_id]["latest_charge"]]
            left = charge["amount"] - charge["amount_refunded"]
            refund = self._keep(
                "re",
                object="refund",
                amount=left if amount is None else amount,
                charge=charge["id"],
                payment_intent=payment_id,
                status="succeeded",
            )
            charge["amount_refunded"] += refund["amount"]
            charge["refunded"] = charge["amount_refunded"] == charge["amount"]
            self._tell("charge.refunded", charge)
            return refund

    def dispute(self, payment_id: str, amount: int | None = None) -> Object:
        """Have a buyer's bank take money back until it is decided who is right."""
        with self._lock:
            charge = self.objects[self.objects[payment_id]["latest_charge"]]
            charge["disputed"] = True
            dispute = self._keep(
                "dp",
                object="dispute",
                amount=charge["amount"] if amount is None else amount,
                currency=charge["currency"],
                charge=charge["id"],
                payment_intent=payment_id,
                reason="fraudulent",
                status="needs_response",
                metadata={},
            )
            self._tell("charge.dispute.created", dispute)
            return dispute

    def decide(self, dispute_id: str, *, won: bool) -> None:
        """Close a dispute, ``won`` by the seller or lost."""
        with self._lock:
            dispute = self.objects[dispute_id]
            dispute["status"] = "won" if won else "lost"
            self._tell("charge.dispute.closed", dispute)

    # ------------------------------------------------------------------ events

    def signed(
        self, event: Object, *, secret: str = WEBHOOK_SECRET, at: float | None = None
    ) -> tuple[dict[str, str], bytes]:
        """The headers and body of the request that tells of an event, signed as Stripe signs."""
        body = json.dumps(event, indent=2).encode()
        moment = int(time.time() if at is None else at)
        signature = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
        headers = {"Content-Type": "application/json", "Stripe-Signature": f"t={moment},v1={signature}"}
        return headers, body

    def release(self, order: Iterable[int] | None = None) -> None:
        """Send what was held back, in the order of the given places."""
        held, self.held_back = self.held_back, []
        for place in range(len(held)) if order is None else order:
            self._send(held[place])

    def _tell(self, kind: str, about: Object) -> None:
        event = {
            "id": self._id("evt"),
            "object": "event",
            "api_version": API_VERSION,
            "created": int(time.time()),
            "livemode": False,
            "pending_webhooks": 1,
            "request": {"id": None, "idempotency_key": None},
            "type": kind,
            "data": {"object": json.loads(json.dumps(_shown(about)))},
        }
        self.events.append(event)
        if self.hold_back:
            self.held_back.append(event)
        else:
            self._send(event)

    def _send(self, event: Object) -> None:
        if self.listener:
            for _ in range(self.copies):
                threading.Thread(target=self._deliver, args=(event,), daemon=True).start()

    def _deliver(self, event: Object) -> None:
        for _ in range(_TRIES):
            headers, body = self.signed(event)
            call = urllib.request.Request(self.listener, body, headers)
            with (
                contextlib.suppress(urllib.error.URLError, OSError),
                urllib.request.urlopen(call, timeout=30),
            ):
                return
            time.sleep(_BETWEEN_TRIES)

    # ------------------------------------------------------------------ checkout

    def _create_session(self, request: RecordedRequest) -> CannedResponse:
        return self._once(request, self._new_session)

    def _new_session(self, asked: Object) -> CannedResponse:
        items = asked.get("line_items", [])
        prices = [item.get("price_data", {}) for item in items]
        if asked.get("mode") != "payment" or not prices or "success_url" not in asked:
            return _refusal(
                400, "invalid_request_error", "Missing required param: line_items, mode or success_url."
            )
        if "customer" in asked and asked["customer"] not in self.objects:
            return _no_such("customer", asked["customer"])
        if "customer" in asked and ("customer_email" in asked or "customer_creation" in asked):
            return _refusal(
                400, "invalid_request_error", "You may only specify one of these parameters: customer, …"
            )
        total = sum(
            int(item["quantity"]) * int(price["unit_amount"])
            for item, price in zip(items, prices, strict=True)
        )
        session = self._keep(
            "cs_test",
            object="checkout.session",
            amount_total=total,
            currency=prices[0]["currency"],
            client_reference_id=asked.get("client_reference_id"),
            customer=asked.get("customer"),
            metadata=asked.get("metadata", {}),
            mode="payment",
            payment_intent=None,
            payment_status="unpaid",
            status="open",
            success_url=asked["success_url"],
            cancel_url=asked.get("cancel_url"),
            livemode=False,
        )
        session["url"] = f"{self.address or self.url}/pay/{session['id']}"
        session["asked"] = asked
        return CannedResponse(200, _shown(session))

    def _finish(self, session: Object, how: str) -> None:
        if session["status"] != "open" or how == DECLINED:
            return
        if how == EXPIRED:
            session |= {"status": "expired", "url": None}
            self._tell("checkout.session.expired", session)
            return
        asked = session["asked"]
        customer = (
            session["customer"]
            or self._keep("cus", object="customer", email=asked.get("customer_email"))["id"]
        )
        wanted = asked.get("payment_intent_data", {})
        method = self._keep("pm", object="payment_method", type="card", customer=None)
        if wanted.get("setup_future_usage") == "off_session":
            method["customer"] = customer
        payment = self._keep(
            "pi",
            object="payment_intent",
            amount=session["amount_total"],
            currency=session["currency"],
            customer=customer,
            payment_method=method["id"],
            metadata=wanted.get("metadata", {}),
            status="processing",
            latest_charge=None,
        )
        session |= {"status": "complete", "url": None, "customer": customer, "payment_intent": payment["id"]}
        if how == PAID:
            self._charge(payment)
            session["payment_status"] = "paid"
        self._tell("checkout.session.completed", session)

    def _charge(self, payment: Object) -> None:
        charge = self._keep(
            "ch",
            object="charge",
            amount=payment["amount"],
            amount_refunded=0,
            currency=payment["currency"],
            customer=payment["customer"],
            disputed=False,
            metadata=payment["metadata"],
            paid=True,
            payment_intent=payment["id"],
            refunded=False,
        )
        payment |= {"status": "succeeded", "latest_charge": charge["id"]}
        self._tell("payment_intent.succeeded", payment)

    def _page(self, request: RecordedRequest) -> CannedResponse:
        session = self.objects.get(request.params["id"])
        if session is None or session["object"] != "checkout.session":
            return _html(404, "<p>There is no such checkout.</p>")
        price = f"{session['amount_total'] / 100:.2f} {session['currency'].upper()}"
        name = session["asked"]["line_items"][0]["price_data"]["product_data"]["name"]
        what = (
            f"<p>{html.escape(name)} for <b>{price}</b>. This is a double of Stripe: no money is moved.</p>"
        )
        if session["status"] == "expired":
            return _html(200, f"{what}<p>This checkout has expired.</p>")
        if session["status"] == "open":
            buttons = {
                PAID: "Pay",
                DELAYED: "Pay by bank debit, which takes days",
                DECLINED: "Pay with a card that is declined",
            }
            return _html(200, what + _buttons(buttons))
        if session["payment_status"] == "paid":
            return _html(200, f"{what}<p>Paid.</p>")
        return _html(
            200,
            f"{what}<p>The debit is under way.</p>"
            + _buttons({COMES: "The money comes", BOUNCES: "The debit bounces"}),
        )

    def _press(self, request: RecordedRequest) -> CannedResponse:
        session = self.objects.get(request.params["id"])
        if session is None:
            return self._page(request)
        how = dict(parse_qsl(request.body.decode())).get("how", PAID)
        if how in (COMES, BOUNCES):
            if session["status"] == "complete" and session["payment_status"] == "unpaid":
                self.settle(session["id"], how)
            return self._page(request)
        self._finish(session, how)
        if how == DECLINED:
            return _html(402, "<p>Your card was declined.</p>" + _buttons({PAID: "Pay with another card"}))
        return CannedResponse(303, "", {"Location": session["success_url"]})

    # ------------------------------------------------------------------ payments without a buyer

    def _create_payment(self, request: RecordedRequest) -> CannedResponse:
        return self._once(request, self._new_payment)

    def _new_payment(self, asked: Object) -> CannedResponse:
        method = self.objects.get(asked.get("payment_method", ""))
        if asked.get("customer") not in self.objects:
            return _no_such("customer", asked.get("customer"))
        if method is None or method["customer"] != asked["customer"]:
            return _no_such("PaymentMethod", asked.get("payment_method"))
        payment = self._keep(
            "pi",
            object="payment_intent",
            amount=int(asked["amount"]),
            currency=asked["currency"],
            customer=asked["customer"],
            payment_method=method["id"],
            metadata=asked.get("metadata", {}),
            status="requires_payment_method",
            latest_charge=None,
        )
        if self.declines:
            code = self.declines.pop(0)
            error = {
                "type": "card_error",
                "code": "card_declined" if code != "authentication_required" else code,
                "decline_code": code,
                "message": "Your card was declined.",
                "payment_intent": payment,
            }
            self._tell("payment_intent.payment_failed", payment)
            return CannedResponse(402, {"error": error})
        self._charge(payment)
        return CannedResponse(200, payment)

    def _create_refund(self, request: RecordedRequest) -> CannedResponse:
        def refund(asked: Object) -> CannedResponse:
            amount = asked.get("amount")
            return CannedResponse(200, self.refund(asked["payment_intent"], int(amount) if amount else None))

        return self._once(request, refund)

    def _payments(self, request: RecordedRequest) -> CannedResponse:
        made = [
            one
            for one in reversed(self.objects.values())
            if one["object"] == "payment_intent"
            and one["customer"] == request.query.get("customer")
            and one["created"] >= int(request.query.get("created[gte]", 0))
        ]
        return CannedResponse(200, {"object": "list", "data": made, "has_more": False, "url": request.path})

    def _methods(self, request: RecordedRequest) -> CannedResponse:
        saved = [
            one
            for one in reversed(self.objects.values())
            if one["object"] == "payment_method" and one["customer"] == request.params["id"]
        ]
        return CannedResponse(200, {"object": "list", "data": saved, "has_more": False, "url": request.path})

    def _get(self, request: RecordedRequest) -> CannedResponse:
        found = self.objects.get(request.params["id"])
        return CannedResponse(200, _shown(found)) if found else _no_such("object", request.params["id"])

    # ------------------------------------------------------------------ what all calls have in common

    def _once(self, request: RecordedRequest, serve: Any) -> CannedResponse:
        """Answer a repeated idempotency key as the first time, and refuse it with other parameters."""
        key = request.headers.get("idempotency-key")
        if key is None:
            answer: CannedResponse = serve(_form(request.body))
            return answer
        if key in self._answers:
            body, first = self._answers[key]
            if body != request.body:
                message = "Keys for idempotent requests can only be used with the same parameters."
                return _refusal(400, "idempotency_error", message)
            return CannedResponse(first.status, first.body, {"Idempotent-Replayed": "true"})
        answer = serve(_form(request.body))
        if answer.status != 400:  # what was refused for its parameters was not begun
            self._answers[key] = (
                request.body,
                CannedResponse(answer.status, json.loads(json.dumps(answer.body))),
            )
        return answer

    def _keep(self, prefix: str, **members: Any) -> Object:
        kept = {"id": self._id(prefix), "created": int(time.time()), **members}
        self.objects[kept["id"]] = kept
        return kept

    def _id(self, prefix: str) -> str:
        self._made += 1
        return (
            f"{prefix}_{self._made:06d}{hashlib.sha256(f'{id(self)}{self._made}'.encode()).hexdigest()[:10]}"
        )


def _shown(kept: Mapping[str, Any]) -> Object:
    return {name: value for name, value in kept.items() if name != "asked"}


def _form(body: bytes) -> Object:
    """Stripe's form encoding, ``a[b][0][c]=d``, as nested objects and lists."""
    root: Object = {}
    for path, value in parse_qsl(body.decode(), keep_blank_values=True):
        *parents, last = path.replace("]", "").split("[")
        place = root
        for name in parents:
            place = place.setdefault(name, {})
        place[last] = value
    return {name: _listed(value) for name, value in root.items()}


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inside = {name: _listed(one) for name, one in value.items()}
    return list(inside.values()) if inside and all(name.isdigit() for name in inside) else inside


def _refusal(status: int, kind: str, message: str, **more: str) -> CannedResponse:
    return CannedResponse(status, {"error": {"type": kind, "message": message, **more}})


def _no_such(what: str, name: Any) -> CannedResponse:
    return _refusal(400, "invalid_request_error", f"No such {what}: '{name}'", code="resource_missing")


def _buttons(labels: Mapping[str, str]) -> str:
    buttons = "".join(f'<button name="how" value="{how}">{label}</button>' for how, label in labels.items())
    return f'<form method="post">{buttons}</form>'


def _html(status: int, content: str) -> CannedResponse:
    page = f"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Checkout</title>
<style>
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 26rem; margin: 15vh auto; padding: 0 1rem }}
button {{ font: inherit; display: block; width: 100%; padding: .5rem; margin: .5rem 0 }}
</style>
<h1>Checkout</h1>
{content}
</html>
"""
    return CannedResponse(status, page, {"Content-Type": "text/html; charset=utf-8"})
