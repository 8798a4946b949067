"""Which write a refused transaction is about, and what stands in its way."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from darkroom.adapters.dynamodb.marshal import Image, from_image
from darkroom.adapters.dynamodb.rows import job_from_row, remembered_from_row
from darkroom.domain import writes
from darkroom.domain.serialization import (
    code_from_document,
    delivery_from_document,
    endpoint_from_document,
    entry_from_document,
    key_from_document,
    rendered_from_document,
    workspace_from_document,
)
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
    writes.CreateWorkspace: workspace_from_document,
    writes.CreateKey: key_from_document,
    writes.ClaimIdentity: lambda row: str(row["workspace_id"]),
    writes.RevokeKey: key_from_document,
    writes.AppendEntry: entry_from_document,
    writes.SaveIdempotencyRecord: remembered_from_row,
    writes.SaveOneTimePassword: code_from_document,
    writes.UseOneTimePassword: code_from_document,
    writes.CreateJob: job_from_row,
    writes.AdvanceJob: job_from_row,
    writes.SaveRender: rendered_from_document,
    writes.SaveEndpoint: endpoint_from_document,
    writes.NoteHealth: endpoint_from_document,
    writes.DisableEndpoint: endpoint_from_document,
    writes.SaveDelivery: delivery_from_document,
}


def refusal(commit: Sequence[Write], olds: Mapping[int, Image | None]) -> WriteRefused:
    """The refusal to raise when the writes at the places of ``olds`` were refused."""
    place = min(olds, key=lambda place: (telling_order(commit[place]), place))
    return WriteRefused(commit[place], _current(type(commit[place]), olds[place]))


def _current(kind: type[Write], old: Image | None) -> Current:
    if kind in _COLUMNS:
        return int(from_image(old or {}).get(_COLUMNS[kind], 0))
    return _DECODERS[kind](from_image(old)) if old else None
