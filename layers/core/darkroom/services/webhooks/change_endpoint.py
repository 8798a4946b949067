"""Changing an endpoint while other requests may be changing it too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from darkroom.domain.errors import Unavailable
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.writes import SaveEndpoint, WriteRefused
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock
from darkroom.ports.webhooks import Endpoints
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.commit_counted import commit_counted
from darkroom.services.idempotency import IdempotencyContext
from darkroom.services.webhooks.find_endpoint import find_endpoint

MAX_RACES = 5


@dataclass(frozen=True, slots=True)
class ChangeEndpoint:
    """Reads an endpoint, changes it and writes it back, again from the start when it has changed meanwhile."""

    store: Store
    endpoints: Endpoints
    clock: Clock

    def __call__[T](
        self,
        caller: Caller,
        endpoint_id: str,
        change: Callable[[Endpoint], Endpoint],
        idempotency: IdempotencyContext[T] | None,
        result: Callable[[Endpoint], T],
    ) -> Endpoint:
        """Commit ``change`` with the request counted; returns the changed endpoint.

        ``result`` makes of it what ``idempotency`` keeps for a repeated request.

        Raises
        ------
        NotFound, RateLimited, AlreadyAnswered, IdempotencyConflict
        Unavailable
            Other changes were faster, time and again.
        """
        for _ in range(MAX_RACES):
            after = change(find_endpoint(self.endpoints, caller.owner, endpoint_id))
            try:
                commit_counted(
                    self.store, caller, idempotency, result(after), self.clock.now(), SaveEndpoint(after)
                )
            except WriteRefused:
                continue  # changed, or deleted, in between
            return after
        raise Unavailable("The webhook endpoint is busy.")
