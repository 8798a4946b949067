"""What a request for a render names before it is admitted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.accounts.prefetch import PrefetchKey
from darkroom.domain.renders.rendered import Rendered

if TYPE_CHECKING:
    # Its models take a while to load, which only those who read a template are to wait for.
    from darkroom.domain.templates.template import Template

type _CurrentTemplate = Template


@dataclass(frozen=True, slots=True)
class TemplateKey(PrefetchKey[_CurrentTemplate]):
    """A template, as it is now."""

    template_id: str


@dataclass(frozen=True, slots=True)
class RenderKey(PrefetchKey[Rendered]):
    """The finished render of a payload, of whichever version of the template."""

    template_id: str
    payload_key: str
