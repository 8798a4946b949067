"""A job's inputs as files an engine can use: nothing is fetched before an engine asks for it.

A caller's URL is fetched once, through the guarded client; a vendor that takes addresses gets one of our own copy. An
input that is stored already needs no copy, unless it is of a type that not every vendor takes.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING

from darkroom.domain.brands.grounding import PAGE
from darkroom.domain.errors import InvalidParam, NotFound, Unavailable
from darkroom.domain.jobs.assets import EXTENSIONS
from darkroom.domain.jobs.engine import InputFile
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import Input
from darkroom.domain.media.sniffing import MAX_PIXELS, intact, is_svg, sniff
from darkroom.ports.jobs import Fetcher
from darkroom.ports.storage import Blobs

if TYPE_CHECKING:
    from darkroom.ports.vendors import Pictures

MAX_INPUT_BYTES = 10 * 1024 * 1024
LINK_SECONDS = 3600

# Pictures that we accept and not every vendor does.
RARE = frozenset({"image/gif", "image/bmp"})
_RARE_ENDINGS = tuple(f".{EXTENSIONS[mime]}" for mime in sorted(RARE))


@dataclass(frozen=True, slots=True)
class GatherInputFiles:
    """Makes the input files of a job's tasks. Without ``pictures``, engines get what they are given as it is."""

    blobs: Blobs
    fetcher: Fetcher
    pictures: Pictures | None = None

    def __call__(self, job: Job) -> tuple[InputFile, ...]:
        """The job's inputs in the request's order. Reading one may raise ``InvalidParam``, which names it."""
        return tuple(self._input_file(job, number, source) for number, source in enumerate(job.spec.inputs))

    def problem(self, files: Sequence[InputFile]) -> str | None:
        """What is wrong with the first of the pictures and sounds that cannot be used; ``None`` if nothing is."""
        return next((found for file in files if (found := self._problem(file)) is not None), None)

    def _input_file(self, job: Job, number: int, source: Input) -> InputFile:
        name = source.param or f"The {source.role}"
        load = cache(lambda: self._usual(name, self._loaded(source, name)))
        lend = partial(self._lend, job, number, name, load)
        if source.stored and not (self.pictures and source.location.endswith(_RARE_ENDINGS)):
            lend = partial(self.blobs.presigned_get, source.location, expires_seconds=LINK_SECONDS)
        return InputFile(source.role, load, lend, name=name)

    def _loaded(self, source: Input, name: str) -> bytes:
        try:
            if source.stored:
                return self.blobs.get(source.location)
            return self.fetcher.fetch(source.location, max_bytes=MAX_INPUT_BYTES)
        except NotFound as gone:
            raise InvalidParam(f"{name} is not stored any more.") from gone
        except InvalidParam as refused:
            most = MAX_INPUT_BYTES // (1024 * 1024)
            raise InvalidParam(
                f"{name} could not be fetched: it must be a public https URL of a file of at most {most} MB."
            ) from refused

    def _usual(self, name: str, data: bytes) -> bytes:
        """The data, as PNG if it is a picture that not every vendor takes.

        Raises
        ------
        InvalidParam
        """
        media = sniff(data) if self.pictures else None
        if self.pictures is None or media is None or media.mime not in RARE:
            return data
        try:
            return self.pictures.as_png(data)
        except ValueError as unusable:
            raise InvalidParam(f"{name} {unusable}.") from unusable

    def _lend(self, job: Job, number: int, name: str, load: Callable[[], bytes]) -> str:
        """The address of a copy that the bucket deletes within a day.

        Raises
        ------
        InvalidParam
            It is no kind of file that we pass on.
        """
        data = load()
        media = sniff(data)
        if media is None:
            raise InvalidParam(f"{name} is neither a picture nor a sound.")
        key = f"tmp/inputs/{job.id}/{number}.{EXTENSIONS[media.mime]}"
        self.blobs.put(key, data, media.mime)
        return self.blobs.presigned_get(key, expires_seconds=LINK_SECONDS)

    def _problem(self, file: InputFile) -> str | None:
        try:
            defect = None if file.role == PAGE else self._defect(file.data)
        except InvalidParam as refused:
            return refused.detail
        except Unavailable:
            return None
        return defect and f"{file.name} {defect}."

    def _defect(self, data: bytes) -> str | None:
        """What is wrong with a picture or a sound, as the end of a sentence about it."""
        media = sniff(data)
        if media is None:
            return None if is_svg(data) else "is neither a picture nor a sound"
        if media.width * media.height > MAX_PIXELS:
            return f"has more than {MAX_PIXELS // 1_000_000} megapixels"
        if media.width and not intact(data, media):
            return "is cut short or holds more than a picture"
        try:
            if media.width and self.pictures:
                self.pictures.as_png(data)
        except ValueError as unusable:
            return str(unusable)
        return None
