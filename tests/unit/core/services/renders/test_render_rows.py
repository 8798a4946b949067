"""Render messages: delivered twice, crashed anywhere, with rows that take their worker down."""

from __future__ import annotations

from datetime import timedelta

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.jobs.messages import TaskBusy, TaskMessage, TaskStep
from darkroom.domain.renders.names import RENDER
from darkroom.domain.writes import Write
from darkroom.services.renders.render_rows import STARTS
from tests.harness.renders import LEASE, Crash, RenderHarness, named


@pytest.fixture
def harness() -> RenderHarness:
    return RenderHarness()


def dies(harness: RenderHarness, message: TaskMessage) -> bool:
    """Whether the worker died at the message."""
    try:
        return not harness.try_handle(message)
    except Crash:
        return True


def test_a_single_render_costs_its_worker_four_calls(harness: RenderHarness) -> None:
    harness.while_waiting = lambda: None  # type: ignore[method-assign]
    with pytest.raises(Exception, match="in time"):
        harness.render(named("first"))
    harness.take_messages()
    for name, reads in (("Ada", ["templates.version"]), ("Bob", [])):
        job = harness.batch([named(name)])
        harness.expand_batch(harness.take_messages()[0])
        harness.calls.made.clear()
        harness.work()
        made = ["jobs.claim_all", *reads, "blobs.get_range", "blobs.put", "store.commit"]
        assert harness.calls.made == made, job


def test_the_same_message_again_changes_nothing(harness: RenderHarness) -> None:
    message = harness.chunk(["Ada", "Bob"])
    harness.handle(message)
    before = dict(harness.memory.jobs), harness.wallet
    harness.calls.made.clear()
    harness.handle(message)
    assert harness.calls.made == ["jobs.claim_all"]
    assert (dict(harness.memory.jobs), harness.wallet) == before
    assert len(harness.renderer.drawn) == 2


def test_a_message_that_comes_while_another_worker_draws_is_kept(harness: RenderHarness) -> None:
    message = harness.chunk(["Ada", "Bob"])
    harness.jobs.claim_all(harness.owner, message.job_id, 2, lease_until=harness.clock.now() + LEASE)
    with pytest.raises(TaskBusy):
        harness.handle(message)
    assert not harness.renderer.drawn
    harness.clock.advance(LEASE)
    harness.handle(message)
    assert harness.wallet.spent == 2
    harness.check_books()


def test_rows_whose_settlement_is_contended_are_not_drawn_again(harness: RenderHarness) -> None:
    message = harness.chunk(["Ada", "Bob"])
    real, left = harness.store.commit, [6]

    def contended(*writes: Write) -> None:
        if left[0]:
            left[0] -= 1
            raise Unavailable("busy")
        real(*writes)

    harness.store.commit = contended  # type: ignore[method-assign]
    harness.handle(message)
    assert len(harness.renderer.drawn) == 2
    assert harness.wallet.spent == 2
    harness.check_books()


def test_a_message_that_says_too_few_rows_renders_all_the_same(harness: RenderHarness) -> None:
    message = harness.chunk(["Ada", "Bob", "Cid"])
    harness.handle(TaskMessage(message.owner, message.job_id, 0, TaskStep.RENDER))
    assert harness.wallet.spent == 3


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", range(1, 9))
def test_a_crash_at_any_call_loses_nothing_and_charges_once(
    harness: RenderHarness, call: int, after: bool
) -> None:
    message = harness.chunk(["Ada", "Bob", "Cid"])
    harness.calls.die_at, harness.calls.die_after_effect = len(harness.calls.made) + call, after
    died = dies(harness, message)
    harness.calls.die_at = None
    assert died == (call <= 8)
    harness.new_worker()
    for _ in range(3):
        harness.sweep_later()
        harness.work()
    (job,) = harness.job_of_kind(RENDER)
    assert job.status is JobStatus.SUCCEEDED
    assert (harness.wallet.spent, harness.wallet.held, job.charged) == (3, 0, 3)
    harness.check_books()


def test_a_row_that_kills_its_worker_costs_the_others_nothing(harness: RenderHarness) -> None:
    harness.renderer.kills = {"poison", "venom"}
    message = harness.chunk(["Ada", "poison", "Bob", "venom", "Cid"])
    deaths = 0
    for _ in range(4 * STARTS):
        deaths += dies(harness, message)
        harness.new_worker()
        harness.clock.advance(LEASE + timedelta(seconds=1))
    (job,) = harness.job_of_kind(RENDER)
    assert [task.state.value for task in job.tasks] == [
        "succeeded",
        "failed",
        "succeeded",
        "failed",
        "succeeded",
    ]
    assert job.status is JobStatus.PARTIAL
    assert deaths <= 2 * STARTS
    assert max(task.attempts for task in job.tasks) == STARTS + 1
    assert (harness.wallet.spent, harness.wallet.held, harness.wallet.available) == (3, 0, 97)
    harness.check_books()


def test_a_store_that_is_busy_leaves_the_message_for_later(
    harness: RenderHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = harness.chunk(["Ada", "Bob"])

    def busy(*_: object) -> None:
        raise Unavailable("The store is busy.")

    with monkeypatch.context() as patch:
        patch.setattr(harness.blobs, "put", busy)
        with pytest.raises(Unavailable):
            harness.handle(message)
    assert not any(job.finished for job in harness.job_of_kind(RENDER))
    harness.clock.advance(LEASE)
    harness.handle(message)
    assert harness.wallet.spent == 2
