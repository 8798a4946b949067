"""``/mcp``: the same renders as tools for agents, over the Model Context Protocol."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from api_pixeldrive import presenters
from api_pixeldrive.prefetch import of_render
from api_pixeldrive.rates import REQUESTS
from api_pixeldrive.rendering import render, template_of
from api_pixeldrive.requests import RenderBody
from api_pixeldrive.tools import GENERATE, INSTRUCTIONS, PREVIEW, TOOLS
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import (
    DomainError,
    InsufficientScope,
    MalformedBody,
    PayloadTooLarge,
    Unauthenticated,
)
from darkroom.domain.renders.renders import PNG
from darkroom.http import bodies
from darkroom.http.api import bearer, encode
from darkroom.http.mcp import messages, tools
from darkroom.http.mcp.messages import INTERNAL_ERROR, Json, ProtocolError, Request, Response
from darkroom.http.mcp.server import Server
from darkroom.http.mcp.tools import Result, ToolFailed, ToolRefused
from darkroom.http.request_models import parse
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

PATH = "/pixeldrive/mcp"
MAX_BODY_BYTES = 1024 * 1024
LOOK_PX = 512  # a model sees no more in a larger picture, and pays for it by the pixel

_LOOPBACK = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")

logger = Logger()


def serve(event: dict[str, Any]) -> dict[str, Any]:
    """Answer a request to the endpoint. Who asks is only looked at when a tool is used."""
    request_id = f"req_{container().ids.new()}"
    reply = _reply(APIGatewayProxyEventV2(event), request_id)
    logger.info("request", request_id=request_id, path=PATH, status=reply.status)
    headers = {"Cache-Control": "no-store", "X-Request-Id": request_id, **reply.headers}
    if reply.body is not None:
        headers["Content-Type"] = "application/json"
    body = "" if reply.body is None else encode(reply.body)
    return {"statusCode": reply.status, "headers": headers, "body": body, "isBase64Encoded": False}


def _reply(event: APIGatewayProxyEventV2, request_id: str) -> Response:
    try:
        request = Request(event.http_method, event.headers, bodies.raw(event, MAX_BODY_BYTES))
        return _server().answer(request, _user(event.headers.get("authorization")))
    except PayloadTooLarge as error:
        return Response(413, messages.failure(None, ProtocolError(messages.INVALID_REQUEST, error.detail)))
    except MalformedBody as error:
        return Response(400, messages.failure(None, ProtocolError(messages.PARSE_ERROR, error.detail)))
    except Exception:
        logger.exception("request failed", request_id=request_id)
        wrong = ProtocolError(INTERNAL_ERROR, "Something went wrong on our side.")
        return Response(500, messages.failure(None, wrong))


def _server() -> Server:
    return Server("darkroom-pixeldrive", "1", INSTRUCTIONS, TOOLS, _allows_origin)


def _allows_origin(origin: str) -> bool:
    """Pages of this stack, and what somebody runs on their own machine; no other page may ask in a visitor's name."""
    ours = urlsplit(container().settings.public_base_url)
    return origin == f"{ours.scheme}://{ours.netloc}" or _LOOPBACK.fullmatch(origin) is not None


def _user(authorization: str | None) -> Callable[[str, Json], Result]:
    """How whoever has this ``Authorization`` uses a tool."""

    def use(name: str, arguments: Json) -> Result:
        wanted = {field: arguments.get(field) for field in ("templateId", "payload")}
        prefetch = of_render({**wanted, "preview": name == PREVIEW})
        authenticate = container().authenticate
        try:
            caller = authenticate(
                bearer(authorization),
                prefetch.policy or REQUESTS,
                template_id=prefetch.template_id,
                payload_key=prefetch.payload_key,
            )
            caller.key.require(Scope.GENERATE)
            try:
                return _USES[name](caller, parse(RenderBody, wanted))
            finally:
                authenticate.count(caller)
        except Unauthenticated as error:
            raise ToolRefused(401, error.detail, challenge="Bearer") from error
        except InsufficientScope as error:
            raise ToolRefused(403, error.detail, challenge='Bearer error="insufficient_scope"') from error
        except DomainError as error:
            raise ToolFailed(error.detail) from error

    return use


def _preview(caller: Caller, body: RenderBody) -> Result:
    """A small picture the model can look at, and the address of it."""
    canvas = template_of(caller).document.canvas
    ratio = min(1.0, LOOK_PX / max(canvas.width, canvas.height))
    outcome = render(caller, body.payload, ratio, preview=True)
    shown = presenters.render(outcome, container().image_links, container().clock.now())
    picture = tools.image(container().blobs.get(outcome.key), PNG)
    return Result({"url": shown["url"], "renderMs": shown["renderMs"]}, (picture,))


def _generate(caller: Caller, body: RenderBody) -> Result:
    """The permanent address and what is left."""
    outcome = render(caller, body.payload, 1, preview=False)
    shown = presenters.render(outcome, container().image_links, container().clock.now())
    found = tools.link(shown["url"], f"{outcome.fields_hash}.png", PNG, "The rendered image.")
    return Result({name: shown[name] for name in ("url", "fromCache", "creditsRemaining")}, (found,))


_USES: dict[str, Callable[[Caller, RenderBody], Result]] = {PREVIEW: _preview, GENERATE: _generate}
