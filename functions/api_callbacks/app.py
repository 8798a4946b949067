"""Lambda entry of the addresses vendors call back: ``POST /callbacks/<vendor>/<token>``.

The token names the task, and the vendor's signature proves the sender. Nothing else in a callback is believed: it
only makes the worker poll the vendor sooner.
"""

from __future__ import annotations

from typing import Any, Final

from aws_lambda_powertools import Logger

from darkroom.domain.errors import Unavailable
from darkroom.domain.vendors.callbacks import callback_target
from darkroom.http.notifications import Answer, answer, headers_of, signed_body
from darkroom.services.vendors.handle_callback import CallbackResult
from darkroom.wiring import container

PREFIX: Final = "/callbacks/"

_STATUS: Final = {CallbackResult.UNKNOWN: 400}

logger = Logger()


def handler(event: dict[str, Any], context: Any) -> Answer:  # noqa: ARG001
    """Answer one callback."""
    vendor, _, token = str(event.get("rawPath", "")).removeprefix(PREFIX).partition("/")
    method = event["requestContext"]["http"]["method"]
    if method != "POST":
        return answer(405, {"Allow": "POST"})
    try:
        return answer(_handle(event, vendor, token))
    except LookupError:
        return answer(404)
    except Unavailable:
        return answer(503, {"Retry-After": "30"})


def _handle(event: dict[str, Any], vendor: str, token: str) -> int:
    """Verify and handle a callback; returns the response's status.

    Raises
    ------
    LookupError
        No such vendor is used here, or it never calls back.
    Unavailable
    """
    core = container()
    if vendor not in core.vendors:
        raise LookupError(vendor)
    target = callback_target(core.master_secret(), vendor, token)
    if target is None:
        return _refused(vendor, "token")
    work_id = core.verifier(vendor).verify(headers_of(event), signed_body(event), core.clock.now())
    if not work_id:
        return _refused(vendor, "signature")
    result = core.handle_callback(vendor, target, work_id)
    logger.info("callback", vendor=vendor, job_id=target.job_id, index=target.index, result=result.value)
    return _STATUS.get(result, 200)


def _refused(vendor: str, what: str) -> int:
    logger.warning("callback refused", vendor=vendor, reason=what)
    return 401
