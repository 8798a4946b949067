"""Issuing, listing and revoking API keys."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from darkroom.domain.accounts import api_keys
from darkroom.domain.accounts.api_keys import ApiKey, Scope
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InsufficientScope, InvalidParam, NotFound
from darkroom.domain.writes import (
    CreateKey,
    RevokeKey,
    WriteRefused,
)
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
            wanted = replace(wanted, scopes=caller.key.scopes - {Scope.ADMIN} or api_keys.WORKSPACE_SCOPES)
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
        token = api_keys.mint_token(wanted.prefix, workspace_id, self.ids.secret())
        secret_hash = api_keys.hash_token(token)
        key = ApiKey(
            id=api_keys.key_id(secret_hash),
            owner=Owner(workspace_id, wanted.livemode),
            secret_hash=secret_hash,
            prefix=api_keys.display_prefix(token),
            name=wanted.name,
            scopes=api_keys.WORKSPACE_SCOPES if wanted.scopes is None else wanted.scopes,
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
