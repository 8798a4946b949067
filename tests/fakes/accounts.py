"""Accounts in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from darkroom.domain.accounts.admission import Admission
from darkroom.domain.accounts.api_keys import ApiKey, Token
from darkroom.domain.accounts.one_time_passwords import OneTimePassword
from darkroom.domain.accounts.prefetch import Prefetched, PrefetchKey
from darkroom.domain.accounts.rate_limits import NONE_YET, WINDOW_SECONDS, RatePolicy, RateWindow
from darkroom.domain.accounts.workspaces import Owner, Workspace
from darkroom.domain.billing.expiring import ExpiringGrants
from darkroom.domain.billing.ledger import LedgerEntry, Wallet, whole
from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.brands.prefetch import BrandKitKey
from darkroom.domain.carousels.plan import PlanKey
from darkroom.domain.paging import Due, Page, PageRequest, RowKey, unknown_cursor
from darkroom.domain.renders.prefetch import RenderKey, TemplateKey
from tests.fakes.memory import Memory, page_of


class FakeAccounts:
    """Reads a :class:`Memory`. ``unreadable`` rows are due at their moments."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.unreadable: dict[RowKey, datetime] = {}

    def admit(
        self,
        token: Token,
        policy: RatePolicy,
        now: datetime,
        *,
        idempotency_key: str | None = None,
        prefetch: Sequence[PrefetchKey[Any]] = (),
    ) -> Admission | None:
        with self._memory.lock:
            key = self._memory.keys.get((token.workspace_id, token.key_id))
            workspace = self._memory.workspaces.get(token.workspace_id)
            if key is None or workspace is None:
                return None
            record = (
                self._memory.idempotency_record.get((key.owner, idempotency_key))
                if idempotency_key is not None
                else None
            )
            return Admission(
                key,
                workspace,
                self.wallet(key.owner),
                self._window(token, policy, now),
                self._window(token, of_all, now) if (of_all := policy.of_workspace()) else None,
                record if record and record.expires_at > now else None,
                Prefetched({one: self._named(key.owner, one) for one in prefetch}),
            )

    def _window(self, token: Token, policy: RatePolicy, now: datetime) -> RateWindow:
        minute = int(now.timestamp() // WINDOW_SECONDS)
        whose = "shared" if policy.shared else token.key_id
        previous, current = (
            self._memory.rates.get((token.workspace_id, whose, policy.name, counted), NONE_YET)
            for counted in (minute - 1, minute)
        )
        return RateWindow.at(policy, now.timestamp(), previous=previous, current=current)

    def _named(self, owner: Owner, key: PrefetchKey[Any]) -> object:
        match key:
            case PlanKey(plan_id):
                return self._memory.plans.get((owner, plan_id))
            case TemplateKey(template_id):
                return self._memory.templates.get((owner, template_id))
            case BrandKitKey(kit_id):
                return self._memory.brand_kits.get((owner, kit_id))
            case RenderKey(template_id, payload_key):
                return self._memory.rendered.get((owner, template_id, payload_key))
        raise NotImplementedError(key)

    def workspace(self, workspace_id: str) -> Workspace | None:
        return self._memory.workspaces.get(workspace_id)

    def workspace_of(self, provider: str, subject: str) -> str | None:
        return self._memory.identities.get((provider, subject))

    def visits(self, subject: str, policy: RatePolicy, now: datetime) -> RateWindow:
        minute = int(now.timestamp() // WINDOW_SECONDS)
        previous, current = (
            self._memory.visits.get((subject, policy.name, counted), NONE_YET)
            for counted in (minute - 1, minute)
        )
        return RateWindow.at(policy, now.timestamp(), previous=previous, current=current)

    def one_time_code(self, address: str) -> OneTimePassword | None:
        return self._memory.codes.get(address)

    def auto_reload(self, owner: Owner) -> AutoReload | None:
        return self._memory.auto_reloads.get(owner)

    def wallet(self, owner: Owner) -> Wallet:
        with self._memory.lock:
            others = sorted(shard for whose, shard in self._memory.shards if whose == owner)
            rows = [self._memory.wallet_row(owner, shard) for shard in (0, *others)]
        return whole([row or Wallet(owner) for row in rows])

    def spread_wallets(self) -> Mapping[Owner, int]:
        return dict(self._memory.spread)

    def workspace_and_key(self, workspace_id: str, key_id: str) -> tuple[Workspace | None, ApiKey | None]:
        return self._memory.workspaces.get(workspace_id), self._memory.keys.get((workspace_id, key_id))

    def keys(self, workspace_id: str) -> Sequence[ApiKey]:
        with self._memory.lock:
            mine = [key for (workspace, _), key in self._memory.keys.items() if workspace == workspace_id]
        return sorted(mine, key=lambda key: (key.created_at, key.id))

    def entry(self, owner: Owner, entry_id: str) -> LedgerEntry | None:
        return self._memory.entries.get((owner, entry_id))

    def expiring_grants(self, owner: Owner) -> ExpiringGrants:
        return self._memory.expiring.get(owner, ExpiringGrants(owner))

    def due_to_expire(self, now: datetime, limit: int) -> Due[ExpiringGrants]:
        with self._memory.lock:
            due = [(one.at, one.owner.key, one) for one in self._memory.expiring.values() if one.at]
        some = [one for at, _, one in sorted(due) if at <= now]
        unreadable = tuple(key for key, until in self.unreadable.items() if until <= now)
        return Due(tuple(some[:limit]), unreadable)

    def set_aside(self, row: RowKey, until: datetime) -> None:
        self.unreadable[row] = until

    def postpone_expiry(self, owner: Owner, until: datetime) -> None:
        with self._memory.lock:
            self._memory.expiring[owner] = replace(self._memory.expiring[owner], at=until)

    def entries(self, owner: Owner, page: PageRequest) -> Page[LedgerEntry]:
        seen = self._memory.entries.get((owner, page.after)) if page.after is not None else None
        if page.after is not None and seen is None:
            raise unknown_cursor()
        with self._memory.lock:
            mine = [entry for (o, _), entry in self._memory.entries.items() if o == owner]
        return page_of(mine, page, _position, _position(seen) if seen else None)


def _position(entry: LedgerEntry) -> tuple[datetime, str]:
    return entry.at, entry.id
