"""A template: a document with a name, an owner and a version."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.fonts.font import PinnedFont
from darkroom.domain.templates.definition import TemplateDefinition

MAX_NAME_CHARS = 120
OLD_VERSIONS_KEPT = timedelta(days=7)  # longer than any job that was accepted with one can take


@dataclass(frozen=True, slots=True)
class Template:
    """One version of a template. Version 1 is the first, and every change counts one up.

    ``salt`` is a secret that its renders' names are made with; a template from before has none until it changes.
    ``fonts`` are the workspace's own that the document names, as they were when it was saved.
    """

    id: str
    owner: Owner
    name: str
    version: int
    document: TemplateDefinition
    created_at: datetime
    updated_at: datetime
    salt: str = ""
    fonts: tuple[PinnedFont, ...] = ()

    def changed(
        self,
        at: datetime,
        *,
        name: str | None = None,
        document: TemplateDefinition | None = None,
        salt: str = "",
        fonts: tuple[PinnedFont, ...] = (),
    ) -> Template:
        """The next version, with what is given put in place; ``salt`` where it has none yet.

        ``fonts`` are of the ``document``.
        """
        return replace(
            self,
            name=self.name if name is None else name,
            document=self.document if document is None else document,
            version=self.version + 1,
            updated_at=at,
            salt=self.salt or salt,
            fonts=self.fonts if document is None else fonts,
        )
