"""Lambda entry of what sells credits.

It alone has the payment provider's client and keys, so the gateway sends every dialect's buying routes here; they
answer in their dialect's own words.
"""

from __future__ import annotations

from typing import Any, Final

from api_billing import pages, stripe_webhook
from api_moondraft.dialect import DIALECT as MOONDRAFT
from api_moondraft.routes import credits as moondraft_credits
from darkroom.http.pipeline import Api
from darkroom.wiring import container

WEBHOOK: Final = "/platform/v1/billing/stripe/webhook"

moondraft = Api.of(MOONDRAFT, (moondraft_credits.routes,), container)


def handler(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """Answer one request."""
    path = event.get("rawPath", "")
    if path == WEBHOOK:
        return stripe_webhook.serve(event)
    if path in pages.PAGES:
        return pages.serve(event)
    return moondraft.handle(event, context)
