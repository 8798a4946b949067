"""Which write a refused transaction is about, and what stands in its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from darkroom.adapters.dynamodb.marshal import Image, from_image
from darkroom.adapters.dynamodb.rows import job_from_row, remembered_from_row
from darkroom.domain import writes
from darkroom.domain.accounts.api_keys import ApiKey
from darkroom.domain.accounts.one_time_passwords import OneTimePassword
from darkroom.domain.accounts.workspaces import Workspace
from darkroom.domain.billing.ledger import LedgerEntry
from darkroom.domain.renders.renders import Rendered
from darkroom.domain.serialization import from_document
from darkroom.domain.webhooks.deliveries import Delivery
from darkroom.domain.webhooks.endpoints import Endpoint
from darkroom.domain.writes import Current, Write, WriteRefused, telling_order

# Writes that count: what is told is how far the count stands, nothing there being zero.
_COLUMNS: Mapping[type[Write], str] = {
    writes.HoldCredits: "available",
    writes.SettleCredits: "held",
    writes.CountRequest: "n",
    writes.CountVisit: "n",
    writes.SaveTemplate: "version",
    writes.DeleteTemplate: "version",
}

_DECODERS: Mapping[type[Write], Callable[[Mapping[str, Any]], Current]] = {
    writes.CreateWorkspace: partial(from_document, Workspace),
    writes.CreateKey: partial(from_document, ApiKey),
    writes.ClaimIdentity: lambda row: str(row["workspace_id"]),
    writes.RevokeKey: partial(from_document, ApiKey),
    writes.AppendEntry: partial(from_document, LedgerEntry),
    writes.SaveIdempotencyRecord: remembered_from_row,
    writes.SaveOneTimePassword: partial(from_document, OneTimePassword),
    writes.UseOneTimePassword: partial(from_document, OneTimePassword),
    writes.CreateJob: job_from_row,
    writes.AdvanceJob: job_from_row,
    writes.SaveRender: partial(from_document, Rendered),
    writes.SaveEndpoint: partial(from_document, Endpoint),
    writes.NoteHealth: partial(from_document, Endpoint),
    writes.DisableEndpoint: partial(from_document, Endpoint),
    writes.SaveDelivery: partial(from_document, Delivery),
}


def refusal(commit: Sequence[Write], olds: Mapping[int, Image | None]) -> WriteRefused:
    """The refusal to raise when the writes at the places of ``olds`` were refused."""
    place = min(olds, key=lambda place: (telling_order(commit[place]), place))
    return WriteRefused(commit[place], _current(type(commit[place]), olds[place]))


def _current(kind: type[Write], old: Image | None) -> Current:
    if kind in _COLUMNS:
        return int(from_image(old or {}).get(_COLUMNS[kind], 0))
    return _DECODERS[kind](from_image(old)) if old else None
