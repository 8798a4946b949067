"""Writes to the accounts table: workspaces, keys, how often they are used."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of, update
from darkroom.adapters.dynamodb.parts import EXISTS, NEW, Part, change, delete, put
from darkroom.adapters.dynamodb.rows import (
    SPENDING,
    code_row,
    key_row,
    minute_count,
    second_column,
    spending_column,
    spending_from_row,
    workspace_row,
)
from darkroom.adapters.dynamodb.writes.registry import Column, spelled, stored
from darkroom.domain.accounts.api_keys import ApiKey, Token
from darkroom.domain.accounts.key_budgets import Period, span
from darkroom.domain.accounts.one_time_passwords import MAX_ATTEMPTS, OneTimePassword
from darkroom.domain.accounts.rate_limits import WINDOW_SECONDS, RateWindow
from darkroom.domain.accounts.workspaces import Workspace
from darkroom.domain.serialization import to_document
from darkroom.domain.writes import (
    ChangeKeys,
    ClaimIdentity,
    CountBudget,
    CountRequest,
    CountSpending,
    CountVisit,
    CreateKey,
    CreateWorkspace,
    ForgetKey,
    ReturnSpending,
    RevokeKey,
    SaveOneTimePassword,
    SetBudgets,
    UseOneTimePassword,
)

if TYPE_CHECKING:
    from datetime import date

_COUNTERS_KEPT_SECONDS = 300


@spelled(CreateWorkspace, "accounts", current=stored(Workspace))
def create_workspace(table: str, write: CreateWorkspace) -> Part:
    return put(table, workspace_row(write.workspace), condition=NEW)


@spelled(CreateKey, "accounts", current=stored(ApiKey))
def create_key(table: str, write: CreateKey) -> Part:
    return put(table, key_row(write.key), condition=NEW)


@spelled(ChangeKeys, "accounts", current=stored(Workspace))
def change_keys(table: str, write: ChangeKeys) -> Part:
    x = Placeholders()
    changes = x.path("key_changes")
    as_seen = f"{changes} = {x.value(write.seen)}" if write.seen else f"attribute_not_exists({changes})"
    return change(
        table,
        keys.workspace(write.workspace_id),
        update(set_=[f"{changes} = {x.value(write.seen + 1)}"]),
        condition=all_of(EXISTS, as_seen),
        holders=x,
    )


@spelled(ForgetKey, "accounts")
def forget_key(table: str, write: ForgetKey) -> Part:
    return delete(table, keys.api_key(write.owner.workspace_id, write.key_id))


@spelled(ClaimIdentity, "accounts", current=lambda row: str(row["workspace_id"]))
def claim_identity(table: str, write: ClaimIdentity) -> Part:
    row = keys.identity(write.provider, write.subject) | {"workspace_id": write.workspace_id}
    return put(table, row, condition=NEW)


@spelled(RevokeKey, "accounts", current=stored(ApiKey))
def revoke_key(table: str, write: RevokeKey) -> Part:
    x = Placeholders()
    revoked_at = x.path("revoked_at")
    first_stays = f"{revoked_at} = if_not_exists({revoked_at}, {x.value(write.at.isoformat())})"
    key = keys.api_key(write.owner.workspace_id, write.key_id)
    return change(table, key, update(set_=[first_stays]), condition=EXISTS, holders=x)


@spelled(CountRequest, "accounts", current=minute_count)
def count_request(table: str, write: CountRequest) -> Part:
    token = Token(write.owner.workspace_id, write.key_id)
    return _count(table, keys.rate(token, write.window.policy, write.window.minute), write.window)


@spelled(CountVisit, "accounts", current=minute_count)
def count_visit(table: str, write: CountVisit) -> Part:
    key = keys.visit_rate(write.subject, write.window.policy.name, write.window.minute)
    return _count(table, key, write.window)


@spelled(CountBudget, "accounts", current=Column("n"))
def count_budget(table: str, write: CountBudget) -> Part:
    x, budget = Placeholders(), write.budget
    counted = x.path("n")
    first, room_left = f"attribute_not_exists({counted})", f"{counted} < {x.value(budget.limit)}"
    kept_until = math.ceil(budget.ends(write.at).timestamp()) + _COUNTERS_KEPT_SECONDS
    return change(
        table,
        keys.budget(write.subject, budget.name, budget.period(write.at)),
        update(set_=[f"{x.path('expires_at')} = {x.value(kept_until)}"], add=[f"{counted} {x.value(1)}"]),
        condition=f"{first} OR {room_left}" if budget.limit > 0 else room_left,
        holders=x,
    )


@spelled(SetBudgets, "accounts", current=stored(ApiKey))
def set_budgets(table: str, write: SetBudgets) -> Part:
    x = Placeholders()
    budgets = x.path("budgets")
    key = keys.api_key(write.owner.workspace_id, write.key_id)
    if not write.budgets:
        return change(table, key, update(remove=[budgets]), condition=EXISTS, holders=x)
    counted = x.value([to_document(budget) for budget in write.budgets])
    return change(table, key, update(set_=[f"{budgets} = {counted}"]), condition=EXISTS, holders=x)


@spelled(CountSpending, "accounts", current=spending_from_row)
def count_spending(table: str, write: CountSpending) -> Part:
    x, budget = Placeholders(), write.budget
    conditions, moves = [], []
    for period in Period:
        counter = x.path(spending_column(span(period, write.at)))
        moves.append(f"{counter} {x.value(write.credits)}")
        limit = budget.limits.get(period)
        if limit is not None:
            room_left = f"{counter} <= {x.value(limit - write.credits)}"
            first = f"(attribute_not_exists({counter}) OR {room_left})"
            conditions.append(first if write.credits <= limit else room_left)
    # Beside the counters, so that a change of the row tells whether it came to a threshold.
    told = {"entity": SPENDING, "counted_at": write.at.isoformat()}
    limits = {"day_limit": budget.day, "month_limit": budget.month}
    said = {name: value for name, value in {**told, **limits}.items() if value is not None}
    return change(
        table,
        keys.spending(write.owner, budget.key_id),
        update(
            set_=[f"{x.path(name)} = {x.value(value)}" for name, value in said.items()],
            add=moves,
            remove=[
                *(x.path(name) for name in limits if name not in said),
                *(x.path(spending_column(old)) for old in _no_longer_counted(write.at.date())),
            ],
        ),
        condition=all_of(*conditions),
        holders=x,
    )


@spelled(ReturnSpending, "accounts")
def return_spending(table: str, write: ReturnSpending) -> Part:
    x = Placeholders()
    returned = x.value(write.credits)
    # A counter that has been dropped meanwhile starts from what is returned, so that it ends at nothing.
    given_back = [
        f"{counter} = if_not_exists({counter}, {returned}) - {returned}"
        for period in Period
        if (counter := x.path(spending_column(span(period, write.day))))
    ]
    return change(table, keys.spending(write.owner, write.key_id), update(set_=given_back), holders=x)


def _no_longer_counted(day: date) -> list[str]:
    """The days and months whose counters go with the next one; a job's credits come back within a day or two."""
    days = [span(Period.DAY, day - timedelta(days=ago)) for ago in range(4, 12)]
    months = [span(Period.MONTH, day.replace(day=1) - timedelta(days=31 * ago)) for ago in (2, 3)]
    return [*days, *months]


@spelled(SaveOneTimePassword, "accounts", current=stored(OneTimePassword))
def save_one_time_password(table: str, write: SaveOneTimePassword) -> Part:
    if write.replaces is None:
        return put(table, code_row(write.code), condition=NEW)
    x = Placeholders()
    seen = f"{x.path('id')} = {x.value(write.replaces)}"
    return put(table, code_row(write.code), condition=f"{NEW} OR {seen}", holders=x)


@spelled(UseOneTimePassword, "accounts", current=stored(OneTimePassword))
def use_one_time_password(table: str, write: UseOneTimePassword) -> Part:
    x = Placeholders()
    attempts = x.path("attempts")
    the_one = f"{x.path('id')} = {x.value(write.code_id)}"
    some_left = f"{attempts} < {x.value(MAX_ATTEMPTS)}"
    return change(
        table,
        keys.one_time_code(write.address),
        update(add=[f"{attempts} {x.value(write.attempts)}"]),
        condition=all_of(the_one, some_left),
        holders=x,
    )


def _count(table: str, key: keys.Key, window: RateWindow) -> Part:
    x = Placeholders()
    counted = x.path("n")
    room_left = f"{counted} < {x.value(window.ceiling)}"
    first_of_minute = f"attribute_not_exists({counted})"
    window_open = f"{first_of_minute} OR {room_left}" if window.ceiling > 0 else room_left

    one = x.value(1)
    kept_until = (window.minute + 1) * WINDOW_SECONDS + _COUNTERS_KEPT_SECONDS
    return change(
        table,
        key,
        update(
            set_=[f"{x.path('expires_at')} = {x.value(kept_until)}"],
            add=[f"{counted} {one}", f"{x.path(second_column(window.second))} {one}"],
        ),
        condition=window_open,
        holders=x,
    )
