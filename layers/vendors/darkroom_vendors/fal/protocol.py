"""fal's queue: submit, look at the status, fetch the result.

Requests are followed at the addresses the queue itself names. They are the handle: the result's address alone where
the others are below it, else all three. A bare request id, which is what a callback names, is a handle too, for work
whose submission's answer was lost; its addresses follow the rule of the vendor's own clients.

The platform tries requests again by itself where its runners fail, at no cost, so it is not told not to.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import quote

from darkroom.domain.jobs.engine import Download, Finished, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import Blocked, RouteFailed
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.media import sizes
from darkroom.ports.vendors import Masks
from darkroom_vendors.base import Flow, VendorRequest, VendorResponse, garbled, nearest_ratio, pending
from darkroom_vendors.fal.endpoints import chosen, payload
from darkroom_vendors.fal.errors import ending, refusal, request_id, still_running
from darkroom_vendors.json_access import mapping, vendor_facts
from darkroom_vendors.masks import with_white_mask

KEEP_SECONDS = 86_400  # how long the vendor keeps what was made; we copy it at once
MIN_START_SECONDS = 60  # the least time a request is given to begin

_REQUEST_ID = re.compile(r"[\w-]{8,64}")
_ENDED = frozenset({"COMPLETED", "FAILED"})
_CANCELED = frozenset({"CANCELED", "CANCELLED"})


class Addresses(NamedTuple):
    """Where one request is followed."""

    status: str
    response: str
    cancel: str


@dataclass(frozen=True, slots=True)
class Fal:
    """fal's contract. ``masks`` brings masks into the form that is read here, or no order with one is taken."""

    masks: Masks | None = None

    name = "fal"
    base_url = "https://queue.fal.run"
    hosts = ("queue.fal.run",)

    def authorize(self, key: str) -> Mapping[str, str]:
        """See :meth:`darkroom_vendors.base.Vendor.authorize`."""
        return {"Authorization": f"Key {key}"}

    def start(self, order: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:
        """Put the order into the queue."""
        name, endpoint = chosen(order)
        body = payload(with_white_mask(order, self.masks), endpoint)
        asked = f"?fal_webhook={quote(callback_url, safe='')}" if callback_url else ""
        reply = yield VendorRequest(
            "POST",
            f"/{name}{asked}",
            body=body,
            headers=_preferences(order),
            commits=True,
        )
        if not reply.ok:
            raise refusal(reply)
        said = reply.json()
        addresses = _named(said) if isinstance(said, dict) else None
        if addresses is None:
            raise garbled(reply)
        first, longest = endpoint.pace.value
        facts = vendor_facts(said.get("request_id") or request_id(reply))
        return pending(order, handle_of(addresses), reply, facts, first=first, longest=longest)

    def poll(self, order: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        """Look at the status and, once it is final, fetch the result, which may be a refusal."""
        addresses = addresses_of(handle, order.model)
        looked = yield VendorRequest("GET", f"{addresses.status}?logs=0")
        if looked.status in (404, 410):
            raise RouteFailed("the request is not known any more", code=str(looked.status))
        if not looked.ok:
            raise refusal(looked)
        status = looked.object()
        if status.get("status") in _CANCELED:
            raise RouteFailed("the request was canceled", code=str(status["status"]))
        if status.get("status") not in _ENDED:
            return _waiting(order, handle, looked)
        reply = yield VendorRequest("GET", addresses.response)
        if still_running(reply):
            return _waiting(order, handle, reply)
        if not reply.ok:
            raise ending(reply)
        return _finished(order, reply, status)

    def cancel(self, handle: str) -> Flow[None]:
        """Ask for the request to be canceled; that it has ended or is gone is as good."""
        if _REQUEST_ID.fullmatch(handle):
            return
        reply = yield VendorRequest("PUT", addresses_of(handle, "").cancel)
        if not reply.ok and reply.status not in (400, 404):
            raise refusal(reply)


def handle_of(addresses: Addresses) -> str:
    """What is stored of the addresses."""
    response = addresses.response
    if addresses == Addresses(f"{response}/status", response, f"{response}/cancel"):
        return response
    return json.dumps(addresses, separators=(",", ":"))


def addresses_of(handle: str, model: str) -> Addresses:
    """The addresses that were stored, or those of a bare request id at ``model``'s application."""
    if handle.startswith("["):
        return Addresses(*json.loads(handle))
    if _REQUEST_ID.fullmatch(handle):
        application = "/".join(model.split("/")[:2])
        handle = f"/{application}/requests/{handle}"
    return Addresses(f"{handle}/status", handle, f"{handle}/cancel")


def _preferences(order: TaskRequest) -> Mapping[str, str]:
    """How the platform is to treat the request: nothing kept for long, and not begun when nobody waits any more.

    A result that is not stored can still be fetched for an hour, or six minutes if it were 10 kB; ours name files.
    """
    seconds = int((order.job.deadline_at - order.job.created_at).total_seconds())
    return {
        "X-Fal-Store-IO": "0",
        "X-Fal-Object-Lifecycle-Preference": json.dumps({"expiration_duration_seconds": KEEP_SECONDS}),
        "X-Fal-Request-Timeout": str(max(seconds, MIN_START_SECONDS)),
    }


def _named(said: Mapping[str, Any]) -> Addresses | None:
    told = [said.get(name) for name in ("status_url", "response_url", "cancel_url")]
    return (
        Addresses(*(str(url) for url in told)) if all(isinstance(url, str) and url for url in told) else None
    )


def _waiting(order: TaskRequest, handle: str, reply: VendorResponse) -> Pending:
    first, longest = chosen(order)[1].pace.value
    facts = vendor_facts(request_id(reply))
    # A bare id becomes addresses here, because nobody can cancel by the id alone.
    handle = handle_of(addresses_of(handle, order.model))
    return pending(order, handle, reply, facts, first=first, longest=longest)


def _finished(order: TaskRequest, reply: VendorResponse, status: Mapping[str, Any]) -> Finished:
    said = reply.object()
    flags = said.get("has_nsfw_concepts")
    if flags is True or (isinstance(flags, list) and any(flags)):
        raise Blocked("the picture was blackened", code="has_nsfw_concepts", request_id=request_id(reply))
    file = _file(said)
    if file is None:
        raise RouteFailed("a result without a file", code="no_media", request_id=request_id(reply))
    made = Download(str(file["url"]), hosts=("fal.media",), aspect_ratio=_shape(order, file))
    return Finished(made, _facts(reply, status))


def _file(said: Mapping[str, Any]) -> Mapping[str, Any] | None:
    several = said.get("images")
    named = [several[0] if isinstance(several, list) and several else None]
    named += [said.get(name) for name in ("image", "video", "audio")]
    files = [{"url": one} if isinstance(one, str) else one for one in named]
    return next((one for one in files if isinstance(one, dict) and one.get("url")), None)


def _shape(order: TaskRequest, file: Mapping[str, Any]) -> str:
    """The aspect ratio of what was made if the vendor measured it, else the one that was asked for."""
    width, height = file.get("width"), file.get("height")
    if isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0:
        return nearest_ratio(f"{width}:{height}", sizes.ASPECTS) or ""
    asked = order.job.spec.aspect_ratio
    return "" if asked == "auto" else asked


def _facts(reply: VendorResponse, status: Mapping[str, Any]) -> VendorFacts:
    lasted = mapping(status.get("metrics")).get("inference_time")
    return vendor_facts(
        request_id(reply) or status.get("request_id"),
        billable_units=_number(reply.headers.get("x-fal-billable-units")),
        inference_seconds=lasted if isinstance(lasted, int | float) else None,
    )


def _number(told: str | None) -> float | str | None:
    try:
        return float(told) if told else None
    except ValueError:
        return told
