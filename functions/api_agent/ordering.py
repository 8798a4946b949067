"""A priced request as a submission: what to make, in no dialect's words."""

from __future__ import annotations

from collections.abc import Sequence

from api_agent.requests import GenerateBody
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.jobs.spec import FilmSpec, ImageSpec, Input, MusicSpec, Spec
from darkroom.domain.media import sizes
from darkroom.services.billing.estimate import AUTO, Quote
from darkroom.services.jobs.submit_job import Submission
from darkroom.wiring import container


def submission(body: GenerateBody, quote: Quote) -> Submission:
    """What to submit, at the units it was priced at.

    Raises
    ------
    MissingParam, InvalidParam
    """
    quote.require_inputs(body.prompt)
    return Submission(quote.offer.id, _spec(body, quote), quote.count, quote.units)


def _inputs(urls: Sequence[str]) -> tuple[Input, ...]:
    """The first picture is what is worked on, the others are to go by."""
    for index, url in enumerate(urls):
        container().url_check(url, f"input_image_urls.{index}")
    return tuple(Input("ref" if index else "source", url) for index, url in enumerate(urls))


def _spec(body: GenerateBody, quote: Quote) -> Spec:
    prompt, aspect_ratio, resolution = body.prompt, quote.aspect_ratio or AUTO, quote.resolution or None
    inputs = _inputs(body.input_image_urls)
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
