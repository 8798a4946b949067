"""Taking a request for outputs: what images and memes share between a parsed body and an answered job."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from aws_lambda_powertools.event_handler import Response

from api_memes import envelope
from api_memes.requests import Creation, Reference
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam, NotFound
from darkroom.domain.ids import is_uuid
from darkroom.domain.jobs.assets import Asset, AssetType
from darkroom.domain.jobs.job import Job
from darkroom.domain.jobs.spec import ImageSpec, Input
from darkroom.domain.writes import StoredResponse
from darkroom.http.api import RequestContext, encode, json_response
from darkroom.http.waiting import outcome_error, wanted_seconds
from darkroom.services.accounts.authenticate import Caller
from darkroom.services.jobs.submit_job import Submission
from darkroom.wiring import container

PREFIX = "/memes/v1"
_PICTURES = (AssetType.IMAGE, AssetType.CAROUSEL_SLIDE)


def accept(current: RequestContext, plan: Callable[[Caller], Submission], *, hold: int = 0) -> Response[str]:
    """Submit what ``plan`` makes of the request and answer with the generation, or its first answer.

    ``hold`` is for how many seconds the answer waits for the end where the client does not say.
    """
    caller = current.sender(Scope.GENERATE)

    def first_answer(job: Job) -> StoredResponse:
        return StoredResponse(202, encode(envelope.generation(current, caller, job)))

    idempotency = current.idempotency_context(first_answer)
    job = container().submit_job(caller, plan(caller), idempotency)
    current.extra_headers["Location"] = f"{PREFIX}/generations/{job.id}"
    return _answer(current, caller, job, hold)


def spec(body: Creation, caller: Caller, *, quality: str = "standard") -> ImageSpec:
    """What images and memes have in common of what to make, in no dialect's words.

    Raises
    ------
    NotFound, InvalidParam
        The brand kit or a reference cannot be used.
    """
    if body.brand_kit_id:
        raise NotFound("No such brand kit.", param="brand_kit_id")
    return ImageSpec(
        prompt=body.prompt,
        aspect_ratio=body.aspect_ratio,
        quality=quality,
        inputs=tuple(given for given, _ in inputs(caller.owner, references(body.reference_images))),
        brand=body.brand_context.profile(),
    )


def _answer(current: RequestContext, caller: Caller, job: Job, hold: int) -> Response[str]:
    """The generation, held back for as long as the client prefers to wait, or for ``hold`` seconds.

    Raises
    ------
    OutcomeError
        It failed meanwhile.
    """
    if seconds := wanted_seconds(current.header("prefer")):
        current.extra_headers["Preference-Applied"] = f"wait={seconds}"
    if seconds or hold:
        job = container().wait_for_job(job, seconds or hold)
        if refusal := outcome_error(job):
            raise refusal
    status = 200 if job.terminal else 202
    return json_response(status, envelope.generation(current, caller, job, ended_here=True))


@dataclass(frozen=True, slots=True)
class Source:
    """One picture a request names: its role in the job, an https URL or asset id, and the parameter it is in."""

    role: str
    source: str
    param: str


def references(given: Sequence[Reference]) -> tuple[Source, ...]:
    """The request's references as sources."""
    return tuple(
        Source(ref.type, ref.source, f"reference_images.{index}.source") for index, ref in enumerate(given)
    )


def inputs(owner: Owner, sources: Sequence[Source]) -> tuple[tuple[Input, Asset | None], ...]:
    """The sources as a job's inputs, each with the asset it is, if it is one. All assets are one read.

    Raises
    ------
    NotFound, InvalidParam
    """
    wanted = dict.fromkeys(one.source for one in sources if is_uuid(one.source))
    assets = container().assets.get_many(owner, list(wanted)) if wanted else {}
    return tuple(_input(one, assets.get(one.source)) for one in sources)


def _input(wanted: Source, asset: Asset | None) -> tuple[Input, Asset | None]:
    if "://" in wanted.source:
        container().url_check(wanted.source, wanted.param)
        return Input(wanted.role, wanted.source), None
    if asset is None or asset.deleted_at is not None:
        raise NotFound("No such asset.", param=wanted.param)
    if asset.type not in _PICTURES:
        raise InvalidParam(f"{wanted.param}: the asset is not an image.", param=wanted.param)
    return Input(wanted.role, asset.storage_key, stored=True, asset_id=asset.id), asset
