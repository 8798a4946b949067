"""``/batches`` and ``/jobs``: how renders in bulk stand, asked for or told."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_pixeldrive import presenters
from api_pixeldrive.watching import next_piece
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.api import json_response, new_router, request_context
from darkroom.http.params import object_id
from darkroom.wiring import container

router = new_router()


@router.get("/batches/<batch_id>")
def get_batch(batch_id: str) -> Response[str]:
    """How a batch stands, with every row."""
    caller = request_context(router).sender(Scope.READ)
    view = container().watch_batch.batch(caller.owner, object_id(batch_id.lower(), "batch"))
    return json_response(200, presenters.batch(view, container().image_links))


@router.get("/batches/<batch_id>/stream")
def stream_batch(batch_id: str) -> Response[str]:
    """A batch's progress as it happens."""
    current = request_context(router)
    caller = current.sender(Scope.READ)
    batch_id = object_id(batch_id.lower(), "batch")
    return next_piece(
        lambda: container().watch_batch.batch(caller.owner, batch_id), current.header("last-event-id") or ""
    )


@router.get("/jobs/<job_id>")
def get_job(job_id: str) -> Response[str]:
    """How one row of a batch stands."""
    caller = request_context(router).sender(Scope.READ)
    row = container().watch_batch.row(caller.owner, object_id(job_id.lower(), "job"))
    return json_response(200, presenters.job(row, container().image_links))
