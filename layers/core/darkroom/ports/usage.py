"""Reads of usage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from datetime import date

    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.usage.facts import UsageFact
    from darkroom.domain.usage.measures import Measures
    from darkroom.domain.usage.places import KeyUsage, OfferUsage, WorkspaceUsage


class Usage(Protocol):
    """Reads of facts and sums. Days are UTC, and a range includes both of its ends."""

    def known(self, facts: Sequence[UsageFact]) -> Collection[str]:
        """The ids of those of up to a hundred facts that were noted before."""
        ...

    def facts(self, owner: Owner, day: date) -> Iterator[UsageFact]:
        """All facts of an owner's day, in no order."""
        ...

    def by_key(self, owner: Owner, first: date, last: date) -> Mapping[KeyUsage, Measures]:
        """An owner's sums."""
        ...

    def of_workspace(self, place: WorkspaceUsage) -> Measures:
        """The sums of one workspace's day."""
        ...

    def by_offer(self, first: date, last: date, *, livemode: bool) -> Mapping[OfferUsage, Measures]:
        """All workspaces' sums, each part of them apart."""
        ...

    def by_workspace(
        self, first: date, last: date, *, livemode: bool, after: str = ""
    ) -> Iterator[tuple[WorkspaceUsage, Measures]]:
        """Each workspace's sums by day, of those whose id comes after ``after``, in the order of their ids."""
        ...
