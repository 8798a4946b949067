"""`python -m tools.openapi --write | --check`: the dialects' OpenAPI documents, from their tables of routes.

A dialect's document lies beside its code, because that is what its function serves: there is no second copy.
"""

import argparse
import importlib
import json
import re
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import models_json_schema

from tools.paths import ROOT
from tools.report import complain, say

if TYPE_CHECKING:
    from pathlib import Path

    from darkroom.http.errors import ErrorRow
    from darkroom.http.openapi import ApiDocument, Operation, Parameter, ResponseSpec

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
    found = sorted(_FUNCTIONS.glob("api_*/operations.py"))
    return {path.parent / "openapi.json": _text(path.parent.name) for path in found}


def build(document: "ApiDocument") -> Json:
    """One dialect's document."""
    paths: dict[str, Json] = {}
    for operation in document.operations:
        path = re.sub(r"<(\w+)>", r"{\1}", operation.path)
        paths.setdefault(path, {})[operation.method.lower()] = _operation(document, operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": document.title,
            "version": document.version,
            "description": document.description,
        },
        "servers": [{"url": document.prefix}],
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


def _operation(document: "ApiDocument", operation: "Operation") -> Json:
    described = operation.description
    if operation.scope is not None:
        described = f"{described}\n\nNeeds the scope `{operation.scope.value}`.".strip()
    shown: Json = {
        "operationId": operation.id,
        "tags": [operation.tag],
        "summary": operation.summary,
        "description": described,
        "parameters": _parameters(document, operation),
        "responses": _responses(document, operation),
    }
    if operation.body is not None:
        content = _content(operation.body.__name__, operation.example)
        shown["requestBody"] = {"required": operation.body_required, "content": content}
    if operation.scope is None:
        shown["security"] = []
    return {name: value for name, value in shown.items() if value != "" and (value or name == "security")}


def _parameters(document: "ApiDocument", operation: "Operation") -> list[Json]:
    in_path = [
        {"name": name, "in": "path", "required": True, "schema": _in_path(name)}
        for name in re.findall(r"<(\w+)>", operation.path)
    ]
    beside = operation.parameters
    if operation.scope is not None:
        posted = document.post_parameters if operation.method == "POST" else ()
        beside = (*beside, *posted, *document.common_parameters)
    return [*in_path, *map(_parameter, beside)]


def _in_path(name: str) -> Json:
    return {"type": "integer", "minimum": 1} if name == "version" else {"type": "string", "format": "uuid"}


def _parameter(parameter: "Parameter") -> Json:
    shown: Json = {
        "name": parameter.name,
        "in": parameter.where,
        "description": parameter.description,
        "required": parameter.required,
        "schema": dict(parameter.schema),
    }
    if parameter.schema.get("type") == "array":
        shown |= {"style": "form", "explode": False}
    return shown


def _responses(document: "ApiDocument", operation: "Operation") -> Json:
    shown: Json = {str(answer.status): _answer(document, operation, answer) for answer in operation.answers}
    common = document.common_errors if operation.scope is not None else ()
    for status in sorted({*common, *operation.errors}):
        shown[str(status)] = {"$ref": f"#/components/responses/Error{status}"}
    return shown


def _answer(document: "ApiDocument", operation: "Operation", answer: "ResponseSpec") -> Json:
    name = answer.model.__name__ if answer.model else None
    content = _content(name, answer.example) if name else {answer.media: {"schema": _anything(answer.media)}}
    headers = {} if operation.scope is None else _header_refs(document)
    return {"description": answer.description, "headers": headers, "content": content}


def _anything(media: str) -> Json:
    return {"type": "object" if media == "application/json" else "string"}


def _content(model: str, example: Mapping[str, Any] | None) -> Json:
    body: Json = {"schema": {"$ref": _REF.format(model=model)}}
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
    """One response per status of the error table, which tells its types and codes."""
    table = document.errors
    rows = sorted({*table.rows.values(), table.internal}, key=lambda row: (row.status, row.type, row.code))
    responses: Json = {}
    for status in sorted({row.status for row in rows}):
        told = [_told(row) for row in rows if row.status == status]
        responses[f"Error{status}"] = {
            "description": "; ".join(told),
            "headers": _header_refs(document),
            "content": _content(document.error_model.__name__, None),
        }
    return responses


def _told(row: "ErrorRow") -> str:
    return f"`{row.type}`: `{row.code}`" if row.type else f"`{row.code}`"


def _schemas(document: "ApiDocument") -> Json:
    bodies = [operation.body for operation in document.operations if operation.body]
    answers = [
        answer.model for operation in document.operations for answer in operation.answers if answer.model
    ]
    told = [*((model, "validation") for model in _unique(bodies))]
    shown = [*((model, "serialization") for model in _unique([*answers, document.error_model]))]
    _, definitions = models_json_schema([*told, *shown], ref_template=_REF)  # type: ignore[list-item]
    text = json.dumps(dict(sorted(definitions["$defs"].items()))).replace("``", "`")
    schemas: Json = json.loads(text)
    return schemas


def _unique[T](things: Iterable[T]) -> list[T]:
    return list(dict.fromkeys(things))


if __name__ == "__main__":
    sys.exit(main())
