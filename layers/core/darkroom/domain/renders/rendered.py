"""What comes of a render: a picture that is remembered, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from darkroom.domain.accounts.workspaces import Owner


@dataclass(frozen=True, slots=True)
class RenderWarning:
    """What is not right about a picture that was made all the same: of which element, for programs, for people.

    ``characters`` are those of its text that it is about, where it is about any.
    """

    element_id: str
    code: str
    message: str
    characters: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """A finished picture, and what its sender should know about it."""

    data: bytes
    warnings: tuple[RenderWarning, ...] = ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished render as it is remembered: free and at once for whoever asks for the same again.

    ``size`` is bytes, ``render_ms`` how long it took when it was made.
    """

    owner: Owner
    template_id: str
    version: int
    payload_key: str
    fields_hash: str
    storage_key: str
    size: int
    render_ms: int
    created_at: datetime
    warnings: tuple[RenderWarning, ...] = ()


class RenderRefused(Exception):
    """A payload cannot be rendered; nobody but its sender can change that.

    ``element_id`` and ``field`` say what of it, ``message`` why, in words for the client; without a ``field`` it is
    the element as a whole. A canvas' background belongs to no element: its ``element_id`` is ``canvas``.
    """

    def __init__(self, element_id: str, field: str, message: str) -> None:
        super().__init__(message)
        self.element_id = element_id
        self.field = field
        self.message = message
