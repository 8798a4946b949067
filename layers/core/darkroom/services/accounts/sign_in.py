"""Signing in with a code from one's mail: the first time opens a workspace, every time makes a key."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.billing.ledger import Wallet
from darkroom.ports.accounts import Accounts
from darkroom.services.accounts.api_keys import IssueKey, KeyRequest
from darkroom.services.accounts.join_workspace import JoinWorkspace
from darkroom.services.accounts.one_time_passwords import RedeemOneTimePassword

EMAIL = "email"


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A fresh key, the live wallet behind it, and whether there was no workspace before."""

    secret: str
    wallet: Wallet
    created: bool


@dataclass(frozen=True, slots=True)
class SignIn:
    """Turns an address and its code into a key. ``credits`` are a new workspace's first, ``plan`` its plan.

    The code is used up first and alone: should the rest fail, a new code makes up for it, while a code that
    could be used again could not be made good.
    """

    redeem: RedeemOneTimePassword
    join: JoinWorkspace
    issue_key: IssueKey
    accounts: Accounts
    dialect: str
    plan: str
    credits: int

    def __call__(self, email: str, code: str) -> SignedIn:
        """Sign in.

        Raises
        ------
        InvalidParam
        """
        address = self.redeem(email, code)
        workspace, created = self.join(
            EMAIL, address, name=address, plan=self.plan, credits=self.credits, email=address
        )
        _, secret = self.issue_key(workspace.id, KeyRequest(name="sign-in", dialect=self.dialect))
        return SignedIn(secret, self.accounts.wallet(Owner(workspace.id, True)), created)
