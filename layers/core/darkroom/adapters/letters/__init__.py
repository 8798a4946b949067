"""Letters in words: a subject, plain text, and HTML without pictures, scripts or anything that calls home.

A letter is worded by the two templates that are called after its class. In HTML every value is escaped; what stands
in a subject or in plain text has no line breaks or other control characters, whoever named it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, fields
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from darkroom.domain.accounts.letters import Letter

_MAX_NAME: Final = 200
_CURRENCIES: Final = {"usd": "USD", "eur": "EUR", "gbp": "GBP"}
_REASONS: Final = {
    "no_payment_method": "there is no payment method to charge",
    "monthly_limit": "your limit for this month is reached",
    "authentication_required": "your bank asks you to confirm the payment",
    "expired_card": "the card has expired",
    "payment_failed": "the payment did not arrive",
    "gone": "its server answered that it is gone",
    "failing": "nothing could be delivered to it for five days",
}
_OTHERWISE: Final = "the payment was declined"


@dataclass(frozen=True, slots=True)
class WordedLetter:
    """A letter as it is sent."""

    subject: str
    text: str
    html: str


def worded(letter: Letter) -> WordedLetter:
    """A letter in words."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(letter).__name__).lower()
    values = {one.name: _plain(getattr(letter, one.name)) for one in fields(letter)}
    first, _, text = _environment().get_template(f"{name}.txt").render(values).partition("\n")
    subject = first.removeprefix("Subject: ")
    html = _environment().get_template(f"{name}.html").render(values, subject=subject)
    return WordedLetter(subject, text.strip() + "\n", html)


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"money": _money, "moment": _moment, "why": _why, "number": _number}
    return environment


def _plain(value: Any) -> Any:
    """A text on one line, of a length that can be read."""
    if not isinstance(value, str):
        return value
    visible = "".join(" " if unicodedata.category(one)[0] == "C" else one for one in value)
    line = " ".join(visible.split())
    return line if len(line) <= _MAX_NAME else f"{line[:_MAX_NAME]}…"


def _money(cents: int, currency: str) -> str:
    return f"{cents / 100:,.2f} {_CURRENCIES.get(currency, currency.upper())}"


def _moment(moment: datetime) -> str:
    return f"{moment:%d %B %Y, %H:%M} UTC"


def _number(value: float) -> str:
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,}"


def _why(reason: str) -> str:
    return _REASONS.get(reason, _OTHERWISE)
