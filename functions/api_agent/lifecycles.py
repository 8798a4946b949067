"""Telling a client in time that a model ends: ``Deprecation`` (RFC 9745), ``Sunset`` (RFC 8594), ``Link``."""

from __future__ import annotations

from email.utils import format_datetime
from urllib.parse import quote

from api_agent.words import PREFIX
from darkroom.domain.catalog.offers import Lifecycle, Offer
from darkroom.http.api import RequestContext
from darkroom.wiring import container

LIST = f"{PREFIX}/v1/models/list"


def tell(current: RequestContext, model: str) -> None:
    """Put on the answer, whatever it will be, what there is to know of a model that ends or has ended."""
    for offer, lifecycle in container().estimate.listed():
        if offer.model == model and lifecycle is not Lifecycle.ACTIVE:
            current.extra_headers.update(_headers(offer))


def _headers(offer: Offer) -> dict[str, str]:
    headers = {"Link": f'<{LIST}>; rel="deprecation"'}
    if offer.replacement:
        headers["Link"] += f', <{LIST}#{quote(offer.replacement)}>; rel="successor-version"'
    if since := offer.deprecated_at or offer.retires_at:
        headers["Deprecation"] = f"@{int(since.timestamp())}"
    if offer.retires_at:
        headers["Sunset"] = format_datetime(offer.retires_at, usegmt=True)
    return headers
