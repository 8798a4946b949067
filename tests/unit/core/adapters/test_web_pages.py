"""Pages over the guarded client: what is fetched for one, and what every failure becomes."""

from __future__ import annotations

from typing import Any

import pytest

from darkroom.adapters.fetch import Fetched, FetchFailed, UrlRefused
from darkroom.adapters.web_pages import HttpWebPages
from darkroom.domain.brands.web_page import MAX_BYTES
from darkroom.domain.errors import InvalidParam

URL = "https://dawn.example/"
PAGE = b"""<title>Dawn</title><p>x</p><link rel=stylesheet href=a.css><link rel=stylesheet href=b.css>
<link rel=stylesheet href=c.css>"""
CSS = "text/css; charset=utf-8"


class Web:
    """Answers what it was given, a failure included, and keeps what was asked for with how long it may take."""

    def __init__(self, **answers: tuple[bytes, str] | Exception) -> None:
        self.answers: dict[str, Any] = {"": (PAGE, "text/html"), **answers}
        self.asked: list[tuple[str, int, float]] = []

    def get(self, url: str, *, max_bytes: int, timeout_seconds: float) -> Fetched:
        self.asked.append((url, max_bytes, timeout_seconds))
        answer = self.answers.get(url.removeprefix(URL).removesuffix(".css"), FetchFailed("status", 404))
        if isinstance(answer, Exception):
            raise answer
        return Fetched(url, 200, answer[1], answer[0])


def pages(web: Web, *times: float) -> HttpWebPages:
    moments = iter([*times, *[times[-1] if times else 0.0] * 9])
    return HttpWebPages(web, lambda: next(moments))  # type: ignore[arg-type]


def test_a_page_and_its_first_two_style_sheets_are_read() -> None:
    web = Web(a=(b"a{color:#123456}", CSS), b=(b"b{font-family:Inter}", CSS), c=(b"c{color:red}", CSS))
    page = pages(web).read(URL)
    assert (page.title, page.colors, page.fonts) == ("Dawn", ("#123456",), ("Inter",))
    assert [url for url, _, _ in web.asked] == [URL, f"{URL}a.css", f"{URL}b.css"]
    assert web.asked[0][1] == MAX_BYTES


def test_a_style_sheet_that_fails_or_is_none_is_left_out() -> None:
    web = Web(a=UrlRefused(), b=(b"#123456", "text/html"))
    assert pages(web).read(URL).colors == ()


def test_a_slow_page_leaves_no_time_for_style_sheets() -> None:
    web = Web(a=(b"a{color:#123456}", CSS))
    assert pages(web, 0.0, 7.9).read(URL).colors == ()
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [
        UrlRefused(),
        FetchFailed("timeout"),
        FetchFailed("too_large"),
        FetchFailed("redirects"),
        (b"%PDF", "application/pdf"),
        (b"", "text/html"),
    ],
)
def test_whatever_is_wrong_with_a_page_is_told_alike(answer: Any) -> None:
    with pytest.raises(InvalidParam) as refused:
        pages(Web(**{"": answer})).read(URL)
    assert refused.value.detail == "The page could not be read."
