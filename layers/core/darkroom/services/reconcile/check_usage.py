"""Rebuilding usage: movements that were never told are counted, and sums are made those of their facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import batched
from typing import TYPE_CHECKING

from darkroom.domain.reconcile.books import Difference, Discrepancy
from darkroom.domain.usage.facts import facts_of
from darkroom.domain.usage.measures import Measures
from darkroom.domain.usage.places import KeyUsage, Place, WorkspaceUsage, summed
from darkroom.domain.writes import AddUsage

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.billing.ledger import LedgerEntry
    from darkroom.domain.jobs.job import Job
    from darkroom.ports.storage import Store
    from darkroom.ports.usage import Usage
    from darkroom.services.usage.count_usage import CountUsage

AT_ONCE = 25  # movements of one transaction, whatever they add to
TRIES = 3  # at sums that are added to meanwhile


@dataclass(frozen=True, slots=True)
class CheckUsage:
    """Compares usage with the ledger and with itself."""

    usage: Usage
    store: Store
    count_usage: CountUsage

    def recount(self, entries: Sequence[LedgerEntry], jobs: Mapping[str, Job]) -> int:
        """Count those of some entries' movements that were not counted; how many.

        Raises
        ------
        Unavailable
        """
        ids = {entry.id for entry in entries}
        prices = self.count_usage.prices
        facts = [fact for job in jobs.values() for fact in facts_of(job, prices) if fact.id in ids]
        recounted = 0
        for some in batched(facts, AT_ONCE, strict=False):
            known = self.usage.known(some)
            recounted += self.count_usage.add([fact for fact in some if fact.id not in known])
        return recounted

    def rebuild(self, owner: Owner, day: date) -> Sequence[Difference]:
        """Make an owner's sums of a day those of its facts; what they were where they were others."""
        for _ in range(TRIES):
            before = self._sums(owner, day)
            facts = summed(self.usage.facts(owner, day))
            if self._sums(owner, day) == before:
                ours: dict[Place, Measures] = {
                    place: of for place, of in facts.items() if isinstance(place, KeyUsage | WorkspaceUsage)
                }
                return self._corrected(owner, ours, before)
        return ()  # it is still being added to: a later run sees it

    def _sums(self, owner: Owner, day: date) -> Mapping[Place, Measures]:
        whole = WorkspaceUsage(owner, day)
        sums: list[tuple[Place, Measures]] = [(whole, self.usage.of_workspace(whole))]
        return dict([*sums, *self.usage.by_key(owner, day, day).items()])

    def _corrected(
        self, owner: Owner, expected: Mapping[Place, Measures], found: Mapping[Place, Measures]
    ) -> list[Difference]:
        differences: list[Difference] = []
        for place in {**expected, **found}:
            missing = expected.get(place, Measures()).minus(found.get(place, Measures()))
            if not any(missing.sums.values()):
                continue
            self.store.commit(AddUsage(place, missing))
            differences += [
                Difference(
                    Discrepancy.USAGE,
                    owner,
                    name,
                    expected.get(place, Measures()).sums.get(name, 0),
                    found.get(place, Measures()).sums.get(name, 0),
                    (str(place),),
                )
                for name, count in missing.sums.items()
                if count
            ]
        return differences
