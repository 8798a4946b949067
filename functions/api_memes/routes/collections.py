"""Lists and single objects, of assets by their collection and of jobs by their kind."""

from __future__ import annotations

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import NotFound
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.jobs.job import Job
from darkroom.domain.paging import Page
from darkroom.http.paging import page_request, search_text
from darkroom.http.params import object_id
from darkroom.http.request_context import RequestContext
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container

DIALECT = "memes"


def assets_page(
    request: RequestContext, caller: Caller, collection: str, *, exclude_carousel: bool = False
) -> Page[Asset]:
    """One page of a collection, searched in prompts; ``exclude_carousel`` leaves out what carousels made.

    Raises
    ------
    InvalidParam
    """
    page, search = page_request(request.query()), search_text(request.query())
    return container().assets.list(
        caller.owner, collection, page, search=search, exclude_carousel=exclude_carousel
    )


def one_asset(owner: Owner, collection: str, asset_id: str) -> Asset:
    """An asset of the collection.

    Raises
    ------
    NotFound
    """
    asset = container().assets.get(owner, object_id(asset_id, collection))
    if asset is None or asset.collection != collection or asset.deleted_at is not None:
        raise NotFound(f"No such {collection}.")
    return asset


def jobs_page(request: RequestContext, caller: Caller, kind: str) -> Page[Job]:
    """One page of the jobs of a kind that were made through this API.

    Raises
    ------
    InvalidParam
    """
    return container().jobs.list(caller.owner, page_request(request.query()), kinds={kind}, dialect=DIALECT)


def job_of(owner: Owner, kind: str, job_id: str) -> Job:
    """A job of that kind that was made through this API.

    Raises
    ------
    NotFound
    """
    job = container().jobs.get(owner, object_id(job_id, kind))
    if job is None or job.late or (job.dialect, job.kind) != (DIALECT, kind) or job.deleted_at is not None:
        raise NotFound(f"No such {kind}.")
    return job
