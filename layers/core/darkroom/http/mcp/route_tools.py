"""Tools that are a dialect's routes: a use is a request to the route, answered by the dialect itself.

Whatever a route checks, counts, charges and remembers, it does so for its tool, and a tool's result is the route's
answer. The schemas follow from what the routes declare. Only a request to the tools' endpoint imports this module.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote

from darkroom.http.idempotency import HEADER
from darkroom.http.mcp.endpoint import Endpoint
from darkroom.http.mcp.schemas import IDEMPOTENCY_ARGUMENT, input_schema, output_schema
from darkroom.http.mcp.stored_files import StoredFiles
from darkroom.http.mcp.tools import ToolFailed, ToolRefused, ToolResult, listed
from darkroom.http.pipeline import Core
from darkroom.http.responses import encode

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

    from darkroom.http.links import Links
    from darkroom.http.mcp.server import Use
    from darkroom.http.mcp.tools import Json
    from darkroom.http.openapi import ApiDocument, DocumentedRoute
    from darkroom.ports.storage import Blobs

READS: Mapping[str, bool] = {"readOnlyHint": True, "openWorldHint": False}
CHANGES: Mapping[str, bool] = {
    "readOnlyHint": False,
    "destructiveHint": False,
    "idempotentHint": False,
    "openWorldHint": False,
}
GENERATES: Mapping[str, bool] = {**CHANGES, "openWorldHint": True}
ENDS: Mapping[str, bool] = {**CHANGES, "destructiveHint": True, "idempotentHint": True}

_ACCEPTED = 202
_REFUSED = 400


class ToolCore(Core, Protocol):
    """What tools need of the composition root."""

    @property
    def links(self) -> Links: ...
    @property
    def blobs(self) -> Blobs: ...


@dataclass(frozen=True, slots=True)
class RouteAsTool:
    """What a tool is beyond its route, which ``handler`` names.

    ``purpose`` is said before the operation's own description. ``prefer`` is sent as the header ``Prefer``. The files
    of an answer are shown beside it where it ``shows_files``.
    """

    name: str
    title: str
    handler: Callable[..., Any]
    purpose: str
    hints: Mapping[str, bool]
    shows_files: bool = False
    prefer: str = ""


@dataclass(frozen=True)
class RouteTool:
    """A tool with its route."""

    declared: RouteAsTool
    documented: DocumentedRoute

    @property
    def name(self) -> str:
        """The tool's name."""
        return self.declared.name

    @cached_property
    def description_json(self) -> dict[str, Any]:
        """The tool as ``tools/list`` describes it."""
        text = " ".join(filter(None, (self.declared.purpose, self.documented.operation.description)))
        return listed(
            self.name,
            self.declared.title,
            text,
            input_schema(self.documented),
            output_schema(self.resource),
            self.declared.hints,
        )

    @property
    def resource(self) -> type[Any]:
        """What the route answers a tool: of a long job, what a client that does not wait gets.

        Raises
        ------
        LookupError
            The route answers no JSON object.
        """
        answers = {spec.status: spec.resource for spec in self.documented.operation.responses}
        resource = answers.get(_ACCEPTED) or next(iter(answers.values()))
        if resource is None:
            raise LookupError(self.name)
        return resource

    def request(self, event: Json, prefix: str, arguments: Json) -> dict[str, Any]:
        """The request to the route, as API Gateway would send it, from the sender of ``event``.

        Raises
        ------
        ToolFailed
            An argument cannot be part of a request.
        """
        rest = {name: value for name, value in arguments.items() if value is not None}
        route, operation = self.documented.route, self.documented.operation
        path = prefix + re.sub(r"<(\w+)>", lambda name: quote(_segment(name[1], rest), safe=""), route.path)
        query = {
            parameter.name: _spelled(parameter.name, rest.pop(parameter.name))
            for parameter in operation.parameters
            if parameter.where == "query" and parameter.name in rest
        }
        context = event["requestContext"]
        return {
            **event,
            "rawPath": path,
            "rawQueryString": "",
            "queryStringParameters": query,
            "headers": self._headers(event, rest),
            "body": json.dumps(rest) if operation.body else "",
            "isBase64Encoded": False,
            "requestContext": {**context, "http": {**context["http"], "method": route.method, "path": path}},
        }

    def _headers(self, event: Json, rest: dict[str, Any]) -> dict[str, str]:
        """The headers of a request; the idempotency key is taken out of the other arguments."""
        headers = {"content-type": "application/json"}
        sent = {name.lower(): value for name, value in event.get("headers", {}).items()}
        if "authorization" in sent:
            headers["authorization"] = sent["authorization"]
        if self.declared.prefer:
            headers["prefer"] = self.declared.prefer
        if self.documented.operation.idempotent and IDEMPOTENCY_ARGUMENT in rest:
            headers[HEADER.lower()] = _text(IDEMPOTENCY_ARGUMENT, rest.pop(IDEMPOTENCY_ARGUMENT))
        return headers


@dataclass(frozen=True, slots=True)
class RouteTools:
    """A dialect's tools and the endpoint they are used at."""

    document: ApiDocument
    tools: tuple[RouteTool, ...]
    endpoint: Endpoint
    core: Callable[[], ToolCore]

    @classmethod
    def of(
        cls,
        document: ApiDocument,
        path: str,
        instructions: str,
        declared: tuple[RouteAsTool, ...],
        core: Callable[[], ToolCore],
    ) -> RouteTools:
        """The tools that a dialect declares of its routes."""
        routes = {documented.operation.handler: documented for documented in document.routes()}
        tools = tuple(RouteTool(one, routes[one.handler]) for one in declared)
        dialect = document.api.dialect
        endpoint = Endpoint(
            path,
            f"darkroom-{dialect.name}",
            instructions,
            tools,
            dialect.policy("POST", path),
            core,
            dialect.max_body_bytes,
        )
        return cls(document, tools, endpoint, core)

    def serve(self, event: dict[str, Any]) -> dict[str, Any]:
        """Answer a request to the endpoint."""
        return self.endpoint.serve(event, self._use_as)

    def _use_as(self, event: APIGatewayProxyEventV2) -> Use:
        """How the sender of this event uses a tool."""

        def use(name: str, arguments: Json) -> ToolResult:
            tool = next(tool for tool in self.tools if tool.name == name)
            api = self.document.api
            request = tool.request(event.raw_event, api.dialect.prefixes[0], arguments)
            return self._result(tool, api.handle(request, None))

        return use

    def _result(self, tool: RouteTool, response: Json) -> ToolResult:
        """A route's answer as the tool's result.

        Raises
        ------
        ToolRefused
            The key is missing, bad, or without the scope.
        ToolFailed
            The route refused, in the words of its dialect.
        """
        challenge = response["headers"].get("WWW-Authenticate")
        if challenge is not None:
            raise _refusal(tool, challenge)
        if response["statusCode"] >= _REFUSED:
            raise ToolFailed(response["body"])
        answer = json.loads(response["body"])
        files = StoredFiles(self.core().links, self.core().blobs) if tool.declared.shows_files else None
        return ToolResult(answer, files.blocks(answer) if files else ())


def _refusal(tool: RouteTool, challenge: str) -> ToolRefused:
    if "insufficient_scope" in challenge:
        scope = tool.documented.scope
        text = f"This API key lacks the scope {scope.value}." if scope else "This API key lacks the scope."
        return ToolRefused(403, text, challenge=challenge)
    known = "error=" in challenge
    text = "Invalid API key." if known else "Missing API key: send it as 'Authorization: Bearer <key>'."
    return ToolRefused(401, text, challenge=challenge)


def _segment(name: str, arguments: dict[str, Any]) -> str:
    """A parameter of the path, taken out of the arguments."""
    if name not in arguments:
        raise ToolFailed(encode({"error": f"{name} is required."}))
    text = _text(name, arguments.pop(name))
    if not text.strip():
        raise ToolFailed(encode({"error": f"{name} must not be blank."}))
    return text


def _text(name: str, value: object) -> str:
    if not isinstance(value, str):
        raise ToolFailed(encode({"error": f"{name} must be a string."}))
    return value


def _spelled(name: str, value: object) -> str:
    """An argument as a query spells it."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, list):
        return ",".join(_text(f"{name}[]", one) for one in value)
    return _text(name, value)
