"""``/memes``: make, list and fetch branded memes."""

from __future__ import annotations

from dataclasses import replace

from aws_lambda_powertools.event_handler import Response

from api_memes import accepting, library
from api_memes.requests import MemeBody
from darkroom.catalog_data.memes import MEME
from darkroom.http.api import new_router, request_context
from darkroom.http.params import flag
from darkroom.http.request_models import parse
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.submit_job import Submission

router = new_router()


@router.post("/memes")
def create_meme() -> Response[str]:
    """Take a request for one to four memes."""
    current = request_context(router)

    def plan(caller: Caller) -> Submission:
        body = parse(MemeBody, current.json_object())
        body.require_one_of("template_prompt")
        spec = replace(
            accepting.spec(body, caller),
            format="meme",
            enhance=body.enhance,
            template_prompt=body.template_prompt or None,
        )
        return Submission(MEME, spec, body.count)

    return accepting.accept(current, plan)


@router.get("/memes")
def list_memes() -> Response[str]:
    """List memes. Slides of carousels are in a collection of their own, so there is nothing to exclude."""
    current = request_context(router)
    flag(current.query(), "exclude_carousel")
    return library.list_assets(current, "meme")


@router.get("/memes/<meme_id>")
def get_meme(meme_id: str) -> Response[str]:
    """Fetch one meme."""
    return library.one_asset(request_context(router), "meme", meme_id)
