"""``/mcp``: the same renders as tools for agents, over the Model Context Protocol."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from api_pixeldrive import MCP_PATH, presenters
from api_pixeldrive.mcp_tools import GENERATE, INSTRUCTIONS, PREVIEW, TOOLS
from api_pixeldrive.prefetch import REQUESTS, of_render
from api_pixeldrive.requests import RenderBody
from api_pixeldrive.submissions import render, template_of
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import DomainError, InsufficientScope, Unauthenticated
from darkroom.domain.renders.names import MEDIA, encoding, media_of
from darkroom.http.errors import challenge
from darkroom.http.mcp import tools
from darkroom.http.mcp.endpoint import Endpoint
from darkroom.http.mcp.messages import Json
from darkroom.http.mcp.server import Use
from darkroom.http.mcp.tools import ToolFailed, ToolRefused, ToolResult
from darkroom.http.request_context import bearer
from darkroom.http.request_models import parse
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

PATH = MCP_PATH
PREVIEW_PX = 512  # a model sees no more in a larger picture, and pays for it by the pixel

ENDPOINT = Endpoint(PATH, "darkroom-pixeldrive", INSTRUCTIONS, TOOLS, REQUESTS, container)


def serve(event: dict[str, Any]) -> dict[str, Any]:
    """Answer a request to the endpoint."""
    return ENDPOINT.serve(event, _use_as)


def _use_as(event: APIGatewayProxyEventV2) -> Use:
    """How the sender of this event uses a tool."""
    authorization = event.headers.get("authorization")

    def use(name: str, arguments: Json) -> ToolResult:
        body = {field: arguments.get(field) for field in ("templateId", "payload")}
        if name == GENERATE:
            body |= {field: arguments[field] for field in ("format", "quality") if field in arguments}
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
    canvas = template_of(caller, body.templateId).document.canvas
    ratio = min(1.0, PREVIEW_PX / max(canvas.width, canvas.height))
    outcome = render(caller, body.templateId, body.payload, ratio, preview=True)
    answer = presenters.render(outcome, container().image_links, container().clock.now())
    picture = tools.image(container().blobs.get(outcome.key), MEDIA["png"])
    structured = {"url": answer["url"], "renderMs": answer["renderMs"], **presenters.warned(outcome.warnings)}
    return ToolResult(structured, (picture,))


def _generate(caller: Caller, body: RenderBody) -> ToolResult:
    """The permanent address and the credits that are left."""
    written = encoding(body.format, body.quality)
    outcome = render(caller, body.templateId, body.payload, 1, preview=False, written=written)
    answer = presenters.render(outcome, container().image_links, container().clock.now())
    name = outcome.key.rpartition("/")[2]
    link = tools.link(answer["url"], name, media_of(name), "The rendered image.")
    structured = {
        "url": answer["url"],
        "fromCache": answer["fromCache"],
        "creditsRemaining": answer["creditsRemaining"],
        **presenters.warned(outcome.warnings),
    }
    return ToolResult(structured, (link,))


_USES: dict[str, Callable[[Caller, RenderBody], ToolResult]] = {PREVIEW: _preview, GENERATE: _generate}
