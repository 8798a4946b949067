"""Reading and deleting uploaded files."""

from __future__ import annotations

from dataclasses import dataclass

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam, NotFound, Unavailable
from darkroom.domain.files.file import File, asset_of
from darkroom.domain.files.uploads import place_of, upload_key
from darkroom.domain.paging import Page, PageRequest
from darkroom.domain.writes import CountStoredFile, DeleteFile, SaveAsset, WriteRefused
from darkroom.ports.files import Files
from darkroom.ports.storage import Blobs, Store
from darkroom.ports.system import Clock
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.commit_counted import commit_counted


@dataclass(frozen=True, slots=True)
class ManageFiles:
    """Reads and deletes files."""

    store: Store
    files: Files
    blobs: Blobs
    clock: Clock

    def get(self, owner: Owner, file_id: str) -> File:
        """One file.

        Raises
        ------
        NotFound
        """
        file = self.files.get(owner, file_id)
        if file is None or file.is_font:
            raise NotFound("No such file.")
        return file

    def list(self, owner: Owner, page: PageRequest) -> Page[File]:
        """A page of files.

        Raises
        ------
        InvalidParam
            The cursor is no file's id.
        """
        if page.after is not None and self.files.get(owner, page.after) is None:
            raise InvalidParam("starting_after must be the id of a file.", param="starting_after")
        return self.files.list(owner, page)

    def delete(self, caller: Caller, file_id: str) -> None:
        """Remove a file, its bytes first: a call that is cut short can be repeated.

        Its asset stays as deleted, so that what was made from it keeps its lineage.

        Raises
        ------
        NotFound, RateLimited
        Unavailable
            The file was settled at that moment.
        """
        file = self.get(caller.owner, file_id)
        self.blobs.delete(file.storage_key or upload_key(file))
        now = self.clock.now()
        deletion = DeleteFile(file.owner, file.id, file.status)
        freed = CountStoredFile(file.owner, frozenset({place_of(file)}), -file.stored_bytes)
        asset = (SaveAsset(asset_of(file).deleted(now)),) if file.storage_key else ()
        try:
            commit_counted(self.store, caller, None, None, now, deletion, freed, *asset)
        except WriteRefused as refusal:
            if refusal.current is None:
                raise NotFound("No such file.") from refusal
            raise Unavailable("The file is being checked; try again.") from refusal
