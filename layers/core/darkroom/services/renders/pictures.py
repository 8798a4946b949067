"""Fetching the pictures that payloads name, each once for a batch however many of its rows show it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import batched

from darkroom.domain.caching import WeighedCache
from darkroom.domain.errors import InvalidRequest
from darkroom.ports.jobs import Fetcher

MAX_PICTURE_BYTES = 10 * 1024 * 1024
AT_ONCE = 16
HELD_BYTES = 96 * 1024 * 1024  # of the pictures of one row, which has up to two hundred
KEPT_BYTES = 64 * 1024 * 1024
KEPT_MOST = 4096  # refusals have no bytes, so they need a limit of their own


@dataclass(slots=True)
class Pictures:
    """Fetches pictures, several at once, and caches the latest ``kept_bytes``, and ``kept_most``, of them.

    A picture is cached for one ``scope``, a batch: the next batch fetches it again, because it may have changed.
    Refusals are cached too, so that a host that does not answer is waited for once. A picture for which no time was
    left is not cached.
    """

    fetcher: Fetcher
    at_once: int = AT_ONCE
    held_bytes: int = HELD_BYTES
    kept_bytes: int = KEPT_BYTES
    kept_most: int = KEPT_MOST
    monotonic: Callable[[], float] = time.monotonic
    _kept: WeighedCache[tuple[str, str], bytes | None] = field(init=False)

    def __post_init__(self) -> None:
        self._kept = WeighedCache(self.kept_bytes, lambda data: len(data or b""), most=self.kept_most)

    def get(self, scope: str, urls: Sequence[str], until: float) -> dict[str, bytes | None]:
        """The bytes by URL; ``None`` for a picture that did not come by ``until``, is too large or one too many."""
        pictures: dict[str, bytes | None] = {}
        for url in dict.fromkeys(urls):
            pictures.update((url, data) for data in self._kept.find((scope, url)))
        missing = [url for url in dict.fromkeys(urls) if url not in pictures]
        for some in batched(missing, self.at_once, strict=False):
            if self.monotonic() >= until or _bytes_of(pictures) > self.held_bytes:
                return pictures | dict.fromkeys(missing[missing.index(some[0]) :])
            for url, data in self._fetch(some, until):
                pictures[url] = data
                self._kept.put((scope, url), data)
        return pictures

    def _fetch(self, urls: Sequence[str], until: float) -> Iterator[tuple[str, bytes | None]]:
        pool = ThreadPoolExecutor(len(urls))
        try:
            futures = {url: pool.submit(self._one, url) for url in urls}
            wait(futures.values(), timeout=max(until - self.monotonic(), 0))
            for url, future in futures.items():
                yield url, _outcome(future)
        finally:
            # A fetch that hangs ends by its own time limit.
            pool.shutdown(wait=False, cancel_futures=True)

    def _one(self, url: str) -> bytes | None:
        try:
            return self.fetcher.fetch(url, max_bytes=MAX_PICTURE_BYTES)
        except InvalidRequest:
            return None


def _bytes_of(pictures: Mapping[str, bytes | None]) -> int:
    return sum(len(data or b"") for data in pictures.values())


def _outcome(future: Future[bytes | None]) -> bytes | None:
    return future.result() if future.done() else None


def groups(urls_by_row: Sequence[Sequence[str]], most: int = AT_ONCE) -> Iterator[range]:
    """Neighbouring rows, by index, that together show at most ``most`` pictures; or one row that shows more."""
    start, urls = 0, set[str]()
    for place, row in enumerate(urls_by_row):
        if place > start and len(urls.union(row)) > most:
            yield range(start, place)
            start, urls = place, set()
        urls.update(row)
    if start < len(urls_by_row):
        yield range(start, len(urls_by_row))
