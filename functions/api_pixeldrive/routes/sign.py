"""``/sign``: addresses of images that expire."""

from __future__ import annotations

import math

from aws_lambda_powertools.event_handler import Response

from api_pixeldrive import presenters
from api_pixeldrive.requests import SignBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam, NotFound
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.post("/sign", Scope.READ)
def sign(request: RequestContext, caller: Caller) -> Response[str]:
    """Sign an image's address."""
    body = request.parse(SignBody)
    name, param = (body.key, "key") if body.key is not None else (_name(body.url or ""), "url")
    storage_key = _storage_key(caller.owner, name, param)
    expires_at = math.ceil(container().clock.now().timestamp()) + body.expiresIn
    url = container().image_links.signed(storage_key, expires_at)
    return json_response(200, presenters.signed(url, name, body.expiresIn))


def _name(url: str) -> str:
    """The image's name in an address of ours.

    Raises
    ------
    InvalidParam
    """
    name = container().image_links.public_name(url)
    if name is None:
        raise InvalidParam("url: must be the address of a rendered image.", param="url")
    return name


def _storage_key(owner: Owner, name: str, param: str) -> str:
    """The object of a finished image of one of the workspace's templates.

    Raises
    ------
    NotFound
    """
    storage_key = container().image_links.public_key(name)
    if storage_key is not None:
        template = container().templates.get(owner, name.split("/")[1])
        if template is not None and container().blobs.exists(storage_key):
            return storage_key
    raise NotFound("No such image.", param=param)
