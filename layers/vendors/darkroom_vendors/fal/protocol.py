"""fal's queue: submit, poll the status, fetch the result.

The queue names the addresses at which a request is polled. They are the handle: the result's address alone if the
others are below it, else all three. A bare request id, which is what a callback names, is a handle too, for work
whose submission's response was lost; its addresses follow the rule of the vendor's own clients.

The platform retries requests itself when its runners fail, at no cost, so its retries stay enabled.
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

KEEP_SECONDS = 86_400  # how long the vendor keeps outputs; they are copied at once
MIN_START_SECONDS = 60  # the least time within which a request must begin

_REQUEST_ID = re.compile(r"[\w-]{8,64}")
_ENDED = frozenset({"COMPLETED", "FAILED"})
_CANCELED = frozenset({"CANCELED", "CANCELLED"})


class Addresses(NamedTuple):
    """The addresses at which one request is polled, fetched and canceled."""

    status: str
    result_url: str
    cancel: str


@dataclass(frozen=True, slots=True)
class Fal:
    """fal's contract. Without ``masks``, which converts masks, requests with one are refused."""

    masks: Masks | None = None

    name = "fal"
    base_url = "https://queue.fal.run"
    hosts = ("queue.fal.run",)

    def authorize(self, key: str) -> Mapping[str, str]:
        """See :meth:`darkroom_vendors.base.Vendor.authorize`."""
        return {"Authorization": f"Key {key}"}

    def start(self, request: TaskRequest, callback_url: str | None) -> Flow[Finished | Pending]:
        """Submit the request to the queue."""
        name, endpoint = chosen(request)
        body = payload(with_white_mask(request, self.masks), endpoint)
        query = f"?fal_webhook={quote(callback_url, safe='')}" if callback_url else ""
        response = yield VendorRequest(
            "POST",
            f"/{name}{query}",
            body=body,
            headers=_preferences(request),
            commits=True,
        )
        if not response.ok:
            raise refusal(response)
        content = response.json()
        addresses = _named(content) if isinstance(content, dict) else None
        if addresses is None:
            raise garbled(response)
        first, longest = endpoint.pace.value
        facts = vendor_facts(content.get("request_id") or request_id(response))
        return pending(request, handle_of(addresses), response, facts, first=first, longest=longest)

    def poll(self, request: TaskRequest, handle: str) -> Flow[Finished | Pending]:
        """Poll the status and, once it is final, fetch the result, which may be an error."""
        addresses = addresses_of(handle, request.model)
        looked = yield VendorRequest("GET", f"{addresses.status}?logs=0")
        if looked.status in (404, 410):
            raise RouteFailed("the request is not known any more", code=str(looked.status))
        if not looked.ok:
            raise refusal(looked)
        status = looked.object()
        if status.get("status") in _CANCELED:
            raise RouteFailed("the request was canceled", code=str(status["status"]))
        if status.get("status") not in _ENDED:
            return _waiting(request, handle, looked)
        response = yield VendorRequest("GET", addresses.result_url)
        if still_running(response):
            return _waiting(request, handle, response)
        if not response.ok:
            raise ending(response)
        return _finished(request, response, status)

    def cancel(self, handle: str) -> Flow[None]:
        """Ask for the request to be canceled; one that has ended or is gone needs no canceling."""
        if _REQUEST_ID.fullmatch(handle):
            return
        response = yield VendorRequest("PUT", addresses_of(handle, "").cancel)
        if not response.ok and response.status not in (400, 404):
            raise refusal(response)


def handle_of(addresses: Addresses) -> str:
    """The addresses as a handle."""
    result_url = addresses.result_url
    if addresses == Addresses(f"{result_url}/status", result_url, f"{result_url}/cancel"):
        return result_url
    return json.dumps(addresses, separators=(",", ":"))


def addresses_of(handle: str, model: str) -> Addresses:
    """The addresses that a handle names; for a bare request id those at ``model``'s application."""
    if handle.startswith("["):
        return Addresses(*json.loads(handle))
    if _REQUEST_ID.fullmatch(handle):
        application = "/".join(model.split("/")[:2])
        handle = f"/{application}/requests/{handle}"
    return Addresses(f"{handle}/status", handle, f"{handle}/cancel")


def _preferences(request: TaskRequest) -> Mapping[str, str]:
    """The headers for the platform: keep nothing for long, and do not begin after the job's deadline.

    A result that is not stored can be fetched for an hour (one of 10 kB for six minutes); ours only name files.
    """
    seconds = int((request.job.deadline_at - request.job.created_at).total_seconds())
    return {
        "X-Fal-Store-IO": "0",
        "X-Fal-Object-Lifecycle-Preference": json.dumps({"expiration_duration_seconds": KEEP_SECONDS}),
        "X-Fal-Request-Timeout": str(max(seconds, MIN_START_SECONDS)),
    }


def _named(content: Mapping[str, Any]) -> Addresses | None:
    urls = [content.get(name) for name in ("status_url", "response_url", "cancel_url")]
    return (
        Addresses(*(str(url) for url in urls)) if all(isinstance(url, str) and url for url in urls) else None
    )


def _waiting(request: TaskRequest, handle: str, response: VendorResponse) -> Pending:
    first, longest = chosen(request)[1].pace.value
    facts = vendor_facts(request_id(response))
    # A bare id becomes addresses here, because canceling needs an address.
    handle = handle_of(addresses_of(handle, request.model))
    return pending(request, handle, response, facts, first=first, longest=longest)


def _finished(request: TaskRequest, response: VendorResponse, status: Mapping[str, Any]) -> Finished:
    content = response.object()
    flags = content.get("has_nsfw_concepts")
    if flags is True or (isinstance(flags, list) and any(flags)):
        raise Blocked("the picture was blackened", code="has_nsfw_concepts", request_id=request_id(response))
    file = _file(content)
    if file is None:
        raise RouteFailed("a result without a file", code="no_media", request_id=request_id(response))
    made = Download(str(file["url"]), hosts=("fal.media",), aspect_ratio=_shape(request, file))
    return Finished(made, _facts(response, status))


def _file(content: Mapping[str, Any]) -> Mapping[str, Any] | None:
    several = content.get("images")
    media = [several[0] if isinstance(several, list) and several else None]
    media += [content.get(name) for name in ("image", "video", "audio")]
    files = [{"url": one} if isinstance(one, str) else one for one in media]
    return next((one for one in files if isinstance(one, dict) and one.get("url")), None)


def _shape(request: TaskRequest, file: Mapping[str, Any]) -> str:
    """The output's aspect ratio if the vendor measured it, else the requested one."""
    width, height = file.get("width"), file.get("height")
    if isinstance(width, int) and isinstance(height, int) and width > 0 and height > 0:
        return nearest_ratio(f"{width}:{height}", sizes.ASPECTS) or ""
    requested = request.job.spec.aspect_ratio
    return "" if requested == "auto" else requested


def _facts(response: VendorResponse, status: Mapping[str, Any]) -> VendorFacts:
    lasted = mapping(status.get("metrics")).get("inference_time")
    return vendor_facts(
        request_id(response) or status.get("request_id"),
        billable_units=_number(response.headers.get("x-fal-billable-units")),
        inference_seconds=lasted if isinstance(lasted, int | float) else None,
    )


def _number(text: str | None) -> float | str | None:
    try:
        return float(text) if text else None
    except ValueError:
        return text
