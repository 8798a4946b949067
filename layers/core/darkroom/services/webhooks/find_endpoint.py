"""Finding the endpoint that a request names."""

from __future__ import annotations

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam, NotFound
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.ports.webhooks import Endpoints


def find_endpoint(endpoints: Endpoints, owner: Owner, endpoint_id: str) -> Endpoint:
    """The owner's endpoint of this id.

    Raises
    ------
    NotFound
    """
    endpoint = endpoints.get(owner, endpoint_id)
    if endpoint is None:
        raise NotFound("No such webhook endpoint.")
    return endpoint


def find_enabled_endpoint(endpoints: Endpoints, owner: Owner, endpoint_id: str) -> Endpoint:
    """The owner's endpoint of this id, ready to be sent something.

    Raises
    ------
    NotFound
    InvalidParam
        The endpoint is disabled.
    """
    endpoint = find_endpoint(endpoints, owner, endpoint_id)
    if not endpoint.enabled:
        raise InvalidParam("The webhook endpoint is disabled; enable it first.", param="enabled")
    return endpoint
