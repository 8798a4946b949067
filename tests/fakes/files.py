"""Uploaded files in memory, and an inspector that believes what it is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.files.file import CleanMedia, File, UnusableFile
from darkroom.domain.files.uploads import FileUsage
from darkroom.domain.paging import Page, PageRequest
from tests.fakes.memory import Memory, page_of


class FakeFiles:
    """Reads a :class:`Memory`."""

    def __init__(self, memory: Memory) -> None:
        self._memory = memory

    def get(self, owner: Owner, file_id: str) -> File | None:
        return self._memory.files.get((owner, file_id))

    def get_many(self, owner: Owner, file_ids: Sequence[str]) -> Mapping[str, File]:
        found = ((file_id, self.get(owner, file_id)) for file_id in file_ids)
        return {file_id: file for file_id, file in found if file is not None}

    def usage(self, owner: Owner) -> FileUsage:
        return self._memory.file_usage.get(owner, FileUsage())

    def list(self, owner: Owner, page: PageRequest) -> Page[File]:
        with self._memory.lock:
            own = [file for (o, _), file in self._memory.files.items() if o == owner and not file.is_font]
        return page_of(own, page, lambda file: file.id, page.after)


class FakeInspector:
    """Finds every file in order, as a square of a hundred pixels, unless ``refusal`` says otherwise."""

    def __init__(self) -> None:
        self.refusal: UnusableFile | None = None
        self.inspected: list[tuple[bytes, str]] = []

    def inspect(self, data: bytes, mime: str) -> CleanMedia:
        self.inspected.append((data, mime))
        if self.refusal:
            raise self.refusal
        if mime.startswith("audio/"):
            return CleanMedia(b"clean " + data, mime, seconds=2.5)
        return CleanMedia(b"clean " + data, mime, 100, 100)
