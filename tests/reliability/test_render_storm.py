"""A seeded storm over renders: batches, single ones and previews, crashes, duplicates, losses, rows that kill.

A failure names its seed.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from darkroom.domain.errors import GenerationFailed, GenerationTimedOut, InvalidParam
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import BatchSpec
from darkroom.domain.renders.names import BATCH, PREVIEW, RENDER
from darkroom.domain.writes import AdvanceJob
from tests.harness.renders import RenderHarness, named, pictured
from tests.harness.survival import survives

GOOD = "https://pictures.test/good.png"
DEAD = "https://pictures.test/dead.png"
POISON = "poison"
BROKEN = "broken"
NAMES = 120  # few enough that batches and single renders meet


class Storm:
    """Drives a stack with a random schedule; everything random comes from one seed."""

    def __init__(self, seed: int, requests: int) -> None:
        self.random = random.Random(seed)
        self.harness = RenderHarness(credits=100_000)
        self.harness.while_waiting = self._something_happens  # type: ignore[method-assign]
        self.harness.fetcher.pages[GOOD] = b"a picture"
        self.harness.renderer.kills = {POISON}
        self.harness.renderer.fails = {BROKEN: 1_000_000}
        self.harness.forgotten = True
        self.todo = requests
        self.waiting = 0
        self.queue: list[TaskMessage] = []

    def run(self) -> None:
        for _ in range(100_000):
            self._collect()
            if not self.todo and all(job.terminal for job in self.harness.memory.jobs.values()):
                return
            self._step()
        raise AssertionError("the storm never ended")

    def _collect(self) -> None:
        for message in self.harness.take_messages():
            self.queue.append(message)
            if self.random.random() < 0.15:
                self.queue.append(message)
            if self.random.random() < 0.05:
                self.queue.remove(message)  # lost for good: housekeeping's to notice

    def _something_happens(self) -> None:
        """While a caller waits; sometimes too little for the render to be done."""
        if self.waiting > 2:
            return
        self.waiting += 1
        try:
            for _ in range(self.random.randint(0, 4)):
                self._collect()
                self._step()
        finally:
            self.waiting -= 1

    def _step(self) -> None:
        self.harness.clock.advance(timedelta(seconds=self.random.uniform(0, 6)))
        self.harness.queues.busy = self.random.random() < 0.03
        deed = self.random.random()
        if self.todo and deed < 0.25:
            self.todo -= 1
            self._survive(self.random.choice([self._batch, self._batch, self._single, self._single]))
        elif deed < 0.85 and self.queue:
            self._work()
        elif deed < 0.87:
            self.harness.new_worker()
        elif deed < 0.88:
            self.harness.clock.advance(timedelta(seconds=100))
        elif deed < 0.881:
            self.harness.save_template()
        else:
            self._survive(self.harness.sweep)

    def _payload(self) -> dict[str, object]:
        name = f"n{self.random.randrange(NAMES)}"
        kind = self.random.random()
        if kind < 0.02:
            return named(POISON)
        if kind < 0.04:
            return named(BROKEN)
        return pictured(name, DEAD if kind < 0.08 else GOOD) if kind < 0.2 else named(name)

    def _batch(self) -> None:
        payloads = [self._payload() for _ in range(self.random.choice([1, 3, 30, 80]))]
        self.harness.batch(payloads)

    def _single(self) -> None:
        with suppress(InvalidParam, GenerationFailed, GenerationTimedOut):
            self.harness.render(self._payload(), preview=self.random.random() < 0.3)

    def _work(self) -> None:
        message = self.queue.pop(self.random.randrange(len(self.queue)))
        if not self._survive(lambda: self.harness.handle(message)):
            self.queue.append(message)

    def _survive(self, deed: Callable[[], object]) -> bool:
        return survives(self.harness, self.random, deed, odds=0.12, reach=12)


def check(storm: Storm) -> None:
    harness = storm.harness
    harness.check_books()
    assert harness.wallet.held == 0
    jobs = harness.memory.jobs.values()
    # Charged is what was rendered, each distinct content once, whoever asked for it and however often.
    paid = [t.render_facts.fields_hash for j in jobs if j.kind == RENDER for t in j.paid_tasks]
    assert len(paid) == len(set(paid)) == harness.wallet.spent
    assert {it.fields_hash for it in harness.memory.rendered.values()} <= set(paid)
    assert all(it.storage_key in harness.blobs.objects for it in harness.memory.rendered.values())
    assert all(job.charged == 0 for job in jobs if job.kind in (PREVIEW, BATCH))
    endings = [
        write.after.id
        for commit in harness.store.commits
        for write in commit
        if isinstance(write, AdvanceJob) and write.after.terminal
    ]
    assert sorted(endings) == sorted(job.id for job in jobs), "each job ends once"
    for job in harness.job_of_kind(BATCH):
        view = harness.view(job.id)
        assert view.done
        assert view.total == len(job.spec_as(BatchSpec).rows)
        for row in view.results:
            assert (row.image_key is None) == (row.status == "failed") == (row.failed_reason is not None)
            assert row.image_key is None or row.image_key in harness.blobs.objects
            assert harness.watch_batch.row(harness.owner, row.id) == row


@pytest.mark.parametrize("seed", range(12))
def test_every_row_has_one_result_and_every_content_is_paid_once(seed: int) -> None:
    storm = Storm(seed, requests=40)
    storm.run()
    check(storm)
    assert storm.harness.wallet.spent > 0


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1100))
def test_the_same_in_a_long_storm(seed: int) -> None:
    storm = Storm(seed, requests=200)
    storm.run()
    check(storm)
