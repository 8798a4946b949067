"""Creating workspaces."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import PLANS, Feature, Owner, Workspace
from darkroom.domain.billing.ledger import grant_entry
from darkroom.domain.errors import InvalidParam
from darkroom.domain.writes import (
    AppendEntry,
    CreateWorkspace,
    GrantCredits,
    Write,
)
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Ids
from darkroom.services.billing.grant_credits import MAX_GRANT

TEST_CREDITS = 10_000  # test mode has a wallet of its own, so that running out can be tried too


def opening(workspace: Workspace, credits: int) -> tuple[Write, ...]:
    """The writes that create a workspace with its first live credits and those that test mode starts with.

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
        """Create a workspace. ``credits`` are live ones; test mode always starts with the same amount.

        Raises
        ------
        InvalidParam
            No such plan, or a negative or absurd amount.
        """
        allowed = {feature.value: limit for feature, limit in (allowances or {}).items()}
        workspace = Workspace(self.ids.new(), name, plan, self.clock.now(), allowed, email=email)
        self.store.commit(*opening(workspace, credits))
        return workspace
