"""A priced request as a submission: what to make, in no dialect's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from api_agent.requests import GenerateBody
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.jobs.spec import Input, Spec
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
    spec = Spec(
        prompt=body.prompt,
        aspect_ratio=quote.aspect_ratio or AUTO,
        inputs=_inputs(body.input_image_urls),
        settings=_settings(quote),
    )
    return Submission(quote.offer.id, spec, quote.count, quote.units)


def _inputs(urls: Sequence[str]) -> tuple[Input, ...]:
    """The first picture is what is worked on, the others are to go by."""
    for index, url in enumerate(urls):
        container().url_check(url, f"input_image_urls.{index}")
    return tuple(Input("ref" if index else "source", url) for index, url in enumerate(urls))


def _settings(quote: Quote) -> Mapping[str, Any]:
    settings: dict[str, Any] = {"resolution": quote.resolution} if quote.resolution else {}
    aspect, name = quote.aspect_ratio, quote.resolution
    if aspect and aspect != AUTO and name and name in sizes.SIDES:
        settings["size"] = list(sizes.pixels(aspect, name))
    if quote.duration is not None:
        settings["seconds"] = quote.duration
    if quote.offer.feature is Feature.MUSIC:
        settings["instrumental"] = False
    return settings
