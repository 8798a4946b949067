"""The order of text that runs both ways: Unicode Standard Annex #9, the bidirectional algorithm.

The rules' names (P2, X1 ... I2, L2) are the annex's. Lines are cut out of the result later, without the spaces they
end in, so that rule L1 has nothing left to do.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

MAX_DEPTH: Final = 125

_ANY_RTL: Final = re.compile(
    "[\u0590-\u08ff\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
_ISOLATES: Final = frozenset({"LRI", "RLI", "FSI"})
_EMBEDDINGS: Final = frozenset({"LRE", "RLE", "LRO", "RLO"})
_REMOVED: Final = _EMBEDDINGS | {"PDF", "BN"}
_NEUTRAL: Final = frozenset({"B", "S", "WS", "ON", "LRI", "RLI", "FSI", "PDI"})

# First and last code points of rows in which opening and closing brackets take turns.
_BRACKET_ROWS: Final = (
    (0x0028, 0x0029), (0x0F3A, 0x0F3D), (0x169B, 0x169C), (0x2045, 0x2046), (0x207D, 0x207E), (0x208D, 0x208E),
    (0x2308, 0x230B), (0x2768, 0x2775), (0x27C5, 0x27C6), (0x27E6, 0x27EF), (0x2983, 0x298C), (0x2991, 0x2998),
    (0x29D8, 0x29DB), (0x29FC, 0x29FD), (0x2E22, 0x2E29), (0x2E55, 0x2E5C), (0x3008, 0x3011), (0x3014, 0x301B),
    (0xFE59, 0xFE5E), (0xFF08, 0xFF09), (0xFF5F, 0xFF60), (0xFF62, 0xFF63),
)  # fmt: skip
_LONE_PAIRS: Final = ("[]", "{}", "\uff3b\uff3d", "\uff5b\uff5d", "\u298d\u2990", "\u298f\u298e")
_OPENING: Final = {pair[0]: pair[1] for pair in _LONE_PAIRS} | {
    chr(code): chr(code + 1) for first, last in _BRACKET_ROWS for code in range(first, last, 2)
}
_CLOSING: Final = frozenset(_OPENING.values())
_MOST_OPEN: Final = 63


def runs_both_ways(text: str) -> bool:
    """Whether a text has anything that could run from right to left."""
    return _ANY_RTL.search(text) is not None


def first_strong(text: str) -> int | None:
    """The level of a text's first letter with a direction, isolated text apart (P2, P3); ``None`` without one."""
    depth = 0
    for each in map(unicodedata.bidirectional, text):
        if each in _ISOLATES:
            depth += 1
        elif each == "PDI":
            depth = max(0, depth - 1)
        elif not depth and each in {"L", "R", "AL"}:
            return int(each != "L")
    return None


def levels(text: str, base: int) -> list[int]:
    """The embedding level of every character of a paragraph: odd ones run from right to left."""
    # A code point without a class is one Unicode has not assigned; those get the class of most.
    kinds = [unicodedata.bidirectional(each) or "L" for each in text]
    explicit = _Explicit(text, kinds, base)
    result, classes = explicit.levels, explicit.classes
    shown = [at for at, kind in enumerate(kinds) if kind not in _REMOVED]
    for sequence in _sequences(shown, kinds, result, base):
        _weak(sequence, classes)
        _brackets(sequence, text, kinds, classes)
        _neutral(sequence, classes)
        _implicit(sequence, classes, result)
    level = base
    for at, kind in enumerate(kinds):
        if kind in _REMOVED:
            result[at] = level
        level = result[at]
    return result


def visual_order(run_levels: Sequence[int]) -> list[int]:
    """The indexes of a line's runs from left to right (L2)."""
    order = list(range(len(run_levels)))
    for level in range(max(run_levels, default=0), 0, -1):
        at = 0
        while at < len(order):
            end = at
            while end < len(order) and run_levels[order[end]] >= level:
                end += 1
            order[at:end] = order[at:end][::-1]
            at = end + 1
    return order


# ------------------------------------------------------------------------------------------- explicit levels


@dataclass(frozen=True, slots=True)
class _Status:
    """An entry of the directional status stack."""

    level: int
    override: str | None
    isolate: bool


class _Explicit:
    """X1 to X8: walks the characters once; ``levels`` and ``classes`` are what comes out."""

    def __init__(self, text: str, kinds: list[str], base: int) -> None:
        self._text = text
        self._kinds = kinds
        self.levels = [base] * len(kinds)
        self.classes = list(kinds)
        self._stack = [_Status(base, None, isolate=False)]
        self._isolates = 0  # on the stack
        self._lost_isolates = 0  # nested too deeply to be
        self._lost_embeddings = 0
        for at, kind in enumerate(kinds):
            self._walk(at, kind)

    def _walk(self, at: int, kind: str) -> None:
        if kind in _ISOLATES:
            self._set(at)
            self._isolate(at)
        elif kind in _EMBEDDINGS:
            self._embed(kind)
        elif kind == "PDI":
            self._end_isolate()
            self._set(at)
        elif kind == "PDF":
            self._end_embedding()
        elif kind != "BN":
            self._set(at)

    def _set(self, at: int) -> None:
        top = self._stack[-1]
        self.levels[at] = top.level
        self.classes[at] = top.override or self._kinds[at]

    def _isolate(self, at: int) -> None:
        if not self._lost():
            level = _above(self._stack[-1].level, rtl=_runs_left(self._text, self._kinds, at))
            if level <= MAX_DEPTH:
                self._isolates += 1
                self._stack.append(_Status(level, None, isolate=True))
                return
        self._lost_isolates += 1

    def _embed(self, kind: str) -> None:
        level = _above(self._stack[-1].level, rtl=kind[0] == "R")
        if level <= MAX_DEPTH and not self._lost():
            self._stack.append(_Status(level, kind[0] if kind[2] == "O" else None, isolate=False))
        elif not self._lost_isolates:
            self._lost_embeddings += 1

    def _end_isolate(self) -> None:
        if self._lost_isolates:
            self._lost_isolates -= 1
        elif self._isolates:
            self._lost_embeddings = 0
            while not self._stack.pop().isolate:
                pass
            self._isolates -= 1

    def _end_embedding(self) -> None:
        if self._lost_isolates:
            return
        if self._lost_embeddings:
            self._lost_embeddings -= 1
        elif not self._stack[-1].isolate and len(self._stack) > 1:
            self._stack.pop()

    def _lost(self) -> bool:
        return bool(self._lost_isolates or self._lost_embeddings)


def _above(level: int, *, rtl: bool) -> int:
    """The next level over ``level`` that runs in a direction."""
    return (level + 1) | 1 if rtl else (level + 2) & ~1


def _runs_left(text: str, kinds: list[str], at: int) -> bool:
    """Whether the isolate begun at ``at`` runs from right to left."""
    if kinds[at] != "FSI":
        return kinds[at] == "RLI"
    depth, end = 1, at
    while depth and (end := end + 1) < len(kinds):
        depth += (kinds[end] in _ISOLATES) - (kinds[end] == "PDI")
    return first_strong(text[at + 1 : end]) == 1


# ------------------------------------------------------------------------------------------- sequences


@dataclass(frozen=True, slots=True)
class _Sequence:
    """An isolating run sequence (X10): characters resolved together, and the directions at its ends."""

    at: list[int]
    level: int
    before: str
    after: str


def _sequences(shown: list[int], kinds: list[str], result: list[int], base: int) -> list[_Sequence]:
    closed = _closed(kinds)
    finished: list[tuple[list[int], int]] = []
    waiting: list[list[int]] = []  # sequences that end in an isolate and go on after it
    index_after: dict[int, int] = {}
    at = 0
    while at < len(shown):
        end = at
        while end < len(shown) and result[shown[end]] == result[shown[at]]:
            end += 1
        run = shown[at:end]
        if kinds[run[0]] == "PDI" and waiting and result[waiting[-1][-1]] == result[run[0]]:
            sequence = waiting.pop()
            sequence.extend(run)
        else:
            sequence = run
            finished.append((sequence, result[shown[at - 1]] if at else base))
        index_after[run[-1]] = end
        if run[-1] in closed and end < len(shown):
            waiting.append(sequence)
        at = end
    made = []
    for sequence, previous in finished:
        level, last = result[sequence[0]], sequence[-1]
        after = index_after[last]
        following = result[shown[after]] if after < len(shown) and kinds[last] not in _ISOLATES else base
        made.append(
            _Sequence(sequence, level, _direction(max(level, previous)), _direction(max(level, following)))
        )
    return made


def _closed(kinds: list[str]) -> set[int]:
    """Where isolates begin that also end (BD9)."""
    waiting: list[int] = []
    closed = set()
    for at, kind in enumerate(kinds):
        if kind in _ISOLATES:
            waiting.append(at)
        elif kind == "PDI" and waiting:
            closed.add(waiting.pop())
    return closed


def _direction(level: int) -> str:
    return "R" if level % 2 else "L"


# ------------------------------------------------------------------------------------------- weak classes


def _weak(sequence: _Sequence, classes: list[str]) -> None:
    """W1 to W7."""
    previous = strong = sequence.before
    for at in sequence.at:
        kind = classes[at]
        if kind == "NSM":
            kind = "ON" if previous in _ISOLATES or previous == "PDI" else previous
        previous = kind
        if kind == "EN" and strong == "AL":
            kind = "AN"
        elif kind in {"L", "R", "AL"}:
            strong = kind
        classes[at] = kind
    for at in sequence.at:
        if classes[at] == "AL":
            classes[at] = "R"
    _separators(sequence, classes)
    strong = sequence.before
    for at in sequence.at:
        if classes[at] in {"L", "R"}:
            strong = classes[at]
        elif classes[at] == "EN" and strong == "L":
            classes[at] = "L"


def _separators(sequence: _Sequence, classes: list[str]) -> None:
    """W4 to W6."""
    places = sequence.at
    for index in range(1, len(places) - 1):
        kind, left, right = (classes[places[index + step]] for step in (0, -1, 1))
        if left == right and ((kind == "ES" and left == "EN") or (kind == "CS" and left in {"EN", "AN"})):
            classes[places[index]] = left
    index = 0
    while index < len(places):
        end = index
        while end < len(places) and classes[places[end]] == "ET":
            end += 1
        if end > index:
            beside = {classes[places[it]] for it in (index - 1, end) if 0 <= it < len(places)}
            for at in places[index:end]:
                classes[at] = "EN" if "EN" in beside else "ET"
        index = end + 1
    for at in places:
        if classes[at] in {"ES", "ET", "CS"}:
            classes[at] = "ON"


# ------------------------------------------------------------------------------------------- neutral classes


def _strong(kind: str) -> str | None:
    """The direction a resolved class counts as among neutrals."""
    return {"L": "L", "R": "R", "EN": "R", "AN": "R"}.get(kind)


def _brackets(sequence: _Sequence, text: str, kinds: list[str], classes: list[str]) -> None:
    """N0: a pair of brackets takes the direction of what it holds, or of what is before it."""
    towards = _direction(sequence.level)
    for opening, closing in _bracket_pairs(sequence, text, classes):
        inside = {_strong(classes[at]) for at in sequence.at[opening + 1 : closing]} - {None}
        if not inside:
            continue
        direction = towards
        if towards not in inside:
            before = (_strong(classes[at]) for at in reversed(sequence.at[:opening]))
            direction = next(filter(None, before), sequence.before)
        for index in (opening, closing):
            classes[sequence.at[index]] = direction
            for at in sequence.at[index + 1 :]:
                if kinds[at] != "NSM":
                    break
                classes[at] = direction


def _bracket_pairs(sequence: _Sequence, text: str, classes: list[str]) -> list[tuple[int, int]]:
    """Pairs of indexes into the sequence, by where they open (BD16)."""
    pairs: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []
    for index, at in enumerate(sequence.at):
        if classes[at] != "ON":
            continue
        bracket = unicodedata.normalize("NFC", text[at])
        if bracket in _OPENING:
            if len(waiting) == _MOST_OPEN:
                return []
            waiting.append((_OPENING[bracket], index))
        elif bracket in _CLOSING:
            opening = next((it for it in range(len(waiting) - 1, -1, -1) if waiting[it][0] == bracket), None)
            if opening is not None:
                pairs.append((waiting[opening][1], index))
                del waiting[opening:]
    return sorted(pairs)


def _neutral(sequence: _Sequence, classes: list[str]) -> None:
    """N1 and N2."""
    places, index = sequence.at, 0
    while index < len(places):
        end = index
        while end < len(places) and classes[places[end]] in _NEUTRAL:
            end += 1
        if end > index:
            left = _strong(classes[places[index - 1]]) if index else sequence.before
            right = _strong(classes[places[end]]) if end < len(places) else sequence.after
            direction = left if left and left == right else _direction(sequence.level)
            for at in places[index:end]:
                classes[at] = direction
        index = end + 1


def _implicit(sequence: _Sequence, classes: list[str], result: list[int]) -> None:
    """I1 and I2."""
    for at in sequence.at:
        kind = classes[at]
        if sequence.level % 2:
            result[at] = sequence.level + (kind != "R")
        else:
            result[at] = sequence.level + {"R": 1, "AN": 2, "EN": 2}.get(kind, 0)
