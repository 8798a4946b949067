"""How long workers are busy with a film that a vendor takes minutes for: real HTTP to a double, AWS in memory.

The clock is a fake that is moved on to each message's time, so what is measured is work and never waiting.
"""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from darkroom.adapters.downloads import HttpDownloads
from darkroom.adapters.fetch import SafeHttp
from darkroom.catalog_data.routes import ROUTES
from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.catalog.offers import Catalog
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.jobs.messages import TaskMessage
from darkroom.domain.jobs.spec import Spec
from darkroom.ports.jobs import Engine
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle
from darkroom.services.jobs.execute_task import ExecuteTask
from darkroom.services.jobs.submit_job import SubmitJob
from darkroom_vendors.client import VendorEngine
from darkroom_vendors.factory import engines
from local.doubles.google import KEY, GoogleDouble
from tests.harness.core import LEASE, executing
from tests.harness.vendors import VendorHarness

VENDOR, OFFER = "google", "agent.veo3"
LOOKS = 14  # until the double's film is done; at the pace of polls that is over four minutes
FILMS = 20


@dataclass
class Timed:
    """A worker whose runs are timed."""

    work: Callable[[TaskMessage], None]
    seconds: list[float] = field(default_factory=list)

    def __call__(self, message: TaskMessage) -> None:
        started = time.perf_counter()
        self.work(message)
        self.seconds.append(time.perf_counter() - started)


def run() -> None:
    """Print how often and how long a worker runs for one film."""
    with GoogleDouble(polls_needed=LOOKS) as double:
        rounds = [_film(double) for _ in range(FILMS + 1)][1:]
    lasted = statistics.median(lasted for lasted, _ in rounds)
    runs = statistics.median(len(seconds) for _, seconds in rounds)
    busy = statistics.median(sum(seconds) for _, seconds in rounds)
    longest = max(max(seconds) for _, seconds in rounds)
    print(
        f"a film takes {lasted:.0f} s at the vendor and {busy * 1000:.0f} ms of workers, in {runs:.0f} runs"
    )
    print(f"longest run of {FILMS} films          {longest * 1000:6.1f} ms")


def _film(double: GoogleDouble) -> tuple[float, list[float]]:
    harness = VendorHarness(VENDOR)
    route = next(route for route in ROUTES[OFFER] if route.engine == VENDOR)
    offer = replace(
        harness.offer, id=OFFER, kind="video", feature=Feature.VIDEO, routes=(route,), deadline_seconds=1800
    )
    harness.offer = offer
    harness.submit_job = SubmitJob(
        harness.store, harness.queues, harness.clock, harness.ids, Catalog.of([offer]), {VENDOR}, False
    )
    made = engines(
        [VENDOR],
        keys={VENDOR: KEY}.__getitem__,
        clock=harness.clock,
        token=lambda name, order: f"{name}-{order.task.id}",
        endpoint=json.dumps({VENDOR: double.url}),
    )
    timed = Timed(_worker(harness, made))
    harness.execute_task = timed  # type: ignore[assignment]
    job = harness.made(Spec("a paper boat in the rain", "16:9", settings={"seconds": 8}))
    begun = harness.clock.now()
    while not harness.job(job.id).terminal:
        harness.step()
    if harness.job(job.id).status is not JobStatus.SUCCEEDED:
        raise RuntimeError("the film was not made")
    for engine in made.values():
        if isinstance(engine, VendorEngine):
            engine.client.close()
    return (harness.clock.now() - begun).total_seconds(), timed.seconds


def _worker(harness: VendorHarness, made: Mapping[str, Engine]) -> ExecuteTask:
    downloads = HttpDownloads(SafeHttp(allow_loopback=True), allow_loopback=True)
    return executing(harness, AdvanceAndSettle(harness.store), made, LEASE, downloads=downloads)
