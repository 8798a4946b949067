"""Writes to the usage table."""

from __future__ import annotations

import math
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, update
from darkroom.adapters.dynamodb.marshal import to_epoch
from darkroom.adapters.dynamodb.parts import NEW, Part, change, put
from darkroom.adapters.dynamodb.writes.registry import spelled
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.serialization import from_document, to_document
from darkroom.domain.usage.facts import UsageFact
from darkroom.domain.usage.measures import Measures, measures
from darkroom.domain.usage.places import KeyUsage, OfferUsage, Place, WorkspaceUsage, part_of
from darkroom.domain.writes import AddUsage, NoteUsage

if TYPE_CHECKING:
    from collections.abc import Mapping

    from darkroom.adapters.dynamodb.keys import Key

# Longer than anything can still be told again, so that what was counted is not counted once more.
FACTS_KEPT = timedelta(days=40)


@spelled(NoteUsage, "usage", current=lambda row: str(row["sk"]))
def note_usage(table: str, write: NoteUsage) -> Part:
    fact = write.fact
    row: dict[str, Any] = fact_key(fact) | {
        "owner": to_document(fact.owner),
        "at": fact.at.isoformat(),
        "key_id": fact.key_id,
        "offer_id": fact.offer_id,
        "by_vendor": {vendor: dict(counted.sums) for vendor, counted in fact.by_vendor.items()},
        "expires_at": math.ceil(to_epoch(fact.at + FACTS_KEPT)),
    }
    return put(table, row, condition=NEW)


@spelled(AddUsage, "usage")
def add_usage(table: str, write: AddUsage) -> Part:
    x = Placeholders()
    moves = [f"{x.path(name)} {x.value(count)}" for name, count in write.added.sums.items()]
    return change(table, place_key(write.place), update(add=moves), holders=x)


def fact_key(fact: UsageFact) -> Key:
    """Where a fact is kept."""
    return keys.usage_fact(fact.owner, fact.day, part_of(fact.id), fact.id)


def place_key(place: Place) -> Key:
    """Where the sums of a place are kept."""
    match place:
        case KeyUsage(owner, day, key_id, offer_id, vendor):
            return keys.key_usage(owner, day, key_id, offer_id, vendor)
        case OfferUsage(livemode, day, offer_id, vendor, part):
            return keys.offer_usage(day, offer_id, vendor, part, livemode=livemode)
        case WorkspaceUsage(owner, day):
            return keys.workspace_usage(owner, day, part_of(owner.workspace_id))


def fact_from_row(row: Mapping[str, Any]) -> UsageFact:
    """A fact from its row."""
    return UsageFact(
        row["sk"],
        from_document(Owner, row["owner"]),
        datetime.fromisoformat(row["at"]),
        row["key_id"],
        row["offer_id"],
        {vendor: measures(sums) for vendor, sums in row["by_vendor"].items()},
    )


def sums_of(row: Mapping[str, Any]) -> Measures:
    """The sums in a place's row."""
    return measures({name: count for name, count in row.items() if name not in ("pk", "sk")})
