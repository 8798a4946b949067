"""Workspaces, keys and how often they are used."""

from __future__ import annotations

from dataclasses import replace

from darkroom.domain import writes
from darkroom.domain.accounts.key_budgets import KeyBudget, KeySpending, Period, span
from darkroom.domain.accounts.one_time_passwords import MAX_ATTEMPTS
from darkroom.domain.accounts.rate_limits import NONE_YET
from darkroom.domain.writes import WriteRefused
from tests.fakes.memory import Memory, as_stored
from tests.fakes.writes.registry import Effect, effect, refuse_if_there


@effect(writes.CreateWorkspace, row=lambda write: ("workspace", write.workspace.id))
def create_workspace(memory: Memory, write: writes.CreateWorkspace) -> Effect:
    workspace = as_stored(write.workspace)
    refuse_if_there(write, memory.workspaces.get(workspace.id))
    return lambda: memory.workspaces.update({workspace.id: workspace})


@effect(writes.CreateKey, row=lambda write: ("key", write.key.owner.workspace_id, write.key.id))
def create_key(memory: Memory, write: writes.CreateKey) -> Effect:
    key = as_stored(write.key)
    place = (key.owner.workspace_id, key.id)
    refuse_if_there(write, memory.keys.get(place))
    return lambda: memory.keys.update({place: key})


@effect(writes.ChangeKeys, row=lambda write: ("workspace", write.workspace_id))
def change_keys(memory: Memory, write: writes.ChangeKeys) -> Effect:
    workspace = memory.workspaces.get(write.workspace_id)
    if workspace is None or workspace.key_changes != write.seen:
        raise WriteRefused(write, workspace)
    changed = replace(workspace, key_changes=write.seen + 1)
    return lambda: memory.workspaces.update({workspace.id: changed})


@effect(writes.ForgetKey, row=lambda write: ("key", write.owner.workspace_id, write.key_id))
def forget_key(memory: Memory, write: writes.ForgetKey) -> Effect:
    def forget() -> None:
        memory.keys.pop((write.owner.workspace_id, write.key_id), None)

    return forget


@effect(writes.ClaimIdentity, row=lambda write: ("identity", write.provider, write.subject))
def claim_identity(memory: Memory, write: writes.ClaimIdentity) -> Effect:
    place = (write.provider, write.subject)
    refuse_if_there(write, memory.identities.get(place))
    return lambda: memory.identities.update({place: write.workspace_id})


@effect(writes.RevokeKey, row=lambda write: ("key", write.owner.workspace_id, write.key_id))
def revoke_key(memory: Memory, write: writes.RevokeKey) -> Effect:
    place = (write.owner.workspace_id, write.key_id)
    key = memory.keys.get(place)
    if key is None:
        raise WriteRefused(write, None)
    revoked = replace(key, revoked_at=key.revoked_at or write.at)
    return lambda: memory.keys.update({place: revoked})


@effect(
    writes.CountRequest,
    row=lambda write: (
        "rate",
        write.owner.workspace_id,
        "shared" if write.window.policy.shared else write.key_id,
        write.window.policy.name,
        write.window.minute,
    ),
)
def count_request(memory: Memory, write: writes.CountRequest) -> Effect:
    whose = "shared" if write.window.policy.shared else write.key_id
    place = (write.owner.workspace_id, whose, write.window.policy.name, write.window.minute)
    counted = memory.rates.get(place, NONE_YET)
    if counted.total >= write.window.ceiling:
        raise WriteRefused(write, counted)
    return lambda: memory.rates.update({place: counted.plus_one(write.window.second)})


@effect(
    writes.CountVisit,
    row=lambda write: ("visits", write.subject, write.window.policy.name, write.window.minute),
)
def count_visit(memory: Memory, write: writes.CountVisit) -> Effect:
    place = (write.subject, write.window.policy.name, write.window.minute)
    counted = memory.visits.get(place, NONE_YET)
    if counted.total >= write.window.ceiling:
        raise WriteRefused(write, counted)
    return lambda: memory.visits.update({place: counted.plus_one(write.window.second)})


@effect(
    writes.CountBudget,
    row=lambda write: ("budget", write.subject, write.budget.name, write.budget.period(write.at)),
)
def count_budget(memory: Memory, write: writes.CountBudget) -> Effect:
    place = (write.subject, write.budget.name, write.budget.period(write.at))
    counted = memory.budgets.get(place, 0)
    if counted >= write.budget.limit:
        raise WriteRefused(write, counted)
    return lambda: memory.budgets.update({place: counted + 1})


@effect(writes.SaveOneTimePassword, row=lambda write: ("code", write.code.address))
def save_one_time_password(memory: Memory, write: writes.SaveOneTimePassword) -> Effect:
    code = as_stored(write.code)
    stored = memory.codes.get(code.address)
    if stored is not None and stored.id != write.replaces:
        raise WriteRefused(write, stored)
    return lambda: memory.codes.update({code.address: code})


@effect(writes.UseOneTimePassword, row=lambda write: ("code", write.address))
def use_one_time_password(memory: Memory, write: writes.UseOneTimePassword) -> Effect:
    stored = memory.codes.get(write.address)
    if stored is None or stored.id != write.code_id or stored.attempts >= MAX_ATTEMPTS:
        raise WriteRefused(write, stored)
    used = replace(stored, attempts=stored.attempts + write.attempts)
    return lambda: memory.codes.update({write.address: used})


@effect(writes.SetBudgets, row=lambda write: ("key", write.owner.workspace_id, write.key_id))
def set_budgets(memory: Memory, write: writes.SetBudgets) -> Effect:
    place = (write.owner.workspace_id, write.key_id)
    key = memory.keys.get(place)
    if key is None:
        raise WriteRefused(write, None)
    changed = as_stored(replace(key, budgets=write.budgets))
    return lambda: memory.keys.update({place: changed})


@effect(writes.CountSpending, row=lambda write: ("spending", write.owner, write.budget.key_id))
def count_spending(memory: Memory, write: writes.CountSpending) -> Effect:
    place = (write.owner, write.budget.key_id)
    stored = memory.spending.get(place)
    used = dict(stored.used) if stored else {}
    for period in Period:
        name = span(period, write.at)
        used[name] = used.get(name, 0) + write.credits
        if used[name] > write.budget.limits.get(period, used[name]):
            raise WriteRefused(write, stored)
    spent = KeySpending(write.owner, write.budget, used, write.at)
    return lambda: memory.spending.update({place: spent})


@effect(writes.ReturnSpending, row=lambda write: ("spending", write.owner, write.key_id))
def return_spending(memory: Memory, write: writes.ReturnSpending) -> Effect:
    place = (write.owner, write.key_id)
    stored = memory.spending.get(place, KeySpending(write.owner, KeyBudget(write.key_id)))
    used = dict(stored.used)
    for period in Period:
        name = span(period, write.day)
        used[name] = used.get(name, write.credits) - write.credits
    return lambda: memory.spending.update({place: replace(stored, used=used)})
