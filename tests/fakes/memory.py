"""What the fakes of the store and of its readers share."""

from __future__ import annotations

import json
import operator
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from darkroom.domain.accounts.api_keys import ApiKey
from darkroom.domain.accounts.key_budgets import KeySpending
from darkroom.domain.accounts.one_time_passwords import OneTimePassword
from darkroom.domain.accounts.rate_limits import MinuteCount
from darkroom.domain.accounts.workspaces import Owner, Workspace
from darkroom.domain.billing.expiring import ExpiringGrants
from darkroom.domain.billing.ledger import LedgerEntry, Wallet
from darkroom.domain.billing.packs import AutoReload
from darkroom.domain.billing.purchases import Purchase
from darkroom.domain.billing.reloads import ReloadState
from darkroom.domain.brands.brand_kit import BrandKit
from darkroom.domain.carousels.plan import CarouselPlan
from darkroom.domain.files.file import File
from darkroom.domain.files.uploads import FileUsage
from darkroom.domain.fonts.font import Font
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.job import Job
from darkroom.domain.manifests.manifest import Manifest
from darkroom.domain.paging import Listed, Page, PageRequest
from darkroom.domain.reconcile.books import Reconciliation
from darkroom.domain.renders.rendered import Rendered
from darkroom.domain.serialization import from_document, to_document
from darkroom.domain.templates.template import Template
from darkroom.domain.usage.facts import UsageFact
from darkroom.domain.usage.measures import Measures
from darkroom.domain.usage.places import Place
from darkroom.domain.vendors.vendor_limits import VendorLimit
from darkroom.domain.webhooks.deliveries import Delivery
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.webhooks.events import Event
from darkroom.domain.writes import IdempotencyRecord


@dataclass
class Memory:
    """The tables. Hold ``lock`` for whatever must be seen or done at once."""

    workspaces: dict[str, Workspace] = field(default_factory=dict)
    keys: dict[tuple[str, str], ApiKey] = field(default_factory=dict)
    identities: dict[tuple[str, str], str] = field(default_factory=dict)
    wallets: dict[Owner, Wallet] = field(default_factory=dict)
    shards: dict[tuple[Owner, int], Wallet] = field(default_factory=dict)
    spread: dict[Owner, int] = field(default_factory=dict)
    entries: dict[tuple[Owner, str], LedgerEntry] = field(default_factory=dict)
    expiring: dict[Owner, ExpiringGrants] = field(default_factory=dict)
    idempotency_record: dict[tuple[Owner, str], IdempotencyRecord] = field(default_factory=dict)
    rates: dict[tuple[str, str, str, int], MinuteCount] = field(default_factory=dict)
    visits: dict[tuple[str, str, int], MinuteCount] = field(default_factory=dict)
    budgets: dict[tuple[str, str, int], int] = field(default_factory=dict)
    spending: dict[tuple[Owner, str], KeySpending] = field(default_factory=dict)
    codes: dict[str, OneTimePassword] = field(default_factory=dict)
    auto_reloads: dict[Owner, AutoReload] = field(default_factory=dict)
    purchases: dict[tuple[Owner, str], Purchase] = field(default_factory=dict)
    reload_states: dict[Owner, ReloadState] = field(default_factory=dict)
    customers: dict[Owner, str] = field(default_factory=dict)
    jobs: dict[tuple[Owner, str], Job] = field(default_factory=dict)
    assets: dict[tuple[Owner, str], Asset] = field(default_factory=dict)
    plans: dict[tuple[Owner, str], CarouselPlan] = field(default_factory=dict)
    slides: dict[tuple[Owner, str], str] = field(default_factory=dict)
    families: dict[tuple[Owner, str], frozenset[tuple[datetime, str]]] = field(default_factory=dict)
    files: dict[tuple[Owner, str], File] = field(default_factory=dict)
    fonts: dict[tuple[Owner, str], Font] = field(default_factory=dict)
    file_usage: dict[Owner, FileUsage] = field(default_factory=dict)
    manifests: dict[tuple[Owner, str], Manifest] = field(default_factory=dict)
    rendered: dict[tuple[Owner, str, str], Rendered] = field(default_factory=dict)
    template_counts: dict[Owner, int] = field(default_factory=dict)
    templates: dict[tuple[Owner, str], Template] = field(default_factory=dict)
    old_templates: dict[tuple[Owner, str, int], Template] = field(default_factory=dict)
    brand_kits: dict[tuple[Owner, str], BrandKit] = field(default_factory=dict)
    default_kits: dict[Owner, str] = field(default_factory=dict)
    endpoints: dict[tuple[Owner, str], Endpoint] = field(default_factory=dict)
    deliveries: dict[tuple[Owner, str, str], Delivery] = field(default_factory=dict)
    events: dict[tuple[Owner, str], Event] = field(default_factory=dict)
    vendor_limits: dict[str, VendorLimit] = field(default_factory=dict)
    facts: dict[tuple[Owner, date, str], UsageFact] = field(default_factory=dict)
    usage: dict[Place, Measures] = field(default_factory=dict)
    reconciliation: Reconciliation | None = None
    lock: threading.RLock = field(default_factory=threading.RLock)

    def wallet_row(self, owner: Owner, shard: int) -> Wallet | None:
        """One row of a wallet: the first is in ``wallets``, the others in ``shards``."""
        return self.shards.get((owner, shard)) if shard else self.wallets.get(owner)

    def put_wallet_row(self, owner: Owner, shard: int, wallet: Wallet) -> None:
        if shard:
            self.shards[owner, shard] = wallet
        else:
            self.wallets[owner] = wallet


def as_stored[T](thing: T) -> T:
    """The thing as it comes back from a table: through JSON, so that what JSON cannot hold is noticed."""
    return from_document(type(thing), json.loads(json.dumps(to_document(thing))))


def page_of[T: Listed](
    things: Iterable[T],
    page: PageRequest,
    position: Callable[[T], Any],
    after: Any,
    only: Callable[[T], bool] | None = None,
) -> Page[T]:
    """The page of ``things`` beyond the position ``after``, if one is given, for which ``only`` holds."""
    ordered = sorted(things, key=position, reverse=page.newest_first)
    if after is not None:
        beyond = operator.lt if page.newest_first else operator.gt
        ordered = [thing for thing in ordered if beyond(position(thing), after)]
    looked_at = ordered if only is None else ordered[: page.looked_at]
    found = [thing for thing in looked_at if only is None or only(thing)]
    if len(found) > page.limit or len(looked_at) == len(ordered):
        return Page(tuple(found[: page.limit]), len(found) > page.limit)
    return Page(tuple(found), has_more=True, resume_after=looked_at[-1].id)
