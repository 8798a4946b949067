"""A template: a document with a name, an owner and a version."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.serialization import owner_from_document, owner_to_document
from darkroom.domain.templates.definition import TemplateDefinition

MAX_NAME_CHARS = 120
OLD_VERSIONS_KEPT = timedelta(days=7)  # longer than any job that was accepted with one can take


@dataclass(frozen=True, slots=True)
class Template:
    """One version of a template. Version 1 is the first, and every change counts one up."""

    id: str
    owner: Owner
    name: str
    version: int
    document: TemplateDefinition
    created_at: datetime
    updated_at: datetime

    def changed(
        self, at: datetime, *, name: str | None = None, document: TemplateDefinition | None = None
    ) -> Template:
        """The next version, with what is given put in place."""
        return replace(
            self,
            name=self.name if name is None else name,
            document=self.document if document is None else document,
            version=self.version + 1,
            updated_at=at,
        )

    def to_document(self) -> dict[str, Any]:
        """The template as a table keeps it. What it looks like is JSON text, for nothing ever looks inside."""
        return {
            "id": self.id,
            "owner": owner_to_document(self.owner),
            "name": self.name,
            "version": self.version,
            "document": self.document.model_dump_json(by_alias=True, exclude_none=True),
            "created_at": self.created_at.isoformat(),
            "updated_at": self.updated_at.isoformat(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> Template:
        """The template as it was before :meth:`to_document`."""
        return cls(
            id=document["id"],
            owner=owner_from_document(document["owner"]),
            name=document["name"],
            version=document["version"],
            document=TemplateDefinition.model_validate_json(document["document"]),
            created_at=datetime.fromisoformat(document["created_at"]),
            updated_at=datetime.fromisoformat(document["updated_at"]),
        )
