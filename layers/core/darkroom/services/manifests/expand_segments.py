"""Expanding a manifest: segment by segment into jobs, each segment with its own hold, as far as credits reach."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from darkroom.domain.billing.ledger import hold_entry
from darkroom.domain.errors import InsufficientCredits, OfferError, Unavailable
from darkroom.domain.manifests.manifest import Manifest, ManifestStatus, OpenSegment, Stop, Tally
from darkroom.domain.manifests.records import Unreadable
from darkroom.domain.manifests.results import results_to_lines, unmade
from darkroom.domain.manifests.segments import RenderPacking, rows_to_lines
from darkroom.domain.writes import AppendEntry, CreateJob, HoldCredits, Write, WriteRefused
from darkroom.ports.manifests import SourceChanged
from darkroom.services.jobs.accept_job import over_budget, paid, spending
from darkroom.services.manifests.read_segment import SegmentReader

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from darkroom.domain.accounts.key_budgets import KeyBudget
    from darkroom.domain.accounts.workspaces import Workspace
    from darkroom.domain.billing.ledger import Wallet
    from darkroom.domain.jobs.job import Job
    from darkroom.ports.accounts import Accounts
    from darkroom.ports.manifests import ManifestFiles
    from darkroom.ports.storage import Blobs, Queues
    from darkroom.ports.system import Clock
    from darkroom.services.billing.spread_wallet import SpreadWallet
    from darkroom.services.manifests.read_segment import ReadRows
    from darkroom.services.manifests.recipes import Recipe, Recipes
    from darkroom.services.manifests.save import SaveNext

logger = logging.getLogger(__name__)

MIME = "application/jsonl"
SHORT_OF_CREDITS, OVER_ALLOWANCE, NO_ENGINE = "insufficient_credits", "feature_quota_exceeded", "no_engine"
SOURCE_CHANGED = "source_changed"

_REASONS = {
    Stop.CANCELED: "The manifest was canceled.",
    Stop.EXPIRED: "The manifest waited for credits for too long.",
    Stop.FAILED: "The manifest could not be read on.",
}


@dataclass(frozen=True, slots=True)
class ExpandSegments:
    """Makes jobs of a manifest's next rows."""

    accounts: Accounts
    files: ManifestFiles
    blobs: Blobs
    queues: Queues
    save: SaveNext
    recipes: Recipes
    clock: Clock
    spread_wallet: Callable[[], SpreadWallet]

    def __call__(self, manifest: Manifest, has_time: Callable[[], bool]) -> Manifest:
        """Expand until everything is read, enough segments are under way, credits are short or the time is up.

        Raises
        ------
        StaleManifest, Unavailable
        """
        try:
            return self._expand(manifest, has_time)
        except _Ended as ended:
            return ended.manifest

    def _expand(self, manifest: Manifest, has_time: Callable[[], bool]) -> Manifest:
        workspace, key = self.accounts.workspace_and_key(manifest.owner.workspace_id, manifest.key_id)
        if workspace is None:
            return self._fail(manifest, "workspace", "There is no such workspace.")
        wallet = self.accounts.wallet(manifest.owner)
        try:
            recipe = self.recipes(manifest, workspace)
        except Unreadable as problem:
            return self._fail(manifest, problem.code, problem.message)
        means = _Means(workspace, wallet, key.budgets if key else ())
        reader = SegmentReader(self.files, manifest, recipe.columns_problem)
        while not manifest.read_to_end and len(manifest.open) < recipe.window and has_time():
            manifest = self._segment(manifest, recipe, reader, means)
            if manifest.status is ManifestStatus.PARKED:
                break
        return manifest

    def _segment(self, manifest: Manifest, recipe: Recipe, reader: SegmentReader, means: _Means) -> Manifest:
        number = manifest.position.segments
        packing = recipe.packing(number) if manifest.stop is None else None
        try:
            read = reader.next(recipe.read_row, packing)
        except Unreadable as problem:
            raise _Ended(self._fail(manifest, problem.code, problem.message)) from problem
        except SourceChanged as gone:
            text = "The file was deleted or overwritten before it was read to its end."
            raise _Ended(self._fail(manifest, SOURCE_CHANGED, text)) from gone
        plans = packing.plans() if packing is not None else ()
        now = self.clock.now()
        try:
            jobs = recipe.jobs(number, plans, now) if plans else []
        except OfferError as gone:
            raise _Ended(self._fail(manifest, "offer", gone.detail)) from gone
        except Unavailable as nobody:
            return self._park(manifest, NO_ENGINE, nobody.detail, now)
        counted = tuple(budget.key_id for budget in means.budgets)
        jobs = [replace(job, budgets=counted) for job in jobs]
        return self._commit(manifest, recipe, _Segment(number, read, packing, jobs), means, now)

    def _commit(
        self, manifest: Manifest, recipe: Recipe, segment: _Segment, means: _Means, now: datetime
    ) -> Manifest:
        rows, jobs = segment.read.rows, segment.jobs
        if means.wallet.available < sum(
            job.held for job in jobs
        ):  # the hold decides; this saves storing parts
            return self._park(manifest, *_short(jobs, means.wallet.available), now)
        self._store(manifest, segment)
        made = sum(row.place is not None for row in rows)
        skipped = sum(row.skipped for row in rows)
        opened = OpenSegment(segment.number, len(jobs), made) if jobs else None
        unmade_rows = Tally(invalid=len(rows) - made - skipped, skipped=skipped)
        after = manifest.expanded(segment.read.position, opened, unmade_rows)

        def attempt(wallet: Wallet, shard: int) -> Manifest:
            paid_there = [replace(job, shard=shard) for job in jobs]
            holding = _holding(paid_there, replace(means, wallet=wallet), now)
            return self.save(manifest, after, *holding, *_creating(paid_there, now))

        try:
            saved = self._paid(manifest, segment, means, attempt)
        except InsufficientCredits as short:
            return self._park(manifest, *_short(jobs, short.available), now)
        except WriteRefused as refusal:
            if (exceeded := over_budget(refusal, sum(job.held for job in jobs))) is not None:
                return self._park(manifest, SHORT_OF_CREDITS, exceeded.detail, now)
            if not isinstance(refusal.write, HoldCredits):
                raise
            available = max(refusal.current, 0) if isinstance(refusal.current, int) else 0
            return self._park(manifest, *_short(jobs, available), now)
        self._enqueue(recipe, jobs)
        return saved

    def _paid(
        self,
        manifest: Manifest,
        segment: _Segment,
        means: _Means,
        attempt: Callable[[Wallet, int], Manifest],
    ) -> Manifest:
        """Hold what all of a segment costs in one shard of the wallet."""
        if not segment.jobs:
            return attempt(means.wallet, 0)
        allowance = means.workspace.allowance(segment.jobs[0].feature)
        price = sum(job.held for job in segment.jobs)
        key = f"{manifest.id}#{segment.number}"
        return paid(self.spread_wallet, means.wallet, price, allowance, key, attempt)

    def _store(self, manifest: Manifest, segment: _Segment) -> None:
        """Store what is needed when the segment is closed. Stored again, it is the same."""
        rows, number = segment.read.rows, segment.number
        if segment.jobs:
            self.blobs.put(manifest.part_key(number, "rows"), rows_to_lines(rows), MIME)
            if isinstance(segment.packing, RenderPacking):
                self.blobs.put(manifest.payloads_key(number), segment.packing.body, MIME)
        elif rows:
            reason = _REASONS.get(manifest.stop) if manifest.stop else None
            results = [unmade(row, reason) for row in rows]
            self.blobs.put(manifest.part_key(number, "results"), results_to_lines(results), MIME)

    def _enqueue(self, recipe: Recipe, jobs: Sequence[Job]) -> None:
        if not jobs:
            return
        try:
            self.queues.send_tasks(jobs[0].queue, [it for job in jobs for it in recipe.messages(job)])
        except Unavailable:
            # They are jobs like any other; housekeeping queues what was not queued.
            logger.warning("jobs of manifest %s were created but not all queued", jobs[0].manifest)

    def _park(self, manifest: Manifest, code: str, reason: str, now: datetime) -> Manifest:
        """Save that the manifest waits, and for what; one that did so before stays as it is."""
        parked = manifest.parked(code, reason, now)
        return manifest if parked == manifest else self.save(manifest, parked)

    def _fail(self, manifest: Manifest, code: str, reason: str) -> Manifest:
        """Save that nothing more can be read. What is under way goes on."""
        return self.save(manifest, manifest.broken(code, reason))


class _Ended(Exception):
    """Nothing more is read of the manifest."""

    def __init__(self, manifest: Manifest) -> None:
        super().__init__("ended")
        self.manifest = manifest


@dataclass(frozen=True, slots=True)
class _Means:
    """Who pays, and what from."""

    workspace: Workspace
    wallet: Wallet
    budgets: tuple[KeyBudget, ...] = ()


@dataclass(frozen=True, slots=True)
class _Segment:
    """A segment that was read and is to be committed."""

    number: int
    read: ReadRows
    packing: Any
    jobs: Sequence[Job]


def _holding(jobs: Sequence[Job], means: _Means, now: datetime) -> tuple[Write, ...]:
    """The writes that hold what all jobs of a segment cost, and count it against the key's budgets."""
    if all(job.moves_nothing for job in jobs):
        return ()
    first, today, wallet = jobs[0], now.date(), means.wallet
    allowance = means.workspace.allowance(first.feature)
    return (
        HoldCredits(
            first.owner,
            credits=sum(job.held for job in jobs),
            feature=first.feature,
            units=sum(job.units for job in jobs),
            day=today,
            day_ceiling=wallet.ceiling_today(first.feature, allowance, today, first.shard),
            stale=wallet.stale(today, first.shard),
            shard=first.shard,
            shards=wallet.shards,
        ),
        *spending(first.owner, means.budgets, sum(job.held for job in jobs), now),
    )


def _creating(jobs: Sequence[Job], now: datetime) -> list[Write]:
    writes: list[Write] = []
    for job in jobs:
        writes.append(CreateJob(job))
        if not job.moves_nothing:
            writes.append(AppendEntry(hold_entry(job.owner, job.id, job.held, now)))
    return writes


def _short(jobs: Sequence[Job], available: int) -> tuple[str, str]:
    """Why a segment's price could not be held: a code, and words."""
    needed = sum(job.held for job in jobs)
    if available < needed:
        return SHORT_OF_CREDITS, f"The next rows need {needed} credits and there are {available}."
    return OVER_ALLOWANCE, f"The plan's {jobs[0].feature.value} allowance for 30 days is used up."
