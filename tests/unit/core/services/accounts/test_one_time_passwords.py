"""One-time passwords: sent to an address, good once, and never a way to learn who is known."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from darkroom.domain.accounts.one_time_passwords import (
    MAX_ATTEMPTS,
    PASSWORD_LIFE,
    SENDS_A_DAY,
    SENDS_A_MONTH,
    SENDS_PER_WINDOW,
)
from darkroom.domain.errors import InvalidParam, RateLimited, Unavailable
from darkroom.services.accounts.one_time_passwords import RedeemOneTimePassword
from tests.harness.container import Harness

ADA = "ada@example.com"


class PasswordHarness(Harness):
    """A stack that sends passwords and redeems them."""

    @property
    def redeem(self) -> RedeemOneTimePassword:
        return self.core.sign_in.redeem

    def sent(self, email: str = ADA) -> str:
        """Have a password sent and read it from the mail."""
        self.core.send_one_time_password(email)
        found = re.search(r"\b\d{6}\b", self.mailer.sent[-1].text)
        assert found
        return found[0]


@pytest.fixture
def harness() -> PasswordHarness:
    return PasswordHarness()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_a_password_proves_the_address_it_was_sent_to(harness: PasswordHarness) -> None:
    code = harness.sent(" Ada@Example.com ")
    assert harness.mailer.sent[-1].to == ADA
    assert harness.redeem("ADA@example.com", code) == ADA


def test_it_works_once(harness: PasswordHarness) -> None:
    code = harness.sent()
    harness.redeem(ADA, code)
    with pytest.raises(InvalidParam):
        harness.redeem(ADA, code)


def test_a_new_one_replaces_the_one_before(harness: PasswordHarness) -> None:
    first, second = harness.sent(), harness.sent()
    assert first != second
    with pytest.raises(InvalidParam):
        harness.redeem(ADA, first)
    assert harness.redeem(ADA, second) == ADA


def test_guesses_use_it_up(harness: PasswordHarness) -> None:
    code = harness.sent()
    for _ in range(MAX_ATTEMPTS):
        with pytest.raises(InvalidParam):
            harness.redeem(ADA, wrong(code))
    with pytest.raises(InvalidParam):
        harness.redeem(ADA, code)


def test_four_wrong_guesses_leave_one(harness: PasswordHarness) -> None:
    code = harness.sent()
    for _ in range(MAX_ATTEMPTS - 1):
        with pytest.raises(InvalidParam):
            harness.redeem(ADA, wrong(code))
    assert harness.redeem(ADA, code) == ADA


def test_it_ends_after_ten_minutes(harness: PasswordHarness) -> None:
    code = harness.sent()
    harness.clock.advance(PASSWORD_LIFE)
    with pytest.raises(InvalidParam):
        harness.redeem(ADA, code)


def test_every_refusal_reads_the_same(harness: PasswordHarness) -> None:
    code = harness.sent()
    details = []
    for email, tried in ((ADA, wrong(code)), (ADA, "12"), ("nobody@example.com", code)):
        with pytest.raises(InvalidParam) as refused:
            harness.redeem(email, tried)
        details.append((refused.value.detail, refused.value.param))
    assert len(set(details)) == 1


def test_an_address_gets_so_many_an_hour(harness: PasswordHarness) -> None:
    for _ in range(SENDS_PER_WINDOW):
        harness.sent()
        harness.clock.advance(60)
    with pytest.raises(RateLimited) as refused:
        harness.sent()
    assert len(harness.mailer.sent) == SENDS_PER_WINDOW
    assert refused.value.retry_after == 60 * (60 - SENDS_PER_WINDOW)
    harness.clock.advance(refused.value.retry_after)
    harness.sent()


def test_a_mail_that_could_not_be_sent_says_so_and_leaves_a_password_nobody_knows(
    harness: PasswordHarness,
) -> None:
    harness.mailer.down = True
    with pytest.raises(Unavailable):
        harness.sent()
    assert list(harness.memory.codes) == [ADA]


def test_what_is_no_address_is_sent_nothing(harness: PasswordHarness) -> None:
    with pytest.raises(InvalidParam) as refused:
        harness.sent("ada")
    assert refused.value.param == "email"
    assert not harness.mailer.sent
    assert harness.calls.made == []


def test_a_mailbox_is_sent_so_many_in_a_day_and_in_a_month_however_it_is_spelled(
    harness: PasswordHarness,
) -> None:
    def sends(hours: int) -> int:
        sent = 0
        for hour in range(hours):
            try:
                harness.sent(f"ada+{hour}@example.com")
            except RateLimited:
                continue
            finally:
                harness.clock.advance(timedelta(hours=1))
            sent += 1
        return sent

    harness.clock.set(datetime(2026, 11, 1, tzinfo=UTC))
    harness.clock.set(SENDS_A_MONTH.ends(harness.clock.now()))
    assert sends(24) == SENDS_A_DAY.limit
    assert sends(24 * 29) == SENDS_A_MONTH.limit - SENDS_A_DAY.limit
    assert sends(24) == SENDS_A_DAY.limit
