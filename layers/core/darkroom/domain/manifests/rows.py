"""What the rows of a manifest say: which columns there may be, and what is made of their cells."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from darkroom.domain.errors import InvalidParam
from darkroom.domain.manifests.records import Format, Record, Unreadable, cells_of, object_of
from darkroom.domain.templates.elements import TextElement, field_of
from darkroom.domain.templates.payload import parse_payload, payload_json

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from darkroom.domain.templates.definition import TemplateDefinition

CARRIED = "_"  # what a column begins with that is carried into the results and means nothing here
MAX_COLUMNS = 200
MAX_COLUMN_CHARS = 200
MAX_PROMPT_CHARS = 10_000
MAX_PAYLOAD_BYTES = 256 * 1024  # as JSON, like a single render's

ASPECT_RATIOS = ("auto", "1:1", "2:1", "3:1", "2:3", "3:2", "3:4", "4:5", "4:3", "16:9", "9:16", "21:9")
QUALITIES = ("fast", "standard", "premium")

IMAGE_COLUMNS = ("prompt", "aspect_ratio", "quality")
MEME_COLUMNS = ("prompt", "aspect_ratio", "template_prompt", "enhance")


class RowRefused(Exception):
    """A row cannot be made. ``column`` is the one to blame, if it is one; the text is for the client."""

    def __init__(self, message: str, column: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.column = column


@dataclass(frozen=True, slots=True)
class ImageRow:
    """A picture to make. Rows that differ in nothing but their prompts can be tasks of one job."""

    prompt: str
    aspect_ratio: str = "1:1"
    quality: str = "standard"
    template_prompt: str | None = None
    enhance: bool | None = None

    @property
    def settings(self) -> tuple[object, ...]:
        """All but the prompt."""
        return (self.aspect_ratio, self.quality, self.template_prompt, self.enhance)


def header_of(record: Record) -> tuple[str, ...]:
    """The columns of a CSV file, from its first record.

    Raises
    ------
    Unreadable
        With a header like this no row can be read.
    """
    try:
        columns = tuple(name.strip() for name in cells_of(record))
    except Unreadable as problem:
        code = "encoding" if problem.code == "encoding" else "header"
        raise Unreadable(code, f"The header cannot be read. {problem.message}") from problem
    if len(columns) > MAX_COLUMNS:
        raise Unreadable("header", f"The header has more than {MAX_COLUMNS} columns.")
    for place, name in enumerate(columns, 1):
        if not name:
            raise Unreadable("header", f"Column {place} of the header has no name.")
        if len(name) > MAX_COLUMN_CHARS:
            raise Unreadable("header", f"The name of column {place} is too long.")
        if name in columns[: place - 1]:
            raise Unreadable("header", f"The header has the column {name} twice.")
    return columns


def content_of(format: Format, columns: Sequence[str], record: Record) -> dict[str, Any]:
    """A row's members by column: of CSV texts, of JSONL whatever JSON has.

    Raises
    ------
    Unreadable, RowRefused
    """
    if format is Format.JSONL:
        return object_of(record)
    cells = cells_of(record)
    if len(cells) != len(columns):
        raise RowRefused(f"This row has {len(cells)} cells, and the header {len(columns)} columns.")
    return dict(zip(columns, cells, strict=True))


def meant(content: Mapping[str, Any]) -> dict[str, Any]:
    """Those of a row's members that say something: not empty, and not merely carried along."""
    return {
        name: value
        for name, value in content.items()
        if not name.startswith(CARRIED) and value is not None and value != ""
    }


# ------------------------------------------------------------------ renders


def render_columns(document: TemplateDefinition) -> frozenset[str]:
    """The columns for a template: each element that takes a value, also with its field, such as ``title.text``.

    A text's runs that have an id have a column each, such as ``title.runs.price``.
    """
    columns = set()
    for element in document.every():
        if (field := field_of(element)) is not None:
            columns |= {element.id, f"{element.id}.{field}"}
        if isinstance(element, TextElement):
            columns |= {f"{element.id}.runs.{run.id}" for run in element.runs or () if run.id is not None}
    return frozenset(columns)


def payload_of(document: TemplateDefinition, content: Mapping[str, Any]) -> dict[str, Any]:
    """The payload of a row, as it is stored.

    Raises
    ------
    RowRefused
    """
    filled: dict[str, Any] = {}
    columns: dict[str, str] = {}
    for column, value in meant(content).items():
        element_id, member = _member(document, column, value)
        if _fills_runs(column) and _fills_runs(columns.get(element_id, "")):
            filled[element_id]["runs"] |= member["runs"]
            continue
        if element_id in filled:
            raise RowRefused(f"{column} says what {columns[element_id]} says already.", column)
        filled[element_id], columns[element_id] = member, column
    try:
        payload = payload_json(parse_payload(document, filled, param="row"))
    except InvalidParam as error:
        raise _refused(error, columns) from error
    if len(json.dumps(payload).encode()) > MAX_PAYLOAD_BYTES:
        raise RowRefused(f"The row has more than {MAX_PAYLOAD_BYTES // 1024} KB.")
    return payload


def _member(document: TemplateDefinition, column: str, value: Any) -> tuple[str, Any]:
    """The element a column is about, and its value as a payload has it."""
    elements = {element.id: element for element in document.every()}
    element_id, _, field = column.partition(".")
    element = elements.get(element_id)
    if element is None:
        raise RowRefused(f"The template has no element {element_id[:64]}.", column)
    if isinstance(value, Mapping) and not field:
        return element_id, dict(value)
    if _fills_runs(column):
        return element_id, {"runs": {field.removeprefix("runs."): value}}
    field = field or field_of(element) or ""
    return element_id, {field: _number(value) if field == "value" else value}


def _fills_runs(column: str) -> bool:
    """Whether a column is about one run of a text, such as ``title.runs.price``."""
    return column.partition(".")[2].startswith("runs.")


def _number(value: Any) -> Any:
    """A number of a CSV cell; what is none is left for the payload's own check to refuse."""
    if not isinstance(value, str):
        return value
    try:
        return float(value)
    except ValueError:
        return value


def _refused(error: InvalidParam, columns: Mapping[str, str]) -> RowRefused:
    path = (error.param or "").removeprefix("row").removeprefix(".")
    column = columns.get(path.partition(".")[0], path or None)
    return RowRefused(error.detail.replace("row.", "", 1), column)


# ------------------------------------------------------------------ generations


def image_row(content: Mapping[str, Any], columns: Sequence[str], extras: AbstractSet[str]) -> ImageRow:
    """The picture a row describes, with the ``columns`` its offer has, for a plan with ``extras``.

    Raises
    ------
    RowRefused
    """
    members = meant(content)
    for column in members:
        if column not in columns:
            raise RowRefused(f"There is no column {column[:64]}.", column)
    prompt = _text(members, "prompt") or ""
    template_prompt = _text(members, "template_prompt")
    if not prompt.strip() and not template_prompt:
        raise RowRefused("prompt is required.", "prompt")
    quality = _one_of(members, "quality", QUALITIES, "standard")
    if quality == "premium" and "premium" not in extras:
        raise RowRefused("The plan does not include premium.", "quality")
    return ImageRow(
        prompt=prompt,
        aspect_ratio=_one_of(members, "aspect_ratio", ASPECT_RATIOS, "1:1"),
        quality=quality,
        template_prompt=template_prompt,
        enhance=_switch(members, "enhance") if "enhance" in columns else None,
    )


def _text(members: Mapping[str, Any], column: str) -> str | None:
    value = members.get(column)
    if value is None:
        return None
    if not isinstance(value, str):
        raise RowRefused(f"{column} must be a string.", column)
    if len(value) > MAX_PROMPT_CHARS:
        raise RowRefused(f"{column} may have at most {MAX_PROMPT_CHARS} characters.", column)
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise RowRefused(f"{column} must be valid Unicode text.", column) from error
    return value


def _one_of(members: Mapping[str, Any], column: str, choices: Sequence[str], default: str) -> str:
    value = members.get(column, default)
    if not isinstance(value, str) or value not in choices:
        raise RowRefused(f"{column} must be one of {', '.join(choices)}.", column)
    return value


def _switch(members: Mapping[str, Any], column: str) -> bool:
    value = members.get(column, False)
    if isinstance(value, str):
        value = {"true": True, "false": False}.get(value.lower(), value)
    if not isinstance(value, bool):
        raise RowRefused(f"{column} must be true or false.", column)
    return value
