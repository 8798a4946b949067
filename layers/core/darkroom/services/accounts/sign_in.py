"""Signing in with a mailed code: the first sign-in creates a workspace, each one mints a key."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.api_keys import DEFAULT_SCOPES, Scope
from darkroom.domain.accounts.budgets import EVERYBODY, Budget
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import Wallet
from darkroom.domain.writes import CountBudget
from darkroom.ports.accounts import Accounts
from darkroom.ports.system import Clock
from darkroom.services.accounts.api_keys import IssueKey, KeyRequest
from darkroom.services.accounts.join_workspace import JoinWorkspace
from darkroom.services.accounts.one_time_passwords import RedeemOneTimePassword

EMAIL = "email"
SCOPES = DEFAULT_SCOPES | {Scope.BILLING}  # the dialect's contract lets the key of a sign-up buy


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A new key, its live wallet, and whether the sign-in created the workspace."""

    secret: str
    wallet: Wallet
    created: bool


@dataclass(frozen=True, slots=True)
class SignIn:
    """Exchanges an address and its code for a key. ``credits`` and ``plan`` are a new workspace's.

    The code is used up first, in a commit of its own: if the rest fails the client asks for a new code, whereas
    a code that could be used twice would be a security hole.
    """

    redeem: RedeemOneTimePassword
    join: JoinWorkspace
    issue_key: IssueKey
    accounts: Accounts
    dialect: str
    plan: str
    credits: int
    clock: Clock
    per_network: Budget
    per_stack: Budget

    def __call__(self, email: str, code: str, network: str) -> SignedIn:
        """Sign in from a network, whose sign-ups get so many first credits in a day.

        Raises
        ------
        InvalidParam
        """
        address, now = self.redeem(email, code), self.clock.now()
        workspace, created = self.join(
            EMAIL,
            address,
            name=address,
            plan=self.plan,
            credits=self.credits,
            email=address,
            within=(
                CountBudget(network, self.per_network, now),
                CountBudget(EVERYBODY, self.per_stack, now),
            ),
        )
        request = KeyRequest(name="sign-in", dialect=self.dialect, scopes=SCOPES)
        _, secret = self.issue_key(workspace.id, request, makes_room=True)
        return SignedIn(secret, self.accounts.wallet(Owner(workspace.id, True)), created)
