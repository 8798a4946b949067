"""The store in memory: every condition as its write's docstring states it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from darkroom.domain import writes
from darkroom.domain.accounts.one_time_passwords import MAX_ATTEMPTS
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.jobs.job import Job
from darkroom.domain.templates.template import Template
from darkroom.domain.vendors.vendor_limits import VendorLimit
from darkroom.domain.webhooks.deliveries import Delivery
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.writes import Write, WriteRefused, telling_order
from tests.fakes.memory import Memory, as_stored

type Effect = Callable[[], object]


class FakeStore:
    """Commits to a :class:`Memory`. ``commits`` keeps what was committed, refused commits left out."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self.commits: list[tuple[Write, ...]] = []

    def commit(self, *commit: Write) -> None:
        if not commit:
            return
        places = [PLACES[type(write)](write) for write in commit]
        if len(places) > 100 or len(set(places)) < len(places):
            raise ValueError("a transaction takes a hundred writes, and one per row")
        with self._memory.lock:
            refusals, effects = [], []
            for write in commit:
                try:
                    effects.append(PLANS[type(write)](self._memory, write))
                except WriteRefused as refusal:
                    refusals.append(refusal)
            if refusals:
                raise min(refusals, key=lambda refusal: telling_order(refusal.write))
            for effect in effects:
                effect()
            self.commits.append(commit)


def _create_workspace(memory: Memory, write: writes.CreateWorkspace) -> Effect:
    workspace = as_stored(write.workspace)
    _refuse_if_there(write, memory.workspaces.get(workspace.id))
    return lambda: memory.workspaces.update({workspace.id: workspace})


def _create_key(memory: Memory, write: writes.CreateKey) -> Effect:
    key = as_stored(write.key)
    place = (key.owner.workspace_id, key.id)
    _refuse_if_there(write, memory.keys.get(place))
    return lambda: memory.keys.update({place: key})


def _claim_identity(memory: Memory, write: writes.ClaimIdentity) -> Effect:
    place = (write.provider, write.subject)
    _refuse_if_there(write, memory.identities.get(place))
    return lambda: memory.identities.update({place: write.workspace_id})


def _revoke_key(memory: Memory, write: writes.RevokeKey) -> Effect:
    place = (write.owner.workspace_id, write.key_id)
    key = memory.keys.get(place)
    if key is None:
        raise WriteRefused(write, None)
    revoked = replace(key, revoked_at=key.revoked_at or write.at)
    return lambda: memory.keys.update({place: revoked})


def _grant_credits(memory: Memory, write: writes.GrantCredits) -> Effect:
    wallet = memory.wallets.get(write.owner, Wallet(write.owner))
    granted = replace(
        wallet, granted=wallet.granted + write.credits, available=wallet.available + write.credits
    )
    return lambda: memory.wallets.update({write.owner: granted})


def _hold_credits(memory: Memory, write: writes.HoldCredits) -> Effect:
    wallet = memory.wallets.get(write.owner)
    if wallet is None:
        raise WriteRefused(write, 0)
    today = (write.feature, write.day)
    counted = wallet.used.get(today, 0) + write.units
    if wallet.available < write.credits or counted > write.day_ceiling:
        raise WriteRefused(write, wallet.available)
    kept = {counter: n for counter, n in wallet.used.items() if counter not in write.stale}
    held = replace(
        wallet,
        available=wallet.available - write.credits,
        held=wallet.held + write.credits,
        used=kept | {today: counted},
    )
    return lambda: memory.wallets.update({write.owner: held})


def _settle_credits(memory: Memory, write: writes.SettleCredits) -> Effect:
    wallet = memory.wallets.get(write.owner)
    if wallet is None or wallet.held < write.held:
        raise WriteRefused(write, wallet.held if wallet else 0)
    day = (write.feature, write.day)
    given_back = {day: wallet.used.get(day, write.returned) - write.returned} if write.returned else {}
    settled = replace(
        wallet,
        held=wallet.held - write.held,
        spent=wallet.spent + write.charged,
        available=wallet.available + write.held - write.charged,
        used={**wallet.used, **given_back},
    )
    return lambda: memory.wallets.update({write.owner: settled})


def _append_entry(memory: Memory, write: writes.AppendEntry) -> Effect:
    entry = as_stored(write.entry)
    place = (entry.owner, entry.id)
    _refuse_if_there(write, memory.entries.get(place))
    return lambda: memory.entries.update({place: entry})


def _create_job(memory: Memory, write: writes.CreateJob) -> Effect:
    job = as_stored(write.job)
    place = (job.owner, job.id)
    _refuse_if_there(write, memory.jobs.get(place))
    return lambda: memory.jobs.update({place: job})


def _advance_job(memory: Memory, write: writes.AdvanceJob) -> Effect:
    before, after = write.before, write.after
    place = (before.owner, before.id)
    stored = memory.jobs.get(place)
    if stored is None or stored.terminal or stored.finished != before.finished:
        raise WriteRefused(write, stored)
    changes: dict[str, Any] = {
        part.name: getattr(after, part.name)
        for part in fields(Job)
        if part.name != "tasks" and getattr(before, part.name) != getattr(after, part.name)
    }
    tasks = {task.index: task for task in stored.tasks}
    old = {task.index: task for task in before.tasks}
    tasks |= {task.index: task for task in after.tasks if old.get(task.index) != task}
    changes["tasks"] = tuple(tasks[index] for index in sorted(tasks))
    advanced = as_stored(replace(stored, **changes))
    return lambda: memory.jobs.update({place: advanced})


def _save_asset(memory: Memory, write: writes.SaveAsset) -> Effect:
    asset = as_stored(write.asset)
    return lambda: memory.assets.update({(asset.owner, asset.id): asset})


def _save_render(memory: Memory, write: writes.SaveRender) -> Effect:
    rendered = as_stored(write.rendered)
    place = (rendered.owner, rendered.template_id, rendered.payload_key)
    stored = memory.rendered.get(place)
    if stored is not None and stored.version >= rendered.version:
        raise WriteRefused(write, stored)
    return lambda: memory.rendered.update({place: rendered})


def _save_template(memory: Memory, write: writes.SaveTemplate) -> Effect:
    template = as_stored(write.template)
    place = (template.owner, template.id)
    _refuse_unless_at(write, memory.templates.get(place), template.version - 1)
    return lambda: memory.templates.update({place: template})


def _retire_template(memory: Memory, write: writes.RetireTemplate) -> Effect:
    template = as_stored(write.template)
    return lambda: memory.old_templates.update({(template.owner, template.id, template.version): template})


def _delete_template(memory: Memory, write: writes.DeleteTemplate) -> Effect:
    place = (write.owner, write.template_id)
    _refuse_unless_at(write, memory.templates.get(place), write.version)
    return lambda: memory.templates.pop(place, None)


def _remember(memory: Memory, write: writes.SaveIdempotencyRecord) -> Effect:
    place = (write.record.owner, write.record.key)
    earlier = memory.idempotency_record.get(place)
    if earlier is not None and earlier.expires_at > write.now:
        raise WriteRefused(write, earlier)
    return lambda: memory.idempotency_record.update({place: write.record})


def _count_request(memory: Memory, write: writes.CountRequest) -> Effect:
    whose = "shared" if write.window.policy.shared else write.key_id
    place = (write.owner.workspace_id, whose, write.window.policy.name, write.window.minute)
    counted = memory.rates.get(place, 0)
    if counted >= write.window.ceiling:
        raise WriteRefused(write, counted)
    return lambda: memory.rates.update({place: counted + 1})


def _count_visit(memory: Memory, write: writes.CountVisit) -> Effect:
    place = (write.subject, write.window.policy.name, write.window.minute)
    counted = memory.visits.get(place, 0)
    if counted >= write.window.ceiling:
        raise WriteRefused(write, counted)
    return lambda: memory.visits.update({place: counted + 1})


def _save_code(memory: Memory, write: writes.SaveOneTimePassword) -> Effect:
    code = as_stored(write.code)
    stored = memory.codes.get(code.address)
    if stored is not None and stored.id != write.replaces:
        raise WriteRefused(write, stored)
    return lambda: memory.codes.update({code.address: code})


def _use_code(memory: Memory, write: writes.UseOneTimePassword) -> Effect:
    stored = memory.codes.get(write.address)
    if stored is None or stored.id != write.code_id or stored.attempts >= MAX_ATTEMPTS:
        raise WriteRefused(write, stored)
    used = replace(stored, attempts=stored.attempts + write.attempts)
    return lambda: memory.codes.update({write.address: used})


def _set_auto_reload(memory: Memory, write: writes.SetAutoReload) -> Effect:
    if write.settings is None:
        return lambda: memory.auto_reloads.pop(write.owner, None)
    settings = as_stored(write.settings)
    return lambda: memory.auto_reloads.update({write.owner: settings})


def _save_endpoint(memory: Memory, write: writes.SaveEndpoint) -> Effect:
    endpoint = as_stored(write.endpoint)
    place = (endpoint.owner, endpoint.id)
    stored = memory.endpoints.get(place)
    _refuse_out_of_turn(write, stored, endpoint.version)
    return lambda: memory.endpoints.update({place: endpoint})


def _note_health(memory: Memory, write: writes.NoteHealth) -> Effect:
    place = (write.owner, write.endpoint_id)
    stored = memory.endpoints.get(place)
    if stored is None:
        raise WriteRefused(write, None)
    noted = replace(stored, failing_since=write.failing_since)
    return lambda: memory.endpoints.update({place: noted})


def _disable_endpoint(memory: Memory, write: writes.DisableEndpoint) -> Effect:
    place = (write.owner, write.endpoint_id)
    stored = memory.endpoints.get(place)
    if stored is None or not stored.enabled:
        raise WriteRefused(write, stored)
    disabled = replace(
        stored,
        enabled=False,
        disabled_at=write.at,
        disabled_reason=write.reason,
        version=stored.version + 1,
    )
    return lambda: memory.endpoints.update({place: disabled})


def _delete_endpoint(memory: Memory, write: writes.DeleteEndpoint) -> Effect:
    return lambda: memory.endpoints.pop((write.owner, write.endpoint_id), None)


def _save_delivery(memory: Memory, write: writes.SaveDelivery) -> Effect:
    delivery = as_stored(write.delivery)
    place = (delivery.owner, delivery.endpoint_id, delivery.id)
    stored = memory.deliveries.get(place)
    _refuse_out_of_turn(write, stored, delivery.version)
    return lambda: memory.deliveries.update({place: delivery})


def _leave_gate(memory: Memory, write: writes.ReleaseVendorSlots) -> Effect:
    vendor_limit = memory.vendor_limits.get(write.vendor, VendorLimit())
    left = {one: end for one, end in vendor_limit.slots.items() if one not in write.task_ids}
    after = VendorLimit(left) if write.healthy else replace(vendor_limit, slots=left)
    return lambda: memory.vendor_limits.update({write.vendor: after})


def _refuse_out_of_turn(write: Write, stored: Endpoint | Delivery | None, version: int) -> None:
    if (stored.version if stored else 0) != version - 1:
        raise WriteRefused(write, stored)


def _refuse_unless_at(write: Write, stored: Template | None, version: int) -> None:
    at = stored.version if stored else 0
    if at != version:
        raise WriteRefused(write, at)


def _refuse_if_there(write: Write, stored: Any) -> None:
    if stored is not None:
        raise WriteRefused(write, stored)


PLANS: Mapping[type[Write], Callable[[Memory, Any], Effect]] = {
    writes.CreateWorkspace: _create_workspace,
    writes.CreateKey: _create_key,
    writes.ClaimIdentity: _claim_identity,
    writes.RevokeKey: _revoke_key,
    writes.GrantCredits: _grant_credits,
    writes.HoldCredits: _hold_credits,
    writes.SettleCredits: _settle_credits,
    writes.AppendEntry: _append_entry,
    writes.CreateJob: _create_job,
    writes.AdvanceJob: _advance_job,
    writes.SaveAsset: _save_asset,
    writes.SaveRender: _save_render,
    writes.SaveTemplate: _save_template,
    writes.RetireTemplate: _retire_template,
    writes.DeleteTemplate: _delete_template,
    writes.SaveIdempotencyRecord: _remember,
    writes.CountRequest: _count_request,
    writes.CountVisit: _count_visit,
    writes.SaveOneTimePassword: _save_code,
    writes.UseOneTimePassword: _use_code,
    writes.SetAutoReload: _set_auto_reload,
    writes.SaveEndpoint: _save_endpoint,
    writes.NoteHealth: _note_health,
    writes.DisableEndpoint: _disable_endpoint,
    writes.DeleteEndpoint: _delete_endpoint,
    writes.SaveDelivery: _save_delivery,
    writes.ReleaseVendorSlots: _leave_gate,
}

# The row each write touches: a real transaction takes no two writes to one.
PLACES: Mapping[type[Write], Callable[[Any], tuple[object, ...]]] = {
    writes.CreateWorkspace: lambda w: ("workspace", w.workspace.id),
    writes.CreateKey: lambda w: ("key", w.key.owner.workspace_id, w.key.id),
    writes.ClaimIdentity: lambda w: ("identity", w.provider, w.subject),
    writes.RevokeKey: lambda w: ("key", w.owner.workspace_id, w.key_id),
    writes.GrantCredits: lambda w: ("wallet", w.owner),
    writes.HoldCredits: lambda w: ("wallet", w.owner),
    writes.SettleCredits: lambda w: ("wallet", w.owner),
    writes.AppendEntry: lambda w: ("entry", w.entry.owner, w.entry.id),
    writes.CreateJob: lambda w: ("job", w.job.owner, w.job.id),
    writes.AdvanceJob: lambda w: ("job", w.before.owner, w.before.id),
    writes.SaveAsset: lambda w: ("asset", w.asset.owner, w.asset.id),
    writes.SaveRender: lambda w: (
        "render",
        w.rendered.owner,
        w.rendered.template_id,
        w.rendered.payload_key,
    ),
    writes.SaveTemplate: lambda w: ("template", w.template.owner, w.template.id),
    writes.RetireTemplate: lambda w: ("template", w.template.owner, w.template.id, w.template.version),
    writes.DeleteTemplate: lambda w: ("template", w.owner, w.template_id),
    writes.SaveIdempotencyRecord: lambda w: ("remembered", w.record.owner, w.record.key),
    writes.CountRequest: lambda w: (
        "rate",
        w.owner.workspace_id,
        "shared" if w.window.policy.shared else w.key_id,
        w.window.policy.name,
        w.window.minute,
    ),
    writes.CountVisit: lambda w: ("visits", w.subject, w.window.policy.name, w.window.minute),
    writes.SaveOneTimePassword: lambda w: ("code", w.code.address),
    writes.UseOneTimePassword: lambda w: ("code", w.address),
    writes.SetAutoReload: lambda w: ("auto-reload", w.owner),
    writes.SaveEndpoint: lambda w: ("endpoint", w.endpoint.owner, w.endpoint.id),
    writes.NoteHealth: lambda w: ("endpoint", w.owner, w.endpoint_id),
    writes.DisableEndpoint: lambda w: ("endpoint", w.owner, w.endpoint_id),
    writes.DeleteEndpoint: lambda w: ("endpoint", w.owner, w.endpoint_id),
    writes.SaveDelivery: lambda w: ("delivery", w.delivery.owner, w.delivery.endpoint_id, w.delivery.id),
    writes.ReleaseVendorSlots: lambda w: ("gate", w.vendor),
}
