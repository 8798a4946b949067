"""Authenticating a request's sender and holding it to its rate limit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from darkroom.domain.accounts.api_keys import ApiKey, parse_token
from darkroom.domain.accounts.prefetch import Prefetched, PrefetchKey
from darkroom.domain.accounts.rate_limits import MinuteCount, RateWindow
from darkroom.domain.errors import InvalidKey, RateLimited
from darkroom.domain.writes import CountRequest, CountVisit, IdempotencyRecord, WriteRefused

if TYPE_CHECKING:
    from darkroom.domain.accounts.rate_limits import RatePolicy
    from darkroom.domain.accounts.workspaces import Owner, Workspace
    from darkroom.domain.billing.ledger import Wallet
    from darkroom.ports.accounts import Accounts
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock


@dataclass(slots=True)
class Caller:
    """The sender of one request. ``counted`` turns true once the rate windows include the request.

    A use case that commits anyway adds ``count()`` to its writes, which saves a call and makes the limit exact;
    for all others the HTTP layer counts separately. ``prefetched`` is what else the request names, as far
    as it exists.
    """

    key: ApiKey
    workspace: Workspace
    wallet: Wallet
    window: RateWindow
    workspace_window: RateWindow | None = None
    idempotency_record: IdempotencyRecord | None = None
    counted: bool = False
    prefetched: Prefetched = field(default_factory=Prefetched)

    @property
    def owner(self) -> Owner:
        """The workspace in the key's mode."""
        return self.key.owner

    @property
    def windows(self) -> tuple[RateWindow, ...]:
        """The windows that the request must fit into: its key's and its workspace's."""
        return (self.window,) if self.workspace_window is None else (self.window, self.workspace_window)

    @property
    def tightest_window(self) -> RateWindow:
        """The window that the fewest requests still fit into."""
        return min(self.windows, key=lambda window: window.remaining_after)

    def count(self) -> tuple[CountRequest, ...]:
        """The writes that count this request."""
        return tuple(CountRequest(self.owner, self.key.id, window) for window in self.windows)

    def uncounted(self) -> tuple[CountRequest, ...]:
        """The write that counts this request; none if it is counted already."""
        return () if self.counted else self.count()


@dataclass(frozen=True, slots=True)
class Authenticate:
    """Admits a request: key, scope and rate limit, in one read."""

    accounts: Accounts
    store: Store
    clock: Clock

    def __call__(
        self,
        token: str,
        policy: RatePolicy,
        *,
        idempotency_key: str | None = None,
        prefetch: Sequence[PrefetchKey[Any]] = (),
    ) -> Caller:
        """Return the sender that ``token`` identifies. The route checks ``caller.key``'s scopes.

        The same read fetches what ``prefetch`` names, which saves a call.

        Raises
        ------
        InvalidKey, RevokedKey, ExpiredKey, RateLimited
        """
        now = self.clock.now()
        admission = self.accounts.admit(
            parse_token(token),
            policy,
            now,
            idempotency_key=idempotency_key,
            prefetch=prefetch,
        )
        if admission is None:
            raise InvalidKey("Invalid API key.")
        key = admission.key
        key.verify(token, now)
        caller = Caller(
            key,
            admission.workspace,
            admission.wallet,
            replace(admission.window, policy=policy.lowered_to(key.requests_per_minute)),
            admission.workspace_window,
            admission.idempotency_record,
            prefetched=admission.prefetched,
        )
        full = [window for window in caller.windows if not window.admits]
        if full:
            raise rate_limited(max(full, key=lambda window: window.retry_after))
        return caller

    def count(self, caller: Caller) -> None:
        """Count a request that no use case has counted.

        Raises
        ------
        RateLimited
            Other requests have filled the window meanwhile.
        """
        if caller.counted:
            return
        caller.counted = True
        try:
            self.store.commit(*caller.count())
        except WriteRefused as refusal:
            raise rate_limited(caller.window, refusal) from refusal

    def visitor(self, subject: str, policy: RatePolicy) -> RateWindow:
        """Admit and count a request that needs no key, by ``subject``: an address, a mail address …

        Raises
        ------
        RateLimited
        """
        window = self.accounts.visits(subject, policy, self.clock.now())
        if not window.admits:
            raise rate_limited(window)
        try:
            self.store.commit(CountVisit(subject, window))
        except WriteRefused as refusal:
            raise rate_limited(window, refusal) from refusal
        return window


def rate_limited(window: RateWindow, refusal: WriteRefused | None = None) -> RateLimited:
    """The error for a request that does not fit into ``window``, or no longer did when it was counted."""
    if refusal is not None and isinstance(refusal.write, CountRequest | CountVisit):
        window = refusal.write.window
        if isinstance(refusal.current, MinuteCount):
            window = window.lost_to(refusal.current)
    return RateLimited(
        f"Rate limit of {window.policy.limit} requests per minute exceeded.",
        retry_after=window.retry_after,
        limit=window.policy.limit,
    )
