"""Templates and what was rendered."""

from __future__ import annotations

from darkroom.domain import writes
from darkroom.domain.templates.template import Template
from darkroom.domain.writes import Write, WriteRefused
from tests.fakes.memory import Memory, as_stored
from tests.fakes.writes.registry import Effect, effect


@effect(
    writes.SaveRender,
    row=lambda write: (
        "render",
        write.rendered.owner,
        write.rendered.template_id,
        write.rendered.payload_key,
    ),
)
def save_render(memory: Memory, write: writes.SaveRender) -> Effect:
    rendered = as_stored(write.rendered)
    place = (rendered.owner, rendered.template_id, rendered.payload_key)
    stored = memory.rendered.get(place)
    if stored is not None and stored.version >= rendered.version:
        raise WriteRefused(write, stored)
    return lambda: memory.rendered.update({place: rendered})


@effect(writes.SaveTemplate, row=lambda write: ("template", write.template.owner, write.template.id))
def save_template(memory: Memory, write: writes.SaveTemplate) -> Effect:
    template = as_stored(write.template)
    place = (template.owner, template.id)
    _refuse_unless_at(write, memory.templates.get(place), template.version - 1)
    return lambda: memory.templates.update({place: template})


@effect(
    writes.RetireTemplate,
    row=lambda write: ("template", write.template.owner, write.template.id, write.template.version),
)
def retire_template(memory: Memory, write: writes.RetireTemplate) -> Effect:
    template = as_stored(write.template)
    return lambda: memory.old_templates.update({(template.owner, template.id, template.version): template})


@effect(writes.DeleteTemplate, row=lambda write: ("template", write.owner, write.template_id))
def delete_template(memory: Memory, write: writes.DeleteTemplate) -> Effect:
    place = (write.owner, write.template_id)
    _refuse_unless_at(write, memory.templates.get(place), write.version)
    return lambda: memory.templates.pop(place, None)


def _refuse_unless_at(write: Write, stored: Template | None, version: int) -> None:
    at = stored.version if stored else 0
    if at != version:
        raise WriteRefused(write, at)


@effect(writes.CountTemplate, row=lambda write: ("templates", write.owner))
def count_template(memory: Memory, write: writes.CountTemplate) -> Effect:
    counted = memory.template_counts.get(write.owner, 0)
    if counted >= write.limit:
        raise WriteRefused(write, counted)
    return lambda: memory.template_counts.update({write.owner: counted + 1})


@effect(writes.UncountTemplate, row=lambda write: ("templates", write.owner))
def uncount_template(memory: Memory, write: writes.UncountTemplate) -> Effect:
    fewer = memory.template_counts.get(write.owner, 0) - 1
    return lambda: memory.template_counts.update({write.owner: fewer})
