from __future__ import annotations

import pytest

from darkroom.domain.brands.grounding import web_page_of
from darkroom.domain.errors import InvalidParam
from darkroom.domain.jobs.engine import InputFile, TaskRequest
from tests.contract.examples import job

PAGE = b"<title>Dawn</title><p>Coffee</p>"


def request(*files: InputFile) -> TaskRequest:
    made = job()
    return TaskRequest(made, made.tasks[0], files)


def unreachable() -> bytes:
    raise InvalidParam("An input URL could not be fetched.")


def test_the_page_is_read_from_the_input_of_that_role() -> None:
    page = web_page_of(request(InputFile("ref", b"\x89PNG"), InputFile("page", PAGE)))
    assert page is not None
    assert page.title == "Dawn"
    assert web_page_of(request(InputFile("ref", PAGE))) is None


@pytest.mark.parametrize("file", [InputFile("page", unreachable), InputFile("page", b"\x89PNG")])
def test_a_page_that_cannot_be_read_fails_only_what_needs_it(file: InputFile) -> None:
    assert web_page_of(request(file)) is None
    with pytest.raises(InvalidParam):
        web_page_of(request(file), required=True)
