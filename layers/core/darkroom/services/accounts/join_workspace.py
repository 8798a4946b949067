"""The workspace of a verified identity, created on first use."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass

from darkroom.domain.accounts.one_time_passwords import canonical_mailbox
from darkroom.domain.accounts.workspaces import Workspace
from darkroom.domain.errors import Unavailable
from darkroom.domain.writes import ClaimIdentity, CountBudget, Write, WriteRefused
from darkroom.ports.accounts import Accounts
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Ids
from darkroom.services.accounts.open_workspace import opening

logger = logging.getLogger(__name__)

MAILBOX = "mailbox"  # the identity that a mailbox's first credits are noted under


@dataclass(frozen=True, slots=True)
class JoinWorkspace:
    """Returns the workspace for a verified identity, creating it with its first credits in one transaction.

    The caller must have verified the identity. First credits come once for a mailbox, however its address is spelled,
    and only so often for a network and the stack in a day: a workspace beyond that begins without.
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
        within: Sequence[CountBudget] = (),
    ) -> tuple[Workspace, bool]:
        """The identity's workspace, and whether this call created it. ``within`` are the budgets of its credits.

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
        claim = ClaimIdentity(provider, subject, workspace.id)
        limits: list[Write] = list(within) if credits else []
        if credits and email is not None:
            limits.append(ClaimIdentity(MAILBOX, canonical_mailbox(email), workspace.id))
        try:
            try:
                self.store.commit(*opening(workspace, credits), claim, *limits)
            except WriteRefused as refusal:
                if refusal.write not in limits:
                    raise
                logger.info(
                    "workspace %s begins without credits: %s", workspace.id, type(refusal.write).__name__
                )
                self.store.commit(*opening(workspace, 0), claim)
        except WriteRefused as refusal:
            if refusal.write != claim or not isinstance(refusal.current, str):
                raise
            return self._existing(refusal.current), False
        return workspace, True

    def _existing(self, workspace_id: str) -> Workspace:
        workspace = self.accounts.workspace(workspace_id)
        if workspace is None:
            raise Unavailable("The account cannot be read just now.")
        return workspace
