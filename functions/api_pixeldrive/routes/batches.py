"""``/batches`` and ``/jobs``: how renders in bulk stand, polled or streamed."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_pixeldrive import presenters
from api_pixeldrive.routes.batch_stream import next_part
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.params import object_id
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.get("/batches/<batch_id>", Scope.READ)
def get_batch(_request: RequestContext, caller: Caller, batch_id: str) -> Response[str]:
    """How a batch stands."""
    view = container().watch_batch.batch(caller.owner, object_id(batch_id.lower(), "batch"))
    return json_response(200, presenters.batch(view, container().image_links))


@routes.get("/batches/<batch_id>/stream", Scope.READ)
def stream_batch(request: RequestContext, caller: Caller, batch_id: str) -> Response[str]:
    """A batch's progress as server-sent events."""
    batch_id = object_id(batch_id.lower(), "batch")
    container().authenticate.count(caller)  # now, because it is of this second that it takes the room
    return next_part(
        caller.owner,
        lambda: container().watch_batch.batch(caller.owner, batch_id),
        request.header("last-event-id") or "",
    )


@routes.get("/jobs/<job_id>", Scope.READ)
def get_job(_request: RequestContext, caller: Caller, job_id: str) -> Response[str]:
    """How one row of a batch stands."""
    row = container().watch_batch.row(caller.owner, object_id(job_id.lower(), "job"))
    return json_response(200, presenters.job(row, container().image_links))
