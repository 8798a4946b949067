"""Web pages in memory."""

from __future__ import annotations

from darkroom.domain.brands.web_page import UnusablePage, WebPage, read_page
from darkroom.domain.errors import InvalidParam
from tests.fakes.fetcher import FakeFetcher


class FakeWebPages:
    """Reads the pages a fetcher was given, without their style sheets."""

    def __init__(self, fetcher: FakeFetcher) -> None:
        self._fetcher = fetcher

    def read(self, url: str) -> WebPage:
        try:
            return read_page(self._fetcher.fetch(url, max_bytes=3 * 1024 * 1024), url=url).page
        except UnusablePage as error:
            raise InvalidParam("The page could not be read.") from error
