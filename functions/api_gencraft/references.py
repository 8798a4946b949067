"""``imageUrls`` as a job's inputs: what we keep ourselves is named, everything else is fetched by the worker."""

from __future__ import annotations

from collections.abc import Sequence

from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import InvalidParam, NotFound
from darkroom.domain.jobs.assets import asset_stored_at
from darkroom.domain.jobs.spec import Input
from darkroom.wiring import container

SOURCE, REFERENCE = "source", "ref"


def inputs(owner: Owner, urls: Sequence[str]) -> tuple[Input, ...]:
    """The first URL's picture is the one to edit, the others are to go by.

    Raises
    ------
    InvalidParam
        One of them could never be fetched.
    """
    return tuple(
        _input(owner, REFERENCE if place else SOURCE, url, f"imageUrls.{place}")
        for place, url in enumerate(urls)
    )


def _input(owner: Owner, role: str, url: str, param: str) -> Input:
    key = _own_file(url, param)
    asset_id = asset_stored_at(owner, key) if key is not None else None
    if key is not None and asset_id is not None:
        return Input(role, key, stored=True, asset_id=asset_id)
    try:
        container().url_check(url, param)
    except InvalidParam as refused:
        raise InvalidParam(f"{param}: {refused.detail}", param=param) from refused
    return Input(role, url)


def _own_file(url: str, param: str) -> str | None:
    try:
        return container().links.own(url)
    except NotFound as unknown:
        raise InvalidParam(f"{param}: no such file.", param=param) from unknown
