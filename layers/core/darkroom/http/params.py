"""Path and query parameters of one value each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from darkroom.domain.errors import InvalidParam, NotFound
from darkroom.domain.ids import is_uuid

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def object_id(text: str, what: str) -> str:
    """An id from a path. What cannot be one of ours is not looked up.

    Raises
    ------
    NotFound
    """
    if not is_uuid(text):
        raise NotFound(f"No such {what}.")
    return text


def choices[E: StrEnum](query: Mapping[str, str], name: str, allowed: type[E]) -> frozenset[E]:
    """The members of ``allowed`` that a comma-separated parameter names; none if it is absent.

    Raises
    ------
    InvalidParam
    """
    words = [word.strip() for word in query[name].split(",")] if name in query else []
    try:
        return frozenset(allowed(word) for word in words)
    except ValueError as error:
        listed = ", ".join(member.value for member in allowed)
        raise InvalidParam(f"{name} must be one or more of {listed}.", param=name) from error


def choice[E: StrEnum](query: Mapping[str, str], name: str, allowed: type[E]) -> E | None:
    """The one member of ``allowed`` that a parameter names; ``None`` if it is absent.

    Raises
    ------
    InvalidParam
    """
    chosen = choices(query, name, allowed)
    if len(chosen) > 1:
        raise InvalidParam(f"{name} takes one value.", param=name)
    return next(iter(chosen), None)


def flag(query: Mapping[str, str], name: str, *, default: bool = False) -> bool:
    """A parameter that is ``true`` or ``false``; ``default`` if it is absent.

    Raises
    ------
    InvalidParam
    """
    word = query.get(name, "true" if default else "false")
    if word not in ("true", "false"):
        raise InvalidParam(f"{name} must be true or false.", param=name)
    return word == "true"


def day(query: Mapping[str, str], name: str) -> date | None:
    """A parameter that is a day such as ``2026-03-14``; ``None`` if it is absent.

    Raises
    ------
    InvalidParam
    """
    text = query.get(name)
    if text is None:
        return None
    try:
        # A day has other spellings in ISO 8601, none of which anybody expects.
        found = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise InvalidParam(f"{name} must be a day such as 2026-03-14.", param=name)
    return found
