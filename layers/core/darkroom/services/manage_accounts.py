"""Workspaces, keys and grants: what an operator and a workspace's owner do by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from darkroom.domain import accounts as rules
from darkroom.domain.accounts import PLANS, ApiKey, Feature, Owner, Scope, Workspace
from darkroom.domain.errors import InsufficientScope, InvalidParam, NotFound
from darkroom.domain.ledger import grant_entry
from darkroom.domain.writes import (
    AppendEntry,
    CreateKey,
    CreateWorkspace,
    GrantCredits,
    RevokeKey,
    Write,
    WriteRefused,
)
from darkroom.ports import Accounts, Clock, Ids, Store
from darkroom.services.authenticate import Caller

TEST_CREDITS = 10_000  # test mode has a wallet of its own, so that running out can be tried too
MAX_GRANT = 1_000_000_000


def opening(workspace: Workspace, credits: int) -> tuple[Write, ...]:
    """What a new workspace is made of: itself, its first live credits, and the ones test mode starts with.

    Raises
    ------
    InvalidParam
        No such plan, or a negative or absurd amount.
    """
    if workspace.plan not in PLANS:
        raise InvalidParam(f"plan must be one of {', '.join(PLANS)}.", param="plan")
    if not 0 <= credits <= MAX_GRANT:
        raise InvalidParam(f"credits must be between 0 and {MAX_GRANT}.", param="credits")
    live, test = Owner(workspace.id, True), Owner(workspace.id, False)
    grants = [(test, TEST_CREDITS)] + ([(live, credits)] if credits else [])
    return (
        CreateWorkspace(workspace),
        *(GrantCredits(owner, amount) for owner, amount in grants),
        *(
            AppendEntry(grant_entry(owner, "opening", amount, workspace.created_at))
            for owner, amount in grants
        ),
    )


@dataclass(frozen=True, slots=True)
class OpenWorkspace:
    """Creates a workspace with its first credits."""

    store: Store
    ids: Ids
    clock: Clock

    def __call__(
        self,
        name: str,
        *,
        plan: str = "trial",
        credits: int = 0,
        allowances: Mapping[Feature, int] | None = None,
        email: str | None = None,
    ) -> Workspace:
        """Open a workspace; ``credits`` are live ones, test mode always starts with the same.

        Raises
        ------
        InvalidParam
            No such plan, or a negative or absurd amount.
        """
        allowed = {feature.value: limit for feature, limit in (allowances or {}).items()}
        workspace = Workspace(self.ids.new(), name, plan, self.clock.now(), allowed, email=email)
        self.store.commit(*opening(workspace, credits))
        return workspace


@dataclass(frozen=True, slots=True)
class GrantMore:
    """Adds credits to a workspace."""

    store: Store
    accounts: Accounts
    ids: Ids
    clock: Clock

    def __call__(
        self, workspace_id: str, credits: int, *, livemode: bool = True, note: str = "", cause: str = ""
    ) -> bool:
        """Grant ``credits``. The same ``cause`` grants once; answers whether this call did.

        Raises
        ------
        NotFound, InvalidParam
        """
        if not 1 <= credits <= MAX_GRANT:
            raise InvalidParam(f"credits must be between 1 and {MAX_GRANT}.", param="credits")
        if self.accounts.workspace(workspace_id) is None:
            raise NotFound("No such workspace.")
        owner, now = Owner(workspace_id, livemode), self.clock.now()
        entry = grant_entry(owner, cause or self.ids.new(), credits, now, note)
        try:
            self.store.commit(GrantCredits(owner, credits), AppendEntry(entry))
        except WriteRefused:
            return False
        return True


PREFIXES: Mapping[str, Mapping[bool, str]] = {
    "memes": {True: "sk_live_", False: "sk_test_"},
    "moondraft": {True: "md_"},
    "pixeldrive": {True: "pdrv_"},
    "agent": {True: "ag_live_", False: "ag_test_"},
    "gencraft": {True: "gc_"},
    "admin": {True: "dk_admin_"},
}


@dataclass(frozen=True, slots=True)
class KeyRequest:
    """A key to be minted. ``dialect`` only decides its prefix: every key works on every dialect."""

    name: str
    dialect: str = "memes"
    livemode: bool = True
    scopes: frozenset[Scope] | None = None
    expires_at: datetime | None = None
    requests_per_minute: int | None = None

    @property
    def prefix(self) -> str:
        """The prefix of the dialect's keys in the wanted mode.

        Raises
        ------
        InvalidParam
            The dialect has no test keys.
        """
        prefix = PREFIXES[self.dialect].get(self.livemode)
        if prefix is None:
            raise InvalidParam(f"{self.dialect} keys have no test mode.", param="livemode")
        return prefix


@dataclass(frozen=True, slots=True)
class IssueKey:
    """Mints keys. The secret is answered once and kept nowhere."""

    store: Store
    ids: Ids
    clock: Clock

    def for_caller(self, caller: Caller, wanted: KeyRequest) -> tuple[ApiKey, str]:
        """Mint a key on a caller's behalf: it can do no more than the caller's own.

        Raises
        ------
        InsufficientScope, InvalidParam
        """
        for scope in wanted.scopes or ():
            caller.key.require(scope)
        if wanted.livemode and not caller.owner.livemode:
            raise InsufficientScope("A test key cannot make live keys.", param="livemode")
        if wanted.scopes is None:
            wanted = replace(wanted, scopes=caller.key.scopes - {Scope.ADMIN} or rules.WORKSPACE_SCOPES)
        return self(caller.owner.workspace_id, wanted)

    def __call__(self, workspace_id: str, wanted: KeyRequest) -> tuple[ApiKey, str]:
        """Make a key; answers its record and the full secret.

        Raises
        ------
        InvalidParam
            An expiry that has passed, or a mode the dialect's keys do not have.
        """
        now = self.clock.now()
        if wanted.expires_at is not None and wanted.expires_at <= now:
            raise InvalidParam("expires_at must be in the future.", param="expires_at")
        token = rules.mint_token(wanted.prefix, workspace_id, self.ids.secret())
        secret_hash = rules.hash_token(token)
        key = ApiKey(
            id=rules.key_id(secret_hash),
            owner=Owner(workspace_id, wanted.livemode),
            secret_hash=secret_hash,
            prefix=rules.display_prefix(token),
            name=wanted.name,
            scopes=rules.WORKSPACE_SCOPES if wanted.scopes is None else wanted.scopes,
            created_at=now,
            expires_at=wanted.expires_at,
            requests_per_minute=wanted.requests_per_minute,
        )
        self.store.commit(CreateKey(key))
        return key, token


@dataclass(frozen=True, slots=True)
class ManageKeys:
    """Lists and revokes a workspace's keys."""

    store: Store
    accounts: Accounts
    clock: Clock

    def all(self, workspace_id: str) -> Sequence[ApiKey]:
        """Every key, revoked ones too, oldest first."""
        return self.accounts.keys(workspace_id)

    def revoke(self, workspace_id: str, key_id: str) -> None:
        """Revoke a key at once; revoking it again changes nothing.

        Raises
        ------
        NotFound
        """
        try:
            self.store.commit(RevokeKey(Owner(workspace_id, True), key_id, self.clock.now()))
        except WriteRefused as refusal:
            raise NotFound("No such key.") from refusal
