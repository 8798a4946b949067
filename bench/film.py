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
from darkroom.domain.accounts import Feature
from darkroom.domain.catalog import Catalog
from darkroom.domain.jobs import JobStatus, Spec
from darkroom.ports import Engine, TaskMessage
from darkroom.services.call_vendor import CallVendor
from darkroom.services.collect_output import CollectOutput
from darkroom.services.execute_task import ExecuteTask
from darkroom.services.gather_materials import GatherMaterials
from darkroom.services.settle_job import Conclude
from darkroom.services.submit_job import SubmitJob
from darkroom.vendors.building import engines
from darkroom.vendors.client import VendorEngine
from local.doubles.google import KEY, GoogleDouble
from tests.fakes.vendor_world import VendorWorld
from tests.fakes.world import LEASE

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
    world = VendorWorld(VENDOR)
    route = next(route for route in ROUTES[OFFER] if route.engine == VENDOR)
    offer = replace(
        world.offer, id=OFFER, kind="video", feature=Feature.VIDEO, routes=(route,), deadline_seconds=1800
    )
    world.offer = offer
    world.submit_job = SubmitJob(
        world.store, world.queues, world.clock, world.ids, Catalog.of([offer]), {VENDOR}, False
    )
    made = engines(
        [VENDOR],
        keys={VENDOR: KEY}.__getitem__,
        clock=world.clock,
        token=lambda name, order: f"{name}-{order.task.id}",
        endpoint=json.dumps({VENDOR: double.url}),
    )
    timed = Timed(_worker(world, made))
    world.execute_task = timed  # type: ignore[assignment]
    job = world.made(Spec("a paper boat in the rain", "16:9", settings={"seconds": 8}))
    begun = world.clock.now()
    while not world.job(job.id).terminal:
        world.step()
    if world.job(job.id).status is not JobStatus.SUCCEEDED:
        raise RuntimeError("the film was not made")
    for engine in made.values():
        if isinstance(engine, VendorEngine):
            engine.client.close()
    return (world.clock.now() - begun).total_seconds(), timed.seconds


def _worker(world: VendorWorld, made: Mapping[str, Engine]) -> ExecuteTask:
    return ExecuteTask(
        world.jobs,
        Conclude(world.store),
        CollectOutput(world.blobs, HttpDownloads(SafeHttp(allow_loopback=True), allow_loopback=True)),
        GatherMaterials(world.blobs, world.fetcher),
        CallVendor(world.gates, world.meter, world.clock),
        world.queues,
        world.clock,
        made,
        LEASE,
    )
