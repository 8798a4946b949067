"""Creating, changing, deleting and listing a workspace's templates."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import FeatureQuotaExceeded, InvalidParam, NotFound, Unavailable
from darkroom.domain.fonts.font import MAX_PINNED, MAX_PINNED_BYTES, Font, PinnedFont, current, pinned
from darkroom.domain.paging import Page, PageRequest
from darkroom.domain.templates.definition import TemplateDefinition, parse_definition
from darkroom.domain.templates.families import own_families
from darkroom.domain.templates.problems import is_text
from darkroom.domain.templates.template import MAX_NAME_CHARS, OLD_VERSIONS_KEPT, Template
from darkroom.domain.writes import (
    CountTemplate,
    DeleteTemplate,
    ReleaseFont,
    RetireTemplate,
    SaveTemplate,
    UncountTemplate,
    UseFont,
    Write,
    WriteRefused,
)
from darkroom.ports.fonts import Fonts
from darkroom.ports.renders import Templates
from darkroom.ports.storage import Store
from darkroom.ports.system import Clock, Ids
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.commit_counted import commit_counted
from darkroom.services.idempotency import IdempotencyContext

MAX_RACES = 5
MAX_TEMPLATES = 1000  # of a workspace in one mode; those of before this was counted come on top


@dataclass(frozen=True, slots=True)
class ManageTemplates:
    """Creates, changes, deletes and lists templates.

    Every change counts the caller's request in the same commit. It raises ``RateLimited`` and, given an
    idempotency context, ``AlreadyAnswered`` and ``IdempotencyConflict`` beside what its own docstring names.
    """

    store: Store
    templates: Templates
    fonts: Fonts
    clock: Clock
    ids: Ids

    def get(self, owner: Owner, template_id: str) -> Template:
        """A template as it is now.

        Raises
        ------
        NotFound
        """
        template = self.templates.get(owner, template_id)
        if template is None:
            raise NotFound("No such template.")
        return template

    def list(self, owner: Owner, page: PageRequest) -> Page[Template]:
        """Templates, by default the newest first."""
        return self.templates.list(owner, page)

    def create(
        self,
        caller: Caller,
        name: object,
        document: object,
        idempotency: IdempotencyContext[Template] | None = None,
    ) -> Template:
        """Create a template from a client's name and document.

        Raises
        ------
        InvalidParam, FeatureQuotaExceeded
        """
        now, salt = self.clock.now(), self.ids.secret().hex()
        new_name, (definition, fonts) = _name(name), self._definition(caller.owner, document)
        template = Template(self.ids.new(), caller.owner, new_name, 1, definition, now, now, salt, fonts)
        count = CountTemplate(caller.owner, MAX_TEMPLATES)
        writes = (SaveTemplate(template), count, *_font_writes(template, (), template.fonts))
        try:
            commit_counted(self.store, caller, idempotency, template, now, *writes)
        except WriteRefused as refusal:
            if isinstance(refusal.write, UseFont):
                raise Unavailable("A font of the template was deleted just now; try again.") from refusal
            if refusal.write != count:
                raise
            raise FeatureQuotaExceeded(
                f"A workspace can have {MAX_TEMPLATES} templates. Delete one first.", feature="templates"
            ) from refusal
        return template

    def update(
        self,
        caller: Caller,
        template_id: str,
        *,
        name: object = None,
        document: object = None,
        idempotency: IdempotencyContext[Template] | None = None,
    ) -> Template:
        """Make the next version with the new name or document; renders under way have the old one for a week.

        Each of several concurrent changes becomes a version of its own and changes nothing else.

        Raises
        ------
        NotFound, InvalidParam
        """
        new_name = None if name is None else _name(name)
        if new_name is None and document is None:
            raise InvalidParam("document: name or document is required.", param="document")
        for _ in range(MAX_RACES):
            definition: TemplateDefinition | None = None
            fonts: tuple[PinnedFont, ...] = ()
            if document is not None:
                definition, fonts = self._definition(caller.owner, document)
            before = self.get(caller.owner, template_id)
            now = self.clock.now()
            salt = self.ids.secret().hex()
            after = before.changed(now, name=new_name, document=definition, salt=salt, fonts=fonts)
            retired = RetireTemplate(before, now + OLD_VERSIONS_KEPT)
            used = _font_writes(after, before.fonts, after.fonts)
            try:
                commit_counted(
                    self.store, caller, idempotency, after, now, SaveTemplate(after), retired, *used
                )
            except WriteRefused:
                continue  # changed, or deleted, in between; or a font of it was
            return after
        raise Unavailable("The template is busy.")

    def delete(
        self, caller: Caller, template_id: str, idempotency: IdempotencyContext[None] | None = None
    ) -> None:
        """Delete a template; renders under way still have the version they began with.

        Raises
        ------
        NotFound
        """
        for _ in range(MAX_RACES):
            template = self.get(caller.owner, template_id)
            now = self.clock.now()
            gone = DeleteTemplate(template.owner, template.id, template.version)
            retired = RetireTemplate(template, now + OLD_VERSIONS_KEPT)
            try:
                count = UncountTemplate(template.owner)
                released = _font_writes(template, template.fonts, ())
                commit_counted(self.store, caller, idempotency, None, now, gone, retired, count, *released)
            except WriteRefused:
                continue  # changed, or deleted, in between
            return
        raise Unavailable("The template is busy.")

    def _definition(self, owner: Owner, data: object) -> tuple[TemplateDefinition, tuple[PinnedFont, ...]]:
        """A client's document, and the newest of the fonts that it names.

        Raises
        ------
        InvalidParam
        """
        families: dict[str, list[Font]] = {}

        def known() -> Collection[str]:
            families.update(current(self.fonts.list(owner)))
            return families

        definition = parse_definition(data, known)
        fonts = (
            [font for name in own_families(definition.elements) for font in families[name]]
            if families
            else []
        )
        if len(fonts) > MAX_PINNED:
            raise InvalidParam(
                f"document: its families have {len(fonts)} fonts; a template can have {MAX_PINNED}.",
                param="document",
            )
        if sum(font.size for font in fonts) > MAX_PINNED_BYTES:
            limit = MAX_PINNED_BYTES // 1024**2
            raise InvalidParam(f"document: its families have more than {limit} MB.", param="document")
        return definition, pinned(fonts)


def _font_writes(
    template: Template, before: Iterable[PinnedFont], after: Iterable[PinnedFont]
) -> list[Write]:
    """What notes which fonts a template has; a font that it has cannot be deleted."""
    old, new = {font.id for font in before}, {font.id for font in after}
    return [
        *(UseFont(template.owner, font_id, template.id) for font_id in sorted(new - old)),
        *(ReleaseFont(template.owner, font_id, template.id) for font_id in sorted(old - new)),
    ]


def _name(name: object) -> str:
    if not isinstance(name, str) or not name.strip():
        raise InvalidParam("name: must be a text that is not empty.", param="name")
    if len(name) > MAX_NAME_CHARS:
        raise InvalidParam(f"name: may have at most {MAX_NAME_CHARS} characters.", param="name")
    if not is_text(name):
        raise InvalidParam("name: must be valid Unicode text.", param="name")
    return name.strip()
