"""Pictures are fetched once for a batch, within bounds of time and memory."""

from __future__ import annotations

import threading
from typing import Any

from darkroom.services.renders.pictures import Pictures, groups
from tests.fakes import FakeFetcher

FAR = 60.0


def fetching(fetcher: FakeFetcher, **bounds: Any) -> Pictures:
    return Pictures(fetcher, monotonic=lambda: 0.0, **bounds)


def urls(count: int) -> list[str]:
    return [f"https://p.test/{number}" for number in range(count)]


def test_each_picture_is_fetched_once_for_a_scope_and_so_is_a_refusal() -> None:
    fetcher = FakeFetcher({"https://p.test/0": b"zero"})
    pictures = fetching(fetcher)
    for _ in range(2):
        assert pictures.get("batch", urls(2) * 2, FAR) == {
            "https://p.test/0": b"zero",
            "https://p.test/1": None,
        }
    assert sorted(fetcher.fetched) == urls(2)
    pictures.get("another", urls(2), FAR)
    assert len(fetcher.fetched) == 4


def test_only_so_many_bytes_are_kept_the_latest_used_ones() -> None:
    fetcher = FakeFetcher(dict.fromkeys(urls(3), b"x" * 10))
    pictures = fetching(fetcher, kept_bytes=20)
    for url in ("https://p.test/0", "https://p.test/1", "https://p.test/0", "https://p.test/2"):
        pictures.get("batch", [url], FAR)
    fetcher.fetched.clear()
    pictures.get("batch", ["https://p.test/0"], FAR)
    assert fetcher.fetched == []
    pictures.get("batch", ["https://p.test/1"], FAR)
    assert fetcher.fetched == ["https://p.test/1"]


def test_one_row_cannot_fill_the_memory_with_pictures() -> None:
    fetcher = FakeFetcher(dict.fromkeys(urls(12), b"x" * 10))
    found = fetching(fetcher, at_once=2, held_bytes=30).get("batch", urls(12), FAR)
    assert [url for url, data in found.items() if data] == urls(4)
    assert len(fetcher.fetched) == 4
    assert len(found) == 12


def test_a_host_that_does_not_answer_is_waited_for_no_longer_than_told() -> None:
    answer = threading.Event()

    class Hanging(FakeFetcher):
        def fetch(self, url: str, *, max_bytes: int) -> bytes:
            if url.endswith("0"):
                answer.wait(30)
            return super().fetch(url, max_bytes=max_bytes)

    pictures = fetching(Hanging(dict.fromkeys(urls(2), b"x")))
    try:
        found = pictures.get("batch", urls(2), 0.2)
    finally:
        answer.set()
    assert found["https://p.test/0"] is None


def test_rows_are_taken_together_while_their_pictures_are_few() -> None:
    sources = [["a"], ["a", "b"], ["c"], ["d"], ["e", "f", "g", "h"], [], ["a"]]
    assert list(groups(sources, 3)) == [range(3), range(3, 4), range(4, 5), range(5, 7)]
    assert list(groups([], 3)) == []
    assert list(groups([[], []], 3)) == [range(2)]


def test_what_there_is_no_time_for_is_not_asked_for_and_not_kept() -> None:
    fetcher = FakeFetcher(dict.fromkeys(urls(3), b"x"))
    pictures = fetching(fetcher)
    assert pictures.get("batch", urls(3), until=0.0) == dict.fromkeys(urls(3))
    assert fetcher.fetched == []
    assert pictures.get("batch", urls(3), FAR) == dict.fromkeys(urls(3), b"x")


def test_refusals_do_not_pile_up() -> None:
    fetcher = FakeFetcher()
    pictures = fetching(fetcher, kept_most=2)
    pictures.get("batch", urls(3), FAR)
    fetcher.fetched.clear()
    pictures.get("batch", urls(3)[::-1], FAR)
    assert fetcher.fetched == [urls(3)[0]]
