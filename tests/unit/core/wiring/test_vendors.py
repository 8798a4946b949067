"""What a stack's settings make of the vendors."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from types import SimpleNamespace
from typing import Any

import pytest

from darkroom.domain.catalog.routes import Queue
from darkroom.settings import Settings
from darkroom.wiring import Container
from darkroom_vendors.client import VendorEngine
from tests.fakes import FakeClock

DOUBLES = "http://127.0.0.1:9000"


@contextmanager
def container(**moderation: Any) -> Iterator[tuple[Container, Mapping[str, VendorEngine]]]:
    core = Container(Settings(**moderation))
    core.clock = FakeClock()
    vars(core)["vendor_keys"] = SimpleNamespace(get=lambda name: f"key of {name}")
    made = {name: engine for name, engine in core.engines().items() if isinstance(engine, VendorEngine)}
    try:
        yield core, made
    finally:
        for engine in made.values():
            engine.client.close()


def test_those_named_are_switched_on_and_no_others() -> None:
    with container(vendors=" fal, google ,") as (core, made):
        assert core.vendors == ("fal", "google")
        assert list(made) == ["fal", "google"]
        assert core.engines() is core.engines()
    with container() as (core, made):
        assert not made


def test_a_name_that_is_no_vendors_stops_no_other(caplog: pytest.LogCaptureFixture) -> None:
    with container(vendors="Google,fal") as (_, made):
        assert list(made) == ["fal"]
    assert "there is no vendor Google" in caplog.text


@pytest.mark.parametrize(("stage", "doubled"), [("local", True), ("staging", False), ("production", False)])
def test_doubles_take_a_vendors_place_on_a_local_stack_only(stage: str, doubled: bool) -> None:
    with container(stage=stage, vendors="fal", vendor_endpoint=DOUBLES) as (_, made):
        base = made["fal"].client._base_url
        assert base == (f"{DOUBLES}/fal" if doubled else made["fal"].vendor.base_url)


@pytest.mark.parametrize(("stage", "doubled"), [("local", True), ("staging", False), ("production", False)])
def test_the_keys_of_a_double_are_believed_on_a_local_stack_only(stage: str, doubled: bool) -> None:
    with container(stage=stage, vendors="fal", vendor_endpoint=DOUBLES) as (core, _):
        verifier: Any = core.verifier("fal")
        assert verifier._keys._publisher == (f"{DOUBLES}/fal" if doubled else "")
        assert core.verifier("fal") is verifier
        with pytest.raises(LookupError):
            core.verifier("openai")


def test_limits_are_the_tables_unless_the_stack_says_otherwise() -> None:
    with container(vendor_limits="fal=10, openai=20") as (core, _):
        core.vendor_limits, core.meter = None, None  # type: ignore[assignment]
        limits = core.call_vendor.limits
        assert (limits["fal"], limits["openai"], limits["google"]) == (10, 20, 10)


@pytest.mark.parametrize(
    ("moderation", "looks", "passes"), [("off", False, False), ("closed", True, False), ("open", True, True)]
)
def test_moderation_is_as_the_stack_says(moderation: str, looks: bool, passes: bool) -> None:
    with container(moderation=moderation) as (core, _):
        core.vendor_limits, core.meter = None, None  # type: ignore[assignment]
        moderator: Any = core.call_vendor.moderator
        assert (moderator is not None) is looks
        assert core.call_vendor.unchecked_passes is passes
        if moderator is not None:
            moderator.close()


def test_no_setting_holds_a_key() -> None:
    names = {field.name for field in fields(Settings)}
    assert not {name for name in names if "key" in name}
    assert "secret_vendors_arn" in names


def test_work_for_vendors_has_a_queue_of_its_own() -> None:
    with container(queue_vendors_url="https://sqs.test/generation") as (core, _):
        vars(core)["sqs"] = None
        queues: Any = core.queues
        assert queues._tasks[Queue.VENDORS] == "https://sqs.test/generation"
