"""Identifies the client of a request without a key, to limit its rate."""

from __future__ import annotations

import ipaddress

from darkroom.http.request_context import RequestContext

_IPV6_SUBSCRIBER = 64  # an IPv6 subscriber has all addresses of such a network


def network(request: RequestContext) -> str:
    """Where the request came from: an IPv4 address, or the network of an IPv6 address."""
    source = str(request.event.raw_event["requestContext"]["http"].get("sourceIp", ""))
    try:
        address = ipaddress.ip_address(source)
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, _IPV6_SUBSCRIBER), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)
