"""`python -m tools.client_code --write | --check`: the Python client's models and methods, from the documents.

datamodel-code-generator writes the models. A method is a call that the document describes, so it is written from it;
what a person would add (waiting, uploading, verifying) is not here but in the client itself.
"""

import argparse
import json
import keyword
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from tools.paths import ROOT
from tools.report import complain, say

type Json = dict[str, Any]
type Kind = Literal["pydantic_v2.BaseModel", "typing.TypedDict"]

APIS = ("memes", "pixeldrive", "platform")
CLIENT = ROOT / "clients/python/darkroom_client"
_METHODS = ("get", "post", "put", "patch", "delete")
_LIMITS = {"minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems", "uniqueItems"}
_NOTICE = '"""{} Generated from the OpenAPI document by `make openapi`; do not edit."""\n\n'


def main(arguments: list[str] | None = None) -> int:
    """Write the modules, or say which are not current (exit code 1)."""
    parser = argparse.ArgumentParser(prog="python -m tools.client_code", description=__doc__)
    action = parser.add_mutually_exclusive_group(required=True)
    action.add_argument("--write", action="store_true")
    action.add_argument("--check", action="store_true")
    wants_writing = parser.parse_args(arguments).write
    stale = {path: text for path, text in modules().items() if not _is_current(path, text)}
    for path, text in stale.items():
        if wants_writing:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
            say(f"wrote {path.relative_to(ROOT)}")
        else:
            complain(f"{path.relative_to(ROOT)} is not current; run `make openapi`")
    return 1 if stale and not wants_writing else 0


def modules() -> Mapping[Path, str]:
    """Every generated module as it should be, by where it belongs."""
    made = {}
    for api in APIS:
        document = json.loads((ROOT / f"functions/api_{api}/openapi.json").read_text())
        folder = CLIENT / api
        operations = list(_operations_of(document))
        schemas = document["components"]["schemas"]
        answers = _tolerant(_reachable(schemas, [one.answer for one in operations if one.answer]))
        requests = _reachable(schemas, [one.body for one in operations if one.body])
        made[folder / "answers.py"] = _models(answers, "pydantic_v2.BaseModel", "What the API answers.")
        made[folder / "requests.py"] = _models(requests, "typing.TypedDict", "What the API is asked with.")
        made[folder / "operations.py"] = _formatted(_classes(api, operations))
    return made


def _is_current(path: Path, text: str) -> bool:
    return path.exists() and path.read_text() == text


def _models(schemas: Json, kind: Kind, what: str) -> str:
    command = [
        *(sys.executable, "-m", "datamodel_code_generator"),
        *("--input-file-type", "openapi", "--output-model-type", kind, "--target-python-version", "3.13"),
        *("--enum-field-as-literal", "all", "--collapse-root-models", "--disable-timestamp"),
        *("--use-standard-collections", "--use-union-operator", "--use-schema-description"),
        *("--use-annotated", "--formatters", "builtin"),
    ]
    with tempfile.TemporaryDirectory() as folder:
        source, output = Path(folder, "openapi.json"), Path(folder, "models.py")
        info = {"title": "models", "version": "1"}
        components = {"schemas": _without_titles(schemas)}
        source.write_text(
            json.dumps({"openapi": "3.1.0", "info": info, "paths": {}, "components": components})
        )
        subprocess.run([*command, "--input", str(source), "--output", str(output)], check=True)
        code = output.read_text()
    return _formatted(_NOTICE.format(what) + code.partition("\n\n")[2])


def _formatted(code: str) -> str:
    """Sorted, without unused imports, and formatted as the rest of the project."""
    ruff = [sys.executable, "-m", "ruff"]
    stdin = ["--stdin-filename", str(CLIENT / "generated.py"), "-"]
    fix = [*ruff, "check", "--quiet", "--select", "I,F401,UP", "--fix-only", *stdin]
    for command in (fix, [*ruff, "format", "--quiet", *stdin]):
        code = subprocess.run(command, input=code, capture_output=True, text=True, check=True).stdout
    return code


def _without_titles(node: Any) -> Any:
    """Titles would become classes' names, and a field named title stays."""
    if isinstance(node, list):
        return [_without_titles(one) for one in node]
    if not isinstance(node, dict):
        return node
    kept = {key: value for key, value in node.items() if key != "title" or isinstance(value, dict)}
    return {key: _without_titles(value) for key, value in kept.items()}


def _reachable(schemas: Json, names: list[str]) -> Json:
    """The named schemas and all that they refer to, in the document's order."""
    found: set[str] = set()
    while names:
        name = names.pop()
        if name not in found:
            found.add(name)
            names += re.findall(r'"#/components/schemas/(\w+)"', json.dumps(schemas[name]))
    return {name: schema for name, schema in schemas.items() if name in found}


def _tolerant(node: Any) -> Any:
    """Schemas as a client should read answers: members, values and sizes that a later version has are no mistake."""
    if isinstance(node, list):
        return [_tolerant(one) for one in node]
    if not isinstance(node, dict):
        return node
    if node.get("type") == "string" and ("enum" in node or "const" in node):
        values = node.get("enum", [node.get("const")])
        return {"anyOf": [{"type": "string", "enum": values}, {"type": "string"}]}
    return {
        key: _tolerant(value)
        for key, value in node.items()
        if key not in _LIMITS and (key != "additionalProperties" or value)
    }


@dataclass(frozen=True)
class _Operation:
    """One call that a document describes."""

    method: str
    path: str
    described: Json
    schemas: Json

    @property
    def name(self) -> str:
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.described["operationId"]).lower()

    @property
    def answer(self) -> str | None:
        """The model of its success; none where it answers with anything else, such as a stream."""
        for status, response in self.described["responses"].items():
            schema = response.get("content", {}).get("application/json", {}).get("schema", {})
            if status.startswith("2") and "$ref" in schema:
                return _model(schema)
        return None

    @property
    def body(self) -> str | None:
        content = self.described.get("requestBody", {}).get("content", {})
        return _model(content["application/json"]["schema"]) if content else None

    def parameters(self, where: str) -> list[Json]:
        return [one for one in self.described.get("parameters", ()) if one["in"] == where]

    @property
    def repeatable(self) -> bool:
        """Whether it takes an idempotency key."""
        return any(one["name"] == "Idempotency-Key" for one in self.parameters("header"))

    @property
    def waits(self) -> bool:
        return any(one["name"] == "Prefer" for one in self.parameters("header"))

    @property
    def item(self) -> str | None:
        """What a list is of, where it is one."""
        properties = self.schemas.get(self.answer or "", {}).get("properties", {})
        listed = "data" in properties and self.parameters("query")
        return _model(properties["data"]["items"]) if listed else None


def _operations_of(document: Json) -> Iterator[_Operation]:
    """The calls that are answered with the document's own objects: no streams, no documents."""
    for path, item in document["paths"].items():
        for method in _METHODS:
            if method in item:
                operation = _Operation(method.upper(), path, item[method], document["components"]["schemas"])
                if operation.answer:
                    yield operation


def _classes(api: str, operations: list[_Operation]) -> str:
    lines = [
        _NOTICE.format(f"The calls of {api}, one method each."),
        "from __future__ import annotations\n",
        "from collections.abc import AsyncIterator, Iterator",
        "from typing import Literal, Unpack\n",
        f"from darkroom_client.{api} import answers, requests",
        "from darkroom_client.transport import AsyncTransport, Call, Transport\n\n",
    ]
    for is_async in (False, True):
        prefix = "Async" if is_async else ""
        lines += [
            f"class {prefix}{api.capitalize()}Operations:",
            f'    """Every call of the {api} API."""\n',
            f"    def __init__(self, transport: {prefix}Transport) -> None:",
            "        self._transport = transport\n",
        ]
        for operation in operations:
            lines += _method(operation, is_async=is_async)
    return "\n".join(lines)


def _method(operation: _Operation, *, is_async: bool) -> Iterator[str]:
    path_names = [one["name"] for one in operation.parameters("path")]
    query = {one["name"]: _annotation(one["schema"]) for one in operation.parameters("query")}
    positional = ["self", *(f"{name}: str" for name in path_names)]
    named = [f"{_argument(name)}: {annotation} | None = None" for name, annotation in query.items()]
    if operation.waits:
        named.append("wait_seconds: int | None = None")
    if operation.repeatable:
        named.append("idempotency_key: str | None = None")
    body = [f"**body: Unpack[requests.{operation.body}]"] if operation.body else []
    signature = ", ".join([*positional, *(["*", *named] if named else []), *body])
    told = [f'"{operation.method}"', f'f"{operation.path}"' if path_names else f'"{operation.path}"']
    if query:
        told.append("query={" + ", ".join(f'"{name}": {_argument(name)}' for name in query) + "}")
    if operation.body:
        told.append("body=body")
    told += ["wait_seconds=wait_seconds"] if operation.waits else []
    told += ["idempotency_key=idempotency_key, repeatable=True"] if operation.repeatable else []
    define, await_ = ("async def", "await ") if is_async else ("def", "")
    summary = operation.described["summary"].rstrip(".")
    yield f"    {define} {operation.name}({signature}) -> answers.{operation.answer}:"
    yield f'        """{summary}."""'
    call = f"Call({', '.join(told)})"
    yield f"        return {await_}self._transport.send({call}, answers.{operation.answer})\n"
    if operation.item:
        yield from _iterator(operation, signature, told, is_async=is_async)


def _iterator(operation: _Operation, signature: str, told: list[str], *, is_async: bool) -> Iterator[str]:
    """The list's twin that goes from page to page."""
    iterator = "AsyncIterator" if is_async else "Iterator"
    name = re.sub("^(list|get)_", "iterate_", operation.name)
    yield f"    def {name}({signature}) -> {iterator}[answers.{operation.item}]:"
    yield f'        """{operation.described["summary"].rstrip(".")}: each, page after page."""'
    yield f"        call = Call({', '.join(told)})"
    yield f"        return self._transport.pages(call, answers.{operation.answer}, answers.{operation.item})\n"


def _annotation(schema: Json) -> str:
    """A query parameter's type."""
    if "enum" in schema:
        return f"Literal[{', '.join(repr(value) for value in schema['enum'])}]"
    if schema["type"] == "array":
        return f"list[{_annotation(schema['items'])}]"
    return {"string": "str", "integer": "int", "boolean": "bool", "number": "float"}[schema["type"]]


def _argument(name: str) -> str:
    """A parameter's name in Python, which has words of its own: ``from`` is ``from_``."""
    return f"{name}_" if keyword.iskeyword(name) else name


def _model(schema: Json) -> str:
    name: str = schema["$ref"].rpartition("/")[2]
    if not name.isidentifier() or keyword.iskeyword(name):
        raise ValueError(f"{name} cannot be a class")
    return name


if __name__ == "__main__":
    sys.exit(main())
