"""Templates to begin with, as JSON beside this file: the form a client sends them in, to copy and change."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from importlib.resources import files

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.ids import derived
from darkroom.domain.templates.definition import TemplateDefinition, parse_definition
from darkroom.domain.templates.template import Template

SLUGS = (
    "social-card",
    "testimonial",
    "event-story",
    "profile-banner",
    "certificate",
    "product-label",
    "announcement",
)


@dataclass(frozen=True, slots=True)
class Starter:
    """A template nobody owns yet."""

    slug: str
    name: str
    document: TemplateDefinition

    def template(self, owner: Owner, at: datetime) -> Template:
        """The starter as an owner's template; always of the same id for one owner."""
        template_id = derived("starter", owner.workspace_id, str(owner.livemode), self.slug)
        return Template(template_id, owner, self.name, 1, self.document, at, at)


@cache
def starters() -> tuple[Starter, ...]:
    """All starters, in the order they are shown in."""
    return tuple(_read(slug) for slug in SLUGS)


def _read(slug: str) -> Starter:
    written = json.loads(files(__name__).joinpath(f"{slug}.json").read_text("utf-8"))
    return Starter(slug, written["name"], parse_definition(written["document"]))
