"""Divides a poster's words into a headline and what follows it."""

from __future__ import annotations

import re
from typing import Final

SHORT: Final = 64  # characters that are all headline
_MOST: Final = 80
_LEAST: Final = 8
MOST_BODY: Final = 420
MOST_READ: Final = 4_000  # characters

_SPACES: Final = re.compile(r"[^\S\n]+|(?<=\n)\s+")
_SENTENCE: Final = re.compile(r"(?<=[.!?\u2026\u0964])\s+|(?<=[\u3002\uff01\uff1f])|\n+")
_CLAUSE: Final = re.compile(r"(?<=[:;,\u060c\u061b])\s+|(?<=[\u3001\uff0c])|\s+[-\u2013\u2014|]\s+")
_JOINT: Final = re.compile(
    r"\s+(?=(?:with|in|on|at|under|over|by|while|and|for|from|that|where|when|against|beside|near|through)\s)",
    re.IGNORECASE,
)

# An article or a preposition stays with the word after it, unless that is a long one or as short itself.
_SHORT_WORD: Final = re.compile(r"(?<![^\W])(\w{1,2}) (?=\w{3,10}(?!\w))")


def divided(text: str) -> tuple[str, str]:
    """The headline, and the rest of the words; the rest is empty for a short text."""
    headline, body = _divided(text)
    return _SHORT_WORD.sub("\\1\u00a0", headline), body


def _divided(text: str) -> tuple[str, str]:
    words = _SPACES.sub(" ", text[:MOST_READ]).strip()
    flat = " ".join(words.split())
    if len(flat) <= SHORT and "\n" not in words:
        return flat, ""
    for cut in (_SENTENCE, _CLAUSE, _JOINT):
        at = _place(words, cut)
        if at is not None:
            return _tidy(words[: at[0]]), _tidy(words[at[1] :])
    if len(flat) <= SHORT:
        return flat, ""
    head = flat[: SHORT + 1].rsplit(" ", 1)[0] if " " in flat[:SHORT] else flat
    return (head, flat[len(head) :].strip()) if len(head) < len(flat) else (flat, "")


def shortened(body: str) -> str:
    """As much of a long text as a poster has room for, in whole words."""
    if len(body) <= MOST_BODY:
        return body
    return body[:MOST_BODY].rsplit(" ", 1)[0].rstrip(" .,;:") + "…"


def _place(words: str, cut: re.Pattern[str]) -> tuple[int, int] | None:
    """Where the first cut is that leaves a headline of a good length."""
    found = (match.span() for match in cut.finditer(words))
    return next((span for span in found if _LEAST <= span[0] <= _MOST and words[span[1] :].strip()), None)


def _tidy(text: str) -> str:
    return " ".join(text.split()).rstrip(",;:\u060c\u061b\u3001\uff0c").strip()
