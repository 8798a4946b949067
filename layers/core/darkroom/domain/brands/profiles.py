"""A brand's profile from its web page by rule: what the page says, and nothing where it does not."""

from __future__ import annotations

import re
from typing import Final

from darkroom.domain.brands.web_page import WebPage
from darkroom.domain.jobs.spec import BrandProfile

MIN_WORDS: Final = 40  # of a text whose tone can be told
MAX_CONTEXT: Final = 600

_FOR: Final = re.compile(
    r"\b(?:made|built|designed|crafted|created|perfect|ideal)\s+(?:especially\s+)?for\s+([^.,;:!?\n]{3,80})",
    re.IGNORECASE,
)
_YOU: Final = re.compile(r"\b(?:you|your|yours|you're)\b", re.IGNORECASE)
_SHORTENED: Final = re.compile(r"\b\w+['\u2019](?:s|re|ll|ve|t|d|m)\b", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"[.!?]+(?:\s|$)|\n")


def profile_of(page: WebPage) -> BrandProfile:
    """The profile that the page's own words make; a member is ``None`` where it has none for it."""
    return BrandProfile(
        company_name=next(iter(page.names), None),
        industry=page.trade or None,
        tone_of_voice=_tone(page.text),
        brand_colors=page.colors,
        target_audience=page.audience or _audience(page),
        website_url=page.url or None,
        website_context=_context(page),
    )


def _context(page: WebPage) -> str | None:
    """The page's description, or the first of its paragraphs that is one."""
    paragraphs = (line for line in page.text.split("\n") if len(line) > 60)
    return (page.description or next(paragraphs, ""))[:MAX_CONTEXT] or None


def _audience(page: WebPage) -> str | None:
    match = _FOR.search(f"{page.description}\n{page.text}")
    return match[1].strip() if match else None


def _tone(text: str) -> str | None:
    """How a text speaks, as far as its punctuation and its address of the reader show."""
    words, sentences = len(text.split()), len(_SENTENCE.findall(text)) or 1
    if words < MIN_WORDS:
        return None
    shortened = len(_SHORTENED.findall(text)) / words
    marks = [
        ("energetic", text.count("!") / sentences > 0.1),
        ("conversational", shortened > 0.015),
        ("direct", len(_YOU.findall(text)) / words > 0.02),
        ("concise", words / sentences < 9),
        ("formal", shortened == 0 and "!" not in text and words / sentences > 18),
    ]
    return ", ".join(name for name, is_so in marks if is_so) or None
