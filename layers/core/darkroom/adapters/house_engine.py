"""The engine for the small work that every stack does itself: reading web pages, bringing in pictures.

It needs no vendor and is there in live and test mode alike. Its work is free, and somebody waits for most of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from darkroom.domain.catalog.routes import HOUSE
from darkroom.domain.jobs.engine import Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import RouteFailed
from darkroom.domain.jobs.job import Job
from darkroom.domain.media.sizes import nearest_aspect
from darkroom.domain.serialization import to_document
from darkroom.ports.brands import ImportPicture, WebPages

JSON, PNG = "application/json", "image/png"

# Makes a request's output. An InvalidParam means that an input cannot be used.
type Maker = Callable[[TaskRequest], Output]


@dataclass(frozen=True, slots=True)
class HouseEngine:
    """``makers`` says how each kind of job is made. Doing it again costs nothing."""

    makers: Mapping[str, Maker]
    name: str = HOUSE
    resubmit_safe: bool = True

    def start(self, request: TaskRequest) -> Finished | Pending:
        """Make the output.

        Raises
        ------
        EngineError, InvalidParam
        """
        maker = self.makers.get(request.job.kind)
        if maker is None:
            raise RouteFailed(f"nothing here makes a {request.job.kind}")
        return Finished(maker(request))

    def poll(self, request: TaskRequest, handle: str) -> Finished | Pending:  # noqa: ARG002
        """Make it, for nothing is ever left waiting."""
        return self.start(request)

    def cancel(self, handle: str) -> None:
        """Nothing runs between steps."""


def picture_importer(import_picture: ImportPicture) -> Maker:
    """Brings in the picture that is a request's input."""

    def bring_in(request: TaskRequest) -> Output:
        (file,) = request.input_files
        picture = import_picture(file.data, file.role)
        return Output(picture.data, PNG, nearest_aspect(picture.width, picture.height))

    return bring_in


def product_attacher(attach: Callable[[Job], tuple[str, ...]]) -> Maker:
    """Fills a kit's products; the output says with which."""

    def fill(request: TaskRequest) -> Output:
        return Output(json.dumps({"attached": attach(request.job)}).encode(), JSON, "")

    return fill


def page_reader(pages: WebPages) -> Maker:
    """Reads the page that is a request's input."""

    def read(request: TaskRequest) -> Output:
        page = pages.read(request.job.spec.inputs[0].location)
        return Output(json.dumps(to_document(page), ensure_ascii=False).encode(), JSON, "")

    return read
