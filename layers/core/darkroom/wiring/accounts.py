"""Workspaces, keys and sign-in."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from darkroom.wiring.ports import Ports

if TYPE_CHECKING:
    from darkroom.services.accounts.api_keys import IssueKey, ManageKeys
    from darkroom.services.accounts.authenticate import Authenticate
    from darkroom.services.accounts.exchange_identity import ExchangeIdentity
    from darkroom.services.accounts.join_workspace import JoinWorkspace
    from darkroom.services.accounts.one_time_passwords import SendOneTimePassword
    from darkroom.services.accounts.open_workspace import OpenWorkspace
    from darkroom.services.accounts.sign_in import SignIn
    from darkroom.services.accounts.write_to_owner import WriteToOwner
    from darkroom.services.keep_response import KeepResponse


class AccountServices(Ports):
    """Workspaces, keys and sign-in."""

    @cached_property
    def authenticate(self) -> Authenticate:
        from darkroom.services.accounts.authenticate import Authenticate

        return Authenticate(self.accounts, self.store, self.clock)

    @cached_property
    def keep_response(self) -> KeepResponse:
        from darkroom.services.keep_response import KeepResponse

        return KeepResponse(self.store, self.clock)

    @cached_property
    def open_workspace(self) -> OpenWorkspace:
        from darkroom.services.accounts.open_workspace import OpenWorkspace

        return OpenWorkspace(self.store, self.ids, self.clock)

    @cached_property
    def join_workspace(self) -> JoinWorkspace:
        from darkroom.services.accounts.join_workspace import JoinWorkspace

        return JoinWorkspace(self.store, self.accounts, self.ids, self.clock)

    @cached_property
    def issue_key(self) -> IssueKey:
        from darkroom.services.accounts.api_keys import IssueKey

        return IssueKey(self.store, self.accounts, self.ids, self.clock)

    @cached_property
    def manage_keys(self) -> ManageKeys:
        from darkroom.services.accounts.api_keys import ManageKeys

        return ManageKeys(self.store, self.accounts, self.clock)

    @cached_property
    def exchange_identity(self) -> ExchangeIdentity:
        from darkroom.catalog_data import agent
        from darkroom.services.accounts.exchange_identity import ExchangeIdentity

        return ExchangeIdentity(self.moltbook, self.join_workspace, self.issue_key, self.clock, agent.DIALECT)

    @cached_property
    def send_one_time_password(self) -> SendOneTimePassword:
        from darkroom.services.accounts.one_time_passwords import SendOneTimePassword

        return SendOneTimePassword(
            self.accounts, self.store, self.mailer, self.ids, self.clock, self.master_secret
        )

    @cached_property
    def write_to_owner(self) -> WriteToOwner:
        from darkroom.services.accounts.write_to_owner import WriteToOwner

        return WriteToOwner(self.accounts, self.mailer)

    @cached_property
    def sign_in(self) -> SignIn:
        from darkroom.catalog_data import moondraft
        from darkroom.domain.accounts.budgets import Budget
        from darkroom.services.accounts.one_time_passwords import RedeemOneTimePassword
        from darkroom.services.accounts.sign_in import SignIn

        redeem = RedeemOneTimePassword(self.accounts, self.store, self.clock, self.master_secret)
        return SignIn(
            redeem,
            self.join_workspace,
            self.issue_key,
            self.accounts,
            moondraft.DIALECT,
            moondraft.PLAN,
            int(self.settings.sign_up_credits),
            self.clock,
            Budget("sign-up-credits", moondraft.SIGN_UPS_PER_NETWORK),
            Budget("sign-up-credits", int(self.settings.sign_ups_per_day)),
        )
