"""Finishing rows: of jobs that make the same render, one pays."""

from __future__ import annotations

import pytest

from darkroom.domain.renders.prefetch import RenderKey
from tests.harness.renders import RenderHarness, named


@pytest.fixture
def harness() -> RenderHarness:
    return RenderHarness()


def test_a_render_that_lost_its_race_leaves_the_winner_s_bytes(harness: RenderHarness) -> None:
    winner = harness.render(named("Ada"))
    harness.while_waiting = lambda: None  # type: ignore[method-assign]
    loser = harness.caller()
    with pytest.raises(Exception, match="in time"):
        harness.request_render(loser, harness.template, harness.payload(named("Ada")), 1)
    harness.work()
    assert winner.key in harness.blobs.objects
    assert harness.wallet.spent == 1


def test_a_render_made_meanwhile_by_somebody_else_is_free(harness: RenderHarness) -> None:
    """The admission found nothing, and by the time this one ends there is one."""
    caller, payload = harness.caller(named("Ada")), harness.payload(named("Ada"))
    harness.render(named("Ada"))
    outcome = harness.request_render(
        caller, harness.template, payload, 1, cached=caller.prefetched.get(RenderKey)
    )
    assert outcome.from_cache
    assert outcome.credits_remaining == caller.wallet.remaining
    assert harness.wallet.spent == 1
    harness.check_books()
