"""`python -m tools.openapi --write | --check`: the dialects' OpenAPI documents, from their routes and operations.

A dialect's document lies beside its code, because its function serves it. There its servers are paths; the function
puts the stack's public address before them.
"""

import argparse
import importlib
import json
import re
import sys
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Literal

from pydantic import TypeAdapter

from tools.paths import ROOT
from tools.report import complain, say

if TYPE_CHECKING:
    from pathlib import Path

    from darkroom.http.errors import ErrorRow
    from darkroom.http.openapi import ApiDocument, DocumentedRoute, Parameter, ResponseSpec

type Json = dict[str, Any]

_REF = "#/components/schemas/{model}"
_FUNCTIONS = ROOT / "functions"


def main(arguments: list[str] | None = None) -> int:
    """Write the documents, or say which are not current (exit code 1)."""
    parser = argparse.ArgumentParser(prog="python -m tools.openapi", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true")
    action.add_argument("--check", action="store_true")
    wants_writing = parser.parse_args(arguments).write
    stale = {path: text for path, text in documents().items() if not _is_current(path, text)}
    for path, text in stale.items():
        if wants_writing:
            path.write_text(text, encoding="utf-8")
            say(f"wrote {path.relative_to(ROOT)}")
        else:
            complain(f"{path.relative_to(ROOT)} is not current; run `make openapi`")
    return 1 if stale and not wants_writing else 0


def documents() -> Mapping["Path", str]:
    """Every dialect's document as it should be, by where it belongs."""
    _make_importable()
    tables = sorted(_FUNCTIONS.glob("api_*/operations.py"))
    return {path.parent / "openapi.json": _text(path.parent.name) for path in tables}


def build(document: "ApiDocument") -> Json:
    """One dialect's document."""
    paths: dict[str, Json] = {}
    for documented in document.routes():
        path = re.sub(r"<(\w+)>", r"{\1}", documented.route.path)
        paths.setdefault(path, {})[documented.route.method.lower()] = _operation(document, documented)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": document.title,
            "version": document.version,
            "description": document.description,
        },
        "servers": [{"url": prefix} for prefix in document.prefixes],
        "tags": [{"name": name, "description": text} for name, text in document.tags.items()],
        "security": [{"key": []}],
        "paths": paths,
        "components": {
            "schemas": _schemas(document),
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "headers": _headers(document),
            "responses": _error_responses(document),
        },
    }


def _make_importable() -> None:
    for folder in (ROOT / "layers" / "core", _FUNCTIONS):
        if str(folder) not in sys.path:
            sys.path.append(str(folder))


def _text(package: str) -> str:
    document: ApiDocument = importlib.import_module(f"{package}.operations").DOCUMENT
    return json.dumps(build(document), indent=2, ensure_ascii=False) + "\n"


def _is_current(path: "Path", text: str) -> bool:
    return path.exists() and path.read_text(encoding="utf-8") == text


def _operation(document: "ApiDocument", documented: "DocumentedRoute") -> Json:
    operation, scope = documented.operation, documented.scope
    description = operation.description
    if scope is not None:
        description = f"{description}\n\nNeeds the scope `{scope.value}`.".strip()
    members: Json = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": description,
        "parameters": [_parameter(parameter) for parameter in document.parameters(documented)],
        "responses": _responses(document, documented),
    }
    if operation.body is not None:
        content = _content(operation.body.__name__, operation.example)
        members["requestBody"] = {"required": operation.body_required, "content": content}
    if scope is None:
        members["security"] = []
    return {name: value for name, value in members.items() if value != "" and (value or name == "security")}


def _parameter(parameter: "Parameter") -> Json:
    members: Json = {
        "name": parameter.name,
        "in": parameter.where,
        "description": parameter.description,
        "required": parameter.required,
        "schema": dict(parameter.schema),
    }
    if parameter.schema.get("type") == "array":
        members |= {"style": "form", "explode": False}
    return {name: value for name, value in members.items() if value != ""}


def _responses(document: "ApiDocument", documented: "DocumentedRoute") -> Json:
    responses: Json = {
        str(spec.status): _response(document, documented, spec) for spec in documented.operation.responses
    }
    for status in document.refusals(documented):
        responses[str(status)] = {"$ref": f"#/components/responses/Error{status}"}
    return responses


def _response(document: "ApiDocument", documented: "DocumentedRoute", spec: "ResponseSpec") -> Json:
    name = spec.resource.__name__ if spec.resource else None
    content = _content(name, spec.example) if name else {spec.media: {"schema": _anything(spec.media)}}
    headers = {} if documented.scope is None else _header_refs(document)
    return {"description": spec.description, "headers": headers, "content": content}


def _anything(media: str) -> Json:
    return {"type": "object" if media == "application/json" else "string"}


def _content(schema: str, example: Mapping[str, Any] | None) -> Json:
    body: Json = {"schema": {"$ref": _REF.format(model=schema)}}
    if example is not None:
        body["example"] = dict(example)
    return {"application/json": body}


def _headers(document: "ApiDocument") -> Json:
    return {
        name: {"description": text, "schema": {"type": "string"}} for name, text in document.headers.items()
    }


def _header_refs(document: "ApiDocument") -> Json:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in document.headers}


def _error_responses(document: "ApiDocument") -> Json:
    """One response per status of the error table, which lists its types and codes."""
    table = document.errors
    rows = sorted({*table.rows.values(), table.internal}, key=lambda row: (row.status, row.type, row.code))
    responses: Json = {}
    for status in sorted({row.status for row in rows}):
        names = [name for row in rows if row.status == status and (name := _error_name(row))]
        responses[f"Error{status}"] = {
            "description": "; ".join(names) or HTTPStatus(status).phrase,
            "headers": _header_refs(document),
            "content": _content(document.error_resource.__name__, None),
        }
    return responses


def _error_name(row: "ErrorRow") -> str:
    """A row's type and code, of which a dialect may have one, both or none."""
    return ": ".join(dict.fromkeys(f"`{name}`" for name in (row.type, row.code) if name))


def _schemas(document: "ApiDocument") -> Json:
    bodies = [operation.body for operation in document.operations if operation.body]
    resources = [
        spec.resource for operation in document.operations for spec in operation.responses if spec.resource
    ]
    modes: list[tuple[Any, Literal["validation", "serialization"]]] = [
        *((body, "validation") for body in _unique(bodies)),
        *((resource, "serialization") for resource in _unique([*resources, document.error_resource])),
    ]
    inputs = [(type_.__name__, mode, TypeAdapter[Any](type_)) for type_, mode in modes]
    _, definitions = TypeAdapter.json_schemas(inputs, ref_template=_REF)
    text = json.dumps(dict(sorted(definitions["$defs"].items()))).replace("``", "`")
    schemas: Json = json.loads(text)
    for schema in schemas.values():
        if "enum" in schema:
            schema.pop("description", None)  # the docstring of a domain enum, written for readers of the code
    return schemas


def _unique[T](things: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(things))


if __name__ == "__main__":
    sys.exit(main())
