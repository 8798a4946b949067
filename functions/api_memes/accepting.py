"""Taking a request for outputs: what images and memes share between a parsed body and an answered job."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from aws_lambda_powertools.event_handler import Response

from api_memes import envelope
from api_memes.schemas import Creation, Reference
from darkroom.domain.accounts import Owner, Scope
from darkroom.domain.assets import Asset, AssetType
from darkroom.domain.errors import InvalidParam, NotFound
from darkroom.domain.ids import is_uuid
from darkroom.domain.jobs import Input, Job, Spec
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import Exchange, encode, json_response
from darkroom.http.waiting import outcome_error, wanted_seconds
from darkroom.services.authenticate import Caller
from darkroom.services.submit_job import Submission
from darkroom.wiring import container

PREFIX = "/memes/v1"
_PICTURES = (AssetType.IMAGE, AssetType.CAROUSEL_SLIDE)


def accept(current: Exchange, plan: Callable[[Caller], Submission]) -> Response[str]:
    """Submit what ``plan`` makes of the request and answer with the generation, or its first answer."""
    caller = current.sender(Scope.GENERATE)

    def first_answer(job: Job) -> StoredResponse:
        return StoredResponse(202, encode(envelope.generation(current, caller, job)))

    receipt = current.receipt(first_answer)
    job = container().submit_job(caller, plan(caller), receipt)
    current.extra_headers["Location"] = f"{PREFIX}/generations/{job.id}"
    return _answer(current, caller, job)


def spec(body: Creation, caller: Caller, *, quality: str, settings: Mapping[str, Any]) -> Spec:
    """What to make, in no dialect's words.

    Raises
    ------
    NotFound, InvalidParam
        The brand kit or a reference cannot be used.
    """
    if body.brand_kit_id:
        raise NotFound("No such brand kit.", param="brand_kit_id")
    return Spec(
        prompt=body.prompt,
        aspect_ratio=body.aspect_ratio,
        quality=quality,
        inputs=_inputs(caller.owner, body.reference_images),
        brand=body.brand_context.known(),
        settings=settings,
    )


def _answer(current: Exchange, caller: Caller, job: Job) -> Response[str]:
    """The generation, held back for as long as the client prefers to wait.

    Raises
    ------
    OutcomeError
        It failed meanwhile.
    """
    if seconds := wanted_seconds(current.header("prefer")):
        current.extra_headers["Preference-Applied"] = f"wait={seconds}"
        job = container().wait_for_job(job, seconds)
        if refusal := outcome_error(job):
            raise refusal
    status = 200 if job.terminal else 202
    return json_response(status, envelope.generation(current, caller, job, ended_here=True))


def _inputs(owner: Owner, references: Sequence[Reference]) -> tuple[Input, ...]:
    wanted = dict.fromkeys(ref.source for ref in references if is_uuid(ref.source))
    assets = container().assets.get_many(owner, list(wanted)) if wanted else {}
    return tuple(
        _input(ref, assets.get(ref.source), f"reference_images.{index}.source")
        for index, ref in enumerate(references)
    )


def _input(reference: Reference, asset: Asset | None, param: str) -> Input:
    if "://" in reference.source:
        _check_url(reference.source, param)
        return Input(reference.type, reference.source)
    if asset is None or asset.deleted_at is not None:
        raise NotFound("No such asset.", param=param)
    if asset.type not in _PICTURES:
        raise InvalidParam(f"{param}: the asset is not an image.", param=param)
    return Input(reference.type, asset.storage_key, stored=True, asset_id=asset.id)


def _check_url(url: str, param: str) -> None:
    """Refuse what could never be fetched; whether it can be is seen by the worker."""
    try:
        container().url_check(url)
    except InvalidParam as refused:
        raise InvalidParam(refused.detail, param=param) from refused
