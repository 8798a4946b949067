"""Proving the ownership of a mail address by a one-time password sent to it.

Nothing here looks up whether the address has a workspace, so no response can reveal it.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from darkroom.domain.accounts.letters import SignInCode
from darkroom.domain.accounts.one_time_passwords import (
    MAX_ATTEMPTS,
    PASSWORD_LIFE,
    SENDS_A_DAY,
    SENDS_A_MONTH,
    OneTimePassword,
    canonical_mailbox,
    digest,
    is_code,
    normal_address,
    recent_sends,
    six_digits,
    wait_for_send,
)
from darkroom.domain.errors import InvalidParam, RateLimited
from darkroom.domain.master_secret import MasterSecret
from darkroom.domain.writes import CountBudget, SaveOneTimePassword, UseOneTimePassword, WriteRefused
from darkroom.ports.accounts import Accounts, Mailer
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Ids


@dataclass(frozen=True, slots=True)
class SendOneTimePassword:
    """Sends a code to an address, replacing the one sent before."""

    accounts: Accounts
    store: Store
    mailer: Mailer
    ids: Ids
    clock: Clock
    master: Callable[[], MasterSecret]

    def __call__(self, email: str) -> None:
        """Send a code.

        Of concurrent requests one sends. The code is stored before the mail is sent: a stored code that nobody
        received is harmless, a mailed code that does not work is not.

        Raises
        ------
        InvalidParam, RateLimited, Unavailable
        """
        address = checked_address(email)
        now = self.clock.now()
        earlier = self.accounts.one_time_code(address)
        sends = recent_sends(earlier, now)
        if (wait := wait_for_send(sends, now)) is not None:
            seconds = math.ceil(wait.total_seconds())
            raise _too_many(max(seconds, 1))
        code, code_id = six_digits(self.ids.secret()), self.ids.new()
        kept = digest(self.master().key, address, code_id, code)
        record = OneTimePassword(address, code_id, kept, now + PASSWORD_LIFE, (*sends, now))
        mailbox = canonical_mailbox(address)
        try:
            self.store.commit(
                SaveOneTimePassword(record, replaces=earlier.id if earlier else None),
                *(CountBudget(mailbox, budget, now) for budget in (SENDS_A_DAY, SENDS_A_MONTH)),
            )
        except WriteRefused as refusal:
            if isinstance(refusal.write, CountBudget):
                seconds = refusal.write.budget.wait(now)
                raise _too_many(seconds) from refusal
            return
        minutes = int(PASSWORD_LIFE.total_seconds() // 60)
        self.mailer.send(address, SignInCode(code, minutes))


@dataclass(frozen=True, slots=True)
class RedeemOneTimePassword:
    """Redeems codes."""

    accounts: Accounts
    store: Store
    clock: Clock
    master: Callable[[], MasterSecret]

    def __call__(self, email: str, code: str) -> str:
        """Use the code up; returns the address it proves, in its normal spelling.

        A wrong code uses up one attempt, the right one all of them: so a code works once, and guesses sent in
        parallel gain nothing over guesses sent one by one.

        Raises
        ------
        InvalidParam
            The code is wrong, too old, used, or was tried too often; the error does not say which.
        """
        address = checked_address(email)
        known = self.accounts.one_time_code(address)
        if known is None or not is_code(code) or not known.usable(self.clock.now()):
            raise _refused()
        right = known.matches(self.master(), code)
        try:
            self.store.commit(UseOneTimePassword(address, known.id, MAX_ATTEMPTS if right else 1))
        except WriteRefused as refusal:
            raise _refused() from refusal
        if not right:
            raise _refused()
        return address


def checked_address(email: str) -> str:
    """The address in its normal spelling.

    Raises
    ------
    InvalidParam
    """
    address = normal_address(email)
    if address is None:
        raise InvalidParam("email must be an email address.", param="email")
    return address


def _too_many(retry_after: int) -> RateLimited:
    return RateLimited("Too many codes were sent to this address.", retry_after=retry_after)


def _refused() -> InvalidParam:
    return InvalidParam("code: the code is wrong or has expired. Request a new one.", param="code")
