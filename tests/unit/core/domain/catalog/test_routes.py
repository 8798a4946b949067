"""Routes: until when one can be taken, for what work, and through which queue."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.routes import (
    Queue,
    Route,
    Work,
    queue_from_stored,
    sandbox_route,
    stored_queue,
    work_of,
)

NOW = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize("feature", Feature)
def test_the_sandbox_has_queues_of_its_own(feature: Feature) -> None:
    assert sandbox_route(feature).queue in {Queue.SANDBOX, Queue.SANDBOX_FILMS}


@pytest.mark.parametrize(
    ("queue", "engine", "in_bulk", "stored"),
    [
        (Queue.VENDORS, "fal", False, "generation"),
        (Queue.RENDERS, "darkroom", False, "render"),
        (Queue.BULK_RENDERS, "darkroom", True, "render"),
        (Queue.PREVIEWS, "darkroom", False, "render"),
        (Queue.SANDBOX, "sandbox", False, "render"),
        (Queue.SANDBOX_FILMS, "sandbox", False, "video"),
    ],
)
def test_queues_are_stored_by_the_names_older_code_knows(
    queue: Queue, engine: str, in_bulk: bool, stored: str
) -> None:
    assert stored_queue(queue) == stored
    preview = queue is Queue.PREVIEWS
    assert queue_from_stored(stored, engine, in_bulk=in_bulk, preview=preview) is queue


def test_only_routes_to_vendors_are_vendors() -> None:
    assert {queue for queue in Queue if Route("e", queue).is_vendor} == {Queue.VENDORS}


def test_a_route_ends_when_its_model_does() -> None:
    route = Route("fal", Queue.VENDORS, retires_at=NOW)
    assert not route.usable(Work.IMAGE, NOW)
    assert route.usable(Work.IMAGE, NOW - timedelta(seconds=1))
    assert not Route("fal", Queue.VENDORS, enabled=False).usable("", NOW)
    assert not Route("fal", Queue.VENDORS, kinds=frozenset({Work.EDIT})).usable(Work.IMAGE, NOW)


@pytest.mark.parametrize(
    ("kind", "roles", "work"),
    [
        ("image", (), Work.IMAGE),
        ("image", ("page",), Work.IMAGE),
        ("video", ("page",), Work.VIDEO),
        ("video", ("ref", "logo"), Work.REFERENCE_FILM),
        ("video", ("logo", "page"), Work.REFERENCE_FILM),
        ("video", ("source", "logo"), Work.ANIMATE),
        ("meme", ("logo",), Work.REFERENCES),
        ("edit", ("source",), Work.EDIT),
        ("edit", ("source", "mask"), Work.INPAINT),
        ("video", (), Work.VIDEO),
        ("video", ("source",), Work.ANIMATE),
        ("video", ("source", "audio"), Work.AVATAR),
        ("music", (), Work.MUSIC),
        ("reframe", ("source",), Work.REFRAME),
    ],
)
def test_what_comes_in_decides_what_work_it_is(kind: str, roles: tuple[str, ...], work: str) -> None:
    assert work_of(kind, roles) == work
