"""Parsed bodies as submissions: what to make, in no dialect's words."""

from __future__ import annotations

import hashlib
import json

from api_agent.requests import GenerateBody
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.jobs.spec import FilmSpec, ImageSpec, Input, MusicSpec, Spec
from darkroom.domain.media import sizes
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.billing.estimate import AUTO, Quote
from darkroom.services.jobs.resolve_inputs import InputPolicy, NamedFile, Source
from darkroom.services.jobs.submit_job import Submission
from darkroom.wiring import container

INPUT_IMAGES = InputPolicy(sources=(Source.URL,))


def generation(body: GenerateBody, caller: Caller, quote: Quote) -> Submission:
    """Images, a video or music, at the units they were priced at. The first input image is the one to work on.

    Raises
    ------
    MissingParam, InvalidParam
    """
    quote.require_inputs(body.prompt)
    files = [
        NamedFile("ref" if index else "source", url, f"input_image_urls.{index}", INPUT_IMAGES)
        for index, url in enumerate(body.input_image_urls)
    ]
    inputs = container().resolve_inputs(caller.owner, files) if files else ()
    return Submission(quote.offer.id, _spec(body.prompt, inputs, quote), quote.count, quote.units)


def fingerprint(body: GenerateBody, quote: Quote) -> str:
    """A digest of what is to be made, whether or not the request spells out what is the default."""
    made = (quote.count, quote.resolution, quote.duration, quote.aspect_ratio)
    parts = (quote.offer.id, body.prompt, made, body.input_image_urls)
    return hashlib.sha256(json.dumps(parts, separators=(",", ":")).encode()).hexdigest()


def _spec(prompt: str, inputs: tuple[Input, ...], quote: Quote) -> Spec:
    aspect_ratio, resolution = quote.aspect_ratio or AUTO, quote.resolution or None
    match quote.offer.feature:
        case Feature.MUSIC:
            return MusicSpec(prompt, aspect_ratio, inputs=inputs, seconds=quote.duration, instrumental=False)
        case Feature.VIDEO:
            return FilmSpec(
                prompt, aspect_ratio, inputs=inputs, resolution=resolution, seconds=quote.duration
            )
        case _:
            named = aspect_ratio != AUTO and resolution is not None and resolution in sizes.SIDES
            size = sizes.pixels(aspect_ratio, resolution) if named and resolution else None
            return ImageSpec(prompt, aspect_ratio, inputs=inputs, resolution=resolution, size=size)
