"""Drawing rows: pictures have bounded time, and bytes are stored before any record."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from threading import Event, Lock
from typing import Any

import pytest

from darkroom.domain.renders.rendered import Picture
from darkroom.services.renders import draw_rows
from darkroom.services.renders.draw_rows import ALL_PICTURES_SECONDS, PICTURE_SECONDS
from tests.fakes import FakeFetcher
from tests.harness.renders import DOCUMENT, RenderHarness, pictured


@pytest.fixture
def harness() -> RenderHarness:
    return RenderHarness()


def test_bytes_are_stored_before_the_record_says_so(harness: RenderHarness) -> None:
    message = harness.chunk(["Ada", "Bob", "Cid"])
    harness.calls.made.clear()
    harness.handle(message)
    assert harness.calls.made[-4:] == ["blobs.put"] * 3 + ["store.commit"]


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
    harness.render_rows.draw.pictures.at_once = 1  # threads would race for the clock
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

    def slow_draw(*arguments: Any, **named: Any) -> Picture:
        harness.clock.advance(timedelta(seconds=3))
        return draw(*arguments, **named)

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
    message = harness.chunk([f"name {number}" for number in range(12)])
    lock, under_way, most = Lock(), 0, 0
    put = harness.blobs.put

    def slow_put(*arguments: Any) -> None:
        nonlocal under_way, most
        with lock:
            under_way += 1
            most = max(most, under_way)
        Event().wait(0.01)
        put(*arguments)
        with lock:
            under_way -= 1

    monkeypatch.setattr(harness.blobs, "put", slow_put)
    monkeypatch.setattr(draw_rows, "UPLOADING_BYTES", 1)
    harness.handle(message)
    assert most == 1
    assert harness.wallet.spent == 12
