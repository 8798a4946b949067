"""The web page that a task is grounded in: a worker fetches it as an input of the job, and reads it here.

A page is a help: where it cannot be read, the task goes by what else the request says. Only a request that says
nothing else fails on it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from darkroom.domain.brands.web_page import WebPage, page_of
from darkroom.domain.errors import InvalidParam, NotFound

if TYPE_CHECKING:
    from darkroom.domain.jobs.engine import TaskRequest

PAGE: Final = "page"  # the role of an input that is a web page


def web_page_of(request: TaskRequest, *, required: bool = False) -> WebPage | None:
    """What the task's page says; ``None`` if it has none, or none that can be read.

    Raises
    ------
    InvalidParam
        It is ``required`` and cannot be read.
    """
    for file in request.input_files_as(PAGE):
        try:
            page = page_of(file.data)
        except (InvalidParam, NotFound):
            page = None
        if page is None and required:
            raise InvalidParam("The website could not be read.")
        return page
    return None
