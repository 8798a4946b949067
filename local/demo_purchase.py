"""The part of the demo in which a pack of credits is bought, as a person would buy it."""

import time
from typing import Any

import httpx

from local.emulator.info import StackInfo
from tools.errors import LocalError
from tools.report import say

PACK, CREDITS = "pack_100", 100
_PATIENCE_SECONDS = 20.0


def run(http: httpx.Client, stack: StackInfo) -> None:
    """Buy a pack through the double of Stripe and see it arrive. Raises LocalError."""
    say("\nbuying credits")
    key = stack.keys["moondraft"]
    before = _credits(http, key)
    url = _good(http.post("/moondraft/v1/credits/buy", json={"pack": PACK}, headers=_headers(key)))[
        "checkout_url"
    ]
    say(f"  the buyer is sent to {url}")
    page = http.get(url)
    if page.status_code != 200 or "Pay" not in page.text:
        raise LocalError(f"the checkout does not open: {page.status_code}")
    paid = http.post(url, data={"how": "pay"})
    say(f"  pays there, and comes back to {paid.headers.get('location', '')}")
    until = time.monotonic() + _PATIENCE_SECONDS
    while _credits(http, key) < before + CREDITS:
        if time.monotonic() > until:
            raise LocalError("what was paid for did not arrive; see .local/aws/ministack.log")
        time.sleep(0.2)
    entries = _good(http.get("/platform/v1/ledger", params={"limit": 1}, headers=_headers(key)))["data"]
    say(f"  {CREDITS} credits arrived: ledger entry {entries[0]['id']}")


def _credits(http: httpx.Client, key: str) -> int:
    answer: int = _good(http.get("/moondraft/v1/credits", headers=_headers(key)))["credits"]
    return answer


def _headers(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


def _good(answer: httpx.Response) -> Any:
    if answer.is_error:
        raise LocalError(f"{answer.request.url} answers {answer.status_code}: {answer.text[:200]}")
    return answer.json()
