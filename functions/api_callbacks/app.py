"""Lambda entry of the addresses vendors call back: ``POST /callbacks/<vendor>/<token>``.

The token says which task, the vendor's signature that it is the vendor who calls. What else a callback says is not
believed: it only has the vendor asked sooner.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, Final

from aws_lambda_powertools import Logger

from darkroom.domain.errors import Unavailable
from darkroom.domain.vendors.callbacks import opened
from darkroom.services.vendors.handle_callback import CallbackResult
from darkroom.wiring import container

PREFIX: Final = "/callbacks/"

_STATUS: Final = {CallbackResult.STRANGER: 400}

logger = Logger()

type Answer = dict[str, Any]


def handler(event: dict[str, Any], context: Any) -> Answer:  # noqa: ARG001
    """Answer one callback."""
    vendor, _, token = str(event.get("rawPath", "")).removeprefix(PREFIX).partition("/")
    method = event["requestContext"]["http"]["method"]
    if method != "POST":
        return _answer(405, {"Allow": "POST"})
    try:
        return _answer(_heard(event, vendor, token))
    except LookupError:
        return _answer(404)
    except Unavailable:
        return _answer(503, {"Retry-After": "30"})


def _heard(event: dict[str, Any], vendor: str, token: str) -> int:
    """The status to answer with.

    Raises
    ------
    LookupError
        No such vendor is used here, or it never calls back.
    Unavailable
    """
    core = container()
    if vendor not in core.vendors:
        raise LookupError(vendor)
    awaited = opened(core.master_secret(), vendor, token)
    if awaited is None:
        return _refused(vendor, "token")
    headers = {name.lower(): value for name, value in event.get("headers", {}).items()}
    work_id = core.verifier(vendor).verify(headers, _body(event), core.clock.now())
    if not work_id:
        return _refused(vendor, "signature")
    heard = core.handle_callback(vendor, awaited, work_id)
    logger.info("callback", vendor=vendor, job_id=awaited.job_id, index=awaited.index, heard=heard.value)
    return _STATUS.get(heard, 200)


def _refused(vendor: str, what: str) -> int:
    logger.warning("callback refused", vendor=vendor, reason=what)
    return 401


def _body(event: dict[str, Any]) -> bytes:
    """The body as it was signed; API Gateway hands some over in base64."""
    text = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(text).encode()
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error:
        return b""


def _answer(status: int, headers: dict[str, str] | None = None) -> Answer:
    return {
        "statusCode": status,
        "headers": {"Content-Type": "application/json", "Cache-Control": "no-store", **(headers or {})},
        "body": "{}",
    }
