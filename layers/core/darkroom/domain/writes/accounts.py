"""Writes of workspaces, their keys and how often each is used."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from datetime import date, datetime

    from darkroom.domain.accounts.api_keys import ApiKey
    from darkroom.domain.accounts.budgets import Budget
    from darkroom.domain.accounts.key_budgets import KeyBudget
    from darkroom.domain.accounts.one_time_passwords import OneTimePassword
    from darkroom.domain.accounts.rate_limits import RateWindow
    from darkroom.domain.accounts.workspaces import Owner, Workspace


@dataclass(frozen=True, slots=True)
class CreateWorkspace(Write):
    """Put a workspace. Condition: none of that id exists."""

    workspace: Workspace


@dataclass(frozen=True, slots=True)
class CreateKey(Write):
    """Put a key. Condition: none of that id exists."""

    key: ApiKey


@dataclass(frozen=True, slots=True)
class ChangeKeys(Write):
    """Count a change of a workspace's keys. Condition: it exists, and ``seen`` changes were counted before."""

    workspace_id: str
    seen: int


@dataclass(frozen=True, slots=True)
class ForgetKey(Write):
    """Delete a key that opens nothing any more, if it is there. Condition: none, dead keys stay dead."""

    owner: Owner
    key_id: str


@dataclass(frozen=True, slots=True)
class ClaimIdentity(Write):
    """Say that ``subject``, as ``provider`` knows it, is a workspace's. Condition: it is nobody's yet."""

    provider: str
    subject: str
    workspace_id: str


@dataclass(frozen=True, slots=True)
class RevokeKey(Write):
    """Set a key's ``revoked_at``. Condition: the key exists; the first revocation's time stays."""

    owner: Owner
    key_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class CountRequest(Write):
    """Count one request in its minute and second. Condition: the minute's total is below the window's ceiling."""

    owner: Owner
    key_id: str
    window: RateWindow


@dataclass(frozen=True, slots=True)
class CountVisit(Write):
    """Count one request of somebody without a key. Condition: that of ``CountRequest``."""

    subject: str
    window: RateWindow


@dataclass(frozen=True, slots=True)
class CountBudget(Write):
    """Count one of what ``subject`` may have in the period of ``at``. Condition: the limit is not reached yet."""

    subject: str
    budget: Budget
    at: datetime


@dataclass(frozen=True, slots=True)
class SetBudgets(Write):
    """Set what a key's spending counts against. Condition: the key exists."""

    owner: Owner
    key_id: str
    budgets: tuple[KeyBudget, ...]


@dataclass(frozen=True, slots=True)
class CountSpending(Write):
    """Count credits against a key's budget, in the day and the month of ``at``.

    Condition: no ceiling is exceeded by that.
    """

    moves_credits: ClassVar[bool] = True

    owner: Owner
    budget: KeyBudget
    credits: int
    at: datetime


@dataclass(frozen=True, slots=True)
class ReturnSpending(Write):
    """Give credits that were counted on a day back to a key's budget. No condition: no settlement fails for it."""

    moves_credits: ClassVar[bool] = True

    owner: Owner
    key_id: str
    credits: int
    day: date


@dataclass(frozen=True, slots=True)
class SaveOneTimePassword(Write):
    """Put an address's code. Condition: the stored one is ``replaces``, or there is none."""

    code: OneTimePassword
    replaces: str | None = None


@dataclass(frozen=True, slots=True)
class UseOneTimePassword(Write):
    """Use up some of a code's attempts. Condition: it is the address's code and has attempts left."""

    address: str
    code_id: str
    attempts: int
