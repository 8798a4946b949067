"""A job's inputs as files an engine can use: nothing is fetched before an engine asks for it.

A caller's URL is fetched once, through the guarded client; a vendor that takes addresses gets one of our own copy. An
input that is stored already needs no copy.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, partial

from darkroom.domain.errors import InvalidParam
from darkroom.domain.jobs.assets import EXTENSIONS
from darkroom.domain.jobs.engine import InputFile
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import Input
from darkroom.domain.media.sniffing import sniff
from darkroom.ports.jobs import Fetcher
from darkroom.ports.storage import Blobs

MAX_INPUT_BYTES = 10 * 1024 * 1024
LINK_SECONDS = 3600


@dataclass(frozen=True, slots=True)
class GatherInputFiles:
    """Makes the input files of a job's tasks."""

    blobs: Blobs
    fetcher: Fetcher

    def __call__(self, job: Job) -> tuple[InputFile, ...]:
        """The job's inputs in the request's order. Reading one may raise ``InvalidParam`` or ``NotFound``."""
        return tuple(self._input_file(job, number, source) for number, source in enumerate(job.spec.inputs))

    def _input_file(self, job: Job, number: int, source: Input) -> InputFile:
        if source.stored:
            return InputFile(
                source.role,
                partial(self.blobs.get, source.location),
                partial(self.blobs.presigned_get, source.location, expires_seconds=LINK_SECONDS),
            )
        fetch = cache(partial(self.fetcher.fetch, source.location, max_bytes=MAX_INPUT_BYTES))
        return InputFile(source.role, fetch, lambda: self._lend(job, number, fetch()))

    def _lend(self, job: Job, number: int, data: bytes) -> str:
        """The address of a copy that the bucket deletes within a day.

        Raises
        ------
        InvalidParam
            It is no kind of file that we pass on.
        """
        media = sniff(data)
        if media is None:
            raise InvalidParam("An input is neither a picture nor a sound.")
        key = f"tmp/inputs/{job.id}/{number}.{EXTENSIONS[media.mime]}"
        self.blobs.put(key, data, media.mime)
        return self.blobs.presigned_get(key, expires_seconds=LINK_SECONDS)
