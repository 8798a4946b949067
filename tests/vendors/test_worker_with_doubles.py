"""The worker and real adapters against doubles over real HTTP: from an accepted job to stored bytes."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import pytest

from api_callbacks.app import handler as api_callbacks
from darkroom.adapters.downloads import HttpDownloads
from darkroom.adapters.fetch import SafeHttp
from darkroom.catalog_data.routes import ROUTES
from darkroom.domain.callbacks import Awaited, sealed
from darkroom.domain.catalog import Catalog
from darkroom.domain.jobs import FailureCode, Job, JobStatus, Spec, TaskState
from darkroom.services.call_vendor import CallVendor
from darkroom.services.collect_output import CollectOutput
from darkroom.services.execute_task import ExecuteTask
from darkroom.services.gather_materials import GatherMaterials
from darkroom.services.settle_job import Conclude
from darkroom.services.submit_job import SubmitJob
from darkroom.settings import Settings
from darkroom.vendors.building import engines
from darkroom.vendors.client import VendorEngine
from darkroom.vendors.registry import verifier
from darkroom.wiring import Container, override
from local.doubles import fal as fal_double
from local.doubles import google as google_double
from local.doubles.base import Fault
from local.doubles.fal import FalDouble
from local.doubles.google import GoogleDouble
from tests.fakes.vendor_world import VendorWorld
from tests.fakes.world import LEASE
from tests.unit.vendors.signing import Keys

MASTER = b"m" * 64
OFFER = "agent.google/nano-banana"


class Desk:
    """Google first, fal behind it, as the route table has it for Nano Banana."""

    def __init__(self, google: GoogleDouble, fal: FalDouble) -> None:
        self.google, self.fal = google, fal
        self.world = world = VendorWorld("google", "fal")
        offer = replace(world.offer, id=OFFER, routes=ROUTES[OFFER])
        world.offer = offer
        world.submit_job = SubmitJob(
            world.store, world.queues, world.clock, world.ids, Catalog.of([offer]), {"google", "fal"}, False
        )
        made = engines(
            ["google", "fal"],
            keys={"google": google_double.KEY, "fal": fal_double.KEY}.__getitem__,
            clock=world.clock,
            token=lambda name, order: sealed(
                MASTER, name, Awaited(order.job.owner, order.job.id, order.task.index)
            ),
            public_base_url="https://api.test",
            endpoint=json.dumps({"google": google.url, "fal": fal.url}),
        )
        self.engines = made
        world.execute_task = ExecuteTask(
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

    def made(self, prompt: str = "a red kite") -> Job:
        return self.world.made(Spec(prompt, "16:9"))

    def worked(self, job: Job) -> Job:
        self.world.work()
        self.world.check_books()
        self.world.check_slots()
        return self.world.job(job.id)

    def close(self) -> None:
        for engine in self.engines.values():
            assert isinstance(engine, VendorEngine)
            engine.client.close()


@pytest.fixture
def desk() -> Iterator[Desk]:
    with ExitStack() as open_until_the_end:
        google = open_until_the_end.enter_context(GoogleDouble())
        made = Desk(google, open_until_the_end.enter_context(FalDouble()))
        open_until_the_end.callback(made.close)
        yield made


def test_a_picture_comes_from_the_first_route(desk: Desk) -> None:
    job = desk.worked(desk.made())
    (task,) = job.tasks
    assert job.status is JobStatus.SUCCEEDED
    assert task.asset is not None
    data, mime = desk.world.fake_blobs.objects[task.asset.storage_key]
    assert mime == "image/png"
    assert data.startswith(b"\x89PNG")
    assert task.facts["vendor"] == "google"
    assert not desk.fal.asked


def test_a_vendor_that_fails_twice_is_left_for_the_next_whose_file_is_fetched(desk: Desk) -> None:
    desk.google.next(*[Fault(503, {"error": {"code": 503, "status": "UNAVAILABLE", "message": "busy"}})] * 2)
    job = desk.worked(desk.made())
    (task,) = job.tasks
    assert (job.status, job.charged) == (JobStatus.SUCCEEDED, 1)
    assert task.facts["vendor"] == "fal"
    assert task.asset is not None
    assert desk.world.fake_blobs.objects[task.asset.storage_key][0].startswith(b"\x89PNG")
    assert len(desk.google.submissions("POST")) == 2


def test_a_prompt_one_vendor_refuses_no_other_sees(desk: Desk) -> None:
    job = desk.worked(desk.made("[[block]] a kite"))
    assert (job.status, job.failure) == (JobStatus.FAILED, FailureCode.CONTENT_BLOCKED)
    assert len(desk.google.asked) == 1
    assert not desk.fal.asked
    assert desk.world.wallet.spent == 0


def test_a_retired_model_and_a_lost_answer(desk: Desk) -> None:
    gone = {"error": {"code": 404, "status": "NOT_FOUND", "message": "models/x is not found"}}
    desk.google.next(Fault(404, gone))
    desk.fal.next(Fault(serve=True, drop=True, on="^POST"))
    job = desk.worked(desk.made())
    assert job.status is JobStatus.SUCCEEDED
    assert len(desk.fal.submissions("^POST")) == 2
    assert job.tasks[0].attempts == 2


def test_fal_calls_back_and_is_asked_at_once(desk: Desk) -> None:
    desk.google.next(Fault(404, {"error": {"code": 404, "status": "NOT_FOUND", "message": "gone"}}))
    desk.fal.polls_needed = 1
    world, job = desk.world, desk.made()
    world.step()
    world.step()
    task = world.task(job)
    assert task.state is TaskState.WAITING
    world.take_messages()
    body, headers = called_back(desk, world.task(job).handle or "")
    core = Container(Settings(vendors="google,fal"))
    core.clock, core.hear_callback = world.clock, world.hear_callback
    vars(core)["master_secret"] = lambda: MASTER
    vars(core)["verifier"] = lambda name: verifier(name, Keys(desk.fal.jwks()))
    token = sealed(MASTER, "fal", Awaited(job.owner, job.id, 0))
    event = {
        "rawPath": f"/callbacks/fal/{token}",
        "headers": headers,
        "requestContext": {"http": {"method": "POST"}},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    with override(core):
        forged = event | {"body": base64.b64encode(body + b" ").decode()}
        assert api_callbacks(forged, None)["statusCode"] == 401
        assert not world.fake_queues.tasks
        assert api_callbacks(event, None)["statusCode"] == 200
        assert api_callbacks(event, None)["statusCode"] == 200
    before = world.clock.now()
    world.step()
    assert world.job(job.id).status is JobStatus.SUCCEEDED
    assert world.clock.now() == before
    world.work()
    assert world.wallet.spent == 1


def called_back(desk: Desk, handle: str) -> tuple[bytes, dict[str, str]]:
    """The callback fal would make for the work, signed by the double."""
    (request_id,) = [one for one in desk.fal.requests if one in handle]
    made: Any = desk.fal.callback(request_id, int(desk.world.clock.now().timestamp()))
    headers, body = made
    return body, headers
