"""Writes to the assets table: templates and what was rendered."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from darkroom.adapters.dynamodb import keys
from darkroom.adapters.dynamodb.expressions import Placeholders, update
from darkroom.adapters.dynamodb.marshal import to_epoch
from darkroom.adapters.dynamodb.parts import NEW, Part, change, delete, put
from darkroom.adapters.dynamodb.rows import rendered_row
from darkroom.adapters.dynamodb.writes.registry import Column, column, spelled, stored
from darkroom.domain.renders.rendered import Rendered
from darkroom.domain.serialization import to_document
from darkroom.domain.writes import (
    CountTemplate,
    DeleteTemplate,
    RetireTemplate,
    SaveRender,
    SaveTemplate,
    UncountTemplate,
)

if TYPE_CHECKING:
    from darkroom.adapters.dynamodb.marshal import Row
    from darkroom.domain.templates.template import Template


@spelled(SaveRender, "assets", current=stored(Rendered))
def save_render(table: str, write: SaveRender) -> Part:
    x = Placeholders()
    outdated = f"{x.path('version')} < {x.value(write.rendered.version)}"
    return put(table, rendered_row(write.rendered), condition=f"{NEW} OR {outdated}", holders=x)


@spelled(SaveTemplate, "assets", current=column("version"))
def save_template(table: str, write: SaveTemplate) -> Part:
    template, x = write.template, Placeholders()
    in_turn = NEW if template.version == 1 else _is_at(x, template.version - 1)
    row = keys.template(template.owner, template.id) | _document(template)
    row |= {"gsi1pk": keys.templates_partition(template.owner), "gsi1sk": template.id}
    return put(table, row, condition=in_turn, holders=x)


@spelled(CountTemplate, "assets", current=Column("n"))
def count_template(table: str, write: CountTemplate) -> Part:
    x = Placeholders()
    counted = x.path("n")
    room = f"attribute_not_exists({counted}) OR {counted} < {x.value(write.limit)}"
    more = update(add=[f"{counted} {x.value(1)}"])
    return change(table, keys.template_count(write.owner), more, condition=room, holders=x)


@spelled(UncountTemplate, "assets")
def uncount_template(table: str, write: UncountTemplate) -> Part:
    x = Placeholders()
    fewer = update(add=[f"{x.path('n')} {x.value(-1)}"])
    return change(table, keys.template_count(write.owner), fewer, holders=x)


@spelled(RetireTemplate, "assets")
def retire_template(table: str, write: RetireTemplate) -> Part:
    template = write.template
    row = keys.old_template(template.owner, template.id, template.version) | _document(template)
    return put(table, row | {"expires_at": math.ceil(to_epoch(write.until))})


@spelled(DeleteTemplate, "assets", current=column("version"))
def delete_template(table: str, write: DeleteTemplate) -> Part:
    x = Placeholders()
    key = keys.template(write.owner, write.template_id)
    return delete(table, key, condition=_is_at(x, write.version), holders=x)


def _is_at(x: Placeholders, version: int) -> str:
    return f"{x.path('version')} = {x.value(version)}"


def _document(template: Template) -> Row:
    """A template as it is stored; one from before salts were given, or without own fonts, is written as it was."""
    row: Row = to_document(template)
    absent = {name for name in ("salt", "fonts") if not getattr(template, name)}
    return {name: value for name, value in row.items() if name not in absent}
