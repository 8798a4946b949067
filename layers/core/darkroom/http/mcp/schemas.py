"""JSON Schemas of tools, from what a dialect's routes already declare: bodies, parameters and resources."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import TypeAdapter

from darkroom.http.openapi import DocumentedRoute, Operation

type Json = dict[str, Any]

IDEMPOTENCY_ARGUMENT = "idempotency_key"
_IDEMPOTENCY_KEY: Json = {
    "type": "string",
    "minLength": 1,
    "maxLength": 255,
    "description": "Repeating a call with the same key and arguments within 24 hours repeats its first result.",
}
_ID: Json = {"type": "string", "minLength": 1}
# The members of a schema that are schemas by name.
_NAMED = ("properties", "$defs")


def input_schema(documented: DocumentedRoute) -> Json:
    """A route's path and query parameters, its body's members and, if it heeds one, its idempotency key."""
    operation = documented.operation
    own = {parameter.name: parameter for parameter in operation.parameters if parameter.where != "header"}
    path = dict.fromkeys(documented.path_names, _ID)
    query = {
        name: {**parameter.schema, **({"description": text} if (text := parameter.description) else {})}
        for name, parameter in own.items()
    }
    body = _body_schema(operation)
    key = {IDEMPOTENCY_ARGUMENT: _IDEMPOTENCY_KEY} if operation.idempotent else {}
    required = [*path, *(name for name, one in own.items() if one.required and name not in path)]
    return {
        **body,
        "type": "object",
        "properties": {**path, **query, **body.get("properties", {}), **key},
        "required": [*required, *body.get("required", ())],
    }


def output_schema(resource: type[Any]) -> Json:
    """An answer's schema, open to members that later versions add."""
    whole: Json = _tidied(TypeAdapter(resource).json_schema(mode="serialization"), is_open=True)
    whole.pop("description", None)
    return whole


def _body_schema(operation: Operation) -> Json:
    if operation.body is None:
        return {}
    whole: Json = _tidied(operation.body.model_json_schema(by_alias=True), is_open=False)
    whole.pop("description", None)
    return whole


def _tidied(schema: Any, *, is_open: bool) -> Any:
    """A schema without what is written for readers of the code: generated titles and the docstrings of enums."""
    if isinstance(schema, list):
        return [_tidied(one, is_open=is_open) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    tidied = {
        name: {key: _tidied(one, is_open=is_open) for key, one in value.items()}
        if name in _NAMED
        else _tidied(value, is_open=is_open)
        for name, value in schema.items()
        if name not in ("title", "default") or (name == "default" and value not in (None, ""))
    }
    if "enum" in tidied:
        tidied.pop("description", None)
    if is_open and tidied.get("additionalProperties") is False:
        del tidied["additionalProperties"]
    if isinstance(text := tidied.get("description"), str):
        tidied["description"] = text.replace("``", "`")
    return tidied
