"""Tasks on vendors' routes that go well."""

from __future__ import annotations

from darkroom.domain.catalog.routes import Queue
from darkroom.domain.jobs.engine_failures import (
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.serialization import to_document
from tests.harness.vendors import VendorHarness


def test_one_picture_costs_four_calls() -> None:
    harness = VendorHarness()
    harness.made()
    harness.calls.made.clear()
    harness.work()
    assert harness.calls.made == ["jobs.claim", "vendor_limits.enter", "blobs.put", "store.commit"]


def test_an_order_says_what_the_route_says() -> None:
    harness = VendorHarness()
    harness.finish(harness.made())
    (order,) = harness.vendors["a"].requests
    assert (order.model, order.options) == ("a-1", {"quality": "low"})


def test_what_the_vendor_told_is_kept_for_the_operator() -> None:
    harness = VendorHarness()
    harness.vendors["a"].then(VendorUnavailable("no", code="oops", request_id="r-0"), RouteFailed("no"))
    job = harness.finish(harness.made())
    facts = to_document(harness.task(job).facts)
    latency = facts.pop("latency_ms")
    assert isinstance(latency, int)
    assert latency >= 0
    assert facts.pop("started_at")
    assert facts == {
        "vendor": "b",
        "model": "b-1",
        "route": 1,
        "starts": 3,
        "request_id": "r-1",
        "units": 3,
        "error": "RouteFailed",
        "error_code": "oops",
        "error_request_id": "r-0",
    }


def test_work_is_sent_to_the_queue_of_its_route() -> None:
    harness = VendorHarness()
    job = harness.made()
    assert [sent.queue for sent in harness.queues.tasks] == [Queue.VENDORS]
    assert job.ways[0].engine == "a"
