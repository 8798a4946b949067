"""Reads of renders and templates, and the renderer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.renders.rendered import Picture, Rendered
    from darkroom.domain.templates.payload import Payload
    from darkroom.domain.templates.template import Template

from darkroom.domain.jobs.spec import PNG, Encoding
from darkroom.domain.paging import Page, PageRequest


class Renders(Protocol):
    """Reads of finished renders."""

    def find(self, owner: Owner, template_id: str, payload_keys: Sequence[str]) -> Mapping[str, Rendered]:
        """Those of at most a hundred renders of a template that exist, by payload key, in one call.

        They may be of any version of the template.
        """
        ...


class Templates(Protocol):
    """Reads of templates."""

    def get(self, owner: Owner, template_id: str) -> Template | None:
        """A template's current version."""
        ...

    def version(self, owner: Owner, template_id: str, number: int) -> Template | None:
        """One version, current or not: an older one for a week after it was replaced or deleted."""
        ...

    def list(self, owner: Owner, page: PageRequest) -> Page[Template]:
        """Current versions by id order, which is that of time.

        Raises
        ------
        InvalidParam
            There is no template of the id that the page is to begin after.
        """
        ...


class Renderer(Protocol):
    """Renders a template and a payload as a picture."""

    def render(
        self,
        template: Template,
        payload: Payload,
        pictures: Mapping[str, bytes],
        ratio: float,
        *,
        watermark: bool,
        encoding: Encoding = PNG,
    ) -> Picture:
        """The file, and what to tell of it. ``pictures`` has the bytes of every address :func:`sources` names.

        Raises
        ------
        RenderRefused
            A picture cannot be decoded or is too large, or something else about the payload cannot be drawn.
        """
        ...
