"""``POST /platform/v1/billing/stripe/webhook``: what Stripe tells of payments.

The signature over the raw body proves the sender. Stripe sends an event again, for three days, until it is answered
with a 2xx; so what is not for us is acknowledged too, and only what could not be stored is asked for once more.
"""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools import Logger

from darkroom.domain.billing.payment_events import SignatureRefused
from darkroom.domain.errors import Unavailable
from darkroom.http.notifications import Answer, answer, headers_of, signed_body
from darkroom.wiring import container

SIGNATURE = "stripe-signature"

logger = Logger()


def serve(event: dict[str, Any]) -> Answer:
    """Answer one event of Stripe's."""
    if event["requestContext"]["http"]["method"] != "POST":
        return answer(405, {"Allow": "POST"})
    try:
        result = _handle(signed_body(event), headers_of(event).get(SIGNATURE, ""))
    except SignatureRefused:
        logger.warning("payment event refused")
        return answer(400)
    except Unavailable:
        return answer(503, {"Retry-After": "30"})
    except Exception:
        logger.exception("a payment event was not handled")
        return answer(500)
    logger.info("payment event", result=result)
    return answer(200)


def _handle(body: bytes, signature: str) -> str:
    core = container()
    told = core.payments.event(body, signature)
    return "ignored" if told is None else core.handle_payment_event(told)
