"""The worker's side of renders: delivered twice, crashed anywhere, with rows that take it down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from threading import Event, Lock
from typing import Any

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.renders.renders import RENDER
from darkroom.services.jobs.claim_task import TaskBusy
from darkroom.services.renders import render_rows
from darkroom.services.renders.render_rows import ALL_PICTURES_SECONDS, PICTURE_SECONDS, STARTS
from tests.fakes import FakeFetcher
from tests.harness.renders import DOCUMENT, LEASE, Crash, RenderHarness, named, pictured


@pytest.fixture
def harness() -> RenderHarness:
    return RenderHarness()


def chunk(harness: RenderHarness, names: list[str]) -> TaskMessage:
    """The one chunk's message of a batch that has just been expanded."""
    harness.batch([named(name) for name in names])
    harness.expand_batch(harness.take_messages()[0])
    (message,) = harness.take_messages()
    return message


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
    message = chunk(harness, ["Ada", "Bob"])
    harness.handle(message)
    before = dict(harness.memory.jobs), harness.wallet
    harness.calls.made.clear()
    harness.handle(message)
    assert harness.calls.made == ["jobs.claim_all"]
    assert (dict(harness.memory.jobs), harness.wallet) == before
    assert len(harness.renderer.drawn) == 2


def test_a_message_that_comes_while_another_worker_draws_is_kept(harness: RenderHarness) -> None:
    message = chunk(harness, ["Ada", "Bob"])
    harness.jobs.claim_all(harness.owner, message.job_id, 2, lease_until=harness.clock.now() + LEASE)
    with pytest.raises(TaskBusy):
        harness.handle(message)
    assert not harness.renderer.drawn
    harness.clock.advance(LEASE)
    harness.handle(message)
    assert harness.wallet.spent == 2
    harness.check_books()


def test_a_message_that_says_too_few_rows_renders_all_the_same(harness: RenderHarness) -> None:
    message = chunk(harness, ["Ada", "Bob", "Cid"])
    harness.handle(TaskMessage(message.owner, message.job_id, 0, TaskStep.RENDER))
    assert harness.wallet.spent == 3


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", range(1, 9))
def test_a_crash_at_any_call_loses_nothing_and_charges_once(
    harness: RenderHarness, call: int, after: bool
) -> None:
    message = chunk(harness, ["Ada", "Bob", "Cid"])
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
    message = chunk(harness, ["Ada", "poison", "Bob", "venom", "Cid"])
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
    message = chunk(harness, ["Ada", "Bob"])

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


def test_bytes_are_stored_before_the_record_says_so(harness: RenderHarness) -> None:
    message = chunk(harness, ["Ada", "Bob", "Cid"])
    harness.calls.made.clear()
    harness.handle(message)
    assert harness.calls.made[-4:] == ["blobs.put"] * 3 + ["store.commit"]


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
    outcome = harness.request_render(caller, harness.template, payload, 1, cached=caller.rendered)
    assert outcome.from_cache
    assert outcome.credits_remaining == caller.wallet.remaining
    assert harness.wallet.spent == 1
    harness.check_books()


def test_a_template_that_is_gone_fails_what_is_open(harness: RenderHarness) -> None:
    message = chunk(harness, ["Ada", "Bob"])
    harness.memory.templates.clear()
    harness.handle(message)
    (job,) = harness.job_of_kind(RENDER)
    assert job.status is JobStatus.FAILED
    assert harness.wallet.available == 100
    harness.check_books()


class Slow(FakeFetcher):
    """A fetcher that addresses with ``slow`` in them keep waiting for as long as it does."""

    def __init__(self, harness: RenderHarness, fine: Iterable[str]) -> None:
        super().__init__(dict.fromkeys(fine, b"a picture"))
        self.clock = harness.clock

    def fetch(self, url: str, *, max_bytes: int) -> bytes:
        if "slow" in url:
            self.clock.advance(timedelta(seconds=PICTURE_SECONDS))
        return super().fetch(url, max_bytes=max_bytes)


def slowly(harness: RenderHarness, fine: Iterable[str]) -> Slow:
    harness.fetcher = fetcher = Slow(harness, fine)
    harness.new_worker()
    harness.render_rows.pictures.at_once = 1  # threads would race for the clock
    return fetcher


def test_a_picture_that_keeps_us_waiting_fails_its_own_row_only(harness: RenderHarness) -> None:
    urls = [f"https://fine.test/{number}" for number in range(25)]
    urls[15] = "https://slow.test/"
    slowly(harness, urls[:15] + urls[16:])
    batch = harness.batch([pictured(url, url) for url in urls])
    harness.work()
    view = harness.view(batch.batch_id)
    assert [index for index, row in enumerate(view.results) if row.status == "failed"] == [15]
    assert harness.wallet.spent == 24
    harness.check_books()


def test_drawing_takes_no_time_from_the_pictures(
    harness: RenderHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    urls = [f"https://fine.test/{number}" for number in range(25)]
    slowly(harness, urls)
    draw = harness.renderer.render

    def slow_draw(*told: Any, **named: Any) -> bytes:
        harness.clock.advance(timedelta(seconds=3))
        return draw(*told, **named)

    monkeypatch.setattr(harness.renderer, "render", slow_draw)
    batch = harness.batch([pictured(url, url) for url in urls])
    harness.work()
    assert harness.view(batch.batch_id).completed == 25


def test_pictures_cannot_keep_a_worker_for_good(harness: RenderHarness) -> None:
    ids = [f"picture{number}" for number in range(16)]
    element = {"type": "image", "x": 0, "y": 0, "width": 9, "height": 9}
    harness.save_template({"canvas": DOCUMENT["canvas"], "elements": [{**element, "id": it} for it in ids]})
    fetcher = slowly(harness, ())
    rows = [{it: {"src": f"https://slow.test/{row}/{it}"} for it in ids} for row in range(8)]
    batch, began = harness.batch(rows), harness.clock.now()
    harness.work()
    assert harness.view(batch.batch_id).failed == 8
    assert harness.clock.now() - began == timedelta(seconds=ALL_PICTURES_SECONDS)
    assert len(fetcher.fetched) == ALL_PICTURES_SECONDS / PICTURE_SECONDS
    assert (harness.wallet.available, harness.wallet.held) == (100, 0)
    harness.check_books()


def test_only_so_many_bytes_wait_to_be_stored(
    harness: RenderHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = chunk(harness, [f"name {number}" for number in range(12)])
    lock, under_way, most = Lock(), 0, 0
    put = harness.blobs.put

    def slow_put(*told: Any) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        Event().wait(0.01)
        put(*told)
        with lock:
            under_way -= 1

    monkeypatch.setattr(harness.blobs, "put", slow_put)
    monkeypatch.setattr(render_rows, "UPLOADING_BYTES", 1)
    harness.handle(message)
    assert most == 1
    assert harness.wallet.spent == 12
