"""What the edge reads about a request's sender."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.accounts.api_keys import ApiKey
    from darkroom.domain.accounts.rate_limits import RateWindow
    from darkroom.domain.accounts.workspaces import Workspace
    from darkroom.domain.billing.ledger import Wallet
    from darkroom.domain.renders.rendered import Rendered
    from darkroom.domain.templates.template import Template
    from darkroom.domain.writes import IdempotencyRecord


@dataclass(frozen=True, slots=True)
class Admission:
    """A request's sender, as one batched read finds it.

    ``remembered`` is the record of the request's idempotency key, if it has one that was used before.
    ``template`` and ``rendered`` are set if they were prefetched and exist.
    """

    key: ApiKey
    workspace: Workspace
    wallet: Wallet
    window: RateWindow
    idempotency_record: IdempotencyRecord | None = None
    template: Template | None = None
    rendered: Rendered | None = None
