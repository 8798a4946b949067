"""A write as its part of a transaction: which table it goes to and how it is spelled there."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from darkroom.adapters.dynamodb import (
    accounts_writes,
    jobs_writes,
    templates_writes,
    vendor_limits,
    webhooks_writes,
)
from darkroom.adapters.dynamodb.keys import Tables
from darkroom.adapters.dynamodb.parts import Part
from darkroom.domain import writes
from darkroom.domain.writes import Write

type _Spelling = Callable[[str, Any], Part]

ACCOUNTS: Mapping[type[Write], _Spelling] = {
    writes.CreateWorkspace: accounts_writes.create_workspace,
    writes.CreateKey: accounts_writes.create_key,
    writes.ClaimIdentity: accounts_writes.claim_identity,
    writes.RevokeKey: accounts_writes.revoke_key,
    writes.GrantCredits: accounts_writes.grant_credits,
    writes.HoldCredits: accounts_writes.hold_credits,
    writes.SettleCredits: accounts_writes.settle_credits,
    writes.AppendEntry: accounts_writes.append_entry,
    writes.SaveIdempotencyRecord: accounts_writes.remember,
    writes.CountRequest: accounts_writes.count_request,
    writes.CountVisit: accounts_writes.count_visit,
    writes.SaveOneTimePassword: accounts_writes.save_code,
    writes.UseOneTimePassword: accounts_writes.use_code,
    writes.SetAutoReload: accounts_writes.set_auto_reload,
    writes.ReleaseVendorSlots: vendor_limits.leave_gate,
}

JOBS: Mapping[type[Write], _Spelling] = {
    writes.CreateJob: jobs_writes.create_job,
    writes.AdvanceJob: jobs_writes.advance_job,
}

ASSETS: Mapping[type[Write], _Spelling] = {
    writes.SaveAsset: jobs_writes.save_asset,
    writes.SaveRender: jobs_writes.save_render,
    writes.SaveTemplate: templates_writes.save_template,
    writes.RetireTemplate: templates_writes.retire_template,
    writes.DeleteTemplate: templates_writes.delete_template,
}

WEBHOOKS: Mapping[type[Write], _Spelling] = {
    writes.SaveEndpoint: webhooks_writes.save_endpoint,
    writes.NoteHealth: webhooks_writes.note_health,
    writes.DisableEndpoint: webhooks_writes.disable_endpoint,
    writes.DeleteEndpoint: webhooks_writes.delete_endpoint,
    writes.SaveDelivery: webhooks_writes.save_delivery,
}


def part_of(write: Write, tables: Tables) -> Part:
    """The write's part."""
    places = (
        (tables.accounts, ACCOUNTS),
        (tables.jobs, JOBS),
        (tables.assets, ASSETS),
        (tables.webhooks, WEBHOOKS),
    )
    table, spellings = next(place for place in places if type(write) in place[1])
    return spellings[type(write)](table, write)
