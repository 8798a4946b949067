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
from darkroom.domain.catalog.offers import Catalog
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, TaskState
from darkroom.domain.jobs.spec import Spec
from darkroom.domain.vendors.callbacks import Awaited, sealed
from darkroom.services.jobs.advance_and_settle import AdvanceAndSettle
from darkroom.services.jobs.submit_job import SubmitJob
from darkroom.settings import Settings
from darkroom.wiring import Container, override
from darkroom_vendors.client import VendorEngine
from darkroom_vendors.factory import engines
from darkroom_vendors.registry import verifier
from local.doubles import fal as fal_double
from local.doubles import google as google_double
from local.doubles.base import Fault
from local.doubles.fal import FalDouble
from local.doubles.google import GoogleDouble
from tests.harness.core import LEASE, executing
from tests.harness.signing import Keys
from tests.harness.vendors import VendorHarness

MASTER = b"m" * 64
OFFER = "agent.google/nano-banana"


class Client:
    """Google first, fal behind it, as the route table has it for Nano Banana."""

    def __init__(self, google: GoogleDouble, fal: FalDouble) -> None:
        self.google, self.fal = google, fal
        self.harness = harness = VendorHarness("google", "fal")
        offer = replace(harness.offer, id=OFFER, routes=ROUTES[OFFER])
        harness.offer = offer
        harness.submit_job = SubmitJob(
            harness.store,
            harness.queues,
            harness.clock,
            harness.ids,
            Catalog.of([offer]),
            {"google", "fal"},
            False,
        )
        made = engines(
            ["google", "fal"],
            keys={"google": google_double.KEY, "fal": fal_double.KEY}.__getitem__,
            clock=harness.clock,
            token=lambda name, order: sealed(
                MASTER, name, Awaited(order.job.owner, order.job.id, order.task.index)
            ),
            public_base_url="https://api.test",
            endpoint=json.dumps({"google": google.url, "fal": fal.url}),
        )
        self.engines = made
        downloads = HttpDownloads(SafeHttp(allow_loopback=True), allow_loopback=True)
        harness.execute_task = executing(
            harness, AdvanceAndSettle(harness.store), made, LEASE, downloads=downloads
        )

    def made(self, prompt: str = "a red kite") -> Job:
        return self.harness.made(Spec(prompt, "16:9"))

    def worked(self, job: Job) -> Job:
        self.harness.work()
        self.harness.check_books()
        self.harness.check_slots()
        return self.harness.job(job.id)

    def close(self) -> None:
        for engine in self.engines.values():
            assert isinstance(engine, VendorEngine)
            engine.client.close()


@pytest.fixture
def api() -> Iterator[Client]:
    with ExitStack() as open_until_the_end:
        google = open_until_the_end.enter_context(GoogleDouble())
        made = Client(google, open_until_the_end.enter_context(FalDouble()))
        open_until_the_end.callback(made.close)
        yield made


def test_a_picture_comes_from_the_first_route(api: Client) -> None:
    job = api.worked(api.made())
    (task,) = job.tasks
    assert job.status is JobStatus.SUCCEEDED
    assert task.asset is not None
    data, mime = api.harness.fake_blobs.objects[task.asset.storage_key]
    assert mime == "image/png"
    assert data.startswith(b"\x89PNG")
    assert task.facts["vendor"] == "google"
    assert not api.fal.asked


def test_a_vendor_that_fails_twice_is_left_for_the_next_whose_file_is_fetched(api: Client) -> None:
    api.google.next(*[Fault(503, {"error": {"code": 503, "status": "UNAVAILABLE", "message": "busy"}})] * 2)
    job = api.worked(api.made())
    (task,) = job.tasks
    assert (job.status, job.charged) == (JobStatus.SUCCEEDED, 1)
    assert task.facts["vendor"] == "fal"
    assert task.asset is not None
    assert api.harness.fake_blobs.objects[task.asset.storage_key][0].startswith(b"\x89PNG")
    assert len(api.google.submissions("POST")) == 2


def test_a_prompt_one_vendor_refuses_no_other_sees(api: Client) -> None:
    job = api.worked(api.made("[[block]] a kite"))
    assert (job.status, job.failure) == (JobStatus.FAILED, FailureCode.CONTENT_BLOCKED)
    assert len(api.google.asked) == 1
    assert not api.fal.asked
    assert api.harness.wallet.spent == 0


def test_a_retired_model_and_a_lost_answer(api: Client) -> None:
    gone = {"error": {"code": 404, "status": "NOT_FOUND", "message": "models/x is not found"}}
    api.google.next(Fault(404, gone))
    api.fal.next(Fault(serve=True, drop=True, on="^POST"))
    job = api.worked(api.made())
    assert job.status is JobStatus.SUCCEEDED
    assert len(api.fal.submissions("^POST")) == 2
    assert job.tasks[0].attempts == 2


def test_fal_calls_back_and_is_asked_at_once(api: Client) -> None:
    api.google.next(Fault(404, {"error": {"code": 404, "status": "NOT_FOUND", "message": "gone"}}))
    api.fal.polls_needed = 1
    harness, job = api.harness, api.made()
    harness.step()
    harness.step()
    task = harness.task(job)
    assert task.state is TaskState.WAITING
    harness.take_messages()
    body, headers = called_back(api, harness.task(job).handle or "")
    core = Container(Settings(vendors="google,fal"))
    core.clock, core.handle_callback = harness.clock, harness.handle_callback
    vars(core)["master_secret"] = lambda: MASTER
    vars(core)["verifier"] = lambda name: verifier(name, Keys(api.fal.jwks()))
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
        assert not harness.fake_queues.tasks
        assert api_callbacks(event, None)["statusCode"] == 200
        assert api_callbacks(event, None)["statusCode"] == 200
    before = harness.clock.now()
    harness.step()
    assert harness.job(job.id).status is JobStatus.SUCCEEDED
    assert harness.clock.now() == before
    harness.work()
    assert harness.wallet.spent == 1


def called_back(api: Client, handle: str) -> tuple[bytes, dict[str, str]]:
    """The callback fal would make for the work, signed by the double."""
    (request_id,) = [one for one in api.fal.requests if one in handle]
    made: Any = api.fal.callback(request_id, int(api.harness.clock.now().timestamp()))
    headers, body = made
    return body, headers
