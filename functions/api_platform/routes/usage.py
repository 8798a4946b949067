"""What a workspace used."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_platform import presenters, submissions
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.get("/usage", Scope.ACCOUNT)
def get_usage(request: RequestContext, caller: Caller) -> Response[str]:
    """What the workspace used, in the key's mode."""
    query, core = request.query(), container()
    days = submissions.days(query, core.clock.now().date())
    report = core.read_usage.of_owner(
        caller.owner, days, submissions.dimensions(query), submissions.usage_page(query)
    )
    return json_response(200, presenters.usage_report(report, livemode=caller.owner.livemode))
