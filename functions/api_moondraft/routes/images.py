"""``/generate``, ``/generate/batch``, ``/edit`` and ``/enhance``."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft import submissions
from api_moondraft.requests import BatchBody, EditBody, EnhanceBody, GenerateBody
from api_moondraft.routes.submitting import submit
from darkroom.domain.accounts.api_keys import Scope
from darkroom.http.request_context import RequestContext
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller

routes = Routes()


@routes.post("/generate", Scope.GENERATE)
def generate(request: RequestContext, caller: Caller) -> Response[str]:
    """Make one picture."""
    return submit(request, caller, lambda: submissions.generate(request.parse(GenerateBody), caller))


@routes.post("/generate/batch", Scope.GENERATE)
def generate_batch(request: RequestContext, caller: Caller) -> Response[str]:
    """Make a picture for each prompt."""
    return submit(request, caller, lambda: submissions.batch(request.parse(BatchBody), caller))


@routes.post("/edit", Scope.GENERATE)
def edit_image(request: RequestContext, caller: Caller) -> Response[str]:
    """Change a picture."""
    return submit(request, caller, lambda: submissions.edit(request.parse(EditBody), caller))


@routes.post("/enhance", Scope.GENERATE)
def enhance_image(request: RequestContext, caller: Caller) -> Response[str]:
    """Double a picture's width and height."""
    return submit(request, caller, lambda: submissions.enhance(request.parse(EnhanceBody), caller))
