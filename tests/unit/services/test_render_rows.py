"""The worker's side of renders: delivered twice, crashed anywhere, with rows that take it down."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from threading import Event, Lock
from typing import Any

import pytest

from darkroom.domain.errors import Unavailable
from darkroom.domain.jobs import JobStatus
from darkroom.domain.renders import RENDER
from darkroom.ports import TaskMessage
from darkroom.services import render_rows
from darkroom.services.execute_task import TaskBusy
from darkroom.services.render_rows import ALL_PICTURES_SECONDS, PICTURE_SECONDS, STARTS
from tests.fakes import FakeFetcher
from tests.fakes.render_world import DOCUMENT, LEASE, Crash, RenderWorld, named, pictured


@pytest.fixture
def world() -> RenderWorld:
    return RenderWorld()


def chunk(world: RenderWorld, names: list[str]) -> TaskMessage:
    """The one chunk's message of a batch that has just been expanded."""
    world.batch([named(name) for name in names])
    world.expand_batch(world.take_messages()[0])
    (message,) = world.take_messages()
    return message


def dies(world: RenderWorld, message: TaskMessage) -> bool:
    """Whether the worker died at the message."""
    try:
        return not world.try_handle(message)
    except Crash:
        return True


def test_a_single_render_costs_its_worker_four_calls(world: RenderWorld) -> None:
    world.while_waiting = lambda: None  # type: ignore[method-assign]
    with pytest.raises(Exception, match="in time"):
        world.render(named("first"))
    world.take_messages()
    for name, reads in (("Ada", ["templates.version"]), ("Bob", [])):
        job = world.batch([named(name)])
        world.expand_batch(world.take_messages()[0])
        world.calls.made.clear()
        world.work()
        made = ["jobs.claim_all", *reads, "blobs.get_range", "blobs.put", "store.commit"]
        assert world.calls.made == made, job


def test_the_same_message_again_changes_nothing(world: RenderWorld) -> None:
    message = chunk(world, ["Ada", "Bob"])
    world.handle(message)
    before = dict(world.memory.jobs), world.wallet
    world.calls.made.clear()
    world.handle(message)
    assert world.calls.made == ["jobs.claim_all"]
    assert (dict(world.memory.jobs), world.wallet) == before
    assert len(world.renderer.drawn) == 2


def test_a_message_that_comes_while_another_worker_draws_is_kept(world: RenderWorld) -> None:
    message = chunk(world, ["Ada", "Bob"])
    world.jobs.claim_all(world.owner, message.job_id, 2, lease_until=world.clock.now() + LEASE)
    with pytest.raises(TaskBusy):
        world.handle(message)
    assert not world.renderer.drawn
    world.clock.advance(LEASE)
    world.handle(message)
    assert world.wallet.spent == 2
    world.check_books()


def test_a_message_that_says_too_few_rows_renders_all_the_same(world: RenderWorld) -> None:
    message = chunk(world, ["Ada", "Bob", "Cid"])
    world.handle(TaskMessage(message.owner, message.job_id, 0, "render"))
    assert world.wallet.spent == 3


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("call", range(1, 9))
def test_a_crash_at_any_call_loses_nothing_and_charges_once(
    world: RenderWorld, call: int, after: bool
) -> None:
    message = chunk(world, ["Ada", "Bob", "Cid"])
    world.calls.die_at, world.calls.die_after_effect = len(world.calls.made) + call, after
    died = dies(world, message)
    world.calls.die_at = None
    assert died == (call <= 8)
    world.new_worker()
    for _ in range(3):
        world.sweep_later()
        world.work()
    (job,) = world.job_of_kind(RENDER)
    assert job.status is JobStatus.SUCCEEDED
    assert (world.wallet.spent, world.wallet.held, job.charged) == (3, 0, 3)
    world.check_books()


def test_a_row_that_kills_its_worker_costs_the_others_nothing(world: RenderWorld) -> None:
    world.renderer.kills = {"poison", "venom"}
    message = chunk(world, ["Ada", "poison", "Bob", "venom", "Cid"])
    deaths = 0
    for _ in range(4 * STARTS):
        deaths += dies(world, message)
        world.new_worker()
        world.clock.advance(LEASE + timedelta(seconds=1))
    (job,) = world.job_of_kind(RENDER)
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
    assert (world.wallet.spent, world.wallet.held, world.wallet.available) == (3, 0, 97)
    world.check_books()


def test_a_store_that_is_busy_leaves_the_message_for_later(
    world: RenderWorld, monkeypatch: pytest.MonkeyPatch
) -> None:
    message = chunk(world, ["Ada", "Bob"])

    def busy(*_: object) -> None:
        raise Unavailable("The store is busy.")

    with monkeypatch.context() as patch:
        patch.setattr(world.fake_blobs, "put", busy)
        with pytest.raises(Unavailable):
            world.handle(message)
    assert not any(job.finished for job in world.job_of_kind(RENDER))
    world.clock.advance(LEASE)
    world.handle(message)
    assert world.wallet.spent == 2


def test_bytes_are_stored_before_the_record_says_so(world: RenderWorld) -> None:
    message = chunk(world, ["Ada", "Bob", "Cid"])
    world.calls.made.clear()
    world.handle(message)
    assert world.calls.made[-4:] == ["blobs.put"] * 3 + ["store.commit"]


def test_a_render_that_lost_its_race_leaves_the_winner_s_bytes(world: RenderWorld) -> None:
    winner = world.render(named("Ada"))
    world.while_waiting = lambda: None  # type: ignore[method-assign]
    loser = world.caller()
    with pytest.raises(Exception, match="in time"):
        world.request_render(loser, world.template, world.payload(named("Ada")), 1)
    world.work()
    assert winner.key in world.fake_blobs.objects
    assert world.wallet.spent == 1


def test_a_render_made_meanwhile_by_somebody_else_is_free(world: RenderWorld) -> None:
    """The admission found nothing, and by the time this one ends there is one."""
    caller, payload = world.caller(named("Ada")), world.payload(named("Ada"))
    world.render(named("Ada"))
    outcome = world.request_render(caller, world.template, payload, 1, cached=caller.rendered)
    assert outcome.from_cache
    assert outcome.credits_remaining == caller.wallet.remaining
    assert world.wallet.spent == 1
    world.check_books()


def test_a_template_that_is_gone_fails_what_is_open(world: RenderWorld) -> None:
    message = chunk(world, ["Ada", "Bob"])
    world.memory.templates.clear()
    world.handle(message)
    (job,) = world.job_of_kind(RENDER)
    assert job.status is JobStatus.FAILED
    assert world.wallet.available == 100
    world.check_books()


class Slow(FakeFetcher):
    """A fetcher that addresses with ``slow`` in them keep waiting for as long as it does."""

    def __init__(self, world: RenderWorld, fine: Iterable[str]) -> None:
        super().__init__(dict.fromkeys(fine, b"a picture"))
        self.clock = world.clock

    def fetch(self, url: str, *, max_bytes: int) -> bytes:
        if "slow" in url:
            self.clock.advance(timedelta(seconds=PICTURE_SECONDS))
        return super().fetch(url, max_bytes=max_bytes)


def slowly(world: RenderWorld, fine: Iterable[str]) -> Slow:
    world.fetcher = fetcher = Slow(world, fine)
    world.new_worker()
    world.render_rows.pictures.at_once = 1  # threads would race for the clock
    return fetcher


def test_a_picture_that_keeps_us_waiting_fails_its_own_row_only(world: RenderWorld) -> None:
    urls = [f"https://fine.test/{number}" for number in range(25)]
    urls[15] = "https://slow.test/"
    slowly(world, urls[:15] + urls[16:])
    batch = world.batch([pictured(url, url) for url in urls])
    world.work()
    view = world.view(batch.batch_id)
    assert [index for index, row in enumerate(view.results) if row.status == "failed"] == [15]
    assert world.wallet.spent == 24
    world.check_books()


def test_drawing_takes_no_time_from_the_pictures(world: RenderWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    urls = [f"https://fine.test/{number}" for number in range(25)]
    slowly(world, urls)
    draw = world.renderer.render

    def slow_draw(*told: Any, **named: Any) -> bytes:
        world.clock.advance(timedelta(seconds=3))
        return draw(*told, **named)

    monkeypatch.setattr(world.renderer, "render", slow_draw)
    batch = world.batch([pictured(url, url) for url in urls])
    world.work()
    assert world.view(batch.batch_id).completed == 25


def test_pictures_cannot_keep_a_worker_for_good(world: RenderWorld) -> None:
    ids = [f"picture{number}" for number in range(16)]
    element = {"type": "image", "x": 0, "y": 0, "width": 9, "height": 9}
    world.save_template({"canvas": DOCUMENT["canvas"], "elements": [{**element, "id": it} for it in ids]})
    fetcher = slowly(world, ())
    rows = [{it: {"src": f"https://slow.test/{row}/{it}"} for it in ids} for row in range(8)]
    batch, began = world.batch(rows), world.clock.now()
    world.work()
    assert world.view(batch.batch_id).failed == 8
    assert world.clock.now() - began == timedelta(seconds=ALL_PICTURES_SECONDS)
    assert len(fetcher.fetched) == ALL_PICTURES_SECONDS / PICTURE_SECONDS
    assert (world.wallet.available, world.wallet.held) == (100, 0)
    world.check_books()


def test_only_so_many_bytes_wait_to_be_stored(world: RenderWorld, monkeypatch: pytest.MonkeyPatch) -> None:
    message = chunk(world, [f"name {number}" for number in range(12)])
    lock, under_way, most = Lock(), 0, 0
    put = world.fake_blobs.put

    def slow_put(*told: Any) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        Event().wait(0.01)
        put(*told)
        with lock:
            under_way -= 1

    monkeypatch.setattr(world.fake_blobs, "put", slow_put)
    monkeypatch.setattr(render_rows, "UPLOADING_BYTES", 1)
    world.handle(message)
    assert most == 1
    assert world.wallet.spent == 12
