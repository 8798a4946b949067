"""The HTTP side of a server: one event of API Gateway in, one answer out, whichever dialect's tools it offers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from darkroom.domain.accounts.rate_limits import RatePolicy
from darkroom.domain.errors import DomainError, MalformedBody, PayloadTooLarge, Unauthenticated
from darkroom.http import bodies
from darkroom.http.mcp import messages
from darkroom.http.mcp.messages import INTERNAL_ERROR, McpRequest, McpResponse, ProtocolError
from darkroom.http.mcp.server import Server, Use
from darkroom.http.mcp.tools import ListedTool, ToolRefused
from darkroom.http.pipeline import Core
from darkroom.http.request_context import bearer
from darkroom.http.responses import encode

VERSION = "1"

_LOOPBACK = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?")

logger = Logger()


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A dialect's server at ``path``. Only the use of a tool needs a key, but one that comes along must be good.

    ``policy`` is the rate window with which a key is looked up when no tool is used; such requests are not counted.
    """

    path: str
    name: str
    instructions: str
    tools: tuple[ListedTool, ...]
    policy: RatePolicy
    core: Callable[[], Core]
    max_body_bytes: int = 1024 * 1024

    def serve(self, event: dict[str, Any], use_as: Callable[[APIGatewayProxyEventV2], Use]) -> dict[str, Any]:
        """Answer a request; ``use_as`` returns how the sender of a request uses a tool."""
        request_id = f"req_{self.core().ids.new()}"
        response = self._respond(APIGatewayProxyEventV2(event), request_id, use_as)
        logger.info("request", request_id=request_id, path=self.path, status=response.status)
        headers = {"Cache-Control": "no-store", "X-Request-Id": request_id, **response.headers}
        if response.body is not None:
            headers["Content-Type"] = "application/json"
        body = "" if response.body is None else encode(response.body)
        return {"statusCode": response.status, "headers": headers, "body": body, "isBase64Encoded": False}

    def _respond(
        self, event: APIGatewayProxyEventV2, request_id: str, use_as: Callable[[APIGatewayProxyEventV2], Use]
    ) -> McpResponse:
        server = Server(self.name, VERSION, self.instructions, self.tools, self._allows_origin)
        try:
            request = McpRequest(event.http_method, event.headers, bodies.raw(event, self.max_body_bytes))
            return server.respond(request, use_as(event), lambda: self._check(event))
        except PayloadTooLarge as error:
            return _refused(413, messages.INVALID_REQUEST, error.detail)
        except MalformedBody as error:
            return _refused(400, messages.PARSE_ERROR, error.detail)
        except Exception:
            logger.exception("request failed", request_id=request_id)
            return _refused(500, INTERNAL_ERROR, "Something went wrong on our side.")

    def _allows_origin(self, origin: str) -> bool:
        """Allow pages of this stack and of the user's own machine; no other page may call in a visitor's name."""
        base = urlsplit(self.core().settings.public_base_url)
        return origin == f"{base.scheme}://{base.netloc}" or _LOOPBACK.fullmatch(origin) is not None

    def _check(self, event: APIGatewayProxyEventV2) -> None:
        """Refuse a key that came along and is not good, so that a client hears of it before it uses a tool.

        Raises
        ------
        ToolRefused
        """
        authorization = event.headers.get("authorization")
        if authorization is None:
            return
        try:
            self.core().authenticate(bearer(authorization), self.policy)
        except Unauthenticated as error:
            raise ToolRefused(401, error.detail, challenge='Bearer error="invalid_token"') from error
        except DomainError:
            return  # a full window or a busy table says nothing about the key


def _refused(status: int, code: int, text: str) -> McpResponse:
    return McpResponse(status, messages.error_message(None, ProtocolError(code, text)))
