"""Parsed bodies as submissions: what to make, in no dialect's words."""

from __future__ import annotations

from collections.abc import Sequence

from api_moondraft.requests import (
    SIZES,
    BatchBody,
    EditBody,
    EnhanceBody,
    GenerateBody,
    PictureOptions,
    VideoBody,
)
from darkroom.catalog_data import moondraft
from darkroom.domain.errors import MissingParam
from darkroom.domain.jobs.spec import FilmSpec, ImageSpec, Input
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.resolve_inputs import InputPolicy, NamedFile, Source
from darkroom.services.jobs.submit_job import Submission
from darkroom.wiring import container

PICTURES = InputPolicy(
    sources=(Source.URL, Source.ASSET, Source.BYTES),
    media=frozenset({"image/png", "image/jpeg", "image/webp"}),
    names_param=True,
)
SOUNDS = InputPolicy(
    sources=(Source.URL, Source.ASSET, Source.BYTES),
    media=frozenset({"audio/mpeg", "audio/wav", "audio/ogg", "audio/mp4"}),
    names_param=True,
)

ENLARGEMENT = 2
VIDEO_SECONDS = 5
VIDEO_RATIO = "16:9"


def generate(body: GenerateBody, caller: Caller) -> Submission:
    """One picture.

    Raises
    ------
    InsufficientCredits, InvalidParam, PayloadTooLarge, NotFound
    """
    return _pictures(body, caller, body.prompt)


def batch(body: BatchBody, caller: Caller) -> Submission:
    """A picture for each prompt: one job, so that credits for all are held or none.

    Raises
    ------
    InsufficientCredits, InvalidParam, PayloadTooLarge, NotFound
    """
    return _pictures(body, caller, *body.prompts, batch=True)


def edit(body: EditBody, caller: Caller) -> Submission:
    """A changed picture.

    Raises
    ------
    InsufficientCredits, InvalidParam, PayloadTooLarge, NotFound
    """
    inputs = _inputs(caller, moondraft.EDIT, [_file("source", body.image, "image", PICTURES)])
    return Submission(moondraft.EDIT, ImageSpec(body.prompt, "auto", inputs=inputs))


def enhance(body: EnhanceBody, caller: Caller) -> Submission:
    """A picture of twice the width and height.

    Raises
    ------
    InsufficientCredits, InvalidParam, PayloadTooLarge, NotFound
    """
    source = _file("source", body.image, "image", PICTURES, enlarged=ENLARGEMENT)
    inputs = _inputs(caller, moondraft.UPSCALE, [source])
    return Submission(moondraft.UPSCALE, ImageSpec("", "auto", inputs=inputs, factor=ENLARGEMENT))


def video(body: VideoBody, caller: Caller) -> Submission:
    """A clip from a prompt, from a picture, or from a picture and a voice.

    Raises
    ------
    MissingParam, InsufficientCredits, InvalidParam, PayloadTooLarge, NotFound
    """
    if body.audio and not body.image:
        raise MissingParam("image is required with audio.", param="image")
    if not body.audio and not body.prompt.strip():
        raise MissingParam("prompt is required unless image and audio are sent.", param="prompt")
    files = [
        _file("source", body.image, "image", PICTURES),
        _file("audio", body.audio, "audio", SOUNDS),
    ]
    inputs = _inputs(caller, moondraft.VIDEO, files)
    ratio = "auto" if body.image else VIDEO_RATIO
    spec = FilmSpec(body.prompt, ratio, inputs=inputs, seconds=VIDEO_SECONDS)
    return Submission(moondraft.VIDEO, spec)


def _pictures(body: PictureOptions, caller: Caller, *prompts: str, batch: bool = False) -> Submission:
    offer_id = moondraft.IMAGE_PREMIUM if body.quality == "premium" else moondraft.IMAGE
    files = [
        _file("style", body.style_ref, "style_ref", PICTURES),
        _file("character", body.character_ref, "character_ref", PICTURES),
    ]
    spec = ImageSpec(
        prompt=prompts[0],
        aspect_ratio=body.aspect_ratio,
        quality=body.quality,
        inputs=_inputs(caller, offer_id, files, count=len(prompts)),
        size=SIZES[body.aspect_ratio],
        prompts=prompts if batch else (),
    )
    return Submission(offer_id, spec, len(prompts))


def _file(
    role: str, text: str | None, param: str, policy: InputPolicy, *, enlarged: int = 1
) -> NamedFile | None:
    text = (text or "").strip()
    return NamedFile(role, text, param, policy, enlarged) if text else None


def _inputs(
    caller: Caller, offer_id: str, files: Sequence[NamedFile | None], *, count: int = 1
) -> tuple[Input, ...]:
    """The files as inputs. Credits are checked first, so that nothing is stored for a request that cannot be paid."""
    container().submit_job.check_credits(caller, offer_id, count)
    return container().resolve_inputs(caller.owner, [file for file in files if file is not None])
