"""What a use case wants written, all of it or nothing.

A service returns no half-done state: it hands a list of these to ``ports.Store.commit`` and the adapter turns
each into one part of one transaction. The condition of every write is part of its meaning and stands in its
docstring; when one does not hold, nothing is written and ``WriteRefused`` names the write and what is there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # Named in fields only, so whoever writes something loads what it writes.
    from datetime import date, datetime

    from darkroom.domain.accounts.api_keys import ApiKey
    from darkroom.domain.accounts.one_time_passwords import OneTimePassword
    from darkroom.domain.accounts.rate_limits import RateWindow
    from darkroom.domain.accounts.workspaces import Feature, Owner, Workspace
    from darkroom.domain.billing.ledger import LedgerEntry
    from darkroom.domain.billing.packs import AutoReload
    from darkroom.domain.jobs.assets import Asset
    from darkroom.domain.jobs.job import Job
    from darkroom.domain.renders.renders import Rendered
    from darkroom.domain.templates.template import Template
    from darkroom.domain.webhooks.deliveries import Delivery
    from darkroom.domain.webhooks.endpoints import Endpoint


@dataclass(frozen=True, slots=True)
class CreateWorkspace:
    """Put a workspace. Condition: none of that id exists."""

    workspace: Workspace


@dataclass(frozen=True, slots=True)
class CreateKey:
    """Put a key. Condition: none of that id exists."""

    key: ApiKey


@dataclass(frozen=True, slots=True)
class ClaimIdentity:
    """Say that ``subject``, as ``provider`` knows it, is a workspace's. Condition: it is nobody's yet."""

    provider: str
    subject: str
    workspace_id: str


@dataclass(frozen=True, slots=True)
class RevokeKey:
    """Set a key's ``revoked_at``. Condition: the key exists; the first revocation's time stays."""

    owner: Owner
    key_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class GrantCredits:
    """Add to ``granted`` and ``available``. Creates the wallet if there is none. No condition of its own."""

    owner: Owner
    credits: int


@dataclass(frozen=True, slots=True)
class HoldCredits:
    """Move ``credits`` from available to held and count ``units`` of ``feature`` on ``day``.

    Conditions: ``available >= credits``; the day's counter stays within ``day_ceiling`` after adding ``units``.
    Counters named in ``stale`` are dropped on the way.
    """

    owner: Owner
    credits: int
    feature: Feature
    units: int
    day: date
    day_ceiling: int
    stale: tuple[tuple[Feature, date], ...] = ()


@dataclass(frozen=True, slots=True)
class SettleCredits:
    """Release a hold: ``charged`` becomes spent, the rest available; ``returned`` units leave the day's counter.

    Condition: ``held`` covers the hold. Comes with ``AppendEntry``, whose condition makes it happen once.
    """

    owner: Owner
    held: int
    charged: int
    feature: Feature
    day: date
    returned: int


@dataclass(frozen=True, slots=True)
class AppendEntry:
    """Put a ledger entry. Condition: none of that id exists."""

    entry: LedgerEntry


@dataclass(frozen=True, slots=True)
class CreateJob:
    """Put a job. Condition: none of that id exists."""

    job: Job


@dataclass(frozen=True, slots=True)
class AdvanceJob:
    """Write what differs between two versions of a job, task by task.

    Condition: the stored job is open and its finished set equals ``before.finished``.
    """

    before: Job
    after: Job


@dataclass(frozen=True, slots=True)
class SaveAsset:
    """Put an asset; the same asset again changes nothing. No condition."""

    asset: Asset


@dataclass(frozen=True, slots=True)
class SaveRender:
    """Put a finished render. Condition: none of its template and payload is stored, or one of a lower version.

    It comes with the task it was made for being charged, so that of two who made the same only one is.
    """

    rendered: Rendered


@dataclass(frozen=True, slots=True)
class SaveTemplate:
    """Put a template. Condition: its version is one more than the stored one's; only version 1 may be new."""

    template: Template


@dataclass(frozen=True, slots=True)
class RetireTemplate:
    """Keep a version that is no longer the current one until ``until``, for who began to work with it.

    No condition. Comes with ``SaveTemplate`` or ``DeleteTemplate``, whose condition says that it was current.
    """

    template: Template
    until: datetime


@dataclass(frozen=True, slots=True)
class DeleteTemplate:
    """Remove a template. Condition: ``version`` is the stored one."""

    owner: Owner
    template_id: str
    version: int


@dataclass(frozen=True, slots=True)
class StoredResponse:
    """The first answer to an idempotent request, as it was sent."""

    status: int
    body: str


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    """An idempotency record: which request the key stands for, and its answer, until ``expires_at``."""

    owner: Owner
    key: str
    fingerprint: str
    response: StoredResponse
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class SaveIdempotencyRecord:
    """Put an idempotency record. Condition: there is none for the key, or it expired before ``now``."""

    record: IdempotencyRecord
    now: datetime


@dataclass(frozen=True, slots=True)
class CountRequest:
    """Count one request in a key's rate window. Condition: the counter is below the window's ceiling."""

    owner: Owner
    key_id: str
    window: RateWindow


@dataclass(frozen=True, slots=True)
class CountVisit:
    """Count one request of somebody without a key. Condition: the counter is below the window's ceiling."""

    subject: str
    window: RateWindow


@dataclass(frozen=True, slots=True)
class SaveOneTimePassword:
    """Put an address's code. Condition: the stored one is ``replaces``, or there is none."""

    code: OneTimePassword
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class UseOneTimePassword:
    """Use up some of a code's attempts. Condition: it is the address's code and has attempts left."""

    address: str
    code_id: str
    attempts: int


@dataclass(frozen=True, slots=True)
class SetAutoReload:
    """Put when an owner's credits are to be reloaded; ``None`` for never. No condition."""

    owner: Owner
    settings: AutoReload | None


@dataclass(frozen=True, slots=True)
class SaveEndpoint:
    """Put an endpoint. Condition: its version is one more than the stored one's; only version 1 may be new.

    So a change that races a deletion does not bring the endpoint back.
    """

    endpoint: Endpoint


@dataclass(frozen=True, slots=True)
class NoteHealth:
    """Set or clear an endpoint's ``failing_since``. Condition: the endpoint exists. Leaves its version alone."""

    owner: Owner
    endpoint_id: str
    failing_since: datetime | None


@dataclass(frozen=True, slots=True)
class DisableEndpoint:
    """Switch an endpoint off with a reason, counting its version up. Condition: it exists and is enabled."""

    owner: Owner
    endpoint_id: str
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeleteEndpoint:
    """Remove an endpoint. No condition."""

    owner: Owner
    endpoint_id: str


@dataclass(frozen=True, slots=True)
class SaveDelivery:
    """Put a delivery. Condition: its version is one more than the stored one's; only version 1 may be new."""

    delivery: Delivery


@dataclass(frozen=True, slots=True)
class ReleaseVendorSlots:
    """Give tasks' slots at a vendor's limit back. No condition: who has none has none afterwards either.

    ``healthy`` says that the vendor was seen to work, which closes its breaker and forgets its failures.
    """

    vendor: str
    task_ids: tuple[str, ...]
    healthy: bool = False


type Write = (
    CreateWorkspace
    | CreateKey
    | ClaimIdentity
    | RevokeKey
    | GrantCredits
    | HoldCredits
    | SettleCredits
    | AppendEntry
    | CreateJob
    | AdvanceJob
    | SaveAsset
    | SaveRender
    | SaveTemplate
    | RetireTemplate
    | DeleteTemplate
    | SaveIdempotencyRecord
    | CountRequest
    | CountVisit
    | SaveOneTimePassword
    | UseOneTimePassword
    | SetAutoReload
    | SaveEndpoint
    | NoteHealth
    | DisableEndpoint
    | DeleteEndpoint
    | SaveDelivery
    | ReleaseVendorSlots
)


type Current = (
    Workspace
    | ApiKey
    | Job
    | Endpoint
    | Delivery
    | IdempotencyRecord
    | Rendered
    | LedgerEntry
    | OneTimePassword
    | str
    | int
    | None
)


class WriteRefused(Exception):
    """A condition did not hold, so nothing of the list was written.

    ``write`` is the one refused, the first in :func:`telling_order` if there are several. ``current`` is what
    stands in its place where the store can tell: the stored job for ``AdvanceJob``, the record for
    ``SaveIdempotencyRecord``, the available credits for ``HoldCredits``, the workspace's id for ``ClaimIdentity`` …
    """

    def __init__(self, write: Write, current: Current) -> None:
        super().__init__(type(write).__name__)
        self.write = write
        self.current = current


def telling_order(write: Write) -> int:
    """Which refusal to tell of when several conditions failed: the lowest, then the first in the list.

    A request that was already answered explains every other refusal that comes with it; a job that moved on
    explains that its settlement is already there; and that explains a wallet that no longer has the hold.
    """
    match write:
        case SaveIdempotencyRecord():
            return 0
        case AdvanceJob():
            return 1
        case AppendEntry():
            return 2
        case _:
            return 3
