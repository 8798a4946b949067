"""Every kind of still, made by the engine of the sandbox worker."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from darkroom.domain.jobs.engine import Finished, Output, TaskRequest
from darkroom.domain.jobs.spec import BrandProfile, Slide
from darkroom_sandbox.engine import SandboxEngine
from darkroom_sandbox.scenery import KINDS
from darkroom_sandbox.stills import STILLS
from tests.fakes import FakeClock
from tests.unit.layers.samples import picture
from tests.unit.sandbox.task_requests import task_request


def requests() -> Iterator[TaskRequest]:
    small: dict[str, Any] = {"size": (128, 128)}
    yield task_request(
        "image", "a lake", livemode=False, input_files=dict.fromkeys(KINDS, picture()), **small
    )
    brand = BrandProfile(company_name="Acme", brand_colors=("#aa3300",))
    yield task_request("meme", "when it works", format="meme", enhance=True, brand=brand, **small)
    yield task_request("carousel", ratio="1:1", slides=(Slide("hook", "5 myths", "a lake"),))
    for kind in set(STILLS) - {"image", "meme", "carousel"}:
        yield task_request(kind, "at night", ratio="1:1", livemode=False, input_files={"source": picture()})


def main() -> None:
    engine = SandboxEngine(FakeClock(), STILLS)
    for request in requests():
        outcome = engine.start(request)
        assert isinstance(outcome, Finished)
        assert isinstance(outcome.output, Output)
        assert outcome.output.data
