"""A stack whose only offer is made by vendors, each doing what it is told next."""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import replace
from datetime import timedelta
from typing import Any

from darkroom.catalog_data import memes
from darkroom.domain.catalog.offers import Catalog, Offer
from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.jobs.engine import Download, Finished, Output, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import EngineError
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.job import Job, Task
from darkroom.domain.jobs.late_work import late_id
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import ImageSpec, Spec
from darkroom.ports.system import Clock
from darkroom.services.jobs.run_job import RunJob
from darkroom.services.jobs.submit_job import Submission
from darkroom.services.vendors.handle_callback import HandleCallback
from darkroom.settings import Settings
from tests.harness.container import BASE_URL
from tests.harness.core import CoreHarness
from tests.harness.pictures import png

PICTURE = png(3, 2)
FILM = b"\0\0\0\x18ftypmp42" + bytes(64)

type Outcome = EngineError | int | Download | Output


class FakeVendor:
    """A vendor as an engine. It does what ``then`` was told, one thing a start; else it makes a picture at once.

    An error is raised, a number is work that takes so many seconds, a download or an output is the result.
    ``results`` says what becomes of work that takes its time.
    """

    resubmit_safe = False

    def __init__(self, name: str, clock: Clock) -> None:
        self.name = name
        self.clock = clock
        self.results: deque[Outcome] = deque()
        self.starts: Counter[str] = Counter()
        self.requests: list[TaskRequest] = []
        self.polls: list[str] = []
        self.canceled: list[str] = []
        self._script: deque[Outcome] = deque()

    def then(self, *outcomes: Outcome) -> None:
        self._script.extend(outcomes)

    def start(self, request: TaskRequest) -> Finished | Pending:
        self.requests.append(request)
        self.starts[request.reference] += 1
        outcome = self._script.popleft() if self._script else Output(PICTURE, "image/png", "1:1")
        if isinstance(outcome, int):
            handle = f"{self.name}:{request.reference}"
            return Pending(
                handle, self.clock.now() + timedelta(seconds=outcome), VendorFacts(request_id="r-1")
            )
        return self._result(outcome, VendorFacts(request_id="r-1", figures={"units": 3}))

    def poll(self, request: TaskRequest, handle: str) -> Finished | Pending:
        self.polls.append(handle)
        outcome = self.results.popleft() if self.results else Output(PICTURE, "image/png", "1:1")
        if isinstance(outcome, int):
            return Pending(handle, self.clock.now() + timedelta(seconds=outcome))
        return self._result(outcome, VendorFacts(figures={"units": 3}))

    def cancel(self, handle: str) -> None:
        self.canceled.append(handle)

    def _result(self, outcome: Outcome, facts: VendorFacts) -> Finished:
        if isinstance(outcome, EngineError):
            raise outcome
        assert not isinstance(outcome, int)
        return Finished(outcome, facts)


class VendorHarness(CoreHarness):
    """One offer with a route to each vendor, in order. ``calling`` goes to :class:`CallVendor`."""

    def __init__(self, *names: str, credits: int = 100, **calling: Any) -> None:
        names = names or ("a", "b", "c")
        super().__init__(credits, settings=Settings(public_base_url=BASE_URL, vendors=",".join(names)))
        self.vendors = {name: FakeVendor(name, self.clock) for name in names}
        self.engines = self.vendors
        self.core.call_vendor = replace(self.core.call_vendor, **calling)
        image = next(offer for offer in memes.OFFERS if offer.id == memes.IMAGE)
        self.sell(replace(image, routes=tuple(map(_route, names))))

    def sell(self, offer: Offer) -> None:
        """Have this on offer, and nothing else."""
        self.offer = offer
        self.core.submit_job = replace(self.core.submit_job, catalog=Catalog.of([offer]))

    @property
    def handle_callback(self) -> HandleCallback:
        return self.core.handle_callback

    def made(self, spec: Spec | None = None, count: int = 1) -> Job:
        """A job, submitted and its messages left on the queue."""
        return self.submit_job(
            self.caller(), Submission(self.offer.id, spec or ImageSpec("a kite", "1:1"), count)
        )

    def finish(self, job: Job) -> Job:
        """Work until nothing is left to do; the job as it ended, with the books and the slots checked."""
        self.work()
        ended = self.job(job.id)
        assert ended.terminal
        self.check_books()
        self.check_slots()
        return ended

    def step(self) -> None:
        """Do what the first message on the queue asks for, when it is due."""
        sent = self.queues.tasks.pop(0)
        assert sent.queue is Queue.VENDORS
        self.clock.advance(sent.delay_seconds)
        self.execute_task(sent.message)

    def only_message(self) -> tuple[TaskMessage, int]:
        ((message, delay),) = ((sent.message, sent.delay_seconds) for sent in self.queues.tasks)
        return message, delay

    def task(self, job: Job, index: int = 0) -> Task:
        return self.job(job.id).tasks[index]

    def starts(self) -> list[int]:
        """How often each vendor was asked to start something."""
        return [sum(vendor.starts.values()) for vendor in self.vendors.values()]

    def check_slots(self) -> None:
        """Nobody who has ended has a slot."""
        for vendor_limit in self.memory.vendor_limits.values():
            assert not vendor_limit.slots, vendor_limit


class LateHarness(VendorHarness):
    """A workspace whose one vendor takes its time."""

    def __init__(self, *, refunds_per_day: int = 100, credits: int = 100) -> None:
        super().__init__("a", credits=credits)
        self.core.advance_and_settle = replace(self.core.advance_and_settle, refunds_per_day=refunds_per_day)
        self.vendor = self.vendors["a"]
        self.price: int = self.offer.price or 0

    @property
    def run(self) -> RunJob:
        """Runs jobs for a client whose time is up at once."""
        return replace(self.core.run_job, wait=lambda job, _: self.job(job.id))

    def begun(self, count: int = 1) -> Job:
        """A job whose tasks the vendor works on; messages that were sent are lost."""
        self.queues.tasks.clear()
        self.vendor.then(*[60] * count)
        job = self.made(count=count)
        for _ in range(count):
            self.step()
        self.queues.tasks.clear()
        return self.job(job.id)

    def late(self, job: Job) -> Job:
        return self.job(late_id(job.id))

    def slots(self) -> int:
        return sum(len(limit.slots) for limit in self.memory.vendor_limits.values())

    def money(self) -> tuple[int, int, int]:
        """Available, held and spent, in outputs."""
        self.check_books()
        wallet = self.wallet
        return wallet.available // self.price, wallet.held // self.price, wallet.spent // self.price

    def all(self) -> int:
        """All credits, in outputs."""
        return self.wallet.granted // self.price


def _route(name: str) -> Route:
    return Route(name, Queue.VENDORS, f"{name}-1", {"quality": "low"})
