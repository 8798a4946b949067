"""Lists and single assets of one collection, which images and memes share."""

from __future__ import annotations

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import NotFound
from darkroom.domain.jobs.assets import Asset
from darkroom.domain.paging import Page
from darkroom.http.paging import page_request, search_text
from darkroom.http.params import object_id
from darkroom.http.request_context import RequestContext
from darkroom.services.accounts.authenticate import Caller
from darkroom.wiring import container


def assets_page(request: RequestContext, caller: Caller, collection: str) -> Page[Asset]:
    """One page of a collection, searched in prompts.

    Raises
    ------
    InvalidParam
    """
    page, search = page_request(request.query()), search_text(request.query())
    return container().assets.list(caller.owner, collection, page, search=search)


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
