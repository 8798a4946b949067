"""What a dialect says about its routes: the material of its OpenAPI document.

A dialect keeps one table of these in ``operations.py`` beside its routes. Nothing of it is imported when a
request is answered; ``python -m tools.openapi`` reads the table, and a test holds it against the routes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from pydantic import BaseModel

from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.errors import ErrorTable

type Json = Mapping[str, Any]

_UUID: Json = {"type": "string", "format": "uuid"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter or request header, its ``schema`` as JSON Schema. Path parameters are not listed."""

    name: str
    schema: Json
    description: str
    where: Literal["query", "header"] = "query"
    required: bool = False


def paging(cursor: str, ids: Json = _UUID) -> tuple[Parameter, ...]:
    """The parameters of a list; ``cursor`` is where an answer names the last of ``ids``, from which one reads on."""
    return (
        Parameter(
            "limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 40}, "The size of a page."
        ),
        Parameter("starting_after", ids, f"The page before's `{cursor}`."),
        Parameter(
            "order", {"type": "string", "enum": ["newest", "oldest"], "default": "newest"}, "Where to start."
        ),
    )


@dataclass(frozen=True, slots=True)
class ResponseSpec:
    """One way an operation succeeds. Without a ``model`` it is any ``media``."""

    status: int
    model: type[BaseModel] | None
    description: str
    example: Json | None = None
    media: str = "application/json"


@dataclass(frozen=True, slots=True)
class Operation:
    """One route. ``path`` is spelled as the router has it, without the dialect's prefix.

    ``scope`` is ``None`` for a route that needs no key. ``errors`` are the statuses that are this route's
    own, beside those every route can answer with.
    """

    method: str
    path: str
    id: str
    tag: str
    summary: str
    answers: tuple[ResponseSpec, ...]
    scope: Scope | None
    description: str = ""
    body: type[BaseModel] | None = None
    body_required: bool = True
    example: Json | None = None
    parameters: tuple[Parameter, ...] = ()
    errors: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class ApiDocument:
    """A dialect's whole document. ``headers`` are those every answer carries, by name with their meaning."""

    title: str
    version: str
    description: str
    prefix: str
    operations: tuple[Operation, ...]
    error_model: type[BaseModel]
    errors: ErrorTable
    common_errors: tuple[int, ...]
    tags: Mapping[str, str]
    headers: Mapping[str, str] = field(default_factory=dict)
    common_parameters: tuple[Parameter, ...] = ()
    post_parameters: tuple[Parameter, ...] = ()
