"""``/images``: make, list and fetch ad images."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from aws_lambda_powertools.event_handler import Response

from api_memes import accepting, editing, library
from api_memes.requests import EditBody, ImageBody, ReframeBody
from darkroom.catalog_data.memes import IMAGE, IMAGE_FAST
from darkroom.http.api import new_router, request_context
from darkroom.http.request_models import parse
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.submit_job import Submission

router = new_router()

HOLD_SECONDS = 8
_OFFERS: Mapping[str, str] = {"forge-image": IMAGE, "forge-image-fast": IMAGE_FAST}


@router.post("/images")
def create_image() -> Response[str]:
    """Take a request for one to four images."""
    current = request_context(router)

    def plan(caller: Caller) -> Submission:
        body = parse(ImageBody, current.json_object())
        body.require_one_of("reference_images")
        if body.quality == "premium":
            caller.workspace.require_extra("premium", param="quality")
        spec = replace(accepting.spec(body, caller, quality=body.quality), controls=body.controls)
        return Submission(_OFFERS[body.model], spec, body.count)

    return accepting.accept(current, plan)


@router.post("/images/edits")
def edit_image() -> Response[str]:
    """Edit an image by an instruction, within a mask if there is one."""
    current = request_context(router)
    return accepting.accept(
        current, lambda caller: editing.edit(parse(EditBody, current.json_object()), caller)
    )


@router.post("/images/reframe")
def reframe_image() -> Response[str]:
    """Give an image another aspect ratio; the answer waits a little, because that is quick."""
    current = request_context(router)
    return accepting.accept(
        current,
        lambda caller: editing.reframe(parse(ReframeBody, current.json_object()), caller),
        hold=HOLD_SECONDS,
    )


@router.get("/images")
def list_images() -> Response[str]:
    """List images."""
    return library.list_assets(request_context(router), "image")


@router.get("/images/<image_id>")
def get_image(image_id: str) -> Response[str]:
    """Fetch one image."""
    return library.one_asset(request_context(router), "image", image_id)
