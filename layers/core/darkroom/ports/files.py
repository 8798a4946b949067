"""Reads of uploaded files, and what judges their bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.files.file import CleanMedia, File
    from darkroom.domain.files.uploads import FileUsage

from darkroom.domain.paging import Page, PageRequest


class Files(Protocol):
    """Reads of files."""

    def get(self, owner: Owner, file_id: str) -> File | None: ...

    def get_many(self, owner: Owner, file_ids: Sequence[str]) -> Mapping[str, File]:
        """Those of at most a hundred files that exist, by id, in one call."""
        ...

    def usage(self, owner: Owner) -> FileUsage:
        """What an owner uses."""
        ...

    def list(self, owner: Owner, page: PageRequest) -> Page[File]:
        """Files by id order, which is that of their creation; fonts are not among them."""
        ...


class Inspector(Protocol):
    """Judges and cleans what somebody uploaded, in bounded time and memory."""

    def inspect(self, data: bytes, mime: str) -> CleanMedia:
        """A file that should be of type ``mime``, without its metadata.

        Raises
        ------
        UnusableFile
        """
        ...
