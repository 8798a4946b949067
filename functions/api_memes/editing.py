"""What is made of an existing picture: instruction edits, mask inpaints and reframes."""

from __future__ import annotations

from collections.abc import Mapping

from api_memes import accepting
from api_memes.accepting import Source
from api_memes.requests import EditBody, ReframeBody
from darkroom.catalog_data.memes import EDITS, REFRAMES
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidAspectRatio, InvalidMask, InvalidParam
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.spec import ImageSpec, Input
from darkroom.domain.media.sniffing import Media, intact, picture
from darkroom.http.data_urls import decoded
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.submit_job import Submission
from darkroom.wiring import container

MAX_MASK_BYTES = 10 * 1024 * 1024
_MASKS = frozenset({"image/png"})


def edit(body: EditBody, caller: Caller) -> Submission:
    """An edit as a submission.

    Raises
    ------
    NotFound, InvalidParam, InvalidMask, InsufficientCredits
    """
    sources = [Source("source", body.image_id, "image_id"), *accepting.references(body.reference_images)]
    drawn = body.mask is not None and body.mask[:5].lower() == "data:"
    if body.mask is not None and not drawn:
        sources.append(Source("mask", body.mask, "mask"))
    found = accepting.inputs(caller.owner, sources)
    offer = _offer(found[0][1], EDITS)
    given = tuple(one for one, _ in found)
    if body.mask is not None and drawn:
        data, media = _mask(body.mask)
        container().submit_job.check_credits(caller, offer)
        given = (*given, _kept(caller.owner, data, media))
    return Submission(offer, ImageSpec(body.instruction, body.aspect_ratio, inputs=given))


def reframe(body: ReframeBody, caller: Caller) -> Submission:
    """A reframe as a submission.

    Raises
    ------
    NotFound, InvalidParam, InvalidAspectRatio
        The last if the picture has that ratio already.
    """
    ((given, asset),) = accepting.inputs(caller.owner, [Source("source", body.image_id, "image_id")])
    if asset is not None and asset.aspect_ratio == body.aspect_ratio:
        raise InvalidAspectRatio("aspect_ratio must differ from the image's.", param="aspect_ratio")
    prompt = asset.prompt if asset is not None else ""
    return Submission(_offer(asset, REFRAMES), ImageSpec(prompt, body.aspect_ratio, inputs=(given,)))


def _offer(asset: Asset | None, offers: Mapping[str, str]) -> str:
    """The offer whose outputs stay in the source's list; of a picture from elsewhere, among the images."""
    return offers.get(asset.collection if asset is not None else "image", offers["image"])


def _mask(text: str) -> tuple[bytes, Media]:
    """A mask that came with the request, checked before it is put away."""
    try:
        data = decoded(text, param="mask", max_bytes=MAX_MASK_BYTES)
        media = picture(data, accepted=_MASKS, param="mask")
    except InvalidParam as refused:
        raise InvalidMask(refused.detail, param="mask") from refused
    if not intact(data, media):
        raise InvalidMask("mask is cut short or holds more than a picture.", param="mask")
    return data, media


def _kept(owner: Owner, data: bytes, media: Media) -> Input:
    return container().store_input(owner, "mask", data, media)
