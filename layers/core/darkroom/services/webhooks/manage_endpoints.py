"""Registering, listing, changing and deleting a workspace's webhook endpoints."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam
from darkroom.domain.master_secret import MasterSecret
from darkroom.domain.webhooks.endpoints import (
    GENERATION_EVENTS,
    MAX_DESCRIPTION_CHARS,
    MAX_ENDPOINTS,
    MAX_URL_CHARS,
    SUBSCRIBABLE,
    Endpoint,
    EndpointWithSecret,
    EventType,
)
from darkroom.domain.webhooks.messages import shown_secret
from darkroom.domain.writes import DeleteEndpoint, SaveEndpoint
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Ids
from darkroom.ports.webhooks import Endpoints, Subscribers
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.commit_counted import commit_counted
from darkroom.services.idempotency import IdempotencyContext
from darkroom.services.webhooks.change_endpoint import ChangeEndpoint
from darkroom.services.webhooks.find_endpoint import find_endpoint


@dataclass(frozen=True, slots=True)
class ManageEndpoints:
    """Creates, reads, updates and deletes endpoints. ``master`` is the stack's master secret.

    Every change counts the caller's request in the same commit. It raises ``RateLimited`` and, given an
    idempotency context, ``AlreadyAnswered`` and ``IdempotencyConflict`` beside what its own docstring names.
    """

    store: Store
    endpoints: Endpoints
    change: ChangeEndpoint
    subscribers: Subscribers
    clock: Clock
    ids: Ids
    master: Callable[[], MasterSecret]

    def all(self, owner: Owner) -> Sequence[Endpoint]:
        """Every endpoint of the owner, oldest first."""
        return self.endpoints.all(owner)

    def get(self, owner: Owner, endpoint_id: str) -> Endpoint:
        """One endpoint.

        Raises
        ------
        NotFound
        """
        return find_endpoint(self.endpoints, owner, endpoint_id)

    def create(
        self,
        caller: Caller,
        url: str,
        events: Collection[str] | None = None,
        description: str = "",
        idempotency: IdempotencyContext[EndpointWithSecret] | None = None,
    ) -> EndpointWithSecret:
        """Register ``url`` for ``events``, by default the four of generations.

        The limit of endpoints is checked before, not in, the commit: requests that race may pass it by a few.

        Raises
        ------
        InvalidParam
        """
        self._check_url(url)
        event_types = GENERATION_EVENTS if events is None else _event_types(events)
        _check_description(description)
        if len(self.endpoints.all(caller.owner)) >= MAX_ENDPOINTS:
            raise InvalidParam(f"A workspace can have {MAX_ENDPOINTS} webhook endpoints.", param="url")
        now, master = self.clock.now(), self.master()
        endpoint = Endpoint(
            self.ids.new(),
            caller.owner,
            url,
            event_types,
            now,
            description=description,
            master_version=master.current,
        )
        kept = EndpointWithSecret(endpoint, None)
        commit_counted(self.store, caller, idempotency, kept, now, SaveEndpoint(endpoint))
        return EndpointWithSecret(endpoint, shown_secret(master, endpoint))

    def update(
        self,
        caller: Caller,
        endpoint_id: str,
        *,
        url: str | None = None,
        events: Collection[str] | None = None,
        enabled: bool | None = None,
        description: str | None = None,
        idempotency: IdempotencyContext[Endpoint] | None = None,
    ) -> Endpoint:
        """Change whatever is not ``None``. Enabling a disabled endpoint clears its failures.

        Raises
        ------
        NotFound, InvalidParam
        """
        if url is not None:
            self._check_url(url)
        event_types = None if events is None else _event_types(events)
        _check_description(description or "")

        def change(endpoint: Endpoint) -> Endpoint:
            after = endpoint if url is None else endpoint.moved(url)
            after = after if enabled is None else after.switched(enabled)
            return replace(
                after,
                events=after.events if event_types is None else event_types,
                description=after.description if description is None else description,
                version=endpoint.version + 1,
            )

        return self.change(caller, endpoint_id, change, idempotency, lambda endpoint: endpoint)

    def delete(
        self, caller: Caller, endpoint_id: str, idempotency: IdempotencyContext[None] | None = None
    ) -> None:
        """Remove an endpoint; the worker gives up deliveries to it that are under way.

        Raises
        ------
        NotFound
        """
        endpoint = find_endpoint(self.endpoints, caller.owner, endpoint_id)
        deletion = DeleteEndpoint(caller.owner, endpoint.id)
        commit_counted(self.store, caller, idempotency, None, self.clock.now(), deletion)

    def _check_url(self, url: str) -> None:
        if len(url) > MAX_URL_CHARS:
            raise InvalidParam(f"url must have at most {MAX_URL_CHARS} characters.", param="url")
        self.subscribers.check(url)


def _event_types(names: Collection[str]) -> frozenset[EventType]:
    known = {event.value: event for event in SUBSCRIBABLE}
    if not names or not known.keys() >= set(names):
        raise InvalidParam(f"events must be one or more of {', '.join(known)}.", param="events")
    return frozenset(known[name] for name in names)


def _check_description(description: str) -> None:
    if len(description) > MAX_DESCRIPTION_CHARS:
        raise InvalidParam(
            f"description must have at most {MAX_DESCRIPTION_CHARS} characters.", param="description"
        )
