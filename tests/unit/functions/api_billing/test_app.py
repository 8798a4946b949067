"""What sells credits, as the gateway calls it: dialects' buying routes, Stripe's events, the pages of return."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest

from api_billing.app import WEBHOOK, handler
from api_billing.pages import PAGES
from darkroom.domain.billing.payment_events import CheckoutOutcome
from darkroom.domain.errors import Unavailable
from darkroom.wiring import override
from tests.fakes.payments import SIGNATURE, sent
from tests.harness.api_client import gateway_event
from tests.unit.functions.api_moondraft.client import Client


class Buyer(Client):
    """A client of the moondraft dialect whose requests the gateway sends to what sells credits."""

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        return handler(event, None)

    def tell(
        self, body: bytes, signature: str | None = SIGNATURE, *, method: str = "POST", encoded: bool = False
    ) -> int:
        """Have Stripe tell of something; returns the answer's status."""
        headers = {"Stripe-Signature": signature} if signature is not None else {}
        event = gateway_event(method, WEBHOOK, headers)
        text = base64.b64encode(body).decode() if encoded else body.decode()
        event |= {"body": text, "isBase64Encoded": encoded}
        with override(self.core):
            answer = handler(event, None)
        assert answer["body"] == "{}"
        assert answer["headers"]["Cache-Control"] == "no-store"
        status: int = answer["statusCode"]
        return status


@pytest.fixture
def buyer() -> Buyer:
    return Buyer()


def test_a_pack_is_bought_paid_and_granted(buyer: Buyer) -> None:
    assert buyer.post("/credits/buy", {"pack": "pack_300"}).status == 200
    paid = sent(buyer.payments.outcome())
    for encoded in (True, False, False):
        assert buyer.tell(paid, encoded=encoded) == 200
    assert buyer.wallet.available == 400
    buyer.check_books()


def test_it_answers_in_the_dialect_s_words(buyer: Buyer) -> None:
    assert buyer.post("/credits/buy", {"pack": "pack_5"}).status == 400
    assert buyer.post("/credits/buy", {"pack": "pack_100"}, key=None).status == 401
    assert buyer.get("/credits/buy").status == 405
    assert buyer.get("/credits/nothing").status == 404
    assert buyer.get("/credits/auto-reload").json["enabled"] is False


@pytest.mark.parametrize("signature", [None, "", "t=1,v1=00", SIGNATURE + "x"])
def test_what_is_not_signed_grants_nothing(buyer: Buyer, signature: str | None) -> None:
    buyer.post("/credits/buy", {"pack": "pack_300"})
    assert buyer.tell(sent(buyer.payments.outcome()), signature) == 400
    assert buyer.wallet.granted == 100


def test_what_is_for_nothing_of_ours_is_acknowledged(buyer: Buyer) -> None:
    buyer.post("/credits/buy", {"pack": "pack_300"})
    assert buyer.tell(sent(None)) == 200
    assert buyer.tell(sent(buyer.payments.outcome(purchase_id="other"))) == 200
    assert buyer.tell(sent(buyer.payments.outcome(CheckoutOutcome.UNPAID))) == 200
    assert buyer.wallet.granted == 100


def test_what_could_not_be_stored_is_asked_for_again(buyer: Buyer, monkeypatch: pytest.MonkeyPatch) -> None:
    buyer.post("/credits/buy", {"pack": "pack_300"})
    paid = sent(buyer.payments.outcome())

    def busy(*_: object) -> None:
        raise Unavailable("The store is busy.")

    with monkeypatch.context() as patch:
        patch.setattr(buyer.store, "commit", busy)
        assert buyer.tell(paid) == 503
    with monkeypatch.context() as patch:
        patch.setattr(buyer.store, "commit", lambda *_: 1 / 0)
        assert buyer.tell(paid) == 500
    assert buyer.tell(paid) == 200
    assert buyer.wallet.granted == 400


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_events_are_posted(buyer: Buyer, method: str) -> None:
    assert buyer.tell(b"{}", method=method) == 405


@pytest.mark.parametrize("path", PAGES)
def test_a_buyer_comes_back_to_a_page(buyer: Buyer, path: str) -> None:
    with override(buyer.core):
        shown = handler(gateway_event("GET", path, {}), None)
        head = handler(gateway_event("HEAD", path, {}), None)
        posted = handler(gateway_event("POST", path, {}), None)
    assert (shown["statusCode"], shown["headers"]["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert "close this page" in shown["body"]
    assert (head["statusCode"], head["body"]) == (200, "")
    assert posted["statusCode"] == 405


@pytest.mark.parametrize("path", ["/platform/v1/billing/v1/health", "/platform/v1/billing/stripe", "/x"])
def test_nothing_else_is_here(buyer: Buyer, path: str) -> None:
    with override(buyer.core):
        answer = handler(gateway_event("GET", path, {}), None)
    assert answer["statusCode"] == 401 or answer["statusCode"] == 404
    assert "error" in json.loads(answer["body"])
