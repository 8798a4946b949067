"""What brands need of the outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.brands.web_page import WebPage


class WebPages(Protocol):
    """Reads web pages, never from an internal address."""

    def read(self, url: str) -> WebPage:
        """The page at ``url``, with what its first style sheets add.

        Raises
        ------
        InvalidParam
            The address is refused, does not answer, or answers no web page.
        """
        ...
