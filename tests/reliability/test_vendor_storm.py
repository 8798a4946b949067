"""A seeded storm over vendors: refusals, lost answers, dead vendors, callbacks of all sorts, dying workers.

Time is a clock of ours and chance comes from one seed, so a failure names what brings it back.
"""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from darkroom.catalog_data import memes
from darkroom.domain.catalog.offers import Catalog
from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.jobs.engine import Download, Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.job import TaskState
from darkroom.domain.jobs.late_work import late_id, unwanted
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.domain.vendors.callbacks import CallbackTarget
from darkroom.domain.writes import AdvanceJob
from darkroom.services.jobs.submit_job import Submission
from darkroom.services.vendors.handle_callback import CallbackResult
from tests.fakes.system import FakeClock
from tests.fakes.vendors import LOST
from tests.harness.core import CoreHarness
from tests.harness.survival import survives
from tests.harness.vendors import PICTURE, VendorHarness

LIMITS = {"sync": 4, "queued": 14, "flaky": 10, "dead": 2, "broke": 2}
SECONDS_BETWEEN = 10.0  # jobs, on average
PROMPTS = ("a kite", "a red kite", "a blue kite", "blocked", "blocked late", "unusable")


class StormyVendor:
    """A vendor with its own weather: how often it is busy, fails, loses its answer, and how long its work takes."""

    resubmit_safe = False

    def __init__(self, name: str, clock: FakeClock, chance: random.Random, files: dict[str, bytes]) -> None:
        self.name, self.clock, self.chance, self.files = name, clock, chance, files
        self.started: Counter[str] = Counter()  # starts that were not refused
        self.unknown: Counter[str] = Counter()  # of those, answers that were lost without a trace
        self.lost: set[str] = set()  # the work that was
        self.found = 0
        self.work: dict[str, datetime] = {}  # handle → when it is done
        self.canceled: set[str] = set()
        self.not_before: dict[str, datetime] = {}  # when a task that was refused may come again

    def start(self, order: TaskRequest) -> Finished | Pending:
        assert self.clock.now() >= self.not_before.get(order.reference, self.clock.now()), "sooner than asked"
        try:
            self._refuse_sometimes()
        except RateLimitedByVendor as busy:
            self.not_before[order.reference] = self.clock.now() + timedelta(seconds=busy.retry_after)
            raise
        task, prompt = order.reference, order.prompt
        self.started[task] += 1
        if prompt == "blocked":
            raise Blocked("no")
        if prompt == "unusable":
            raise Rejected("no")
        if self.name == "sync":
            return self._at_once(order)
        handle = f"{self.name}:{task}:{self.started[task]}"
        self.work[handle] = self.clock.now() + timedelta(seconds=self.chance.choice((5, 30, 120, 400)))
        if self.chance.random() < 0.08:
            raise OutcomeUnknown("lost", handle=handle)
        if self.chance.random() < 0.05:
            self.unknown[task] += 1
            self.lost.add(handle)
            raise OutcomeUnknown("lost for good, unless we are called")
        return Pending(handle, self.clock.now() + timedelta(seconds=self.chance.randint(2, 60)))

    def poll(self, order: TaskRequest, handle: str) -> Finished | Pending:
        self._find(order.reference, handle)
        roll = self.chance.random()
        if roll < 0.1:
            raise VendorUnavailable("no", retry_after=self.chance.randint(1, 30))
        if roll < 0.15:
            raise RateLimitedByVendor("no", retry_after=self.chance.randint(1, 30))
        if self.clock.now() < self.work[handle]:
            return Pending(handle, self.clock.now() + timedelta(seconds=self.chance.randint(2, 60)))
        if order.prompt == "blocked late":
            raise Blocked("no")
        if roll < 0.25:
            raise RouteFailed("no")
        address = f"https://cdn.test/{handle}"
        self.files[address] = (
            PICTURE if self.chance.random() < 0.9 else self.chance.choice((LOST, b"gone", b"?"))
        )
        return Finished(Download(address), VendorFacts(figures={"units": 1}))

    def cancel(self, handle: str) -> None:
        self.canceled.add(handle)

    def _find(self, task: str, handle: str) -> None:
        """Lost work that is asked for is lost no more."""
        if handle in self.lost:
            self.lost.remove(handle)
            self.unknown -= Counter([task])
            self.found += 1

    def _refuse_sometimes(self) -> None:
        if self.name == "dead":
            raise VendorUnavailable("dead for good", retry_after=self.chance.choice((1, 5, 20)))
        if self.name == "broke":
            raise AccountTrouble("no credit", code="insufficient_quota")
        if self.name == "flaky" and self.chance.random() < 0.1:
            raise ModelRetired("which model?")
        if self.chance.random() < 0.2:
            raise RateLimitedByVendor("no", retry_after=self.chance.choice((1, 7, 60, 300)))

    def _at_once(self, order: TaskRequest) -> Finished:
        if order.prompt == "blocked late":
            raise Blocked("no")
        roll = self.chance.random()
        if roll < 0.1:
            raise VendorUnavailable("no")
        if roll < 0.2:
            self.unknown[order.reference] += 1
            raise OutcomeUnknown("lost")
        return Finished(Output(PICTURE, "image/png", "1:1"), VendorFacts(figures={"units": 1}))


class Storm:
    """Drives a stack with five vendors with a random schedule."""

    def __init__(self, seed: int, jobs: int) -> None:
        self.random = random.Random(seed)
        self.harness = harness = CoreHarness(credits=100_000, resubmit_safe=False)
        self.vendors = {
            name: StormyVendor(name, harness.clock, self.random, harness.downloads.files) for name in LIMITS
        }
        self.todo, self.queue, self.job_ids = jobs, list[tuple[datetime, int, TaskMessage]](), list[str]()
        self.count, self.highest = 0, Counter[str]()
        self.next_job = harness.clock.now()
        self.heard: Counter[CallbackResult] = Counter()
        self.deaths: Counter[str] = Counter()  # of workers, by the job they worked on
        offer = next(offer for offer in memes.OFFERS if offer.id == memes.IMAGE)
        self.offers = [
            replace(
                offer, id=f"{offer.id}.{number}", routes=tuple(Route(v, Queue.VENDORS, "m") for v in order)
            )
            for number, order in enumerate(
                (
                    ("sync", "queued"),
                    ("dead", "queued", "sync"),
                    ("broke", "flaky", "sync"),
                    ("flaky", "queued", "sync", "dead"),
                    ("queued", "sync"),
                    ("dead", "broke"),
                )
            )
        ]
        core = harness.core
        core.call_vendor = replace(core.call_vendor, limits=LIMITS)
        core.submit_job = replace(
            core.submit_job,
            catalog=Catalog.of(self.offers),
            engines=frozenset(self.vendors),
            sandbox_fallback=False,
        )
        harness.engines = self.vendors

    def run(self) -> None:
        for _ in range(2_000_000):
            self._collect()
            if not self.todo and all(job.terminal for job in self.harness.memory.jobs.values()):
                self._drain()
                return
            self._step()
            self._look_at_gates()
        raise AssertionError("the storm never ended")

    def _collect(self) -> None:
        now = self.harness.clock.now()
        for message, delay in self.harness.take_messages():
            copies = 2 if self.random.random() < 0.12 else 0 if self.random.random() < 0.03 else 1
            for _ in range(copies):
                # A queue delivers late, never early; a copy may come long after.
                late = delay + self.random.choice((0, 0, 1, 15))
                self.count += 1
                self.queue.append((now + timedelta(seconds=late), self.count, message))

    def _step(self) -> None:
        harness = self.harness
        harness.queues.busy = self.random.random() < 0.01
        deed = self.random.random()
        if self.todo and harness.clock.now() >= self.next_job:
            self._submit()
        elif deed < 0.01 and self.job_ids:
            self._cancel()
        elif deed < 0.1 and self.job_ids:
            self._survive(self._call_back)
        elif deed < 0.12:
            self._survive(harness.sweep)
        else:
            self._work()

    def _submit(self) -> None:
        self.todo -= 1
        self.next_job += timedelta(seconds=self.random.expovariate(1 / SECONDS_BETWEEN))
        offer, prompt = self.random.choice(self.offers), self.random.choice(PROMPTS)

        def submit() -> None:
            submission = Submission(offer.id, ImageSpec(prompt, "1:1"), self.random.choice((1, 1, 2, 4)))
            self.harness.submit_job(self.harness.caller(), submission)

        self._survive(submit)
        jobs = self.harness.memory.jobs
        self.job_ids = [job.id for job in jobs.values() if job.late is None]

    def _work(self) -> None:
        due = [item for item in self.queue if item[0] <= self.harness.clock.now()]
        if not due:
            self.harness.clock.advance(timedelta(seconds=self.random.uniform(0, 4)))
            return
        item = self.random.choice(due)
        self.queue.remove(item)
        before = self.harness.clock.now()
        if not self._survive(lambda: self.harness.execute_task(item[2])):
            self._died_over(item[2].job_id)
            self.queue.append(
                (before + timedelta(seconds=120), item[1], item[2])
            )  # shown again after a while
        if not self.harness.queues.busy:  # which is worth waiting for, and nothing else is
            assert self.harness.clock.now() == before, "a worker let time pass"

    def _died_over(self, job_id: str) -> None:
        self.deaths[job_id] += 1
        for vendor in self.vendors.values():
            for task in self.harness.job(job_id).tasks:
                vendor.not_before.pop(task.id, None)  # what the dead had just been told, nobody knows

    def _cancel(self) -> None:
        job_id = self.random.choice(self.job_ids)
        self._survive(lambda: self.harness.cancel_job(self.harness.caller(), job_id))

    def _call_back(self) -> None:
        """A vendor calls about one of its tasks: at the right time or not, about the right work or not."""
        job = self.harness.job(self.random.choice(self.job_ids[-20:]))
        task = self.random.choice(job.tasks)
        vendor = job.route_of(task).engine if self.random.random() < 0.9 else "queued"
        known = [handle for handle in self.vendors[vendor].work if f":{task.id}:" in handle]
        if not known:  # a vendor that signs what it says can only name work it has
            return
        right = task.handle is None or self.random.random() < 0.8
        work_id = self.random.choice(known) if right else "another task's"
        target = CallbackTarget(job.owner, job.id, task.index)
        self.heard[self.harness.core.handle_callback(vendor, target, work_id)] += 1

    def _drain(self) -> None:
        """What is still on the queue when all is over changes nothing any more."""
        self._collect()
        before = (
            self.harness.wallet,
            len(self.harness.memory.entries),
            [v.started.total() for v in self.vendors.values()],
        )
        for _, _, message in self.queue:
            self.harness.execute_task(message)
        after = (
            self.harness.wallet,
            len(self.harness.memory.entries),
            [v.started.total() for v in self.vendors.values()],
        )
        assert before == after

    def _look_at_gates(self) -> None:
        for name, vendor_limit in self.harness.memory.vendor_limits.items():
            self.highest[name] = max(self.highest[name], len(vendor_limit.slots))

    def _survive(self, deed: Callable[[], object]) -> bool:
        return survives(self.harness, self.random, deed, odds=0.06, reach=5)


def check(storm: Storm) -> None:
    harness = storm.harness
    harness.check_books()
    jobs = list(harness.memory.jobs.values())
    assert harness.wallet.held == 0
    delivered_tasks = sum(len(job.succeeded_tasks) - len(unwanted(job)) for job in jobs)
    assert harness.wallet.spent == sum(job.charged for job in jobs) == delivered_tasks
    endings = Counter(
        write.after.id
        for commit in harness.store.commits
        for write in commit
        if isinstance(write, AdvanceJob) and write.after.terminal
    )
    assert set(endings.values()) == {1}, "each job ends once"
    _check_starts(storm)
    _check_prompts(storm)
    for name, limit in LIMITS.items():
        assert storm.highest[name] <= limit
    for vendor_limit in harness.memory.vendor_limits.values():
        assert not vendor_limit.slots, "every slot was given back"
    delivered = {task.asset.storage_key for job in jobs for task in job.tasks if task.asset}
    assert delivered <= set(harness.blobs.objects)
    # What a worker that died had put away, and was not delivered after that, is in no list and was never charged.
    orphans = set(harness.blobs.objects) - delivered
    assert {key.split("/")[3] for key in orphans} <= set(storm.deaths)


def _check_starts(storm: Storm) -> None:
    started, unknown, touched = Counter[str](), Counter[str](), defaultdict[str, list[str]](list)
    for vendor in storm.vendors.values():
        started.update(vendor.started)
        unknown.update(vendor.unknown)
        for task in vendor.unknown:
            touched[task].append(vendor.name)
    assert max(started.values()) <= 4
    assert max(unknown.values(), default=0) <= 2
    assert touched, "some answers were lost"
    assert all(len(vendors) == 1 for vendors in touched.values()), "unknown work is not made elsewhere too"


def _check_prompts(storm: Storm) -> None:
    """A prompt that was refused is shown to nobody else, and not again: not even for the job's other outputs.

    Only a worker that dies between hearing of the refusal and noting it leaves it to be heard once more.
    """
    for job in storm.harness.memory.jobs.values():
        if job.spec.prompt != "blocked":
            continue
        times = [vendor.started[task.id] for vendor in storm.vendors.values() for task in job.tasks]
        first = job.late_of or job.id  # late work has the tasks of the job that ended, and their starts
        deaths = storm.deaths[first] + storm.deaths[late_id(first)]
        assert sum(times) <= 1 + deaths
        assert sum(map(bool, times)) <= 1 + deaths
        assert not job.succeeded_tasks


@pytest.mark.parametrize("seed", range(5))
def test_five_hundred_jobs_in_bad_weather(seed: int) -> None:
    storm = Storm(seed, jobs=500)
    storm.run()
    check(storm)
    assert {CallbackResult.EXPEDITED, CallbackResult.LATE, CallbackResult.UNKNOWN} <= set(storm.heard)
    assert storm.harness.meter.counted["BreakerOpened"]
    assert storm.harness.meter.counted["AccountTrouble"]
    assert sum(vendor.found for vendor in storm.vendors.values()), "a callback brought lost work back"
    states = Counter(task.state for job in storm.harness.memory.jobs.values() for task in job.tasks)
    assert states[TaskState.SUCCEEDED] > 200


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(2000, 2060))
def test_many_storms(seed: int) -> None:
    storm = Storm(seed, jobs=500)
    storm.run()
    check(storm)


def test_errors_are_all_in_the_weather() -> None:
    """What an engine may raise is raised somewhere above, so that a new failure is not forgotten here."""
    leaves = {
        Blocked,
        Rejected,
        RouteFailed,
        RateLimitedByVendor,
        VendorUnavailable,
        AccountTrouble,
        ModelRetired,
        OutcomeUnknown,
    }
    assert {kind for kind in EngineError.__subclasses__() if not kind.__subclasses__()} <= leaves


def test_a_film_of_five_minutes_costs_a_dozen_short_steps() -> None:
    """Nothing waits: time passes between the worker's steps and never in one, and each step is a few calls."""
    harness = VendorHarness("a")
    vendor, address = harness.vendors["a"], "https://cdn.test/film"
    vendor.then(10)
    vendor.results.extend([10, 10, 12, 15, 18, 25, 40, 60, 60, 60, Download(address)])
    harness.downloads.files[address] = PICTURE
    job = harness.made()
    steps: list[list[str]] = []
    while harness.queues.tasks:
        sent = harness.queues.tasks.pop(0)
        harness.clock.advance(sent.delay_seconds)
        before, harness.calls.made = harness.clock.now(), []
        harness.execute_task(sent.message)
        assert harness.clock.now() == before, "a step let time pass"
        steps.append(harness.calls.made)
    done = harness.job(job.id)
    assert done.succeeded_tasks
    assert (harness.clock.now() - done.created_at).total_seconds() > 300
    assert steps == [
        ["jobs.claim", "vendor_limits.enter", "jobs.park", "queues.send_tasks"],
        *[["jobs.claim_poll", "jobs.park", "queues.send_tasks"]] * 10,
        ["jobs.claim_poll", "downloads.open", "blobs.put", "store.commit"],
    ]
