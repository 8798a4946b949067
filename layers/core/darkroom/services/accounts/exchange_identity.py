"""Exchanging proof of an identity for an access token that works for a quarter of an hour."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from darkroom.domain.accounts.workspaces import Workspace
from darkroom.ports.accounts import IdentityProvider
from darkroom.ports.system import Clock
from darkroom.services.accounts.api_keys import IssueKey, KeyRequest
from darkroom.services.accounts.join_workspace import JoinWorkspace

LIFETIME = timedelta(minutes=15)
PLAN = "metered"  # an agent is limited by its credits and nothing else


@dataclass(frozen=True, slots=True)
class Granted:
    """A new access token and its workspace."""

    token: str
    expires_at: datetime
    workspace: Workspace


@dataclass(frozen=True, slots=True)
class ExchangeIdentity:
    """Issues an access token to the workspace of a verified identity, creating the workspace on first use."""

    provider: IdentityProvider
    join: JoinWorkspace
    issue_key: IssueKey
    clock: Clock
    dialect: str

    def __call__(self, proof: str) -> Granted:
        """Verify ``proof`` with its issuer and mint an access token.

        The provider's id of the sender names the workspace. Names and profiles are untrusted text and are not
        stored.

        Raises
        ------
        InvalidKey, ExpiredKey, RevokedKey, Unavailable
        """
        subject = self.provider.verify(proof)
        called = f"{self.provider.name} {subject}"
        workspace, _ = self.join(self.provider.name, subject, name=called, plan=PLAN)
        expires_at = self.clock.now() + LIFETIME
        request = KeyRequest(f"{self.provider.name} access", self.dialect, expires_at=expires_at)
        _, token = self.issue_key(workspace.id, request, makes_room=True)
        return Granted(token, expires_at, workspace)
