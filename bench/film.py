"""How long workers are busy with a film that a vendor takes minutes for: real HTTP to a double, AWS in memory.

The clock is a fake that is moved on to each message's time, so what is measured is work and never waiting.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

from darkroom.domain.accounts.workspaces import Feature
from darkroom.domain.jobs.job import JobStatus
from darkroom.domain.jobs.spec import FilmSpec
from local.doubles.google import KEY, GoogleDouble
from tests.harness.doubles import Double, DoublesHarness

VENDOR, OFFER = "google", "agent.veo3"
LOOKS = 14  # until the double's film is done; at the pace of polls that is over four minutes
FILMS = 20


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
    harness = DoublesHarness(OFFER, {VENDOR: Double(double.url, KEY)})
    harness.sell(replace(harness.offer, kind="video", feature=Feature.VIDEO, deadline_seconds=1800))
    job = harness.made(FilmSpec("a paper boat in the rain", "16:9", seconds=8))
    begun, seconds = harness.clock.now(), list[float]()
    while not harness.job(job.id).terminal:
        started = time.perf_counter()
        harness.step()
        seconds.append(time.perf_counter() - started)
    harness.close()
    if harness.job(job.id).status is not JobStatus.SUCCEEDED:
        raise RuntimeError("the film was not made")
    return (harness.clock.now() - begun).total_seconds(), seconds
