"""Writes of uploaded files and fonts to the assets table. The templates that have a font are a set in its row."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, all_of, update
from darkroom.adapters.dynamodb.marshal import Row, to_epoch
from darkroom.adapters.dynamodb.parts import EXISTS, NEW, Part, change, delete, put
from darkroom.adapters.dynamodb.rows import FILE
from darkroom.adapters.dynamodb.writes.registry import spelled, stored
from darkroom.domain.files.file import File, FileStatus
from darkroom.domain.files.uploads import FileUsage
from darkroom.domain.serialization import from_document, to_document
from darkroom.domain.writes import (
    CountStoredFile,
    CreateFile,
    DeleteFile,
    DeleteFont,
    ReleaseFont,
    SaveFont,
    SettleFile,
    TakeUploadPlace,
    UseFont,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from darkroom.domain.fonts.font import Font


def _usage(row: Mapping[str, Any]) -> FileUsage:
    return FileUsage(frozenset(row.get("places", ())), row.get("stored_bytes", 0))


@spelled(CreateFile, "assets", current=stored(File))
def create_file(table: str, write: CreateFile) -> Part:
    return put(table, file_row(write.file), condition=NEW)


@spelled(SettleFile, "assets", current=stored(File))
def settle_file(table: str, write: SettleFile) -> Part:
    x = Placeholders()
    return put(table, file_row(write.file), condition=_has(x, FileStatus.PENDING), holders=x)


@spelled(DeleteFile, "assets", current=stored(File))
def delete_file(table: str, write: DeleteFile) -> Part:
    x = Placeholders()
    key = keys.file(write.owner, write.file_id)
    return delete(table, key, condition=all_of(EXISTS, _has(x, write.status)), holders=x)


@spelled(TakeUploadPlace, "assets", current=_usage)
def take_upload_place(table: str, write: TakeUploadPlace) -> Part:
    x = Placeholders()
    places, stored_bytes = x.path("places"), x.path("stored_bytes")
    room = f"(attribute_not_exists({places}) OR size({places}) < {x.value(write.max_places)})"
    within = f"(attribute_not_exists({stored_bytes}) OR {stored_bytes} <= {x.value(write.max_bytes)})"
    taken = update(add=[f"{places} {x.value({write.place})}"])
    key = keys.file_usage(write.owner)
    return change(table, key, taken, condition=all_of(room, within), holders=x)


@spelled(CountStoredFile, "assets")
def count_stored_file(table: str, write: CountStoredFile) -> Part:
    x = Placeholders()
    clauses = [update(add=[f"{x.path('stored_bytes')} {x.value(write.bytes)}"])]
    if write.places:
        clauses.append(f"DELETE {x.path('places')} {x.value(write.places)}")
    return change(table, keys.file_usage(write.owner), " ".join(clauses), holders=x)


def _has(x: Placeholders, status: FileStatus) -> str:
    return f"{x.path('status')} = {x.value(status.value)}"


def file_row(file: File) -> Row:
    """A file as its row; one that is not ready is forgotten after a while."""
    row: Row = keys.file(file.owner, file.id) | to_document(file)
    row["entity"] = FILE
    if not file.is_font:
        row |= {"gsi1pk": keys.files_partition(file.owner), "gsi1sk": file.id}
    if file.kept_until is not None:
        row["expires_at"] = math.ceil(to_epoch(file.kept_until))
    return row


_USERS = "users"


def _font(row: Mapping[str, Any]) -> Font:
    from darkroom.domain.fonts.font import Font  # noqa: PLC0415 - few functions write fonts

    return from_document(Font, row)


@spelled(SaveFont, "assets", current=_font)
def save_font(table: str, write: SaveFont) -> Part:
    font = write.font
    row: Row = keys.font(font.owner, font.id) | to_document(font)
    row.pop(_USERS, None)
    return put(table, row, condition=NEW)


@spelled(UseFont, "assets", current=_font)
def use_font(table: str, write: UseFont) -> Part:
    x = Placeholders()
    used = update(add=[f"{x.path(_USERS)} {x.value({write.template_id})}"])
    return change(table, keys.font(write.owner, write.font_id), used, condition=EXISTS, holders=x)


@spelled(ReleaseFont, "assets", current=_font)
def release_font(table: str, write: ReleaseFont) -> Part:
    x = Placeholders()
    released = f"DELETE {x.path(_USERS)} {x.value({write.template_id})}"
    return change(table, keys.font(write.owner, write.font_id), released, condition=EXISTS, holders=x)


@spelled(DeleteFont, "assets", current=_font)
def delete_font(table: str, write: DeleteFont) -> Part:
    x = Placeholders()
    unused = f"attribute_not_exists({x.path(_USERS)})"  # a set that loses its last member is gone
    key = keys.font(write.owner, write.font_id)
    return delete(table, key, condition=all_of(EXISTS, unused), holders=x)
