"""Reports of usage, for a workspace and for the operator."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby, islice
from typing import TYPE_CHECKING

from darkroom.domain.errors import InvalidParam
from darkroom.domain.paging import Page, PageRequest, unknown_cursor
from darkroom.domain.usage import measures
from darkroom.domain.usage.measures import Measures
from darkroom.domain.usage.places import KeyUsage, OfferUsage
from darkroom.domain.usage.reports import Days, Dimension, Group, Report, grouped, page_of

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.ports.accounts import Accounts
    from darkroom.ports.usage import Usage

_OF_A_KEY: Mapping[Dimension, Callable[[KeyUsage], str]] = {
    Dimension.DAY: lambda place: str(place.day),
    Dimension.KEY: lambda place: place.key_id,
    Dimension.OFFER: lambda place: place.offer_id,
}
_OF_AN_OFFER: Mapping[Dimension, Callable[[OfferUsage], str]] = {
    Dimension.DAY: lambda place: str(place.day),
    Dimension.OFFER: lambda place: place.offer_id,
    Dimension.VENDOR: lambda place: place.vendor,
}


@dataclass(frozen=True, slots=True)
class Margin:
    """What some usage earned and cost, in millionths of a dollar."""

    revenue_micros: int
    cost_micros: int

    @property
    def micros(self) -> int:
        """What is left."""
        return self.revenue_micros - self.cost_micros


@dataclass(frozen=True, slots=True)
class ReadUsage:
    """Reads the sums. ``credit_micros`` is what a credit is worth, in millionths of a dollar."""

    usage: Usage
    accounts: Accounts
    credit_micros: Fraction

    def of_owner(
        self, owner: Owner, days: Days, dimensions: Collection[Dimension], page: PageRequest
    ) -> Report:
        """What a workspace used in one mode.

        Raises
        ------
        InvalidParam
            It is to be divided by what is the operator's, or the page is not one of it.
        """
        divided = _in_order(dimensions, _OF_A_KEY)
        found = self.usage.by_key(owner, days.first, days.last)
        groups = grouped(
            ([_OF_A_KEY[one](place) for one in divided], counted) for place, counted in found.items()
        )
        return Report(days, divided, measures.total(found.values()), page_of(groups, page))

    def of_all(
        self, days: Days, dimensions: Collection[Dimension], page: PageRequest, *, livemode: bool
    ) -> Report:
        """What all workspaces used in one mode.

        Raises
        ------
        InvalidParam
            It is to be divided by keys, or by workspaces and something else; or the page is not one of it.
        """
        found = self.usage.by_offer(days.first, days.last, livemode=livemode)
        total = measures.total(found.values())
        if Dimension.WORKSPACE in dimensions:
            if len(dimensions) > 1:
                raise InvalidParam("group_by: workspace goes alone.", param="group_by")
            workspaces = self._workspaces(days, page, livemode=livemode)
            return Report(days, (Dimension.WORKSPACE,), total, workspaces)
        divided = _in_order(dimensions, _OF_AN_OFFER)
        groups = grouped(
            ([_OF_AN_OFFER[one](place) for one in divided], counted) for place, counted in found.items()
        )
        return Report(days, divided, total, page_of(groups, page))

    def margin(self, used: Measures, *, livemode: bool) -> Margin:
        """What some usage earned and cost. Test credits earn nothing."""
        revenue = round(used.spent * self.credit_micros) if livemode else 0
        return Margin(revenue, used.cost_micros)

    def _workspaces(self, days: Days, page: PageRequest, *, livemode: bool) -> Page[Group]:
        if page.newest_first:
            raise InvalidParam("order: workspaces are listed oldest first.", param="order")
        if page.after is not None and self.accounts.workspace(page.after) is None:
            raise unknown_cursor()
        found = list(islice(self._by_workspace(days, page.after or "", livemode=livemode), page.limit + 1))
        return Page(tuple(found[: page.limit]), len(found) > page.limit)

    def _by_workspace(self, days: Days, after: str, *, livemode: bool) -> Iterator[Group]:
        rows = self.usage.by_workspace(days.first, days.last, livemode=livemode, after=after)
        for workspace_id, some in groupby(rows, key=lambda row: row[0].owner.workspace_id):
            yield Group((workspace_id,), measures.total(counted for _, counted in some))


def _in_order[P](
    dimensions: Collection[Dimension], known: Mapping[Dimension, Callable[[P], str]]
) -> tuple[Dimension, ...]:
    """The dimensions in the order in which reports have them; by day if there are none."""
    if other := [one.value for one in dimensions if one not in known]:
        raise InvalidParam(f"group_by cannot be {', '.join(sorted(other))} here.", param="group_by")
    chosen: Sequence[Dimension] = [one for one in Dimension if one in dimensions]
    return tuple(chosen) or (Dimension.DAY,)
