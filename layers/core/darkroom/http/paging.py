"""Cursor pagination: ``limit``, ``starting_after``, ``order``, ``q``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from darkroom.domain.errors import InvalidParam
from darkroom.domain.ids import is_uuid
from darkroom.domain.paging import PageRequest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MAX_LIMIT = 100
DEFAULT_LIMIT = 40
MAX_SEARCH = 200


def page_request(
    query: Mapping[str, str], is_cursor: Callable[[str], bool] = is_uuid, *, order: str = "newest"
) -> PageRequest:
    """The page a query asks for; ``is_cursor`` recognises an id of the list, ``order`` is what it has unasked.

    Raises
    ------
    InvalidParam
    """
    limit = query.get("limit", str(DEFAULT_LIMIT))
    if not (limit.isascii() and limit.isdigit() and len(limit) <= 9 and 1 <= int(limit) <= MAX_LIMIT):
        raise InvalidParam(f"limit must be a whole number from 1 to {MAX_LIMIT}.", param="limit")
    order = query.get("order", order)
    if order not in ("newest", "oldest"):
        raise InvalidParam("order must be newest or oldest.", param="order")
    after = query.get("starting_after")
    if after is not None and not is_cursor(after):
        raise InvalidParam("starting_after must be the id of an object.", param="starting_after")
    return PageRequest(int(limit), after, order == "newest")


def search_text(query: Mapping[str, str]) -> str:
    """The free text to look for, lower-cased; empty if none.

    Raises
    ------
    InvalidParam
    """
    text = query.get("q", "")
    if len(text) > MAX_SEARCH or not _is_storable(text):
        raise InvalidParam(f"q must be text of at most {MAX_SEARCH} characters.", param="q")
    return text.strip().lower()


def _is_storable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text
