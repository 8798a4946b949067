"""Giving an endpoint a new signing secret while the old one still works."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from darkroom.domain.errors import InvalidParam
from darkroom.domain.master_secret import MasterSecret
from darkroom.domain.webhooks.endpoints import DEFAULT_OVERLAP, MAX_OVERLAP, EndpointWithSecret
from darkroom.domain.webhooks.messages import shown_secret
from darkroom.ports.system import Clock
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.idempotency import IdempotencyContext
from darkroom.services.webhooks.change_endpoint import ChangeEndpoint


@dataclass(frozen=True, slots=True)
class RotateSecret:
    """Rotates endpoints' secrets. ``master`` is the stack's master secret, from which they are derived."""

    change: ChangeEndpoint
    clock: Clock
    master: Callable[[], MasterSecret]

    def __call__(
        self,
        caller: Caller,
        endpoint_id: str,
        overlap: timedelta = DEFAULT_OVERLAP,
        idempotency: IdempotencyContext[EndpointWithSecret] | None = None,
    ) -> EndpointWithSecret:
        """Give the endpoint a new secret; messages carry the old one's signature too until ``overlap`` ends.

        Raises
        ------
        NotFound, InvalidParam, RateLimited, AlreadyAnswered, IdempotencyConflict
        """
        if not timedelta() <= overlap <= MAX_OVERLAP:
            raise InvalidParam(f"The overlap must be at most {MAX_OVERLAP.days} days.", param="overlap_hours")
        now, master = self.clock.now(), self.master()
        endpoint = self.change(
            caller,
            endpoint_id,
            lambda endpoint: endpoint.rotated(now, overlap, master.current),
            idempotency,
            lambda endpoint: EndpointWithSecret(endpoint, None),
        )
        return EndpointWithSecret(endpoint, shown_secret(master, endpoint))
