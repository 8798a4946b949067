"""A seeded storm: crashes, duplicates, reordering, cancels, deletions, outages. A failure names its seed."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest

from darkroom.domain.errors import NotFound
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.webhooks.events import job_ended
from darkroom.domain.writes import AdvanceJob
from tests.harness.core import CoreHarness
from tests.harness.survival import survives

PROMPTS = (
    "a kite",
    "a kite",
    "[[fail]]",
    "[[fail:0]] a kite",
    "[[block]]",
    "[[slow:45]] a kite",
    "[[lose]] a kite",
    "[[lose]] [[slow:90]] [[fail:1]]",
)


class Storm:
    """Drives a stack with a random schedule; everything random comes from one seed."""

    def __init__(self, seed: int, jobs: int, shards: int = 1) -> None:
        self.random = random.Random(seed)
        self.harness = CoreHarness(credits=10_000)
        if shards > 1:
            self.harness.spread(shards)
        self.todo = jobs
        self.queue: list[TaskMessage] = []
        self.job_ids: list[str] = []

    def run(self) -> None:
        for _ in range(200_000):
            self._collect()
            if not self.todo and not self.queue and all(self.harness.job(j).terminal for j in self.job_ids):
                return
            self._step()
        raise AssertionError("the storm never ended")

    def _collect(self) -> None:
        for message, _ in self.harness.take_messages():
            self.queue.append(message)
            if self.random.random() < 0.15:
                self.queue.append(message)
            if self.random.random() < 0.03:
                self.queue.remove(message)  # a message that is lost for good: housekeeping's to notice

    def _step(self) -> None:
        self.harness.clock.advance(timedelta(seconds=self.random.uniform(0, 4)))
        self.harness.queues.busy = self.random.random() < 0.02
        deed = self.random.random()
        if self.todo and deed < 0.3:
            self._submit()
        elif deed < 0.9 and self.queue:
            self._work()
        elif deed < 0.92 and self.job_ids:
            self._cancel()
        elif deed < 0.93 and self.job_ids:
            self._delete()
        else:
            self._survive(self.harness.sweep)

    def _submit(self) -> None:
        self.todo -= 1
        prompt = self.random.choice(PROMPTS)
        self._survive(lambda: self.harness.submit(prompt, self.random.randint(1, 4)))
        self.job_ids = [job_id for _, job_id in self.harness.memory.jobs]

    def _work(self) -> None:
        message = self.queue.pop(self.random.randrange(len(self.queue)))
        if not self._survive(lambda: self.harness.execute_task(message)):
            self.queue.append(message)

    def _cancel(self) -> None:
        job_id = self.random.choice(self.job_ids)

        def cancel() -> None:
            with suppress(NotFound):  # it was deleted before
                self.harness.cancel_job(self.harness.caller(), job_id)

        self._survive(cancel)

    def _delete(self) -> None:
        job = self.harness.job(self.random.choice(self.job_ids))

        refundable = self.random.random() < 0.5

        def delete() -> None:
            with suppress(NotFound):  # it was deleted before
                self.harness.core.delete_job(self.harness.caller(), job, refundable=refundable)

        self._survive(delete)

    def _survive(self, deed: Callable[[], object]) -> bool:
        return survives(self.harness, self.random, deed, odds=0.1, reach=4)


def check(storm: Storm) -> None:
    harness = storm.harness
    harness.check_books()
    assert harness.wallet.held == 0
    refunded = sum(entry.available for entry in harness.memory.entries.values() if entry.kind == "refund")
    charged = sum(job.charged for job in harness.memory.jobs.values())
    assert harness.wallet.spent == charged - refunded
    assert refunded == sum(harness.wallet.refunded.values()) <= 100
    endings = [
        write.after.id
        for commit in harness.store.commits
        for write in commit
        if isinstance(write, AdvanceJob) and write.after.terminal
    ]
    assert sorted(endings) == sorted(storm.job_ids), "each job ends once"
    assert len({job_ended(harness.job(job_id)).id for job_id in storm.job_ids}) == len(storm.job_ids)
    delivered = {t.asset.id for j in harness.memory.jobs.values() for t in j.tasks if t.asset}
    assert {asset_id for _, asset_id in harness.memory.assets} == delivered
    lost = [t.id for j in harness.memory.jobs.values() for t in j.tasks if "[[lose]]" in j.spec.prompt]
    assert delivered <= {t.id for j in harness.memory.jobs.values() for t in j.tasks}
    assert lost, "some answers were lost"
    assert all(harness.engine.starts[task_id] <= 4 for task_id in lost)


@pytest.mark.parametrize("seed", range(12))
def test_every_job_ends_and_the_books_balance(seed: int) -> None:
    storm = Storm(seed, jobs=40)
    storm.run()
    check(storm)


@pytest.mark.parametrize("seed", range(4))
def test_so_they_do_where_the_wallet_is_spread(seed: int) -> None:
    storm = Storm(seed, jobs=40, shards=4)
    storm.run()
    check(storm)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(1000, 1300))
def test_every_job_ends_in_a_long_storm(seed: int) -> None:
    storm = Storm(seed, jobs=300)
    storm.run()
    check(storm)
