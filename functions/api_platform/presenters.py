"""Domain objects in the platform's words. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING

from darkroom.domain.accounts.api_keys import ApiKey
from darkroom.domain.accounts.workspaces import Workspace
from darkroom.domain.billing.expiring import ExpiringGrants
from darkroom.domain.billing.ledger import LedgerEntry, Wallet
from darkroom.domain.jobs.job import Job, Task
from darkroom.domain.serialization import to_document
from darkroom.domain.times import utc_text
from darkroom.domain.usage.measures import BEYOND, MILLI
from darkroom.domain.usage.reports import Dimension
from darkroom.http import files

if TYPE_CHECKING:
    from datetime import datetime

    from api_platform import resources
    from darkroom.domain.files.file import File
    from darkroom.domain.manifests.manifest import Manifest
    from darkroom.domain.paging import Page
    from darkroom.domain.reconcile.books import Reconciliation
    from darkroom.domain.usage.measures import Measures
    from darkroom.domain.usage.reports import Report
    from darkroom.http.file_resources import FileAnswer, FileDeleted
    from darkroom.http.links import Links
    from darkroom.http.manifest_resources import Manifest as ShownManifest
    from darkroom.services.manifests.read_manifests import ManifestDownloads
    from darkroom.services.manifests.register_manifest import Registered
    from darkroom.services.usage.read_usage import Margin


def health(stage: str) -> resources.Health:
    """The API is up."""
    return {"status": "ok", "stage": stage}


def key_answer(key: ApiKey, secret: str) -> resources.KeyAnswer:
    """A key that was just minted."""
    return {"key": _minted(key, secret)}


def changed_key(key: ApiKey) -> resources.ChangedKey:
    """A key that was just changed."""
    return {"key": _key(key)}


def key_list(page: Page[ApiKey]) -> resources.KeyList:
    """A page of keys, without their secrets."""
    data = [_key(key) for key in page.items]
    return {"data": data, "has_more": page.has_more, "next_cursor": page.cursor}


def revoked(key_id: str) -> resources.Revoked:
    """A key that was revoked."""
    return {"id": key_id, "object": "api_key", "revoked": True}


def workspace_answer(workspace: Workspace, key: ApiKey, secret: str) -> resources.WorkspaceAnswer:
    """A new workspace and its first key."""
    return {"workspace": _workspace(workspace), "key": _minted(key, secret)}


def workspace_state(
    workspace: Workspace, wallets: Sequence[tuple[Wallet, ExpiringGrants]]
) -> resources.WorkspaceState:
    """A workspace with its wallets."""
    return {"workspace": _workspace(workspace), "credits": [_wallet(*wallet) for wallet in wallets]}


def credits_answer(wallet: Wallet, expiring: ExpiringGrants) -> resources.CreditsAnswer:
    """One wallet."""
    return {"credits": _wallet(wallet, expiring)}


def spread(wallet: Wallet, expiring: ExpiringGrants) -> resources.SpreadWallet:
    """A wallet after it was spread."""
    return {"shards": wallet.shards, "credits": _wallet(wallet, expiring)}


def granted(wallet: Wallet, expiring: ExpiringGrants, *, granted: bool) -> resources.Granted:
    """A wallet after a grant; ``granted`` is false if an earlier call had granted the credits."""
    return {"granted": granted, "credits": _wallet(wallet, expiring)}


def entry_list(page: Page[LedgerEntry]) -> resources.EntryList:
    """A page of movements. The cursor is there on the last page too: movements that come later follow it."""
    cursor = page.items[-1].id if page.items else None
    return {"data": [_entry(entry) for entry in page.items], "has_more": page.has_more, "next_cursor": cursor}


def usage_report(report: Report, *, livemode: bool) -> resources.UsageReport:
    """What a workspace used."""
    data: list[resources.UsageGroup] = []
    for group in report.groups.items:
        values = dict(zip(report.dimensions, group.values, strict=True))
        data.append(
            {
                "id": group.id,
                "object": "usage",
                "day": values.get(Dimension.DAY),
                "key_id": values.get(Dimension.KEY),
                "offer": values.get(Dimension.OFFER),
                **_used(group.measures),
            }
        )
    return {
        "livemode": livemode,
        "first_day": str(report.days.first),
        "last_day": str(report.days.last),
        "total": _used(report.total),
        "data": data,
        "has_more": report.groups.has_more,
        "next_cursor": data[-1]["id"] if report.groups.has_more else None,
    }


def cost_report(
    report: Report, margin: Callable[[Measures], Margin], *, livemode: bool
) -> resources.CostReport:
    """What all workspaces used, earned and cost."""
    data: list[resources.CostGroup] = []
    for group in report.groups.items:
        values = dict(zip(report.dimensions, group.values, strict=True))
        data.append(
            {
                "id": group.id,
                "object": "usage",
                "day": values.get(Dimension.DAY),
                "offer": values.get(Dimension.OFFER),
                "vendor": values.get(Dimension.VENDOR),
                "workspace_id": values.get(Dimension.WORKSPACE),
                **_costs(group.measures, margin(group.measures)),
            }
        )
    return {
        "livemode": livemode,
        "first_day": str(report.days.first),
        "last_day": str(report.days.last),
        "total": _costs(report.total, margin(report.total)),
        "data": data,
        "has_more": report.groups.has_more,
        "next_cursor": data[-1]["id"] if report.groups.has_more else None,
    }


def _used(used: Measures) -> resources.Used:
    bounds = [None if bound == BEYOND else int(bound) for bound in used.latency]
    return {
        "jobs": used.jobs,
        "outputs": used.outputs,
        "failures": dict(used.failures),
        "credits_charged": used.credits,
        "credits_refunded": used.refunded,
        "credits_spent": used.spent,
        "latency": [
            {"le": bound, "jobs": jobs}
            for bound, jobs in zip(bounds, accumulate(used.latency.values()), strict=True)
        ],
    }


def _costs(used: Measures, margin: Margin) -> resources.Costs:
    return {
        **_used(used),
        "vendor_units": {name: milli / MILLI for name, milli in used.units.items()},
        "unpriced_outputs": used.unpriced,
        "revenue_micros": margin.revenue_micros,
        "cost_micros": margin.cost_micros,
        "margin_micros": margin.micros,
    }


def reconciliation_answer(last: Reconciliation | None) -> resources.ReconciliationAnswer:
    """The last reconciliation."""
    if last is None:
        return {"reconciliation": None}
    return {
        "reconciliation": {
            "id": last.id,
            "object": "reconciliation",
            "since": utc_text(last.since),
            "started_at": utc_text(last.started_at),
            "finished_at": utc_text(last.finished_at),
            "wallets": last.owners,
            "entries": last.entries,
            "jobs": last.jobs,
            "recounted": last.recounted,
            "undecided": last.undecided,
            "found": last.found,
            "differences": [
                {
                    "kind": one.kind,
                    "workspace_id": one.owner.workspace_id,
                    "livemode": one.owner.livemode,
                    "what": one.what,
                    "expected": one.expected,
                    "found": one.found,
                    "rows": list(one.rows),
                }
                for one in last.differences
            ],
        }
    }


def file_answer(shown: File, links: Links, now: datetime) -> FileAnswer:
    """One file."""
    return {"file": files.file(shown, links, now)}


def file_list(page: Page[File], links: Links, now: datetime) -> resources.FileList:
    """A page of files."""
    data = [files.file(item, links, now) for item in page.items]
    return {"data": data, "has_more": page.has_more, "next_cursor": page.cursor}


def manifest_answer(found: Manifest, base_url: str) -> resources.ManifestAnswer:
    """One manifest."""
    return {"manifest": _manifest(found, base_url)}


def manifest_upload(new: Registered, base_url: str) -> resources.ManifestUploadAnswer:
    """A new manifest and the request that uploads its file."""
    return {
        "manifest": _manifest(new.manifest, base_url),
        "upload": {
            "url": new.upload.url,
            "method": "PUT",
            "headers": dict(new.upload.headers),
            "expires_at": utc_text(new.upload.expires_at),
        },
    }


def manifest_list(page: Page[Manifest], base_url: str) -> resources.ManifestList:
    """A page of manifests."""
    data = [_manifest(one, base_url) for one in page.items]
    return {"data": data, "has_more": page.has_more, "next_cursor": page.cursor}


def manifest_results(downloads: ManifestDownloads | None) -> resources.ManifestResults:
    """Where a manifest's results are."""
    if downloads is None:
        return {"results": None, "errors": None}
    until = utc_text(downloads.expires_at)
    return {
        "results": {"url": downloads.results, "expires_at": until},
        "errors": {"url": downloads.errors, "expires_at": until},
    }


def file_deleted(file_id: str) -> FileDeleted:
    """A file that was deleted."""
    return {"deleted": True, "id": file_id}


def job_answer(job: Job) -> resources.JobAnswer:
    """A job as its operator sees it: where its outputs were made and how that went, not what was asked for."""
    state: resources.JobState = {
        "id": job.id,
        "object": "job",
        "livemode": job.owner.livemode,
        "dialect": job.dialect,
        "kind": job.kind,
        "model": job.model,
        "status": job.status,
        "created_at": utc_text(job.created_at),
        "deadline_at": utc_text(job.deadline_at),
        "completed_at": utc_text(job.completed_at),
        "held": 0 if job.terminal else job.held,
        "charged": job.charged,
        "routes": [{"vendor": route.engine, "model": route.engine_model} for route in job.ways],
        "tasks": [_task(job, task) for task in job.tasks],
    }
    return {"job": state}


def _manifest(shown: Manifest, base_url: str) -> ShownManifest:
    from darkroom.http.manifests import manifest  # noqa: PLC0415 - requests about manifests are rare

    return manifest(shown, base_url)


def _key(key: ApiKey) -> resources.Key:
    return {
        "id": key.id,
        "object": "api_key",
        "name": key.name,
        "prefix": key.prefix,
        "livemode": key.owner.livemode,
        "scopes": sorted(key.scopes),
        "created_at": utc_text(key.created_at),
        "expires_at": utc_text(key.expires_at),
        "revoked_at": utc_text(key.revoked_at),
        "requests_per_minute": key.requests_per_minute,
        "daily_credits": key.budget.day,
        "monthly_credits": key.budget.month,
        "made_by": key.made_by or None,
    }


def _minted(key: ApiKey, secret: str) -> resources.MintedKey:
    return {**_key(key), "secret": secret}


def _workspace(workspace: Workspace) -> resources.Workspace:
    return {
        "id": workspace.id,
        "object": "workspace",
        "name": workspace.name,
        "plan": workspace.plan,
        "allowances": dict(workspace.allowances),
        "email": workspace.email,
        "created_at": utc_text(workspace.created_at),
    }


def _wallet(wallet: Wallet, expiring: ExpiringGrants) -> resources.Credits:
    return {
        "livemode": wallet.owner.livemode,
        "granted": wallet.granted,
        "available": wallet.available,
        "held": wallet.held,
        "spent": wallet.spent,
        "owed": wallet.owed,
        "expired": wallet.expired,
        "reversed": wallet.reversed,
        "expiring": [
            {"credits": grant.left, "expires_at": utc_text(grant.expires_at)}
            for grant in expiring.as_of(wallet).grants
        ],
    }


def _entry(entry: LedgerEntry) -> resources.Entry:
    return {
        "id": entry.id,
        "object": "ledger_entry",
        "kind": entry.kind,
        "at": utc_text(entry.at),
        "granted": entry.granted,
        "available": entry.available,
        "held": entry.held,
        "spent": entry.spent,
        "expired": entry.expired,
        "reversed": entry.reversed,
        "expires_at": utc_text(entry.expires_at),
        "job_id": entry.job_id,
        "note": entry.note,
    }


def _task(job: Job, task: Task) -> resources.TaskState:
    return {
        "id": task.id,
        "index": task.index,
        "state": task.state,
        "vendor": job.route_of(task).engine,
        "route": task.route,
        "starts": task.attempts,
        "next_at": utc_text(task.poll_at),
        "failure": task.failure,
        "facts": to_document(task.facts),
    }
