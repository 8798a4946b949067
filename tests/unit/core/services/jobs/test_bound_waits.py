"""A workspace holds so many requests open at once, however they end."""

from __future__ import annotations

import ast
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace

import pytest

from darkroom.domain.accounts.waits import LONGEST, limit_name
from darkroom.domain.accounts.workspaces import Owner
from darkroom.domain.errors import RateLimited
from darkroom.services.jobs.bound_waits import BoundWaits
from tests.harness.container import SETTINGS
from tests.harness.core import CoreHarness
from tests.unit.test_architecture import MODULES


@pytest.fixture
def harness() -> CoreHarness:
    return CoreHarness(settings=replace(SETTINGS, waits_per_workspace="3"))


@pytest.fixture
def waits(harness: CoreHarness) -> BoundWaits:
    return harness.core.bound_waits


def test_live_and_test_mode_share_what_a_workspace_has_and_nobody_else_does(
    harness: CoreHarness, waits: BoundWaits
) -> None:
    mine, test, other = harness.owner, replace(harness.owner, livemode=False), Owner("other", livemode=True)
    with ExitStack() as open_requests:
        got = [open_requests.enter_context(waits.offered(one)) for one in (mine, test, mine, test, other)]
    assert got == [True, True, True, False, True]


def test_however_a_wait_ends_its_place_is_free_again(harness: CoreHarness, waits: BoundWaits) -> None:
    for _ in range(5):
        with pytest.raises(KeyError), waits.held(harness.owner):
            raise KeyError
    with ExitStack() as open_requests:
        for _ in range(3):
            open_requests.enter_context(waits.held(harness.owner))
        with pytest.raises(RateLimited) as refused:
            open_requests.enter_context(waits.held(harness.owner))
    assert (refused.value.retry_after, refused.value.limit) == (2, 3)


def test_what_a_function_held_that_died_is_free_when_it_could_not_run_any_more(
    harness: CoreHarness, waits: BoundWaits
) -> None:
    for number in range(3):
        harness.core.store.commit(waits.slot(harness.owner, f"dead {number}"))
    with waits.offered(harness.owner) as has_room:
        assert not has_room
    harness.clock.advance(LONGEST.total_seconds())
    with waits.held(harness.owner):
        assert len(harness.memory.vendor_limits[limit_name(harness.owner)].slots) == 1


def test_of_a_crowd_no_more_get_in_than_may(harness: CoreHarness, waits: BoundWaits) -> None:
    with ExitStack() as open_requests, ThreadPoolExecutor(8) as pool:
        offers = [waits.offered(harness.owner) for _ in range(40)]
        got = list(pool.map(lambda offer: offer.__enter__(), offers))
        for offer in offers:
            open_requests.push(offer)
    assert sum(got) == 3


def test_whoever_waits_for_something_asks_for_a_place() -> None:
    """Nothing that answers requests sleeps but these, and all of them are bounded."""
    waiting = {
        module
        for module, path in MODULES.items()
        if module.startswith(("api_", "darkroom.http", "darkroom.services"))
        and any(
            isinstance(node, ast.Attribute) and node.attr in {"wait_for_job", "sleep"}
            for node in ast.walk(ast.parse(path.read_text()))
        )
    }
    assert waiting == {
        "api_memes.routes.submitting",
        "api_pixeldrive.routes.batch_stream",
        "api_platform.routes.manifest_stream",
        "darkroom.http.waiting",
        "darkroom.services.keep_trying",  # of workers, as the next two
        "darkroom.services.reconcile.check_job",
        "darkroom.services.reconcile.check_wallet",
    }
    for module in waiting:
        if module.startswith("api_"):
            assert "bound_waits.offered(" in MODULES[module].read_text()
