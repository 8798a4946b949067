"""The ``usage`` and ``meta`` every answer ends with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from api_memes import presenters
from darkroom.domain.jobs.job import Job
from darkroom.http.generations import generation
from darkroom.http.request_context import RequestContext
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

if TYPE_CHECKING:
    from api_memes.resources import Enveloped, GenerationAnswer


def envelope(request: RequestContext, caller: Caller, *, used: int = 0, settled: int = 0) -> Enveloped:
    """The two blocks. ``settled`` of the ``used`` credits have left the wallet since it was read."""
    return {
        "usage": presenters.usage(caller.wallet, container().clock.now(), used=used, settled=settled),
        "meta": {"request_id": request.request_id, "livemode": caller.owner.livemode},
    }


def generation_answer(
    request: RequestContext, caller: Caller, job: Job, *, ended_here: bool = False
) -> GenerationAnswer:
    """The answer about a job. ``ended_here``: it ended after the caller's wallet was read with its hold."""
    charged = job.charged if job.terminal else 0
    return {
        "generation": generation(job, container().links),
        **envelope(request, caller, used=charged, settled=charged if ended_here else 0),
    }
