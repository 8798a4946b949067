"""What the edge reads about a request's sender."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from darkroom.domain.accounts.prefetch import Prefetched

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.accounts.api_keys import ApiKey
    from darkroom.domain.accounts.rate_limits import RateWindow
    from darkroom.domain.accounts.workspaces import Workspace
    from darkroom.domain.billing.ledger import Wallet
    from darkroom.domain.writes import IdempotencyRecord


@dataclass(frozen=True, slots=True)
class Admission:
    """A request's sender, as one batched read finds it.

    ``workspace_window`` counts all keys together, where ``window`` does not.
    ``idempotency_record`` is the record of the request's idempotency key, if it has one that was used before.
    ``prefetched`` is what else the request named, as far as it exists.
    """

    key: ApiKey
    workspace: Workspace
    wallet: Wallet
    window: RateWindow
    workspace_window: RateWindow | None = None
    idempotency_record: IdempotencyRecord | None = None
    prefetched: Prefetched = field(default_factory=Prefetched)
