"""Issuing, listing and revoking API keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from darkroom.domain.accounts import api_keys
from darkroom.domain.accounts.api_keys import MAX_KEYS, ApiKey, Scope
from darkroom.domain.accounts.key_budgets import MOST_IN_A_LINE, KeyBudget
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import (
    FeatureQuotaExceeded,
    InsufficientScope,
    InvalidParam,
    NotFound,
    RevokedKey,
    Unavailable,
)
from darkroom.domain.paging import Page, PageRequest, unknown_cursor
from darkroom.domain.writes import ChangeKeys, CreateKey, ForgetKey, RevokeKey, SetBudgets, WriteRefused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from darkroom.domain.writes import Write
    from darkroom.ports.accounts import Accounts
    from darkroom.ports.storage import Store
    from darkroom.ports.system import Clock, Ids
    from darkroom.services.accounts.authenticate import Caller

PREFIXES: Mapping[str, Mapping[bool, str]] = {
    "memes": {True: "sk_live_", False: "sk_test_"},
    "moondraft": {True: "md_"},
    "pixeldrive": {True: "pdrv_"},
    "agent": {True: "ag_live_", False: "ag_test_"},
    "gencraft": {True: "gc_"},
    "admin": {True: "dk_admin_"},
}

TRIES = 5  # at a change of keys, when others change them at the same time
PER_CHANGE = 25  # rows of dead keys forgotten, or keys revoked, in one transaction


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """A key to be minted. ``dialect`` only decides its prefix: every key works on every dialect."""

    name: str
    dialect: str = "memes"
    livemode: bool = True
    scopes: frozenset[Scope] | None = None
    expires_at: datetime | None = None
    requests_per_minute: int | None = None
    daily_credits: int | None = None
    monthly_credits: int | None = None

    @property
    def prefix(self) -> str:
        """The prefix of the dialect's keys in the requested mode.

        Raises
        ------
        InvalidParam
            The dialect has no test keys.
        """
        prefix = PREFIXES[self.dialect].get(self.livemode)
        if prefix is None:
            raise InvalidParam(f"{self.dialect} keys have no test mode.", param="livemode")
        return prefix

    def clamped_to(self, maker: ApiKey) -> KeyRequest:
        """The key that ``maker`` may make of this: with no more rights, no longer life and no higher limit.

        Raises
        ------
        InsufficientScope, InvalidParam
        """
        if self.livemode and not maker.owner.livemode:
            raise InsufficientScope("A test key cannot make live keys.", param="livemode")
        for scope in self.scopes or ():
            maker.require(scope)
        held = api_keys.WORKSPACE_SCOPES if Scope.ADMIN in maker.scopes else maker.scopes
        scopes = api_keys.DEFAULT_SCOPES & held if self.scopes is None else self.scopes
        if not scopes:
            raise InvalidParam("scopes: name them; this key has none of the usual ones.", param="scopes")
        lives = [at for at in (self.expires_at, maker.expires_at) if at is not None]
        limits = [one for one in (self.requests_per_minute, maker.requests_per_minute) if one is not None]
        return replace(
            self,
            scopes=scopes,
            expires_at=min(lives, default=None),
            requests_per_minute=min(limits, default=None),
        )


@dataclass(frozen=True, slots=True)
class NewBudget:
    """A key's ceilings from now on, in credits; ``None`` is none."""

    daily_credits: int | None = None
    monthly_credits: int | None = None


@dataclass(frozen=True, slots=True)
class IssueKey:
    """Mints keys. The secret is returned once and stored nowhere."""

    store: Store
    accounts: Accounts
    ids: Ids
    clock: Clock

    def for_caller(self, caller: Caller, requested: KeyRequest) -> tuple[ApiKey, str]:
        """Mint a key for a caller, which neither outranks nor outlives the caller's own key.

        Raises
        ------
        InsufficientScope, InvalidParam, FeatureQuotaExceeded, RevokedKey, Unavailable
        """
        return self(caller.owner.workspace_id, requested.clamped_to(caller.key), made_by=caller.key.id)

    def __call__(
        self, workspace_id: str, requested: KeyRequest, *, made_by: str = "", makes_room: bool = False
    ) -> tuple[ApiKey, str]:
        """Mint a key; returns its record and the full secret.

        Where a workspace has as many keys as it may have, one that ``makes_room`` revokes the oldest of its name.

        Raises
        ------
        InvalidParam
            The expiry has passed, or the dialect has no keys of that mode.
        FeatureQuotaExceeded
            The workspace has as many keys as it may have.
        RevokedKey
            The key that makes it was revoked meanwhile.
        Unavailable
        """
        key, token = self._minted(workspace_id, requested, made_by)
        for _ in range(TRIES):
            workspace = self.accounts.workspace(workspace_id)
            keys = self.accounts.keys(workspace_id)
            if workspace is None:
                raise NotFound("No such workspace.")
            maker = next((one for one in keys if one.id == made_by), None)
            if maker is not None and maker.revoked_at:
                raise RevokedKey("This API key was revoked.")
            key = replace(key, budgets=_line_of(_own_budget(key.id, requested), maker))
            try:
                self.store.commit(
                    ChangeKeys(workspace_id, workspace.key_changes),
                    CreateKey(key),
                    *_room_for(key, keys, makes_room=makes_room),
                )
            except WriteRefused as refusal:
                if not isinstance(refusal.write, ChangeKeys):
                    raise
            else:
                return key, token
        raise Unavailable("The workspace's keys are being changed. Try again.")

    def _minted(self, workspace_id: str, requested: KeyRequest, made_by: str) -> tuple[ApiKey, str]:
        now = self.clock.now()
        if requested.expires_at is not None and requested.expires_at <= now:
            raise InvalidParam("expires_at must be in the future.", param="expires_at")
        token = api_keys.mint_token(requested.prefix, workspace_id, self.ids.secret())
        secret_hash = api_keys.hash_token(token)
        key = ApiKey(
            id=api_keys.key_id(secret_hash),
            owner=Owner(workspace_id, requested.livemode),
            secret_hash=secret_hash,
            prefix=api_keys.display_prefix(token),
            name=requested.name,
            scopes=api_keys.DEFAULT_SCOPES if requested.scopes is None else requested.scopes,
            created_at=now,
            expires_at=requested.expires_at,
            requests_per_minute=requested.requests_per_minute,
            made_by=made_by,
        )
        return key, token


def _own_budget(key_id: str, requested: KeyRequest | NewBudget) -> KeyBudget:
    return KeyBudget(key_id, requested.daily_credits, requested.monthly_credits)


def _line_of(own: KeyBudget, maker: ApiKey | None) -> tuple[KeyBudget, ...]:
    """What a key's spending counts against: its own budget, and all that its maker's does.

    Raises
    ------
    InvalidParam
    """
    line = (*((own,) if own.limits else ()), *(maker.budgets if maker else ()))
    if len(line) > MOST_IN_A_LINE:
        raise InvalidParam(
            f"daily_credits: at most {MOST_IN_A_LINE} keys in a line can have a budget.",
            param="daily_credits",
        )
    return line


def _lines(keys: Sequence[ApiKey], own: KeyBudget) -> Iterator[ApiKey]:
    """The keys as they become when one has another budget: it, what it made, and what that made; if they change."""
    by_id = {key.id: key for key in keys}
    line = [by_id[own.key_id], *api_keys.descendants(keys, own.key_id)]
    for key in line:  # makers come before what they made
        budget = own if key.id == own.key_id else key.budget
        changed = replace(key, budgets=_line_of(budget, by_id.get(key.made_by or "")))
        by_id[key.id] = changed
        if changed != key:
            yield changed


def _room_for(key: ApiKey, keys: Sequence[ApiKey], *, makes_room: bool) -> list[Write]:
    """What goes so that a new key has room: rows of dead keys, and the oldest of its name where it may."""
    now = key.created_at
    writes: list[Write] = [
        ForgetKey(dead.owner, dead.id) for dead in api_keys.forgettable(keys, now)[:PER_CHANGE]
    ]
    usable = api_keys.usable(keys, now)
    if len(usable) >= MAX_KEYS:
        of_its_name = [one for one in usable if one.name == key.name]
        if not (makes_room and of_its_name):
            raise FeatureQuotaExceeded(
                f"A workspace can have {MAX_KEYS} keys. Revoke one first.", feature="keys"
            )
        writes.append(RevokeKey(of_its_name[0].owner, of_its_name[0].id, now))
    return writes


@dataclass(frozen=True, slots=True)
class ManageKeys:
    """Lists and revokes a workspace's keys."""

    store: Store
    accounts: Accounts
    clock: Clock

    def all(self, owner: Owner) -> Sequence[ApiKey]:
        """Every key that a key of ``owner`` sees, revoked ones included, oldest first: a test key sees test keys."""
        keys = self.accounts.keys(owner.workspace_id)
        return [key for key in keys if owner.livemode or not key.owner.livemode]

    def page(self, owner: Owner, page: PageRequest) -> Page[ApiKey]:
        """A part of what ``all`` lists.

        Raises
        ------
        InvalidParam
            The page is to begin after a key that is not listed.
        """
        keys = list(self.all(owner))
        if page.newest_first:
            keys.reverse()
        if page.after is not None:
            places = [place for place, key in enumerate(keys) if key.id == page.after]
            if not places:
                raise unknown_cursor()
            keys = keys[places[0] + 1 :]
        return Page(tuple(keys[: page.limit]), len(keys) > page.limit)

    def set_budget_for(self, caller: Caller, key_id: str, budget: NewBudget) -> ApiKey:
        """Set the budget of a key that the caller sees. A key that was made by another sets those of what it made.

        Raises
        ------
        NotFound, InsufficientScope, InvalidParam, Unavailable
        """
        keys = self.all(caller.owner)
        if all(key.id != key_id for key in keys):
            raise NotFound("No such key.")
        if caller.key.made_by and key_id not in {key.id for key in api_keys.descendants(keys, caller.key.id)}:
            raise InsufficientScope("This API key can set the budgets of the keys it made.")
        return self._set_budget(caller.owner.workspace_id, key_id, budget)

    def _set_budget(self, workspace_id: str, key_id: str, budget: NewBudget) -> ApiKey:
        """Set a key's budget, and with it what all counts against that it made, and what that made."""
        for _ in range(TRIES):
            workspace = self.accounts.workspace(workspace_id)
            keys = self.accounts.keys(workspace_id)
            wrong = list(_lines(keys, _own_budget(key_id, budget)))
            changes = ChangeKeys(workspace_id, workspace.key_changes if workspace else 0)
            some = wrong[:PER_CHANGE]
            try:
                self.store.commit(changes, *(SetBudgets(key.owner, key.id, key.budgets) for key in some))
            except WriteRefused:
                continue
            if len(wrong) <= PER_CHANGE:
                changed = {key.id: key for key in (*keys, *wrong)}
                return changed[key_id]
        raise Unavailable("The workspace's keys are being changed. Try again.")

    def revoke_for(self, caller: Caller, key_id: str) -> None:
        """Revoke a key that the caller sees. A key that was made by another revokes itself and what it made.

        Raises
        ------
        NotFound, InsufficientScope, Unavailable
        """
        keys = self.all(caller.owner)
        if all(key.id != key_id for key in keys):
            raise NotFound("No such key.")
        own = {caller.key.id, *(key.id for key in api_keys.descendants(keys, caller.key.id))}
        if caller.key.made_by and key_id not in own:
            raise InsufficientScope("This API key can revoke itself and the keys it made.")
        self.revoke(caller.owner.workspace_id, key_id)

    def revoke(self, workspace_id: str, key_id: str) -> None:
        """Revoke a key at once, and then what it made; revoking it again changes nothing.

        Raises
        ------
        NotFound, Unavailable
        """
        now, owner = self.clock.now(), Owner(workspace_id, True)
        try:
            self.store.commit(RevokeKey(owner, key_id, now))
        except WriteRefused as refusal:
            raise NotFound("No such key.") from refusal
        for _ in range(TRIES):
            workspace = self.accounts.workspace(workspace_id)
            made = api_keys.descendants(self.accounts.keys(workspace_id), key_id)
            usable = api_keys.usable(made, now)[:PER_CHANGE]
            changes = ChangeKeys(workspace_id, workspace.key_changes if workspace else 0)
            try:
                self.store.commit(changes, *(RevokeKey(owner, key.id, now) for key in usable))
            except WriteRefused:
                continue
            if len(usable) < PER_CHANGE:
                return
        raise Unavailable("The workspace's keys are being changed. Try again.")
