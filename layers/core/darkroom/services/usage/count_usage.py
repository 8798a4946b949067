"""Counting what jobs use, from the stream of their changes: each movement once, however often it is told.

A fact and what it adds to the sums are written in one transaction, on the condition that the fact was not noted
before. So sums are exact whatever is repeated, late or out of order; and what is told together is added together,
which keeps the rows of a busy stack from being written once per job.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.job import Job
from darkroom.domain.usage.facts import UsageFact, new_facts
from darkroom.domain.usage.places import part_of, places_of, summed
from darkroom.domain.usage.vendor_prices import VendorPrices
from darkroom.domain.writes import AddUsage, NoteUsage, WriteRefused
from darkroom.ports.storage import Store
from darkroom.ports.usage import Usage

logger = logging.getLogger(__name__)

MOST_WRITES = 100  # of one transaction
TRIES = 5  # at facts that others note at the same time


@dataclass(frozen=True, slots=True)
class JobChange:
    """One change of a job in the stream: its sequence number, and the job before, if it existed, and after."""

    sequence: str
    before: Job | None
    after: Job


@dataclass(frozen=True, slots=True)
class Counted:
    """How many movements were counted now, and the sequence numbers of the changes that could not be."""

    facts: int
    failed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CountUsage:
    """Counts what changes of jobs tell of."""

    store: Store
    usage: Usage
    prices: VendorPrices

    def __call__(self, changes: Sequence[JobChange]) -> Counted:
        """Count a batch of changes. What could not be written is to be told again."""
        told = [
            (change.sequence, fact)
            for change in changes
            for fact in new_facts(change.before, change.after, self.prices)
        ]
        facts = {fact.id: fact for _, fact in told}
        counted, failed = 0, set[str]()
        for some in _transactions(list(facts.values())):
            try:
                counted += self.add(some)
            except Unavailable:
                logger.warning("%d movements are to be counted later", len(some))
                failed |= {fact.id for fact in some}
        return Counted(counted, tuple(sequence for sequence, fact in told if fact.id in failed))

    def add(self, facts: Sequence[UsageFact]) -> int:
        """Add those of some facts that were not noted before, no more than one transaction takes; how many.

        Raises
        ------
        Unavailable
        """
        for _ in range(TRIES):
            if not facts:
                return 0
            added = summed(facts, part_of(facts[0].id))
            try:
                self.store.commit(
                    *(NoteUsage(fact) for fact in facts),
                    *(AddUsage(place, sums) for place, sums in added.items() if sums.sums),
                )
            except WriteRefused:
                known = self.usage.known(facts)
                facts = [fact for fact in facts if fact.id not in known]
            else:
                return len(facts)
        raise Unavailable("The movements are being counted elsewhere.")


def _transactions(facts: Sequence[UsageFact]) -> Iterator[Sequence[UsageFact]]:
    """The facts, divided so that the writes of each part fit into a transaction."""
    some, places = list[UsageFact](), set[object]()
    for fact in facts:
        more = places | set(places_of(fact, 0))
        if some and len(some) + 1 + len(more) > MOST_WRITES:
            yield some
            some, more = [], set(places_of(fact, 0))
        some.append(fact)
        places = more
    if some:
        yield some
