"""``/generate``, ``/generate/batch``, ``/edit`` and ``/enhance``."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft.files import Wanted
from api_moondraft.requests import SIZES, BatchBody, EditBody, EnhanceBody, GenerateBody, PictureOptions
from api_moondraft.running import Order, run
from darkroom.catalog_data import moondraft
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.http.api import new_router, request_context
from darkroom.http.request_models import parse

router = new_router()

_FACTOR = 2


@router.post("/generate")
def generate() -> Response[str]:
    """Make one picture."""
    current = request_context(router)

    def read() -> Order:
        body = parse(GenerateBody, current.json_object())
        return _order(body, body.prompt)

    return run(current, read)


@router.post("/generate/batch")
def generate_batch() -> Response[str]:
    """Make a picture for each prompt: one job, so that credits for all are held or none."""
    current = request_context(router)

    def read() -> Order:
        body = parse(BatchBody, current.json_object())
        return _order(body, *body.prompts, batch=True)

    return run(current, read)


@router.post("/edit")
def edit() -> Response[str]:
    """Change a picture."""
    current = request_context(router)

    def read() -> Order:
        body = parse(EditBody, current.json_object())
        return Order(
            moondraft.EDIT, ImageSpec(body.prompt, "auto"), files=(Wanted("image", body.image, "source"),)
        )

    return run(current, read)


@router.post("/enhance")
def enhance() -> Response[str]:
    """Double a picture's width and height."""
    current = request_context(router)

    def read() -> Order:
        body = parse(EnhanceBody, current.json_object())
        source = Wanted("image", body.image, "source", enlarged=_FACTOR)
        return Order(moondraft.UPSCALE, ImageSpec("", "auto", factor=_FACTOR), files=(source,))

    return run(current, read)


def _order(body: PictureOptions, *prompts: str, batch: bool = False) -> Order:
    return Order(
        moondraft.IMAGE_PREMIUM if body.quality == "premium" else moondraft.IMAGE,
        ImageSpec(
            prompts[0],
            body.aspect_ratio,
            body.quality,
            size=SIZES[body.aspect_ratio],
            prompts=prompts if batch else (),
        ),
        files=(
            Wanted("style_ref", body.style_ref, "style"),
            Wanted("character_ref", body.character_ref, "character"),
        ),
        count=len(prompts),
    )
