"""Letters as they are sent: readable, on one line where they must be, and harmless whoever named what is in them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest

from darkroom.adapters.letters import worded
from darkroom.domain.accounts.letters import CreditsLow, EndpointDisabled, Letter, ReloadFailed, SignInCode

LATER = datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
LETTERS: tuple[Letter, ...] = (
    SignInCode("012345", 10),
    CreditsLow("Dawn Roasters", 49, 50),
    CreditsLow("Dawn Roasters", -1_250, 12.5),
    ReloadFailed("Dawn Roasters", 1_000, 6_900, "usd", "card_declined", LATER),
    ReloadFailed("Dawn Roasters", 1_000, 6_900, "usd", "no_payment_method", None),
    EndpointDisabled("Dawn Roasters", "https://subscriber.example/hook?a=1&b=2", "failing"),
)
HOSTILE = (
    "<script>alert(1)</script>\"'&\r\nBcc: everyone@example.com\x00\u202e{{ 7 * 7 }}{% raw %}" + "x" * 999
)


class Tags(HTMLParser):
    """The tags and the text of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: set[str] = set()
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes |= {name for name, _ in attrs}

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: type(letter).__name__)
def test_a_letter_says_the_same_in_both(letter: Letter) -> None:
    mail = worded(letter)
    shown = Tags(mail.html).text
    assert mail.subject in shown
    for word in re.findall(r"[\w.,:/?&=-]{4,}", mail.text):
        assert word in shown or isinstance(letter, SignInCode), word
    assert max(map(len, mail.text.split())) < 200
    assert "\n\n\n" not in mail.text
    assert "None" not in mail.text + shown


@pytest.mark.parametrize("letter", LETTERS, ids=lambda letter: type(letter).__name__)
def test_nothing_in_it_calls_home(letter: Letter) -> None:
    page = Tags(worded(letter).html)
    assert set(page.tags) <= {
        *("html", "head", "meta", "title", "body", "div", "h1", "p", "strong", "code"),
    }
    assert page.attributes <= {"lang", "charset", "name", "content", "style"}
    assert "url(" not in worded(letter).html


@pytest.mark.parametrize(
    "letter",
    [
        CreditsLow(HOSTILE, 1, 2),
        ReloadFailed(HOSTILE, 1, 2, "usd", HOSTILE, None),
        EndpointDisabled(HOSTILE, f"https://x.example/{HOSTILE}", HOSTILE),
    ],
    ids=lambda letter: type(letter).__name__,
)
def test_a_hostile_name_is_only_a_name(letter: Letter) -> None:
    mail = worded(letter)
    assert "script" not in Tags(mail.html).tags
    assert "&lt;script&gt;" in mail.html
    assert not re.search(r"[\x00-\x1f\u202e]", mail.subject)
    assert not re.search(r"^Bcc:", mail.text, re.MULTILINE)
    assert "{{ 7 * 7 }}" in mail.text
    assert len(mail.subject) < 300


def test_words_for_what_happened() -> None:
    code, _, owed, declined, gone, failing = (worded(letter) for letter in LETTERS)
    assert (code.subject, "012345" in code.text) == ("Your sign-in code", True)
    assert "-1,250 credits, below its threshold of 12.5" in owed.text
    assert "1,000 credits for 69.00 USD could not be bought" in declined.text
    assert "tried again on 01 December 2026, 09:30 UTC" in declined.text
    assert "there is no payment method to charge" in gone.text
    assert "switched off now" in gone.text
    assert "five days" in failing.text
