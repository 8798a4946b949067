"""Every kind of film and of music, made by the engine of the films worker."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from darkroom.domain.jobs.engine import Finished, Output, TaskRequest
from darkroom.domain.jobs.spec import BrandProfile
from darkroom_sandbox.engine import SandboxEngine
from darkroom_sandbox.films.makers import MOVING
from darkroom_sandbox.scenery import KINDS
from tests.fakes import FakeClock
from tests.unit.layers.samples import picture
from tests.unit.sandbox.films.probing import tone, wav
from tests.unit.sandbox.task_requests import task_request

SMALL: Final[Mapping[str, Any]] = {"resolution": "480p", "seconds": 1}


def requests() -> Iterator[TaskRequest]:
    yield task_request("video", "a lake", livemode=False, **SMALL)
    yield task_request("video", "a lake", input_files={"source": picture()}, **SMALL)
    yield task_request("video", "hello", input_files={"source": picture(), "audio": wav(tone(0.5))}, **SMALL)
    yield task_request("video", "hello", input_files={"audio": wav(tone(0.5))}, **SMALL)
    yield task_request("video", "a lake", input_files=dict.fromkeys(KINDS, picture()), **SMALL)
    # No dialect sells films for a brand; one that is asked for has its colours, and not its name.
    brand = BrandProfile(company_name="Acme", brand_colors=("#aa3300",))
    yield task_request("video", "a lake", brand=brand, **SMALL)
    yield task_request("music", "a tune", seconds=5)
    yield task_request("music", "a song", seconds=5, instrumental=True, livemode=False)


def main() -> None:
    engine = SandboxEngine(FakeClock(), MOVING)
    for request in requests():
        outcome = engine.start(request)
        assert isinstance(outcome, Finished)
        assert isinstance(outcome.output, Output)
        assert outcome.output.data
