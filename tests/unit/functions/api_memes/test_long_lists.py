"""Filters over more than one request looks at."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from darkroom.domain.paging import LOOKED_AT
from tests.unit.functions.api_memes.client import Client


def many(api: Client, **changes: Any) -> None:
    """As many newer jobs as one request looks at."""
    like = api.last_job
    for number in range(LOOKED_AT):
        job_id = f"02000000-0000-7000-8000-{number:012x}"
        api.memory.jobs[like.owner, job_id] = replace(like, id=job_id, **changes)


@pytest.mark.parametrize("path", ["/videos", "/generations?type=video"])
def test_a_page_may_be_short_and_is_gone_on_from(api: Client, path: str) -> None:
    path, _, query = path.partition("?")
    chosen = dict([query.split("=")]) if query else {}
    film = api.create("/videos")
    many(api, kind="meme")
    first = api.get(path, query=chosen).json
    assert (first["data"], first["has_more"]) == ([], True)
    rest = api.get(path, query={**chosen, "starting_after": first["next_cursor"]}).json
    assert [one["id"] for one in rest["data"]] == [film]
    assert (rest["has_more"], rest["next_cursor"]) == (False, None)


def test_several_statuses_are_one_list(api: Client) -> None:
    ids = [api.create() for _ in range(4)]
    api.end(ids[1])
    api.post(f"/generations/{ids[2]}/cancel")
    chosen = {"status": "succeeded,canceled", "limit": "1"}
    first = api.get("/generations", query=chosen).json
    assert ([one["id"] for one in first["data"]], first["next_cursor"]) == ([ids[2]], ids[2])
    rest = api.get("/generations", query={**chosen, "starting_after": ids[2]}).json
    assert [one["id"] for one in rest["data"]] == [ids[1]]
    assert rest["has_more"] is False
