"""Issuing, listing and revoking API keys."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from darkroom.domain.accounts import api_keys
from darkroom.domain.accounts.api_keys import ApiKey, Scope
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InsufficientScope, InvalidParam, NotFound
from darkroom.domain.writes import (
    CreateKey,
    RevokeKey,
    WriteRefused,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

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


@dataclass(frozen=True, slots=True)
class IssueKey:
    """Mints keys. The secret is returned once and stored nowhere."""

    store: Store
    ids: Ids
    clock: Clock

    def for_caller(self, caller: Caller, requested: KeyRequest) -> tuple[ApiKey, str]:
        """Mint a key for a caller, with no more rights than the caller's own key has.

        Raises
        ------
        InsufficientScope, InvalidParam
        """
        for scope in requested.scopes or ():
            caller.key.require(scope)
        if requested.livemode and not caller.owner.livemode:
            raise InsufficientScope("A test key cannot make live keys.", param="livemode")
        if requested.scopes is None:
            requested = replace(
                requested, scopes=caller.key.scopes - {Scope.ADMIN} or api_keys.WORKSPACE_SCOPES
            )
        return self(caller.owner.workspace_id, requested)

    def __call__(self, workspace_id: str, requested: KeyRequest) -> tuple[ApiKey, str]:
        """Mint a key; returns its record and the full secret.

        Raises
        ------
        InvalidParam
            The expiry has passed, or the dialect has no keys of that mode.
        """
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
            scopes=api_keys.WORKSPACE_SCOPES if requested.scopes is None else requested.scopes,
            created_at=now,
            expires_at=requested.expires_at,
            requests_per_minute=requested.requests_per_minute,
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
        """Every key, revoked ones included, oldest first."""
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
