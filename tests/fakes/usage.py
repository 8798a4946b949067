"""Usage in memory."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import date

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.usage.facts import UsageFact
from darkroom.domain.usage.measures import Measures
from darkroom.domain.usage.places import KeyUsage, OfferUsage, WorkspaceUsage
from tests.fakes.memory import Memory


class FakeUsage:
    """Reads a :class:`Memory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def known(self, facts: Sequence[UsageFact]) -> Collection[str]:
        if len(facts) > 100:
            raise ValueError("one read takes a hundred rows")
        return {fact.id for fact in facts if (fact.owner, fact.day, fact.id) in self._memory.facts}

    def facts(self, owner: Owner, day: date) -> Iterator[UsageFact]:
        with self._memory.lock:
            found = [fact for (o, d, _), fact in self._memory.facts.items() if (o, d) == (owner, day)]
        yield from found

    def by_key(self, owner: Owner, first: date, last: date) -> Mapping[KeyUsage, Measures]:
        with self._memory.lock:
            return {
                place: sums
                for place, sums in self._memory.usage.items()
                if isinstance(place, KeyUsage) and place.owner == owner and first <= place.day <= last
            }

    def of_workspace(self, place: WorkspaceUsage) -> Measures:
        return self._memory.usage.get(place, Measures())

    def by_offer(self, first: date, last: date, *, livemode: bool) -> Mapping[OfferUsage, Measures]:
        with self._memory.lock:
            return {
                place: sums
                for place, sums in self._memory.usage.items()
                if isinstance(place, OfferUsage) and place.livemode == livemode and first <= place.day <= last
            }

    def by_workspace(
        self, first: date, last: date, *, livemode: bool, after: str = ""
    ) -> Iterator[tuple[WorkspaceUsage, Measures]]:
        with self._memory.lock:
            found = [
                (place, sums)
                for place, sums in self._memory.usage.items()
                if isinstance(place, WorkspaceUsage)
                and place.owner.livemode == livemode
                and place.owner.workspace_id > after
                and first <= place.day <= last
            ]
        yield from sorted(found, key=lambda one: (one[0].owner.workspace_id, one[0].day))
