"""Seeded randomness: the same seed gives the same choices on every machine and in every process."""

import hashlib
from random import Random


def digest(*parts: str | bytes) -> int:
    """A 256-bit number from any parts, each length-prefixed so that no two lists of parts collide."""
    state = hashlib.sha256()
    for part in parts:
        # Lone surrogates are legal in a Python str (from JSON escapes) but not in UTF-8.
        raw = part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part
        state.update(len(raw).to_bytes(8, "big"))
        state.update(raw)
    return int.from_bytes(state.digest(), "big")


def chance(*parts: str | bytes) -> Random:
    """A private random source; the module-wide one could be disturbed by other code."""
    return Random(digest(*parts))  # noqa: S311 - chooses words and colours, guards nothing
