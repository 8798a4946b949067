"""OpenAI's moderation: words and pictures are looked at before an order goes to any vendor. It costs nothing.

A picture is looked at in a request of its own: that several may share one is not promised.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from darkroom.domain.jobs.engine import TaskRequest
from darkroom.domain.jobs.engine_failures import Blocked, VendorUnavailable
from darkroom.domain.prompts.composing import composed
from darkroom.ports.system import Clock
from darkroom_vendors.base import Flow, VendorRequest, VendorResponse
from darkroom_vendors.client import VendorClient
from darkroom_vendors.json_access import mapping
from darkroom_vendors.openai import OpenAI, refusal

MODEL = "omni-moderation-latest"
MODERATION_SECONDS = 10.0
MAX_TEXT = 30_000  # characters; what comes after is not looked at, and no vendor is sent that much


class OpenAIModerator:
    """See :class:`darkroom.ports.vendors.Moderator`."""

    def __init__(self, key: Callable[[], str], clock: Clock, *, base_url: str = "") -> None:
        self._client = VendorClient(OpenAI(), key, clock, base_url=base_url)

    def close(self) -> None:
        """Let go of open connections."""
        self._client.close()

    def check(self, order: TaskRequest) -> None:
        """Let a harmless order pass.

        Raises
        ------
        Blocked
            Its code names the category it was flagged for most.
        EngineError
            It could not be checked.
        """
        self._client.run(moderated(order))


def moderated(order: TaskRequest) -> Flow[None]:
    """Have everything about an order looked at: words and the first picture together, then one picture each."""
    for request in requests(order):
        # Asking twice does no harm, so a lost answer is no mystery.
        reply = yield VendorRequest("POST", "/moderations", body=request, timeout_seconds=MODERATION_SECONDS)
        if not reply.ok:
            raise refusal(reply)
        _refuse_flagged(reply)


def requests(order: TaskRequest) -> Sequence[Mapping[str, Any]]:
    """The bodies to send. A mask shows nothing, and sound cannot be looked at."""
    text = (composed(order) or order.prompt)[:MAX_TEXT]
    words = [{"type": "text", "text": text}] if text else []
    pictures = [{"type": "image_url", "image_url": {"url": one.url}} for one in order.pictures]
    inputs = [[*words, *pictures[:1]], *([picture] for picture in pictures[1:])]
    return [{"model": MODEL, "input": one} for one in inputs if one]


def _refuse_flagged(reply: VendorResponse) -> None:
    results = reply.object().get("results")
    if not isinstance(results, list) or not results:
        raise VendorUnavailable("no results came", code="no_results")
    for result in results:
        if isinstance(result, dict) and result.get("flagged"):
            named = _categories(result)
            raise Blocked(
                f"flagged for {', '.join(named) or 'no category'}",
                code=next(iter(named), "flagged"),
                request_id=reply.headers.get("x-request-id", ""),
            )


def _categories(result: Mapping[str, Any]) -> Sequence[str]:
    """What a result is flagged for, the surest first."""
    scores = mapping(result.get("category_scores"))
    named = [name for name, hit in mapping(result.get("categories")).items() if hit]
    return sorted(named, key=lambda name: -float(scores.get(name) or 0))
