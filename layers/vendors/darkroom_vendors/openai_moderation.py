"""OpenAI's moderation, which checks words and pictures before a request goes to any vendor. It is free.

Each picture is checked in a request of its own, because several in one are not documented to work.
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
MAX_TEXT = 30_000  # characters; the rest is not checked, and no vendor is sent that much


class OpenAIModerator:
    """See :class:`darkroom.ports.vendors.Moderator`."""

    def __init__(self, key: Callable[[], str], clock: Clock, *, base_url: str = "") -> None:
        self._client = VendorClient(OpenAI(), key, clock, base_url=base_url)

    def close(self) -> None:
        """Close open connections."""
        self._client.close()

    def check(self, request: TaskRequest) -> None:
        """Return if the request is harmless.

        Raises
        ------
        Blocked
            Its code names the category it was flagged for most.
        EngineError
            It could not be checked.
        """
        self._client.run(moderated(request))


def moderated(request: TaskRequest) -> Flow[None]:
    """Check everything in a request: words and the first picture together, then one picture at a time."""
    for body in requests(request):
        # Repeating it is harmless, so a lost response is no unknown outcome.
        response = yield VendorRequest("POST", "/moderations", body=body, timeout_seconds=MODERATION_SECONDS)
        if not response.ok:
            raise refusal(response)
        _refuse_flagged(response)


def requests(request: TaskRequest) -> Sequence[Mapping[str, Any]]:
    """The bodies to send. Masks show nothing, and sound cannot be checked."""
    text = (composed(request) or request.prompt)[:MAX_TEXT]
    words = [{"type": "text", "text": text}] if text else []
    pictures = [{"type": "image_url", "image_url": {"url": one.url}} for one in request.pictures]
    inputs = [[*words, *pictures[:1]], *([picture] for picture in pictures[1:])]
    return [{"model": MODEL, "input": one} for one in inputs if one]


def _refuse_flagged(response: VendorResponse) -> None:
    results = response.object().get("results")
    if not isinstance(results, list) or not results:
        raise VendorUnavailable("no results came", code="no_results")
    for result in results:
        if isinstance(result, dict) and result.get("flagged"):
            categories = _categories(result)
            raise Blocked(
                f"flagged for {', '.join(categories) or 'no category'}",
                code=next(iter(categories), "flagged"),
                request_id=response.headers.get("x-request-id", ""),
            )


def _categories(result: Mapping[str, Any]) -> Sequence[str]:
    """The categories that a result is flagged for, by falling score."""
    scores = mapping(result.get("category_scores"))
    categories = [name for name, hit in mapping(result.get("categories")).items() if hit]
    return sorted(categories, key=lambda name: -float(scores.get(name) or 0))
