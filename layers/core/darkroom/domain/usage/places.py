"""Where sums of usage are kept: for its workspace by key, for the operator by offer and by workspace."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.usage import measures
from darkroom.domain.usage.facts import UsageFact
from darkroom.domain.usage.measures import Measures

# Every job of a mode is counted in the operator's sums, so that these are kept in parts that are read together.
PARTS = 8


@dataclass(frozen=True, slots=True)
class KeyUsage:
    """The sums of one workspace, mode and day by key, offer and vendor."""

    owner: Owner
    day: date
    key_id: str
    offer_id: str
    vendor: str


@dataclass(frozen=True, slots=True)
class OfferUsage:
    """One part of the sums of all workspaces of one mode and day by offer and vendor."""

    livemode: bool
    day: date
    offer_id: str
    vendor: str
    part: int = 0


@dataclass(frozen=True, slots=True)
class WorkspaceUsage:
    """The sums of one workspace, mode and day."""

    owner: Owner
    day: date


type Place = KeyUsage | OfferUsage | WorkspaceUsage


def part_of(text: str) -> int:
    """The part that whatever is named so is kept in."""
    return zlib.crc32(text.encode()) % PARTS


def places_of(fact: UsageFact, part: int) -> Mapping[Place, Measures]:
    """What a fact adds, and where; the operator's share goes into the given part."""
    owner, day, offer = fact.owner, fact.day, fact.offer_id
    added: dict[Place, Measures] = {}
    for vendor, counted in fact.by_vendor.items():
        added[KeyUsage(owner, day, fact.key_id, offer, vendor)] = counted
        added[OfferUsage(owner.livemode, day, offer, vendor, part)] = counted
    return added | {WorkspaceUsage(owner, day): fact.measures}


def summed(facts: Iterable[UsageFact], part: int = 0) -> Mapping[Place, Measures]:
    """What some facts add together, and where."""
    sums: defaultdict[Place, list[Measures]] = defaultdict(list)
    for fact in facts:
        for place, counted in places_of(fact, part).items():
            sums[place].append(counted)
    return {place: measures.total(some) for place, some in sums.items()}
