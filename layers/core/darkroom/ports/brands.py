"""What brands need of the outside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    # Only for signatures: implementations and callers import what they need themselves.
    from darkroom.domain.accounts.workspaces import Owner
    from darkroom.domain.brands.brand_kit import BrandKit
    from darkroom.domain.brands.web_page import WebPage
    from darkroom.domain.media.imported import ImportedPicture

from darkroom.domain.paging import Page, PageRequest


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


class ImportPicture(Protocol):
    """Makes pictures of ours of those from outside."""

    def __call__(self, data: bytes, role: str) -> ImportedPicture:
        """The picture, no larger than one of that role (``logo`` or ``product``) is shown.

        Raises
        ------
        InvalidParam
            It is no picture that can be used.
        """
        ...


class BrandKits(Protocol):
    """Reads of brand kits, each with whether it is the default."""

    def get(self, owner: Owner, kit_id: str) -> BrandKit | None: ...

    def list(self, owner: Owner, page: PageRequest) -> Page[BrandKit]:
        """Kits by id order, which is that of time.

        Raises
        ------
        InvalidParam
            There is no kit that the page is to begin after.
        """
        ...
