"""kie.ai over real HTTP. There is no SDK of its own to hold the double against.

Of the fifteen cases, 8 is the market's code 505 or its 500 that names the model, and 15 (a finished task whose
result is an error) has no form here.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from darkroom.domain.jobs.engine import Download, Finished, Pending
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    EngineError,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    RouteFailed,
    VendorUnavailable,
)
from darkroom_vendors.client import VendorEngine
from darkroom_vendors.kie.protocol import Kie
from local.doubles import samples
from local.doubles.base import Fault
from local.doubles.kie import KEY, KieDouble
from tests.harness.vendor_adapters import engine, make_task_request

CREATE = "POST /api/v1/jobs/createTask"


@pytest.fixture
def double() -> Iterator[KieDouble]:
    with KieDouble() as running:
        yield running


@pytest.fixture
def kie(double: KieDouble) -> VendorEngine:
    return engine(Kie(), double.url, KEY)


def finished(kie: VendorEngine, model: str, prompt: str = "a red kite", kind: str = "image") -> Download:
    """Start the work and look it up until it ends."""
    task_request = make_task_request(
        model, prompt, kind=kind, input_files={"source": samples.png(), "audio": b"RIFF"}
    )
    outcome = kie.start(task_request)
    while isinstance(outcome, Pending):
        outcome = kie.poll(task_request, outcome.handle)
    assert isinstance(outcome, Finished)
    assert isinstance(outcome.output, Download)
    return outcome.output


@pytest.mark.parametrize(
    ("model", "kind", "ending"),
    [("nano-banana-pro", "image", "png"), ("omnihuman-1-5", "video", "mp4"), ("V5", "music", "mp3")],
)
def test_work_comes_back(kie: VendorEngine, double: KieDouble, model: str, kind: str, ending: str) -> None:
    assert finished(kie, model, kind=kind).url.endswith(ending)
    assert len(double.tasks) == 1
    assert double.received[0].headers["user-agent"].startswith("darkroom/")


@pytest.mark.parametrize("model", ["z-image", "V5"])
@pytest.mark.parametrize("prompt", ["[[block]]", "[[block-output]]"])
def test_a_refused_prompt_is_blocked_before_or_after(kie: VendorEngine, model: str, prompt: str) -> None:
    with pytest.raises(Blocked):
        finished(kie, model, prompt, "music" if model == "V5" else "image")


@pytest.mark.parametrize("model", ["z-image", "V5"])
def test_work_that_fails(kie: VendorEngine, model: str) -> None:
    with pytest.raises(RouteFailed):
        finished(kie, model, "[[fail]]", "music" if model == "V5" else "image")


def test_a_song_whose_call_to_us_failed_is_delivered_all_the_same(kie: VendorEngine) -> None:
    assert finished(kie, "V4", "la la [[exception]]", "music").url.endswith("mp3")


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        (Fault(200, {"code": 429, "msg": "too many"}, {"Retry-After": "9"}), RateLimitedByVendor),
        (Fault(429, {"code": 429, "msg": "too many"}, {"Retry-After": "9"}), RateLimitedByVendor),
        (Fault(200, {"code": 402, "msg": "no credits"}), AccountTrouble),
        (Fault(200, {"code": 455, "msg": "maintenance"}), VendorUnavailable),
        (Fault(200, {"code": 505, "msg": "disabled"}), ModelRetired),
        (Fault(502, b"<html>bad gateway</html>"), VendorUnavailable),
        (Fault(200, b"<html>cloudflare</html>"), OutcomeUnknown),
        (Fault(200, {"code": 200, "data": {}}), OutcomeUnknown),
    ],
)
def test_refusals_of_a_start(
    kie: VendorEngine, double: KieDouble, fault: Fault, kind: type[EngineError]
) -> None:
    double.next(fault)
    with pytest.raises(kind) as refused:
        kie.start(make_task_request("z-image"))
    assert type(refused.value) is kind
    if isinstance(refused.value, RateLimitedByVendor) and fault.headers:
        assert refused.value.retry_after == 9


def test_a_failing_server_then_a_working_one(kie: VendorEngine, double: KieDouble) -> None:
    double.next(Fault(200, {"code": 500, "msg": "server error"}))
    with pytest.raises(VendorUnavailable):
        kie.start(make_task_request("z-image"))
    assert isinstance(kie.start(make_task_request("z-image")), Pending)
    assert len(double.tasks) == 1


def test_a_lost_answer_is_unknown_and_nothing_is_sent_again(kie: VendorEngine, double: KieDouble) -> None:
    double.next(Fault(drop=True, serve=True))
    with pytest.raises(OutcomeUnknown):
        kie.start(make_task_request("z-image"))
    assert len(double.tasks) == len(double.submissions(CREATE)) == 1


def test_an_unknown_model_is_a_server_error_there_and_a_lost_route_here(double: KieDouble) -> None:
    double.next(Fault(500, {"code": 500, "msg": "The model is not supported", "data": None}))
    with pytest.raises(ModelRetired):
        engine(Kie(), double.url, KEY).start(make_task_request("z-image"))


def test_a_wrong_key(double: KieDouble) -> None:
    with pytest.raises(AccountTrouble):
        engine(Kie(), double.url, "wrong").start(make_task_request("z-image"))
