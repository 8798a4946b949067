"""The pictures that payloads name, each fetched once for a batch however many of its rows show it."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from itertools import batched

from darkroom.domain.errors import InvalidRequest
from darkroom.ports.jobs import Fetcher

MAX_PICTURE_BYTES = 10 * 1024 * 1024
AT_ONCE = 16
HELD_BYTES = 96 * 1024 * 1024  # of the pictures of one row, which has up to two hundred
KEPT_BYTES = 64 * 1024 * 1024
KEPT_MOST = 4096  # refusals have no bytes, and there are batches of nothing else


@dataclass(slots=True)
class Pictures:
    """Fetches pictures, several at once, and keeps the latest ``kept_bytes``, and ``kept_most``, of them.

    What is kept is kept for one ``scope``, a batch: the next one fetches anew, because a picture may have changed.
    A refusal is kept too, so that a host that does not answer is waited for once. What there was no time left to
    ask for is not: it was not refused.
    """

    fetcher: Fetcher
    at_once: int = AT_ONCE
    held_bytes: int = HELD_BYTES
    kept_bytes: int = KEPT_BYTES
    kept_most: int = KEPT_MOST
    monotonic: Callable[[], float] = time.monotonic
    _kept: OrderedDict[tuple[str, str], bytes | None] = field(default_factory=OrderedDict)
    _size: int = 0

    def get(self, scope: str, urls: Sequence[str], until: float) -> dict[str, bytes | None]:
        """The bytes by address; ``None`` for what could not be had by ``until``, or was too large or too much."""
        found: dict[str, bytes | None] = {}
        missing = []
        for url in dict.fromkeys(urls):
            if (scope, url) in self._kept:
                found[url] = self._kept[scope, url]
                self._kept.move_to_end((scope, url))
            else:
                missing.append(url)
        for some in batched(missing, self.at_once, strict=False):
            if self.monotonic() >= until or _bytes_of(found) > self.held_bytes:
                return found | dict.fromkeys(missing[missing.index(some[0]) :])
            for url, data in self._fetch(some, until):
                found[url] = data
                self._keep((scope, url), data)
        return found

    def _fetch(self, urls: Sequence[str], until: float) -> Iterator[tuple[str, bytes | None]]:
        pool = ThreadPoolExecutor(len(urls))
        try:
            futures = {url: pool.submit(self._one, url) for url in urls}
            wait(futures.values(), timeout=max(until - self.monotonic(), 0))
            for url, future in futures.items():
                yield url, _outcome(future)
        finally:
            # One that hangs is left to its own time limit: nobody waits for it any more.
            pool.shutdown(wait=False, cancel_futures=True)

    def _one(self, url: str) -> bytes | None:
        try:
            return self.fetcher.fetch(url, max_bytes=MAX_PICTURE_BYTES)
        except InvalidRequest:
            return None

    def _keep(self, place: tuple[str, str], data: bytes | None) -> None:
        self._kept[place] = data
        self._size += len(data or b"")
        while self._size > self.kept_bytes or len(self._kept) > self.kept_most:
            _, dropped = self._kept.popitem(last=False)
            self._size -= len(dropped or b"")


def _bytes_of(found: Mapping[str, bytes | None]) -> int:
    return sum(len(data or b"") for data in found.values())


def _outcome(future: Future[bytes | None]) -> bytes | None:
    return future.result() if future.done() else None


def groups(wanted: Sequence[Sequence[str]], most: int = AT_ONCE) -> Iterator[range]:
    """Neighbouring rows, by place, that together show at most ``most`` pictures; or one row that shows more."""
    start, urls = 0, set[str]()
    for place, row in enumerate(wanted):
        if place > start and len(urls.union(row)) > most:
            yield range(start, place)
            start, urls = place, set()
        urls.update(row)
    if start < len(wanted):
        yield range(start, len(wanted))
