"""What the tests of all vendors need: orders, answers without a wire, an engine on a double's wire."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from typing import Any

from darkroom.domain.accounts.workspaces import Feature, Owner
from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs.engine import Finished, InputFile, Pending, TaskRequest
from darkroom.domain.jobs.job import Job, new_tasks
from darkroom.domain.jobs.spec import SPECS
from darkroom_vendors.base import Flow, Vendor, VendorRequest, VendorResponse
from darkroom_vendors.client import VendorClient, VendorEngine
from tests.fakes.system import FakeClock

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
JOB_ID = "01950000-0000-7000-8000-000000000001"
opened: list[VendorClient] = []  # conftest.py closes them
CALLBACK = "https://darkroom.example/callbacks/vendor/token"


def what_fits(kind: str, wish: Mapping[str, Any]) -> dict[str, Any]:
    """Of a wish, what a job of that kind can say."""
    known = {"prompt", "ratio", "options", *(one.name for one in fields(SPECS[kind]))}
    return {name: value for name, value in wish.items() if name in known}


def make_task_request(
    model: str,
    prompt: str = "a red kite",
    *,
    kind: str = "image",
    ratio: str = "16:9",
    input_files: Mapping[str, bytes] | None = None,
    options: Mapping[str, Any] | None = None,
    **settings: Any,
) -> TaskRequest:
    """The request for the only output of a job on a route. Input files have an address that names their role."""
    job = Job(
        id=JOB_ID,
        owner=Owner("w", livemode=True),
        key_id="k",
        dialect="any",
        kind=kind,
        offer_id=f"any.{kind}",
        model="public",
        collection=kind,
        feature=Feature.IMAGES,
        engine="vendor",
        engine_model=model,
        queue=Queue.VENDORS,
        spec=SPECS[kind](prompt, ratio, **settings),
        unit_price=1,
        tasks=new_tasks(JOB_ID, 1),
        created_at=NOW,
        deadline_at=NOW,
        check_at=NOW,
    )
    given = tuple(_material(role, data) for role, data in (input_files or {}).items())
    return TaskRequest(job, job.tasks[0], given, model, options or {})


def _material(role: str, data: bytes) -> InputFile:
    # A role may come several times: "ref", "ref.2" …
    kind = role.partition(".")[0]
    return InputFile(kind, data, lambda: f"https://media.example/{role}")


def reply(status: int = 200, body: Any = None, **headers: str) -> VendorResponse:
    """A vendor's answer; a body that is no bytes is sent as JSON. ``retry_after`` becomes ``retry-after``."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return VendorResponse(
        status, {name.replace("_", "-"): value for name, value in headers.items()}, data, NOW
    )


def walk[T](steps: Flow[T], *replies: VendorResponse) -> tuple[list[VendorRequest], T]:
    """Answer ``steps`` with ``replies``; the calls they made and what they returned."""
    calls = [next(steps)]
    for number, one in enumerate(replies):
        try:
            calls.append(steps.send(one))
        except StopIteration as done:
            assert number == len(replies) - 1, "not every reply was asked for"
            value: T = done.value
            return calls, value
    raise AssertionError(f"one more reply is wanted: {calls[-1].method} {calls[-1].path}")


def engine(vendor: Vendor, base_url: str, key: str, *, callback: str | None = CALLBACK) -> VendorEngine:
    """The vendor over real HTTP, at ``base_url``; closed when the test ends."""
    client = VendorClient(vendor, lambda: key, FakeClock(NOW), base_url=base_url)
    opened.append(client)
    return VendorEngine(vendor, client, lambda _: callback)


def begun(made_by: VendorEngine, one: TaskRequest) -> Pending:
    """A request whose work a vendor has started and goes on with."""
    outcome = made_by.start(one)
    assert isinstance(outcome, Pending)
    return outcome


def finished(made_by: VendorEngine, one: TaskRequest, looks: int = 5) -> Finished:
    """Follow a request to its end. Polls are without input files, as a worker's are."""
    outcome: Finished | Pending = made_by.start(one)
    for _ in range(looks):
        if isinstance(outcome, Finished):
            return outcome
        outcome = made_by.poll(replace(one, input_files=()), outcome.handle)
    raise AssertionError("it never ended")
