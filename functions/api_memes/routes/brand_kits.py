"""``/brand-kits``: what a workspace keeps of its brands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.event_handler import Response

from api_memes import presenters
from api_memes.requests import AnalyzeBody, BrandKitBody, BrandKitPatch, PictureBody
from api_memes.routes.envelopes import envelope
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.brands.brand_kit import BrandKit
from darkroom.domain.errors import MissingParam
from darkroom.domain.writes import StoredResponse
from darkroom.http.paging import page_request
from darkroom.http.params import object_id
from darkroom.http.request_context import RequestContext
from darkroom.http.responses import json_response, stored_response
from darkroom.http.routing import Routes
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

if TYPE_CHECKING:
    from api_memes.resources import BrandKitAnswer, ProductReferenceAnswer
    from darkroom.services.brands.analyze_website import WebsiteAnalysis

routes = Routes()

_KIT = "brand kit"


@routes.get("/brand-kits", Scope.READ)
def list_brand_kits(request: RequestContext, caller: Caller) -> Response[str]:
    """List brand kits."""
    page = container().manage_brand_kits.list(caller.owner, page_request(request.query()))
    return json_response(200, presenters.brand_kit_list(page, container().links, envelope(request, caller)))


@routes.post("/brand-kits", Scope.GENERATE)
def create_brand_kit(request: RequestContext, caller: Caller) -> Response[str]:
    """Create a brand kit."""

    def first_answer(kit: BrandKit) -> StoredResponse:
        return stored_response(201, _answer(request, caller, kit))

    idempotency = request.idempotency_context(first_answer)
    body = request.parse(BrandKitBody)
    kit = container().manage_brand_kits.create(caller, body.name, body.members(), idempotency)
    request.extra_headers["Location"] = request.url_of(f"/brand-kits/{kit.id}")
    return json_response(201, _answer(request, caller, kit))


@routes.post("/brand-kits/analyze-url", Scope.GENERATE)
def analyze_url(request: RequestContext, caller: Caller) -> Response[str]:
    """Read a brand's profile from its website."""

    def first_answer(analysis: WebsiteAnalysis) -> StoredResponse:
        return stored_response(200, presenters.website_answer(url, analysis, envelope(request, caller)))

    idempotency = request.idempotency_context(first_answer)
    url = request.parse(AnalyzeBody).url
    analysis = container().analyze_website(caller, url, idempotency)
    return json_response(200, presenters.website_answer(url, analysis, envelope(request, caller)))


@routes.get("/brand-kits/<kit_id>", Scope.READ)
def get_brand_kit(request: RequestContext, caller: Caller, kit_id: str) -> Response[str]:
    """Fetch a brand kit."""
    kit = container().manage_brand_kits.get(caller.owner, object_id(kit_id, _KIT))
    return json_response(200, _answer(request, caller, kit))


@routes.patch("/brand-kits/<kit_id>", Scope.GENERATE)
def update_brand_kit(request: RequestContext, caller: Caller, kit_id: str) -> Response[str]:
    """Change a brand kit."""
    members = request.parse(BrandKitPatch).members()
    if not members:
        raise MissingParam("At least one member of the brand kit is required.")
    kit = container().manage_brand_kits.update(caller, object_id(kit_id, _KIT), members)
    return json_response(200, _answer(request, caller, kit))


@routes.delete("/brand-kits/<kit_id>", Scope.GENERATE)
def delete_brand_kit(request: RequestContext, caller: Caller, kit_id: str) -> Response[str]:
    """Delete a brand kit."""
    container().manage_brand_kits.delete(caller, object_id(kit_id, _KIT))
    return json_response(200, presenters.deleted_answer(kit_id, envelope(request, caller)))


@routes.post("/brand-kits/<kit_id>/set-default", Scope.GENERATE)
def set_default_brand_kit(request: RequestContext, caller: Caller, kit_id: str) -> Response[str]:
    """Make a brand kit the default one."""

    def first_answer(kit: BrandKit) -> StoredResponse:
        return stored_response(200, _answer(request, caller, kit))

    idempotency = request.idempotency_context(first_answer)
    kit = container().manage_brand_kits.set_default(caller, object_id(kit_id, _KIT), idempotency)
    return json_response(200, _answer(request, caller, kit))


@routes.post("/brand-kits/<kit_id>/logo", Scope.GENERATE)
def set_brand_kit_logo(request: RequestContext, caller: Caller, kit_id: str) -> Response[str]:
    """Upload or replace a logo."""

    def first_answer(kit: BrandKit) -> StoredResponse:
        return stored_response(200, _answer(request, caller, kit))

    idempotency = request.idempotency_context(first_answer)
    source = request.parse(PictureBody).source
    kit = container().kit_pictures.set_logo(caller, object_id(kit_id, _KIT), source, idempotency)
    return json_response(200, _answer(request, caller, kit))


@routes.delete("/brand-kits/<kit_id>/logo", Scope.GENERATE)
def delete_brand_kit_logo(request: RequestContext, caller: Caller, kit_id: str) -> Response[str]:
    """Remove a logo."""
    kit = container().kit_pictures.remove_logo(caller, object_id(kit_id, _KIT))
    return json_response(200, _answer(request, caller, kit))


@routes.post("/brand-kits/<kit_id>/product-references", Scope.GENERATE)
def add_product_reference(request: RequestContext, caller: Caller, kit_id: str) -> Response[str]:
    """Add a product reference."""

    def answer(kit: BrandKit) -> ProductReferenceAnswer:
        return presenters.product_reference_answer(kit, container().links, envelope(request, caller))

    def first_answer(kit: BrandKit) -> StoredResponse:
        return stored_response(201, answer(kit))

    idempotency = request.idempotency_context(first_answer)
    source = request.parse(PictureBody).source
    kit = container().kit_pictures.add_product(caller, object_id(kit_id, _KIT), source, idempotency)
    return json_response(201, answer(kit))


@routes.delete("/brand-kits/<kit_id>/product-references/<reference_id>", Scope.GENERATE)
def delete_product_reference(
    request: RequestContext, caller: Caller, kit_id: str, reference_id: str
) -> Response[str]:
    """Remove a product reference."""
    picture_id = object_id(reference_id, "product reference")
    kit = container().kit_pictures.remove_product(caller, object_id(kit_id, _KIT), picture_id)
    return json_response(200, _answer(request, caller, kit))


def _answer(request: RequestContext, caller: Caller, kit: BrandKit) -> BrandKitAnswer:
    return presenters.brand_kit_answer(kit, container().links, envelope(request, caller))
