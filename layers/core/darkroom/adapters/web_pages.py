"""Web pages read through the guarded client, within a few seconds and megabytes."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from typing import Final

from darkroom.adapters.fetch import Fetched, FetchFailed, SafeHttp, UrlRefused
from darkroom.domain.brands.web_page import MAX_BYTES, UnusablePage, WebPage, read_page
from darkroom.domain.errors import InvalidParam

PAGE_SECONDS: Final = 6.0
ALL_SECONDS: Final = 8.0  # style sheets included
STYLESHEET_BYTES: Final = 400_000


class HttpWebPages:
    """Fetches a page and at most two of its style sheets. ``clock`` counts monotonic seconds."""

    def __init__(self, http: SafeHttp, clock: Callable[[], float] = time.monotonic) -> None:
        self._http = http
        self._clock = clock

    def read(self, url: str) -> WebPage:
        """The page.

        Raises
        ------
        InvalidParam
        """
        until = self._clock() + ALL_SECONDS
        try:
            fetched = self._http.get(url, max_bytes=MAX_BYTES, timeout_seconds=PAGE_SECONDS)
            found = read_page(fetched.data, url=fetched.url, content_type=fetched.content_type)
        except (UrlRefused, FetchFailed, UnusablePage) as error:
            raise InvalidParam("The page could not be read.") from error
        for address in found.stylesheets:
            if (left := until - self._clock()) > 0.2:
                self._add(found.styles.read, address, left)
        return found.with_styles()

    def _add(self, read: Callable[[str], None], address: str, seconds: float) -> None:
        """Read a style sheet. A page is worth as much without it."""
        with suppress(UrlRefused, FetchFailed):
            sheet: Fetched = self._http.get(address, max_bytes=STYLESHEET_BYTES, timeout_seconds=seconds)
            if "css" in sheet.content_type.lower():
                read(sheet.data.decode("utf-8", "replace"))
