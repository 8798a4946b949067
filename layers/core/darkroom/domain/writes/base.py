"""What all writes have in common, and what says that one was refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    # Named in signatures only, so whoever writes something loads what it writes.
    from darkroom.domain.accounts.api_keys import ApiKey
    from darkroom.domain.accounts.key_budgets import KeySpending
    from darkroom.domain.accounts.one_time_passwords import OneTimePassword
    from darkroom.domain.accounts.rate_limits import MinuteCount
    from darkroom.domain.accounts.workspaces import Workspace
    from darkroom.domain.billing.expiring import ExpiringGrants
    from darkroom.domain.billing.ledger import LedgerEntry
    from darkroom.domain.billing.purchases import Purchase
    from darkroom.domain.billing.reloads import ReloadState
    from darkroom.domain.files.file import File
    from darkroom.domain.files.uploads import FileUsage
    from darkroom.domain.fonts.font import Font
    from darkroom.domain.jobs.assets import Asset
    from darkroom.domain.jobs.job import Job
    from darkroom.domain.manifests.manifest import Manifest
    from darkroom.domain.renders.rendered import Rendered
    from darkroom.domain.vendors.vendor_limits import VendorLimit
    from darkroom.domain.webhooks.deliveries import Delivery
    from darkroom.domain.webhooks.endpoints import Endpoint
    from darkroom.domain.writes.idempotency import IdempotencyRecord


class Write:
    """One part of a transaction.

    When several conditions of a transaction fail, the refusal of the write with the lowest ``precedence`` is told,
    then that of the first in the list. A request that was already answered explains every other refusal that comes
    with it; a job that moved on explains that its settlement is already there; and that explains a wallet that no
    longer has the hold.
    """

    __slots__ = ()

    precedence: ClassVar[int] = 3
    moves_credits: ClassVar[bool] = False  # then it is never repeated without a token, not even alone


type Current = (
    Workspace
    | ApiKey
    | Job
    | Asset
    | Manifest
    | Endpoint
    | Delivery
    | IdempotencyRecord
    | Rendered
    | LedgerEntry
    | Purchase
    | ReloadState
    | ExpiringGrants
    | OneTimePassword
    | KeySpending
    | MinuteCount
    | File
    | FileUsage
    | Font
    | VendorLimit
    | str
    | int
    | None
)


class WriteRefused(Exception):
    """A condition did not hold, so nothing of the list was written.

    ``write`` is the one refused, the first by :attr:`Write.precedence` if there are several. ``current`` is what
    stands in its place where the store can tell: the stored job for ``AdvanceJob``, the record for
    ``SaveIdempotencyRecord``, the available credits for ``HoldCredits``, the minute's count for ``CountRequest`` …
    """

    def __init__(self, write: Write, current: Current) -> None:
        super().__init__(type(write).__name__)
        self.write = write
        self.current = current
