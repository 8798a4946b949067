"""``/mcp``: the same renders as tools for agents, over the Model Context Protocol."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from api_pixeldrive import MCP_PATH, presenters
from api_pixeldrive.mcp_tools import GENERATE, INSTRUCTIONS, PREVIEW, TOOLS
from api_pixeldrive.prefetch import REQUESTS, of_render
from api_pixeldrive.requests import RenderBody
from api_pixeldrive.submissions import render, template_of
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import (
    DomainError,
    InsufficientScope,
    MalformedBody,
    PayloadTooLarge,
    Unauthenticated,
)
from darkroom.domain.renders.names import PNG
from darkroom.http import bodies
from darkroom.http.errors import challenge
from darkroom.http.mcp import messages, tools
from darkroom.http.mcp.messages import INTERNAL_ERROR, Json, McpRequest, McpResponse, ProtocolError
from darkroom.http.mcp.server import Server
from darkroom.http.mcp.tools import ToolFailed, ToolRefused, ToolResult
from darkroom.http.request_context import bearer
from darkroom.http.request_models import parse
from darkroom.http.responses import encode
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

PATH = MCP_PATH
MAX_BODY_BYTES = 1024 * 1024
PREVIEW_PX = 512  # a model sees no more in a larger picture, and pays for it by the pixel

_LOOPBACK = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")

logger = Logger()


def serve(event: dict[str, Any]) -> dict[str, Any]:
    """Answer a request to the endpoint. Only the use of a tool needs a key, but one that comes along must be good."""
    request_id = f"req_{container().ids.new()}"
    response = _respond(APIGatewayProxyEventV2(event), request_id)
    logger.info("request", request_id=request_id, path=PATH, status=response.status)
    headers = {"Cache-Control": "no-store", "X-Request-Id": request_id, **response.headers}
    if response.body is not None:
        headers["Content-Type"] = "application/json"
    body = "" if response.body is None else encode(response.body)
    return {"statusCode": response.status, "headers": headers, "body": body, "isBase64Encoded": False}


def _respond(event: APIGatewayProxyEventV2, request_id: str) -> McpResponse:
    try:
        request = McpRequest(event.http_method, event.headers, bodies.raw(event, MAX_BODY_BYTES))
        authorization = event.headers.get("authorization")
        return _server().respond(request, _use_as(authorization), lambda: _check(authorization))
    except PayloadTooLarge as error:
        return _refused(413, messages.INVALID_REQUEST, error.detail)
    except MalformedBody as error:
        return _refused(400, messages.PARSE_ERROR, error.detail)
    except Exception:
        logger.exception("request failed", request_id=request_id)
        return _refused(500, INTERNAL_ERROR, "Something went wrong on our side.")


def _refused(status: int, code: int, text: str) -> McpResponse:
    return McpResponse(status, messages.error_message(None, ProtocolError(code, text)))


def _server() -> Server:
    return Server("darkroom-pixeldrive", "1", INSTRUCTIONS, TOOLS, _allows_origin)


def _allows_origin(origin: str) -> bool:
    """Allow pages of this stack and of the user's own machine; no other page may call in a visitor's name."""
    base = urlsplit(container().settings.public_base_url)
    return origin == f"{base.scheme}://{base.netloc}" or _LOOPBACK.fullmatch(origin) is not None


def _check(authorization: str | None) -> None:
    """Refuse a key that came along and is not good, so that a client hears of it before it uses a tool.

    Raises
    ------
    ToolRefused
    """
    if authorization is None:
        return
    try:
        container().authenticate(bearer(authorization), REQUESTS)
    except Unauthenticated as error:
        raise ToolRefused(401, error.detail, challenge='Bearer error="invalid_token"') from error
    except DomainError:
        return  # a full window or a busy table says nothing about the key


def _use_as(authorization: str | None) -> Callable[[str, Json], ToolResult]:
    """How the client with this ``Authorization`` header uses a tool."""

    def use(name: str, arguments: Json) -> ToolResult:
        body = {field: arguments.get(field) for field in ("templateId", "payload")}
        prefetch = of_render({**body, "preview": name == PREVIEW})
        authenticate = container().authenticate
        try:
            caller = authenticate(bearer(authorization), prefetch.policy or REQUESTS, prefetch=prefetch.keys)
            caller.key.require(Scope.GENERATE)
            try:
                return _USES[name](caller, parse(RenderBody, body))
            finally:
                authenticate.count(caller)
        except Unauthenticated as error:
            raise ToolRefused(401, error.detail, challenge=challenge(error)) from error
        except InsufficientScope as error:
            raise ToolRefused(403, error.detail, challenge='Bearer error="insufficient_scope"') from error
        except DomainError as error:
            raise ToolFailed(error.detail) from error

    return use


def _preview(caller: Caller, body: RenderBody) -> ToolResult:
    """A small picture the model can look at, and its address."""
    canvas = template_of(caller).document.canvas
    ratio = min(1.0, PREVIEW_PX / max(canvas.width, canvas.height))
    outcome = render(caller, body.payload, ratio, preview=True)
    answer = presenters.render(outcome, container().image_links, container().clock.now())
    picture = tools.image(container().blobs.get(outcome.key), PNG)
    return ToolResult({"url": answer["url"], "renderMs": answer["renderMs"]}, (picture,))


def _generate(caller: Caller, body: RenderBody) -> ToolResult:
    """The permanent address and the credits that are left."""
    outcome = render(caller, body.payload, 1, preview=False)
    answer = presenters.render(outcome, container().image_links, container().clock.now())
    link = tools.link(answer["url"], f"{outcome.fields_hash}.png", PNG, "The rendered image.")
    structured = {
        "url": answer["url"],
        "fromCache": answer["fromCache"],
        "creditsRemaining": answer["creditsRemaining"],
    }
    return ToolResult(structured, (link,))


_USES: dict[str, Callable[[Caller, RenderBody], ToolResult]] = {PREVIEW: _preview, GENERATE: _generate}
