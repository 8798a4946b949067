"""Parsed bodies as submissions: what to make, in no dialect's words."""

from __future__ import annotations

from api_gencraft.requests import GenerateBody
from darkroom.catalog_data.gencraft import EDIT, MATRIX
from darkroom.domain.catalog.offers import Offer, Units
from darkroom.domain.errors import InvalidParam, MissingParam
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.domain.media import sizes
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.resolve_inputs import InputPolicy, NamedFile, Source
from darkroom.services.jobs.submit_job import Submission
from darkroom.wiring import container

IMAGE_URLS = InputPolicy(sources=(Source.OWN_FILE, Source.URL), names_param=True)


def generation(body: GenerateBody, caller: Caller) -> Submission:
    """Images, from a prompt or by editing the first of ``imageUrls``, with the others as references.

    Raises
    ------
    MissingParam, InvalidParam
    """
    offer = _offer(body)
    _require_fitting_images(body)
    files = [
        NamedFile("ref" if index else "source", url, f"imageUrls.{index}", IMAGE_URLS)
        for index, url in enumerate(body.image_urls)
    ]
    spec = ImageSpec(
        prompt=body.prompt,
        aspect_ratio=body.aspect,
        inputs=container().resolve_inputs(caller.owner, files) if files else (),
        size=sizes.pixels(body.aspect, body.image_size),
        resolution=body.image_size,
    )
    return Submission(offer.id, spec, min(body.count, offer.max_count), Units(resolution=body.image_size))


def _offer(body: GenerateBody) -> Offer:
    modes = MATRIX[body.model]
    if body.mode not in modes:
        raise InvalidParam(
            f"mode: {body.model} does not support {body.mode}, only {', '.join(modes)}.", param="mode"
        )
    return modes[body.mode]


def _require_fitting_images(body: GenerateBody) -> None:
    if body.mode == EDIT and not body.image_urls:
        raise MissingParam("imageUrls is required for mode edit.", param="imageUrls")
    if body.mode != EDIT and body.image_urls:
        raise InvalidParam("imageUrls: only mode edit takes images.", param="imageUrls")
