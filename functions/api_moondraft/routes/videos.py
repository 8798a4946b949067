"""``/video``: what comes in decides what is made."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_moondraft.files import Wanted
from api_moondraft.requests import VideoBody
from api_moondraft.running import Order, run
from darkroom.catalog_data import moondraft
from darkroom.domain.errors import MissingParam
from darkroom.domain.jobs.spec import FilmSpec
from darkroom.http.api import new_router, request_context
from darkroom.http.request_models import parse

router = new_router()

_SECONDS = 5
_FROM_WORDS = "16:9"


@router.post("/video")
def make_video() -> Response[str]:
    """Make a clip: of a prompt, of a picture in motion, or of a picture that speaks."""
    current = request_context(router)

    def read() -> Order:
        body = parse(VideoBody, current.json_object())
        _require_a_mode(body)
        return Order(
            moondraft.VIDEO,
            FilmSpec(body.prompt, "auto" if body.image else _FROM_WORDS, seconds=_SECONDS),
            files=(Wanted("image", body.image, "source"), Wanted("audio", body.audio, "audio")),
        )

    return run(current, read)


def _require_a_mode(body: VideoBody) -> None:
    """Refuse what is none of the three documented combinations.

    Raises
    ------
    MissingParam
    """
    if body.audio and not body.image:
        raise MissingParam("image is required with audio.", param="image")
    if not body.audio and not body.prompt.strip():
        raise MissingParam("prompt is required unless image and audio are sent.", param="prompt")
