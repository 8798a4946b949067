"""The worker and real adapters against doubles over real HTTP: from an accepted job to stored bytes."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from api_callbacks.app import handler as api_callbacks
from darkroom.domain.jobs.job import FailureCode, Job, JobStatus, TaskState
from darkroom.domain.jobs.spec import ImageSpec
from darkroom.domain.master_secret import MasterSecret
from darkroom.domain.vendors.callbacks import CallbackTarget, callback_token
from darkroom.wiring import override
from darkroom_vendors.registry import verifier
from local.doubles import fal as fal_double
from local.doubles import google as google_double
from local.doubles.base import Fault
from local.doubles.fal import FalDouble
from local.doubles.google import GoogleDouble
from tests.harness.container import MASTER
from tests.harness.doubles import Double, DoublesHarness
from tests.harness.signing import Keys

OFFER = "agent.google/nano-banana"


class NanoBanana(DoublesHarness):
    """Google first, fal behind it, as the route table has it for Nano Banana."""

    def __init__(self, google: GoogleDouble, fal: FalDouble) -> None:
        super().__init__(
            OFFER,
            {"google": Double(google.url, google_double.KEY), "fal": Double(fal.url, fal_double.KEY)},
        )
        self.google, self.fal = google, fal

    def submitted(self, prompt: str = "a red kite") -> Job:
        return self.made(ImageSpec(prompt, "16:9"))

    def worked(self, job: Job) -> Job:
        self.work()
        self.check_books()
        self.check_slots()
        return self.job(job.id)


@pytest.fixture
def harness() -> Iterator[NanoBanana]:
    with ExitStack() as open_until_the_end:
        google = open_until_the_end.enter_context(GoogleDouble())
        made = NanoBanana(google, open_until_the_end.enter_context(FalDouble()))
        open_until_the_end.callback(made.close)
        yield made


def test_a_picture_comes_from_the_first_route(harness: NanoBanana) -> None:
    job = harness.worked(harness.submitted())
    (task,) = job.tasks
    assert job.status is JobStatus.SUCCEEDED
    assert task.asset is not None
    data, mime = harness.blobs.objects[task.asset.storage_key]
    assert mime == "image/png"
    assert data.startswith(b"\x89PNG")
    assert task.vendor_facts.vendor == "google"
    assert not harness.fal.received


def test_a_vendor_that_fails_twice_is_left_for_the_next_whose_file_is_fetched(harness: NanoBanana) -> None:
    harness.google.next(
        *[Fault(503, {"error": {"code": 503, "status": "UNAVAILABLE", "message": "busy"}})] * 2
    )
    job = harness.worked(harness.submitted())
    (task,) = job.tasks
    assert (job.status, job.charged) == (JobStatus.SUCCEEDED, 1)
    assert task.vendor_facts.vendor == "fal"
    assert task.asset is not None
    assert harness.blobs.objects[task.asset.storage_key][0].startswith(b"\x89PNG")
    assert len(harness.google.submissions("POST")) == 2


def test_a_prompt_one_vendor_refuses_no_other_sees(harness: NanoBanana) -> None:
    job = harness.worked(harness.submitted("[[block]] a kite"))
    assert (job.status, job.failure) == (JobStatus.FAILED, FailureCode.CONTENT_BLOCKED)
    assert len(harness.google.received) == 1
    assert not harness.fal.received
    assert harness.wallet.spent == 0


def test_a_retired_model_and_a_lost_answer(harness: NanoBanana) -> None:
    gone = {"error": {"code": 404, "status": "NOT_FOUND", "message": "models/x is not found"}}
    harness.google.next(Fault(404, gone))
    harness.fal.next(Fault(serve=True, drop=True, on="^POST"))
    job = harness.worked(harness.submitted())
    assert job.status is JobStatus.SUCCEEDED
    assert len(harness.fal.submissions("^POST")) == 2
    assert job.tasks[0].attempts == 2


def test_fal_calls_back_and_is_asked_at_once(harness: NanoBanana) -> None:
    harness.google.next(Fault(404, {"error": {"code": 404, "status": "NOT_FOUND", "message": "gone"}}))
    harness.fal.polls_needed = 1
    job = harness.submitted()
    harness.step()
    harness.step()
    task = harness.task(job)
    assert task.state is TaskState.WAITING
    harness.take_messages()
    body, headers = called_back(harness, harness.task(job).handle or "")
    vars(harness.core)["verifier"] = lambda name: verifier(name, Keys(harness.fal.jwks()))
    token = callback_token(MasterSecret.only(MASTER), "fal", CallbackTarget(job.owner, job.id, 0))
    event = {
        "rawPath": f"/callbacks/fal/{token}",
        "headers": headers,
        "requestContext": {"http": {"method": "POST"}},
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }
    with override(harness.core):
        forged = event | {"body": base64.b64encode(body + b" ").decode()}
        assert api_callbacks(forged, None)["statusCode"] == 401
        assert not harness.queues.tasks
        assert api_callbacks(event, None)["statusCode"] == 200
        assert api_callbacks(event, None)["statusCode"] == 200
    before = harness.clock.now()
    harness.step()
    assert harness.job(job.id).status is JobStatus.SUCCEEDED
    assert harness.clock.now() == before
    harness.work()
    assert harness.wallet.spent == 1


def called_back(harness: NanoBanana, handle: str) -> tuple[bytes, dict[str, str]]:
    """The callback fal would make for the work, signed by the double."""
    (request_id,) = [one for one in harness.fal.requests if one in handle]
    made: Any = harness.fal.callback(request_id, int(harness.clock.now().timestamp()))
    headers, body = made
    return body, headers
