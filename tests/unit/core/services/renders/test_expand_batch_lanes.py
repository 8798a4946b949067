"""Nobody waits behind all that another workspace has to be made: its chunks are a few messages at a time."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.jobs.messages import TaskMessage, TaskStep
from darkroom.domain.jobs.spec import ChunkSpec
from darkroom.domain.renders.lanes import LANES, LONGEST_WAIT, limit_name
from darkroom.services.accounts.api_keys import KeyRequest
from tests.harness.renders import RenderHarness, named

SECOND = timedelta(seconds=1)


class Bulk:
    """The bulk queue and its workers, one message a second, first come first served. Nothing else ever helps."""

    def __init__(self) -> None:
        self.harness = RenderHarness(credits=10_000)
        self.first = (self.harness.owner, self.harness.token, self.harness.template)
        with self.harness.calls.unwatched():
            workspace = self.harness.core.open_workspace(
                "other", plan="pro", credits=100, allowances={Feature.RENDERS: 1_000_000}
            )
            self.token = self.harness.core.issue_key(workspace.id, KeyRequest("k"))[1]
        self.other = Owner(workspace.id, True)
        self.waiting: list[tuple[datetime, int, TaskMessage]] = []
        self.count = self.most = 0

    @contextmanager
    def as_other(self) -> Iterator[None]:
        harness = self.harness
        harness.owner, harness.token = self.other, self.token
        harness.save_template()
        try:
            yield
        finally:
            harness.owner, harness.token, harness.template = self.first

    def collect(self) -> None:
        now = self.harness.clock.now()
        for sent in self.harness.queues.tasks:
            assert sent.queue is Queue.BULK_RENDERS
            self.count += 1
            entry = (now + timedelta(seconds=sent.delay_seconds), self.count, sent.message)
            heapq.heappush(self.waiting, entry)
        self.harness.queues.tasks.clear()
        mine = [m for _, _, m in self.waiting if m.owner == self.first[0] and m.step is TaskStep.RENDER]
        self.most = max(self.most, len(mine))

    def step(self) -> None:
        """One second: one message, if any is due."""
        self.collect()
        self.harness.clock.advance(SECOND)
        if self.waiting and self.waiting[0][0] <= self.harness.clock.now():
            self.harness.handle(heapq.heappop(self.waiting)[2])
        self.collect()

    def run(self, batch_id: str, limit: int = 10_000) -> int:
        """How many steps it takes until a batch is done."""
        for steps in range(limit):
            view = self.harness.watch_batch.batch(self.harness.owner, batch_id)
            if view.done:
                return steps
            self.step()
        raise AssertionError("the batch was never done")


def people(count: int, name: str = "person") -> list[dict[str, object]]:
    return [named(f"{name} {number}") for number in range(count)]


def test_behind_two_thousand_rows_of_another_workspace_a_row_waits_a_few_steps() -> None:
    bulk = Bulk()
    large = [bulk.harness.batch(people(1_000, str(number))) for number in range(2)]
    for _ in range(3):
        bulk.step()
    with bulk.as_other():
        single = bulk.harness.batch(people(1))
        assert bulk.run(single.batch_id) <= 2 * (LANES + 2) + 2
    for batch in large:
        bulk.run(batch.batch_id)
    assert bulk.most <= LANES
    assert bulk.harness.wallet.held == 0
    bulk.harness.check_books()


@settings(max_examples=12, deadline=None)
@given(
    sizes=st.lists(st.integers(1, 130), min_size=1, max_size=4),
    before=st.integers(0, 12),
    rows=st.integers(1, 30),
)
def test_whatever_one_workspace_has_made_another_s_rows_wait_a_few_steps(
    sizes: list[int], before: int, rows: int
) -> None:
    bulk = Bulk()
    large = [bulk.harness.batch(people(size, str(number))) for number, size in enumerate(sizes)]
    for _ in range(before):
        bulk.step()
    with bulk.as_other():
        small = bulk.harness.batch(people(rows))
        assert bulk.run(small.batch_id) <= 3 * (LANES + len(sizes)) + 3
    for batch in large:
        bulk.run(batch.batch_id)
    assert bulk.most <= LANES
    assert not any(limit.slots for limit in bulk.harness.memory.vendor_limits.values())
    bulk.harness.check_books()


def test_a_batch_waits_for_a_lane_and_gets_one_as_soon_as_one_is_free() -> None:
    bulk = Bulk()
    first = bulk.harness.batch(people(200, "a"))
    bulk.step()
    second = bulk.harness.batch(people(200, "b"))
    for _ in range(LANES + 1):
        bulk.step()
    assert bulk.harness.memory.jobs[bulk.harness.owner, second.batch_id].status is JobStatus.QUEUED
    bulk.run(first.batch_id)
    before = bulk.harness.clock.now()
    while bulk.harness.memory.jobs[bulk.harness.owner, second.batch_id].status is JobStatus.QUEUED:
        bulk.step()
    assert bulk.harness.clock.now() - before <= timedelta(seconds=LONGEST_WAIT + 2)
    bulk.run(second.batch_id)


def test_lanes_that_nobody_gave_back_end_with_their_batch() -> None:
    bulk = Bulk()
    harness = bulk.harness
    harness.batch(people(200, "a"))
    harness.expand_batch(harness.take_messages()[0])
    harness.take_messages()  # all of them are lost
    harness.clock.set(max(job.deadline_at for job in harness.memory.jobs.values()))
    again = harness.batch(people(30, "b"))
    bulk.run(again.batch_id)
    assert set(harness.memory.vendor_limits[limit_name(harness.owner)].slots) == set()


def test_a_chunk_whose_turn_has_not_come_is_not_queued_by_housekeeping_and_one_whose_turn_was_lost_is() -> (
    None
):
    harness = RenderHarness(credits=2_000)
    batch = harness.batch(people(150))
    harness.expand_batch(harness.take_messages()[0])
    first, *others = harness.take_messages()
    harness.sweep_later()
    assert {message.job_id for message in harness.take_messages()} == {
        message.job_id for message in (first, *others)
    }
    harness.handle(first)
    (following,) = harness.take_messages()
    spec = harness.memory.jobs[harness.owner, first.job_id].spec
    assert isinstance(spec, ChunkSpec)
    assert following.job_id == spec.then
    harness.sweep_later()
    harness.sweep_later()
    assert following in harness.take_messages()
    for message in (following, *others):
        harness.handle(message)
    harness.work()
    assert harness.view(batch.batch_id).done


@pytest.mark.parametrize("count", [1, 25, 26, 101])
def test_small_batches_take_as_many_lanes_as_they_have_chunks(count: int) -> None:
    harness = RenderHarness(credits=2_000)
    harness.batch(people(count))
    harness.expand_batch(harness.take_messages()[0])
    taken = harness.memory.vendor_limits[limit_name(harness.owner)].slots
    assert len(taken) == len(harness.waiting_messages()) == min(-(-count // 25), LANES)
    harness.work()
    assert not harness.memory.vendor_limits[limit_name(harness.owner)].slots
