"""What every answer is wrapped in: the content, then ``usage`` and ``meta``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import Response

from api_memes import presenters
from darkroom.domain.jobs.job import Job
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import RequestContext, encode, json_response
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

type Json = Mapping[str, Any]


def enveloped(
    current: RequestContext, caller: Caller, content: Json, *, used: int = 0, settled: int = 0
) -> Json:
    """``content`` with the two blocks of every answer."""
    usage = presenters.usage(caller.wallet, container().clock.now(), used=used, settled=settled)
    meta = {"request_id": current.request_id, "livemode": caller.owner.livemode}
    return {**content, "usage": usage, "meta": meta}


def answer(current: RequestContext, caller: Caller, content: Json, status: int = 200) -> Response[str]:
    """An answer that is not about one job."""
    return json_response(status, enveloped(current, caller, content))


def stored(current: RequestContext, caller: Caller, content: Json, status: int) -> StoredResponse:
    """The same answer as it is kept for a repeated request."""
    return StoredResponse(status, encode(enveloped(current, caller, content)))


def listing(
    current: RequestContext, caller: Caller, data: Sequence[Json], *, has_more: bool
) -> Response[str]:
    """One page of a list; the cursor is the last object's id, if more follow."""
    cursor = data[-1]["id"] if has_more and data else None
    return answer(current, caller, {"data": data, "has_more": has_more, "next_cursor": cursor})


def generation(current: RequestContext, caller: Caller, job: Job, *, ended_here: bool = False) -> Json:
    """A job's answer. ``ended_here``: it ended after the caller's wallet was read, which had its hold."""
    charged = job.charged if job.terminal else 0
    content = {"generation": presenters.generation(job, container().links)}
    return enveloped(current, caller, content, used=charged, settled=charged if ended_here else 0)
