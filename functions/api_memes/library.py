"""Lists and single assets of one collection, which images and memes share."""

from __future__ import annotations

from aws_lambda_powertools.event_handler import Response

from api_memes import envelope, presenters
from darkroom.domain.accounts.api_keys import Scope
from darkroom.domain.errors import NotFound
from darkroom.http.api import RequestContext
from darkroom.http.paging import page_request, search_text
from darkroom.http.params import object_id
from darkroom.wiring import container


def list_assets(current: RequestContext, collection: str) -> Response[str]:
    """One page of a collection, searched in prompts."""
    caller = current.sender(Scope.READ)
    page_wanted, search = page_request(current.query()), search_text(current.query())
    page = container().assets.list(caller.owner, collection, page_wanted, search=search)
    links = container().links
    data = [presenters.asset(asset, links) for asset in page.items]
    return envelope.listing(current, caller, data, has_more=page.has_more)


def one_asset(current: RequestContext, collection: str, asset_id: str) -> Response[str]:
    """One asset, under its collection's name.

    Raises
    ------
    NotFound
    """
    caller = current.sender(Scope.READ)
    asset = container().assets.get(caller.owner, object_id(asset_id, collection))
    if asset is None or asset.collection != collection or asset.deleted_at is not None:
        raise NotFound(f"No such {collection}.")
    return envelope.answer(current, caller, {collection: presenters.asset(asset, container().links)})
