"""Reads of workspaces, and the external services that sign-in needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.accounts.api_keys import ApiKey, Token
    from darkroom.domain.accounts.letters import Letter
    from darkroom.domain.accounts.one_time_passwords import OneTimePassword
    from darkroom.domain.accounts.prefetch import PrefetchKey
    from darkroom.domain.accounts.rate_limits import RatePolicy, RateWindow
    from darkroom.domain.accounts.workspaces import Owner, Workspace
    from darkroom.domain.billing.expiring import ExpiringGrants
    from darkroom.domain.billing.ledger import LedgerEntry, Wallet
    from darkroom.domain.billing.packs import AutoReload

from darkroom.domain.accounts.admission import Admission
from darkroom.domain.paging import Due, Page, PageRequest, RowKey


class Accounts(Protocol):
    """Reads of workspaces, keys, wallets and the ledger."""

    def admit(
        self,
        token: Token,
        policy: RatePolicy,
        now: datetime,
        *,
        idempotency_key: str | None = None,
        prefetch: Sequence[PrefetchKey[Any]] = (),
    ) -> Admission | None:
        """Everything about the sender in one strongly consistent batched read; ``None`` if there is no such key.

        An expired idempotency record is not returned. The wallet is of the key's mode. The same read fetches what
        ``prefetch`` names.
        """
        ...

    def workspace(self, workspace_id: str) -> Workspace | None: ...

    def workspace_of(self, provider: str, subject: str) -> str | None:
        """The id of the workspace that has an identity; ``None`` if none has."""
        ...

    def visits(self, subject: str, policy: RatePolicy, now: datetime) -> RateWindow:
        """The recent requests of a sender without a key; ``subject`` identifies the sender."""
        ...

    def one_time_code(self, address: str) -> OneTimePassword | None:
        """The code last sent to an address, even if it is used up or expired."""
        ...

    def auto_reload(self, owner: Owner) -> AutoReload | None: ...

    def wallet(self, owner: Owner) -> Wallet:
        """The wallet over all its shards; an empty one if nothing was ever granted."""
        ...

    def spread_wallets(self) -> Mapping[Owner, int]:
        """The owners whose wallets were ever spread, and over how many shards they are to be."""
        ...

    def workspace_and_key(self, workspace_id: str, key_id: str) -> tuple[Workspace | None, ApiKey | None]:
        """A workspace and one of its keys, in one call."""
        ...

    def keys(self, workspace_id: str) -> Sequence[ApiKey]:
        """All keys of a workspace in both modes, oldest first."""
        ...

    def entry(self, owner: Owner, entry_id: str) -> LedgerEntry | None: ...

    def expiring_grants(self, owner: Owner) -> ExpiringGrants:
        """The grants that end, as they were written last."""
        ...

    def due_to_expire(self, now: datetime, limit: int) -> Due[ExpiringGrants]:
        """At most ``limit`` owners' grants of which one has ended, the longest overdue first."""
        ...

    def set_aside(self, row: RowKey, until: datetime) -> None:
        """Have grants that cannot be read not be due before ``until``."""
        ...

    def postpone_expiry(self, owner: Owner, until: datetime) -> None:
        """Have an owner's grants not be due before ``until``."""
        ...

    def entries(self, owner: Owner, page: PageRequest) -> Page[LedgerEntry]:
        """Ledger entries by time; the cursor is an entry's id.

        Raises
        ------
        InvalidParam
            There is no entry of the cursor's id.
        """
        ...


class IdentityProvider(Protocol):
    """An external service that verifies who an agent is."""

    @property
    def name(self) -> str:
        """The provider's name; its subjects are unique within it."""
        ...

    def verify(self, token: str) -> str:
        """The subject an identity token was issued to: the provider's id of it, never a name.

        Raises
        ------
        InvalidKey, ExpiredKey, RevokedKey
            The token is invalid, expired, or of a subject that may not act any more.
        Unavailable
            The provider could not be reached, which says nothing about the token.
        """
        ...


class Mailer(Protocol):
    """Sends mail."""

    def send(self, to: str, letter: Letter) -> None:
        """Send a letter to one address, in plain text and in HTML.

        Raises
        ------
        Unavailable
        """
        ...
