"""A workspace that keeps a vendor's slots full does not keep another from its turn."""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.services.accounts.api_keys import KeyRequest
from tests.harness.vendors import VendorHarness

SLOTS = 4
WORK = 20  # seconds at the vendor
JOBS = 60  # of four tasks each: twenty minutes of work for all slots


class Vendors:
    """A vendor with a few slots, and messages handled when they are due."""

    def __init__(self) -> None:
        self.harness = VendorHarness("a", limits={"a": SLOTS}, credits=10_000)
        self.harness.vendors["a"].then(*[WORK] * 10_000)
        self.waiting: list[tuple[datetime, int, TaskMessage]] = []
        self.count = 0
        workspace = self.harness.core.open_workspace(
            "other", plan="pro", credits=100, allowances={Feature.IMAGES: 1_000_000}
        )
        self.token = self.harness.core.issue_key(workspace.id, KeyRequest("k"))[1]
        self.other = Owner(workspace.id, True)

    @contextmanager
    def as_other(self) -> Iterator[None]:
        harness = self.harness
        mine = harness.owner, harness.token
        harness.owner, harness.token = self.other, self.token
        try:
            yield
        finally:
            harness.owner, harness.token = mine

    def collect(self) -> None:
        for message, delay in self.harness.take_messages():
            self.count += 1
            due = self.harness.clock.now() + timedelta(seconds=delay)
            heapq.heappush(self.waiting, (due, self.count, message))

    def step(self) -> None:
        """Handle the next message, when it is due."""
        self.collect()
        due, _, message = heapq.heappop(self.waiting)
        self.harness.clock.set(max(due, self.harness.clock.now()))
        self.harness.execute_task(message)
        self.collect()


@pytest.mark.parametrize("after", [0, 60, 240])
def test_a_new_task_gets_one_of_the_next_slots_however_many_older_ones_wait(after: int) -> None:
    vendors = Vendors()
    harness = vendors.harness
    harness.sell(replace(harness.offer, deadline_seconds=7200))
    for _ in range(JOBS):
        harness.made(count=4)
    start = harness.clock.now()
    vendors.collect()
    while harness.clock.now() - start < timedelta(seconds=after):
        vendors.step()
    with vendors.as_other():
        job = harness.made()
        asked = harness.clock.now()
        while not harness.job(job.id).terminal:
            vendors.step()
        assert (harness.clock.now() - asked).total_seconds() <= 4 * WORK
