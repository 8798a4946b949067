"""One-time passwords: whose they are, how long they last, how often one may be sent."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from darkroom.domain.accounts.one_time_passwords import (
    MAX_ATTEMPTS,
    PASSWORD_LIFE,
    SEND_WINDOW,
    SENDS_PER_WINDOW,
    OneTimePassword,
    canonical_mailbox,
    digest,
    is_code,
    normal_address,
    recent_sends,
    six_digits,
    wait_for_send,
)
from darkroom.domain.master_secret import MasterSecret
from tests.fakes.system import START

MASTER = b"master"
ADA = "ada@example.com"
SECOND = timedelta(seconds=1)


def sent() -> OneTimePassword:
    kept = digest(MASTER, ADA, "p-1", "123456")
    return OneTimePassword(ADA, "p-1", kept, START + PASSWORD_LIFE, (START,))


def test_a_password_opens_its_own_address_only() -> None:
    password = sent()
    assert password.matches(MasterSecret.only(MASTER), "123456")
    assert not password.matches(MasterSecret.only(MASTER), "123457")
    assert not password.matches(MasterSecret.only(b"another stack"), "123456")
    assert not replace(password, address="bob@example.com").matches(MasterSecret.only(MASTER), "123456")
    assert not replace(password, id="p-2").matches(MasterSecret.only(MASTER), "123456")


def test_what_is_kept_does_not_show_the_password() -> None:
    assert "123456" not in repr(sent())


def test_a_password_lasts_ten_minutes_and_five_tries() -> None:
    password = sent()
    assert password.usable(START + PASSWORD_LIFE - SECOND)
    assert not password.usable(START + PASSWORD_LIFE)
    assert replace(password, attempts=MAX_ATTEMPTS - 1).usable(START)
    assert not replace(password, attempts=MAX_ATTEMPTS).usable(START)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        (" Ada@Example.COM ", ADA),
        ("a.b+tag@sub.example.co.uk", "a.b+tag@sub.example.co.uk"),
        ("ada", None),
        ("ada@localhost", None),
        ("@example.com", None),
        ("ada..b@example.com", None),
        ("ada@-example.com", None),
        ("ada@example.com\nBcc: all@example.com", None),
        (f"{'a' * 65}@example.com", None),
        (f"ada@{'.'.join(['b' * 60] * 4)}.example.com", None),
        ("ádá@example.com", None),
    ],
)
def test_an_address_has_one_spelling(text: str, address: str | None) -> None:
    assert normal_address(text) == address


@pytest.mark.parametrize(("number", "digits"), [(0, "000000"), (42, "000042"), (1_000_007, "000007")])
def test_a_password_has_six_digits_whatever_the_random_bytes(number: int, digits: str) -> None:
    assert six_digits(number.to_bytes(32)) == digits
    assert is_code(digits)


@pytest.mark.parametrize(
    "text", ["", "12345", "1234567", "12345a", "\uff11\uff12\uff13\uff14\uff15\uff16", "12 456"]
)
def test_nothing_else_is_spelled_like_one(text: str) -> None:
    assert not is_code(text)


def test_the_sends_of_the_last_hour_count() -> None:
    earlier = replace(sent(), sends=(START - SEND_WINDOW, START - SEND_WINDOW + SECOND, START))
    assert recent_sends(earlier, START) == (START - SEND_WINDOW + SECOND, START)
    assert recent_sends(None, START) == ()


def test_after_five_sends_the_oldest_has_to_leave_the_hour_first() -> None:
    sends = tuple(START + number * SECOND for number in range(SENDS_PER_WINDOW))
    assert wait_for_send(sends[1:], START) is None
    assert wait_for_send(sends, START + timedelta(minutes=1)) == SEND_WINDOW - timedelta(minutes=1)
    late = (START - timedelta(minutes=30), *sends)
    assert wait_for_send(late, START) == SEND_WINDOW


@pytest.mark.parametrize(
    ("written", "mailbox"),
    [
        ("Ada@Example.com", "ada@example.com"),
        ("ada+1@example.com", "ada@example.com"),
        ("a.da@example.com", "a.da@example.com"),
        ("a.d.a+x+y@googlemail.com", "ada@gmail.com"),
        ("ada-shop@yahoo.com", "ada@yahoo.com"),
        ("ada-shop@example.com", "ada-shop@example.com"),
        ("ada@pm.me", "ada@proton.me"),
        ("+ada@example.com", "+ada@example.com"),
        ("ada@bücher.example", "ada@xn--bcher-kva.example"),
        ("ada@BÜCHER.example", "ada@xn--bcher-kva.example"),
    ],
)
def test_an_address_leads_to_a_mailbox(written: str, mailbox: str) -> None:
    address = normal_address(written)
    assert address is not None
    assert canonical_mailbox(address) == mailbox


@pytest.mark.parametrize("wrong", ["ada@" + "ü" * 300 + ".example", "ada@\u200d.example", "ada@.bücher"])
def test_a_domain_that_cannot_be_spelled_is_none(wrong: str) -> None:
    assert normal_address(wrong) is None
