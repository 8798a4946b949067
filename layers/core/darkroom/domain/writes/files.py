"""Writes of uploaded files, of how much an owner has of them, and of the fonts among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from darkroom.domain.writes.base import Write

if TYPE_CHECKING:
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.files.file import File, FileStatus
    from darkroom.domain.fonts.font import Font


@dataclass(frozen=True, slots=True)
class CreateFile(Write):
    """Put a file. Condition: none of that id exists."""

    file: File


@dataclass(frozen=True, slots=True)
class SettleFile(Write):
    """Put a file that was checked. Condition: the stored one is pending."""

    file: File


@dataclass(frozen=True, slots=True)
class DeleteFile(Write):
    """Remove a file. Condition: its status is the one that was seen."""

    owner: Owner
    file_id: str
    status: FileStatus


@dataclass(frozen=True, slots=True)
class TakeUploadPlace(Write):
    """Take one of an owner's places for uploads.

    Conditions: fewer than ``max_places`` are taken; the owner's ready files have at most ``max_bytes``.
    """

    owner: Owner
    place: str
    max_places: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class CountStoredFile(Write):
    """Free places of uploads, those that are taken, and add to the bytes of the owner's ready files.

    No condition. Comes with ``SettleFile`` or ``DeleteFile``, whose condition makes it happen once; or with no bytes.
    """

    owner: Owner
    places: frozenset[str] = frozenset()
    bytes: int = 0


@dataclass(frozen=True, slots=True)
class SaveFont(Write):
    """Put a font that nobody uses yet. Condition: none of that id exists."""

    font: Font


@dataclass(frozen=True, slots=True)
class UseFont(Write):
    """Note that a template has a font. Condition: the font exists."""

    owner: Owner
    font_id: str
    template_id: str


@dataclass(frozen=True, slots=True)
class ReleaseFont(Write):
    """Note that a template no longer has a font. Condition: the font exists, as one in use does."""

    owner: Owner
    font_id: str
    template_id: str


@dataclass(frozen=True, slots=True)
class DeleteFont(Write):
    """Remove a font. Condition: it exists, and no template has it."""

    owner: Owner
    font_id: str
