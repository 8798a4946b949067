"""``/sign``: an address of an image that is good for a while only."""

from __future__ import annotations

import math

from aws_lambda_powertools.event_handler import Response

from api_pixeldrive.requests import SignBody
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam, NotFound
from darkroom.http.api import json_response, new_router, request_context
from darkroom.http.request_models import parse
from darkroom.wiring import container

router = new_router()


@router.post("/sign")
def sign() -> Response[str]:
    """Sign the address of one of the workspace's images."""
    current = request_context(router)
    caller = current.sender(Scope.READ)
    body = parse(SignBody, current.json_object())
    name, param = (body.key, "key") if body.key is not None else (_name(body.url or ""), "url")
    storage_key = _owned(caller.owner, name or "", param)
    expires_at = math.ceil(container().clock.now().timestamp()) + body.expiresIn
    url = container().image_links.signed(storage_key, expires_at)
    return json_response(200, {"url": url, "key": name, "expiresIn": body.expiresIn})


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


def _owned(owner: Owner, name: str, param: str) -> str:
    """The object of a finished image: its template is the workspace's, and it is there.

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
