"""``/templates``: what is rendered. The contract presupposes them and documents none of these routes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aws_lambda_powertools.event_handler import Response

from api_pixeldrive import presenters
from api_pixeldrive.requests import TemplateBody, TemplatePatch
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import MissingParam, NotFound
from darkroom.domain.templates.definition import json_schema
from darkroom.domain.templates.template import Template
from darkroom.domain.writes import StoredResponse
from darkroom.http.paging import page_request
from darkroom.http.params import object_id
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

routes = Routes()


@routes.get("/templates/schema", scope=None)
def template_schema(_request: RequestContext) -> Response[str]:
    """The JSON Schema of documents."""
    return json_response(200, json_schema(), {"Cache-Control": "public, max-age=300"})


@routes.post("/templates", Scope.GENERATE)
def create_template(request: RequestContext, caller: Caller) -> Response[str]:
    """Create a template."""
    idempotency = request.idempotency_context(_first_answer)
    body = request.parse(TemplateBody)
    template = container().manage_templates.create(caller, body.name, body.document, idempotency)
    return json_response(201, presenters.template(template))


@routes.get("/templates", Scope.READ)
def list_templates(request: RequestContext, caller: Caller) -> Response[str]:
    """List templates."""
    page = container().manage_templates.list(caller.owner, page_request(request.query()))
    return json_response(200, presenters.template_list(page))


@routes.get("/templates/<template_id>", Scope.READ)
def get_template(_request: RequestContext, caller: Caller, template_id: str) -> Response[str]:
    """Fetch a template."""
    template = container().manage_templates.get(caller.owner, object_id(template_id.lower(), "template"))
    return json_response(200, presenters.template(template))


@routes.get("/templates/<template_id>/versions/<version>", Scope.READ)
def get_template_version(
    _request: RequestContext, caller: Caller, template_id: str, version: str
) -> Response[str]:
    """Fetch a version of a template."""
    number = int(version) if version.isascii() and version.isdigit() and len(version) <= 8 else 0
    template_id = object_id(template_id.lower(), "template")
    template = container().templates.version(caller.owner, template_id, number) if number else None
    if template is None:
        raise NotFound("No such version of a template.")
    return json_response(200, presenters.template(template))


@routes.patch("/templates/<template_id>", Scope.GENERATE)
def change_template(request: RequestContext, caller: Caller, template_id: str) -> Response[str]:
    """Change a template."""
    body = request.parse(TemplatePatch)
    if body.name is None and body.document is None:
        raise MissingParam("name or document is required.")
    return _changed(caller, template_id, name=body.name, document=body.document)


@routes.put("/templates/<template_id>", Scope.GENERATE)
def replace_template(request: RequestContext, caller: Caller, template_id: str) -> Response[str]:
    """Replace a template."""
    body = request.parse(TemplateBody)
    return _changed(caller, template_id, name=body.name, document=body.document)


@routes.delete("/templates/<template_id>", Scope.GENERATE)
def delete_template(_request: RequestContext, caller: Caller, template_id: str) -> Response[str]:
    """Delete a template."""
    template_id = object_id(template_id.lower(), "template")
    container().manage_templates.delete(caller, template_id)
    return json_response(200, presenters.deleted(template_id))


def _changed(
    caller: Caller, template_id: str, *, name: str | None, document: Mapping[str, Any] | None
) -> Response[str]:
    template_id = object_id(template_id.lower(), "template")
    template = container().manage_templates.update(caller, template_id, name=name, document=document)
    return json_response(200, presenters.template(template))


def _first_answer(template: Template) -> StoredResponse:
    return stored_response(201, presenters.template(template))
