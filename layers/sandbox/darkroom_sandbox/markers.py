"""Test-bench markers: words in a prompt that make the sandbox engine misbehave on purpose.

``[[block]]`` refuses the prompt, ``[[fail]]`` fails every output, ``[[fail:2]]`` fails output 2 (from 0, may
be repeated), ``[[slow:N]]`` takes N seconds, ``[[lose]]`` loses the answer. Anything else in brackets is
plain text.
"""

import re
from dataclasses import dataclass
from typing import Final

MAX_SLOW_SECONDS: Final = 900
_MARKER: Final = re.compile(r"\[\[(?:(block|lose|fail)|fail:([0-9]{1,4})|slow:([0-9]{1,9}))\]\]")
_SPACES: Final = re.compile(r"[ \t]{2,}")


@dataclass(frozen=True, slots=True)
class Markers:
    """What a prompt asks the test bench to do; all off for an ordinary prompt."""

    block: bool = False
    fail_all: bool = False
    fail_indexes: frozenset[int] = frozenset()
    slow_seconds: int = 0
    lose: bool = False

    def fails(self, index: int) -> bool:
        """Whether the output at this index (from 0) is to fail."""
        return self.fail_all or index in self.fail_indexes


def parse(prompt: str) -> tuple[Markers, str]:
    """The markers in a prompt and the prompt without them.

    Of several ``slow`` markers the longest counts, at most 900 s.
    """
    matches = list(_MARKER.finditer(prompt))
    words = {match[1] for match in matches}
    markers = Markers(
        block="block" in words,
        fail_all="fail" in words,
        fail_indexes=frozenset(int(match[2]) for match in matches if match[2]),
        slow_seconds=min(max((int(match[3]) for match in matches if match[3]), default=0), MAX_SLOW_SECONDS),
        lose="lose" in words,
    )
    return markers, strip(prompt)


def strip(prompt: str) -> str:
    """The prompt without its markers; a prompt that has none comes back unchanged."""
    bare, count = _MARKER.subn(" ", prompt)
    return _SPACES.sub(" ", bare).strip() if count else prompt
