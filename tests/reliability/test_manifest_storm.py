"""Manifests in bad weather: workers die anywhere, messages come twice and in any order, credits come too late.

Whatever happens, every row of every file has exactly one result, every render is paid once, and the books balance. A
failure names its seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import timedelta

import pytest

from darkroom.domain.manifests.manifest import Manifest, ManifestStatus
from darkroom.domain.manifests.messages import ManifestMessage, SourceArrived
from tests.harness.manifests import ManifestHarness
from tests.harness.survival import survives

BAD = ("ragged,1,2", '"open" quote', "\0", "x" * 9_000, "é".encode("latin-1").decode("latin-1") + ",x")


class Storm:
    """Some manifests of one workspace, with whatever can go wrong."""

    def __init__(self, seed: int, manifests: int, rows: int) -> None:
        self.random = random.Random(seed)
        self.harness = ManifestHarness(credits=rows // 2)
        self.messages: list[ManifestMessage] = []
        self.news: list[SourceArrived] = []
        self.started: list[Manifest] = []
        for _ in range(manifests):
            model = self.random.choice([None, None, "forge-image"])
            manifest = self.harness.register(self.harness.order(model))
            self.news += [self.harness.upload(manifest, self._file(rows, model))] * self.random.randint(1, 3)
            self.started.append(manifest)

    def _file(self, rows: int, model: str | None) -> bytes:
        lines = ["prompt,aspect_ratio" if model else "_n,name"]
        for _ in range(self.random.randint(1, rows)):
            if self.random.random() < 0.05:
                lines.append(self.random.choice(BAD))
            elif model:
                lines.append(f"kite {self.random.randrange(50)},{self.random.choice(['1:1', '16:9', '7:1'])}")
            else:
                lines.append(f"1,Name {self.random.randrange(rows)}")
        return "\n".join(lines).encode()

    def run(self) -> None:
        for _ in range(3_000):
            self._step()
            self._collect_messages()
            if self._ended():
                return
        raise AssertionError("the storm never ended")

    def _ended(self) -> bool:
        return (
            all(self.harness.manifest(it).terminal for it in self.started) and not self.harness.queues.tasks
        )

    def _step(self) -> None:
        if self.news and self.random.random() < 0.5:
            one = self.news.pop(self.random.randrange(len(self.news)))
            if not self._survive(lambda: self.harness.core.start_manifest.arrived(one)):
                self.news.append(one)
        if self.messages and self.random.random() < 0.8:
            self._turn(self.messages.pop(self.random.randrange(len(self.messages))))
        if self.random.random() < 0.4:
            self.harness.work_jobs()
        if self.random.random() < 0.05:
            self.harness.grant(self.random.randint(1, 400))
        if self.random.random() < 0.01:
            self._survive(self._cancel)
        with self.harness.calls.unwatched():
            self.harness.housekeep(timedelta(seconds=self.random.choice([1, 30, 400])))

    def _turn(self, message: ManifestMessage) -> None:
        if self.random.random() < 0.2:
            self.messages.append(message)  # it will come again
        times = iter(self.random.choices([True, False], [9, 1], k=50))
        if not self._survive(lambda: self.harness.core.advance_manifest(message, lambda: next(times, True))):
            self.messages.append(message)

    def _cancel(self) -> None:
        self.harness.core.cancel_manifest(self.harness.owner, self.random.choice(self.started).id)

    def _collect_messages(self) -> None:
        self.messages += [sent.message for sent in self.harness.manifest_queue.sent]
        self.harness.manifest_queue.sent.clear()

    def _survive(self, deed: Callable[[], object]) -> bool:
        return survives(self.harness, self.random, deed, odds=0.15, reach=20)


def check(storm: Storm) -> None:
    harness = storm.harness
    for manifest in storm.started:
        if harness.manifest(manifest).started_at is not None:
            harness.check_ended(manifest, harness.manifest(manifest).status)
            assert harness.manifest(manifest).status is not ManifestStatus.FAILED
    harness.check_books()
    assert harness.wallet.held == 0


@pytest.mark.parametrize("seed", range(8))
def test_every_row_has_one_result_whatever_happens(seed: int) -> None:
    storm = Storm(seed, manifests=3, rows=300)
    storm.run()
    check(storm)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1050))
def test_the_same_in_a_long_storm(seed: int) -> None:
    storm = Storm(seed, manifests=4, rows=2_500)
    storm.run()
    check(storm)


@pytest.mark.soak
def test_a_hundred_thousand_rows_take_as_many_calls_per_row_as_a_thousand() -> None:
    harness = ManifestHarness(credits=100_000)
    manifest = harness.start(b"name\n" + b"".join(b"Name %d\n" % n for n in range(100_000)))
    harness.calls.made.clear()
    harness.finish()
    assert harness.check_ended(manifest).tally.charged == 100_000
    assert len(harness.calls.made) <= 1_000
    assert harness.manifest_files.largest_read <= 4 * 1024**2
