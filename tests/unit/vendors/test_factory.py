"""Vendors as engines: the registry, their addresses, their keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from darkroom.domain.catalog.routes import Queue, Route
from darkroom.domain.jobs.engine import TaskRequest
from darkroom_vendors.client import VendorEngine
from darkroom_vendors.factory import address, engines
from darkroom_vendors.registry import VENDORS, VERIFIERS, vendor, verifier
from tests.contract.examples import job
from tests.fakes import FakeClock


class Keys:
    def secret(self, name: str) -> str:
        return "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    def jwks(self, url: str, *, fresh: bool = False) -> dict[str, object]:
        return {"keys": []}


@pytest.mark.parametrize("name", VENDORS)
def test_every_vendor_listed_is_there_under_its_name(name: str) -> None:
    found = vendor(name)
    assert found.name == name
    assert found.base_url.startswith("https://")
    assert found.authorize("key")


@pytest.mark.parametrize("name", VERIFIERS)
def test_every_verifier_listed_is_there_and_believes_nothing_unsigned(name: str) -> None:
    assert verifier(name, Keys()).verify({}, b"{}", FakeClock().now()) is None


def test_what_is_not_listed_is_not_there() -> None:
    for find in (vendor, lambda name: verifier(name, Keys())):
        with pytest.raises(LookupError):
            find("nobody")


def built(public_base_url: str = "") -> VendorEngine:
    made = engines(
        ["fal"],
        keys={"fal": "k"}.get,  # type: ignore[arg-type]
        clock=FakeClock(),
        token=lambda name, request: f"{name}-{request.task.index}",
        public_base_url=public_base_url,
    )
    engine = made["fal"]
    assert isinstance(engine, VendorEngine)
    return engine


def test_a_vendor_is_told_where_to_call_back_if_it_can_reach_us() -> None:
    make_task_request = TaskRequest(replace(job(), routes=(Route("fal", Queue.VENDORS),)), job().tasks[1])
    there = built(public_base_url="https://api.test")
    assert there.callback_url(make_task_request) == "https://api.test/callbacks/fal/fal-1"
    assert built().callback_url(make_task_request) is None


def test_a_key_is_asked_for_when_it_is_needed() -> None:
    assert built().client.authorization() == {"Authorization": "Key k"}


@pytest.mark.parametrize(
    ("endpoint", "expected"),
    [
        ("", ""),
        ("http://127.0.0.1:9000/", "http://127.0.0.1:9000/fal"),
        ('{"fal": "http://127.0.0.1:9001"}', "http://127.0.0.1:9001"),
        ('{"kie": "http://127.0.0.1:9001"}', ""),
    ],
)
def test_doubles_stand_where_the_stack_says(endpoint: str, expected: str) -> None:
    assert address(endpoint, "fal") == expected
