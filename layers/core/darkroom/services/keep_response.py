"""Keeping what a request got in the end, for requests that are answered only when their work is done."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from darkroom.domain.errors import Unavailable
from darkroom.domain.writes import ReplaceResponse, StoredResponse, WriteRefused
from darkroom.services.commit_counted import commit_counted

if TYPE_CHECKING:
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock
    from darkroom.services.accounts.authenticate import Caller
    from darkroom.services.idempotency import IdempotencyContext

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class KeepResponse:
    """Keeps the final response to a request that may be repeated.

    What a request accepted has a record since then, with what could be said at that moment; the final response takes
    its place. A request that accepted nothing has no record yet.
    """

    store: Store
    clock: Clock

    def __call__(
        self, caller: Caller, idempotency: IdempotencyContext[Any] | None, response: StoredResponse
    ) -> None:
        """Keep it, if the client sent a key. A repeated request gets it from now on.

        Raises
        ------
        RateLimited, AlreadyAnswered, IdempotencyConflict
            Of a request that accepted nothing: others took its place meanwhile.
        """
        if idempotency is None:
            return
        if not caller.counted:
            kept = replace(idempotency, render=lambda _: response)
            commit_counted(self.store, caller, kept, response, self.clock.now())
            return
        try:
            self.store.commit(
                ReplaceResponse(caller.owner, idempotency.key, idempotency.fingerprint, response)
            )
        except (WriteRefused, Unavailable):
            # The client has its answer; a repeated request gets that of the acceptance.
            logger.warning("a response was not kept for repeated requests")
