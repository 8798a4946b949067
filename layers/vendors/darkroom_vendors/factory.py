"""Making vendors' engines: with which key, at which address, and with which callback address."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from darkroom.domain.jobs.engine import TaskRequest
from darkroom.ports.jobs import Engine
from darkroom.ports.system import Clock
from darkroom.ports.vendors import Masks
from darkroom_vendors.base import Vendor
from darkroom_vendors.client import VendorClient, VendorEngine
from darkroom_vendors.registry import VENDORS, vendor

logger = logging.getLogger(__name__)

CALLBACKS_PATH = "/callbacks"


def engines(
    names: Iterable[str],
    *,
    keys: Callable[[str], str],
    clock: Clock,
    token: Callable[[str, TaskRequest], str] | None = None,
    public_base_url: str = "",
    endpoint: str = "",
    masks: Masks | None = None,
) -> Mapping[str, Engine]:
    """An engine for each vendor in ``names``.

    ``keys`` returns a vendor's key when it is needed. ``token`` makes the end of a request's callback address;
    without it, or without a public address, no vendor is asked to call back. ``endpoint`` replaces vendors by their
    doubles: see :func:`address`. ``masks`` is for vendors that read masks in a form of their own.
    """
    made: dict[str, Engine] = {}
    for name in names:
        if name not in VENDORS:  # a typing mistake in a parameter must not disable the others
            logger.error("there is no vendor %s", name)
            continue
        one = vendor(name, masks)
        client = VendorClient(one, _bound(keys, name), clock, base_url=address(endpoint, name))
        made[name] = VendorEngine(one, client, _callback_urls(one, token, public_base_url))
    return made


def address(endpoint: str, name: str) -> str:
    """The base URL of a vendor's double: below a common one, or its own from a JSON object of them."""
    if not endpoint:
        return ""
    if endpoint.lstrip().startswith("{"):
        addresses: Mapping[str, Any] = json.loads(endpoint)
        return str(addresses.get(name, ""))
    return f"{endpoint.rstrip('/')}/{name}"


def _callback_urls(
    one: Vendor, token: Callable[[str, TaskRequest], str] | None, base: str
) -> Callable[[TaskRequest], str | None]:
    if token is None or not base:
        return lambda _: None
    return lambda request: f"{base}{CALLBACKS_PATH}/{one.name}/{token(one.name, request)}"


def _bound(keys: Callable[[str], str], name: str) -> Callable[[], str]:
    return lambda: keys(name)
