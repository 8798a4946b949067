"""The engine for the small work that every stack does itself: reading web pages, bringing in pictures.

It needs no vendor and is there in live and test mode alike. Its work is free, and somebody waits for most of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from darkroom.domain.catalog.routes import HOUSE
from darkroom.domain.jobs.engine import Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import RouteFailed
from darkroom.domain.jobs.job import Job
from darkroom.domain.media.sizes import nearest_aspect
from darkroom.domain.serialization import to_document
from darkroom.ports.brands import ImportPicture, WebPages
from darkroom.ports.system import Clock

JSON, PNG = "application/json", "image/png"

# Makes a request's output. An InvalidParam means that an input cannot be used.
type Maker = Callable[[TaskRequest], Output]


@dataclass(frozen=True, slots=True)
class HouseEngine:
    """``makers`` says how each kind of job is made, ``delays`` which are made later. Doing it again costs nothing."""

    clock: Clock
    makers: Mapping[str, Maker]
    delays: Mapping[str, timedelta] = field(default_factory=dict)
    name: str = HOUSE
    resubmit_safe: bool = True

    def start(self, request: TaskRequest) -> Finished | Pending:
        """Make the output.

        Raises
        ------
        EngineError, InvalidParam
        """
        if delay := self.delays.get(request.job.kind):
            return Pending(request.reference, self.clock.now() + delay)
        return self._made(request)

    def poll(self, request: TaskRequest, handle: str) -> Finished | Pending:  # noqa: ARG002
        """Make what was put off."""
        return self._made(request)

    def cancel(self, handle: str) -> None:
        """Nothing runs between steps."""

    def _made(self, request: TaskRequest) -> Finished:
        maker = self.makers.get(request.job.kind)
        if maker is None:
            raise RouteFailed(f"nothing here makes a {request.job.kind}")
        return Finished(maker(request))


def picture_importer(import_picture: ImportPicture) -> Maker:
    """Brings in the picture that is a request's input."""

    def bring_in(request: TaskRequest) -> Output:
        (file,) = request.input_files
        picture = import_picture(file.data, file.role)
        return Output(picture.data, PNG, nearest_aspect(picture.width, picture.height))

    return bring_in


def deed(do: Callable[[Job], tuple[str, ...]]) -> Maker:
    """Does something with a job's pictures; the output says with which."""

    def done(request: TaskRequest) -> Output:
        return Output(json.dumps({"pictures": do(request.job)}).encode(), JSON, "")

    return done


def page_reader(pages: WebPages) -> Maker:
    """Reads the page that is a request's input."""

    def read(request: TaskRequest) -> Output:
        page = pages.read(request.job.spec.inputs[0].location)
        return Output(json.dumps(to_document(page), ensure_ascii=False).encode(), JSON, "")

    return read
