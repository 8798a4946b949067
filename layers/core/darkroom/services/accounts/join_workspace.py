"""The workspace of a verified identity, created on first use."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Workspace
from darkroom.domain.errors import Unavailable
from darkroom.domain.writes import ClaimIdentity, WriteRefused
from darkroom.ports.accounts import Accounts
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Ids
from darkroom.services.accounts.open_workspace import opening


@dataclass(frozen=True, slots=True)
class JoinWorkspace:
    """Returns the workspace for a verified identity, creating it with its first credits in one transaction.

    The caller must have verified the identity.
    """

    store: Store
    accounts: Accounts
    ids: Ids
    clock: Clock

    def __call__(
        self,
        provider: str,
        subject: str,
        *,
        name: str,
        plan: str = "trial",
        credits: int = 0,
        email: str | None = None,
    ) -> tuple[Workspace, bool]:
        """The identity's workspace, and whether this call created it.

        Of concurrent calls one creates it, and the others return the same workspace.

        Raises
        ------
        InvalidParam
            No such plan, or a negative or absurd amount of credits.
        """
        known = self.accounts.workspace_of(provider, subject)
        if known is not None:
            return self._existing(known), False
        workspace = Workspace(self.ids.new(), name, plan, self.clock.now(), email=email)
        try:
            self.store.commit(*opening(workspace, credits), ClaimIdentity(provider, subject, workspace.id))
        except WriteRefused as refusal:
            if not isinstance(refusal.write, ClaimIdentity) or not isinstance(refusal.current, str):
                raise
            return self._existing(refusal.current), False
        return workspace, True

    def _existing(self, workspace_id: str) -> Workspace:
        workspace = self.accounts.workspace(workspace_id)
        if workspace is None:
            raise Unavailable("The account cannot be read just now.")
        return workspace
