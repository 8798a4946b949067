"""``/templates``: what is rendered. The contract presumes them and documents none of this."""

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
from darkroom.http.api import encode, json_response, new_router, request_context
from darkroom.http.paging import page_request
from darkroom.http.params import object_id
from darkroom.http.request_models import parse
from darkroom.wiring import container

router = new_router()

CREATED, CHANGED = 201, 200


@router.get("/templates/schema")
def get_schema() -> Response[str]:
    """The JSON Schema of documents; it needs no key."""
    return json_response(200, json_schema(), {"Cache-Control": "public, max-age=300"})


@router.post("/templates")
def create_template() -> Response[str]:
    """Keep a template."""
    current = request_context(router)
    caller = current.sender(Scope.GENERATE)
    idempotency = current.idempotency_context(_created)
    body = parse(TemplateBody, current.json_object())
    template = container().manage_templates.create(caller, body.name, body.document, idempotency)
    return json_response(CREATED, _shown(template))


@router.get("/templates")
def list_templates() -> Response[str]:
    """The workspace's templates without their documents, by default the newest first."""
    current = request_context(router)
    caller = current.sender(Scope.READ)
    page = container().manage_templates.list(caller.owner, page_request(current.query()))
    data = [presenters.summary(template) for template in page.items]
    cursor = data[-1]["id"] if page.has_more and data else None
    return json_response(200, {"data": data, "hasMore": page.has_more, "nextCursor": cursor})


@router.get("/templates/<template_id>")
def get_template(template_id: str) -> Response[str]:
    """A template as it is now."""
    caller = request_context(router).sender(Scope.READ)
    found = container().manage_templates.get(caller.owner, object_id(template_id.lower(), "template"))
    return json_response(200, _shown(found))


@router.get("/templates/<template_id>/versions/<version>")
def get_version(template_id: str, version: str) -> Response[str]:
    """A template as it is or was; a version is kept for a week after it was replaced."""
    caller = request_context(router).sender(Scope.READ)
    number = int(version) if version.isascii() and version.isdigit() and len(version) <= 8 else 0
    template_id = object_id(template_id.lower(), "template")
    found = container().templates.version(caller.owner, template_id, number) if number else None
    if found is None:
        raise NotFound("No such version of a template.")
    return json_response(200, _shown(found))


@router.patch("/templates/<template_id>")
def change_template(template_id: str) -> Response[str]:
    """Make the next version of a template, with what is sent of it."""
    current = request_context(router)
    current.sender(Scope.GENERATE)
    body = parse(TemplatePatch, current.json_object())
    if body.name is None and body.document is None:
        raise MissingParam("name or document is required.")
    return _changed(template_id, name=body.name, document=body.document)


@router.put("/templates/<template_id>")
def replace_template(template_id: str) -> Response[str]:
    """Make the next version of a template."""
    current = request_context(router)
    current.sender(Scope.GENERATE)
    body = parse(TemplateBody, current.json_object())
    return _changed(template_id, name=body.name, document=body.document)


@router.delete("/templates/<template_id>")
def delete_template(template_id: str) -> Response[str]:
    """Delete a template. What was rendered stays."""
    caller = request_context(router).sender(Scope.GENERATE)
    template_id = object_id(template_id.lower(), "template")
    container().manage_templates.delete(caller, template_id)
    return json_response(200, {"id": template_id, "deleted": True})


def _changed(template_id: str, *, name: str | None, document: Mapping[str, Any] | None) -> Response[str]:
    caller = request_context(router).sender(Scope.GENERATE)
    template_id = object_id(template_id.lower(), "template")
    changed = container().manage_templates.update(caller, template_id, name=name, document=document)
    return json_response(CHANGED, _shown(changed))


def _shown(template: Template) -> dict[str, Any]:
    return presenters.template(template)


def _created(template: Template) -> StoredResponse:
    return StoredResponse(CREATED, encode(_shown(template)))
