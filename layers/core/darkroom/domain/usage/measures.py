"""What is counted of usage: whole numbers by name, so that sums are exact in whatever order they are made."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

# Upper bounds in seconds; a latency beyond the last one is counted as `inf`.
LATENCY_BOUNDS = (1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
BEYOND = "inf"
MILLI = 1_000  # units are counted in thousandths

_FAILURE = "failure."
_UNIT = "unit."
_LATENCY = "latency."


@dataclass(frozen=True, slots=True)
class Measures:
    """Sums by name. What is zero is left out.

    ``credits`` are those charged and ``refunded`` those given back later, so that their difference is what the ledger
    calls spent. ``cost`` is vendors' money in millionths of a dollar; outputs whose price is not known are counted as
    ``unpriced`` and cost nothing here. Units are in thousandths.
    """

    sums: Mapping[str, int] = field(default_factory=dict)

    @property
    def jobs(self) -> int:
        """Jobs that ended, late work and expanded batches left out."""
        return self.sums.get("jobs", 0)

    @property
    def outputs(self) -> int:
        """Outputs that were delivered."""
        return self.sums.get("outputs", 0)

    @property
    def credits(self) -> int:
        """Credits charged."""
        return self.sums.get("credits", 0)

    @property
    def refunded(self) -> int:
        """Credits given back for what had been delivered."""
        return self.sums.get("refunded", 0)

    @property
    def spent(self) -> int:
        """Credits spent, as the ledger has it."""
        return self.credits - self.refunded

    @property
    def cost_micros(self) -> int:
        """What vendors charge for it, in millionths of a dollar."""
        return self.sums.get("cost", 0)

    @property
    def unpriced(self) -> int:
        """Outputs of vendors whose price is not known."""
        return self.sums.get("unpriced", 0)

    @property
    def failures(self) -> Mapping[str, int]:
        """Failed tasks by code."""
        return self._under(_FAILURE)

    @property
    def units(self) -> Mapping[str, int]:
        """Vendors' units by name, in thousandths."""
        return self._under(_UNIT)

    @property
    def latency(self) -> Mapping[str, int]:
        """Jobs by the bucket of their latency, each under its upper bound in seconds; all buckets are there."""
        counted = self._under(_LATENCY)
        return {bound: counted.get(bound, 0) for bound in (*map(str, LATENCY_BOUNDS), BEYOND)}

    def plus(self, other: Measures) -> Measures:
        """The sums of both."""
        return total((self, other))

    def minus(self, other: Measures) -> Measures:
        """What is to be added to ``other`` so that it becomes this."""
        names = {*self.sums, *other.sums}
        return measures({name: self.sums.get(name, 0) - other.sums.get(name, 0) for name in names})

    def _under(self, prefix: str) -> Mapping[str, int]:
        return {
            name.removeprefix(prefix): count for name, count in self.sums.items() if name.startswith(prefix)
        }


def measures(sums: Mapping[str, int]) -> Measures:
    """Measures with these sums."""
    return Measures({name: count for name, count in sorted(sums.items()) if count})


def total(some: Iterable[Measures]) -> Measures:
    """The sums of all of them."""
    sums: Counter[str] = Counter()
    for one in some:
        sums.update(one.sums)
    return measures(sums)


def failure(code: str) -> str:
    """The name that failures of a code are counted under."""
    return f"{_FAILURE}{code}"


def unit(name: str) -> str:
    """The name that a vendor's unit is counted under, in thousandths."""
    return f"{_UNIT}{name}"


def latency(took: timedelta) -> str:
    """The name that a job of this latency is counted under."""
    seconds = took.total_seconds()
    return f"{_LATENCY}{next((bound for bound in LATENCY_BOUNDS if seconds <= bound), BEYOND)}"
