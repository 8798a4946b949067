"""Replicate over real HTTP: the adapter, its callbacks and the vendor's own SDK against the double.

Of the fifteen cases, 10 (two shapes of one error), 11 (results that are strings of JSON) and 15 (a finished task
whose result is an error) are not this vendor's ways; 12 (an output that is gone when it is fetched) is the
download's, whose tests have it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from darkroom.domain.jobs.engine import Download, Finished, Pending, TaskRequest
from darkroom.domain.jobs.engine_failures import (
    AccountTrouble,
    Blocked,
    ModelRetired,
    OutcomeUnknown,
    RateLimitedByVendor,
    Rejected,
    RouteFailed,
    VendorUnavailable,
)
from darkroom.domain.media.sniffing import sniff
from darkroom_graphics.masks import SkiaMasks
from darkroom_vendors.client import VendorEngine
from darkroom_vendors.replicate import Replicate, ReplicateCallbacks
from local.doubles import samples
from local.doubles.base import Fault
from local.doubles.replicate import KEY, WEBHOOK_SECRET, ReplicateDouble
from local.receiver import receiver
from tests.doubles.impatience import Impatient
from tests.harness.signing import Keys
from tests.harness.vendor_adapters import NOW, begun, engine, finished, make_task_request

BANANA, QWEN = "google/nano-banana", "qwen/qwen-image"
CREATE, AT = "^POST .*/predictions$", int(NOW.timestamp())
KEYS = Keys(secrets={"replicate_webhook": WEBHOOK_SECRET})


@pytest.fixture
def double() -> Iterator[ReplicateDouble]:
    with ReplicateDouble() as running:
        yield running


@pytest.fixture
def replicate(double: ReplicateDouble) -> VendorEngine:
    return engine(Replicate(), double.url, KEY, callback=None)


@pytest.mark.parametrize(
    ("one", "mime"),
    [
        (make_task_request(BANANA, kind="edit", input_files={"source": samples.png()}), "image/png"),
        (make_task_request(QWEN), "image/png"),
        (
            make_task_request(
                "topazlabs/image-upscale", "", kind="upscale", input_files={"source": samples.png()}
            ),
            "image/png",
        ),
        (make_task_request("elevenlabs/music", kind="music"), "audio/mpeg"),
    ],
)
def test_whatever_is_made_can_be_fetched(replicate: VendorEngine, one: TaskRequest, mime: str) -> None:
    done = finished(replicate, one)
    assert isinstance(done.output, Download)
    media = sniff(httpx.get(done.output.url).content)
    assert media is not None
    assert media.mime == mime
    assert done.facts.figures["predict_time"] == 2.5


def test_a_talking_picture_is_made(replicate: VendorEngine) -> None:
    avatar = make_task_request(
        "bytedance/omni-human-1.5",
        kind="video",
        input_files={"source": samples.png(), "audio": samples.mp3()},
    )
    done = finished(replicate, avatar)
    assert isinstance(done.output, Download)
    assert httpx.get(done.output.url).content == samples.mp4()


def test_a_masked_edit_is_made(double: ReplicateDouble) -> None:
    prepared = engine(Replicate(SkiaMasks()), double.url, KEY, callback=None)
    masked = make_task_request(
        "black-forest-labs/flux-fill-pro",
        kind="edit",
        input_files={"source": samples.png(), "mask": samples.png(8, 8)},
    )
    assert isinstance(finished(prepared, masked), Finished)


def test_a_blocked_prompt_is_known_by_its_words_only(replicate: VendorEngine) -> None:
    with pytest.raises(Blocked):
        finished(replicate, make_task_request(BANANA, "[[block]]"))
    with pytest.raises(RouteFailed):
        finished(replicate, make_task_request(BANANA, "[[fail]]"))


def test_input_the_model_does_not_take_is_rejected(replicate: VendorEngine) -> None:
    with pytest.raises(Rejected):
        replicate.start(make_task_request(BANANA, options={"seed": "seven"}))


@pytest.mark.parametrize(("retry_after", "seconds"), [("9", 9), ("Fri, 20 Nov 2026 12:00:40 GMT", 40)])
def test_a_rate_limit_is_heeded_in_both_spellings(
    replicate: VendorEngine, double: ReplicateDouble, retry_after: str, seconds: int
) -> None:
    double.next(Fault(429, {"detail": "Request was throttled.", "status": 429}, {"Retry-After": retry_after}))
    with pytest.raises(RateLimitedByVendor) as limited:
        replicate.start(make_task_request(BANANA))
    assert limited.value.retry_after == seconds


def test_used_up_credit_a_wrong_key_and_no_key_are_trouble_with_the_account(
    replicate: VendorEngine, double: ReplicateDouble
) -> None:
    double.exhausted = True
    with pytest.raises(AccountTrouble):
        replicate.start(make_task_request(BANANA))
    with pytest.raises(AccountTrouble):
        engine(Replicate(), double.url, "wrong").start(make_task_request(BANANA))
    with pytest.raises(AccountTrouble):
        engine(Replicate(), double.url, "").start(make_task_request(BANANA))
    assert len(double.received) == 2, "without a key nothing is sent"


def test_a_failing_server_is_tried_again_by_whoever_drives(
    replicate: VendorEngine, double: ReplicateDouble
) -> None:
    double.next(Fault(503, b"<html>busy</html>"))
    with pytest.raises(VendorUnavailable):
        replicate.start(make_task_request(BANANA))
    begun(replicate, make_task_request(BANANA))
    assert len(double.submissions(CREATE)) == 2


def test_a_read_that_times_out_after_the_creation_is_unknown(double: ReplicateDouble) -> None:
    hasty = Impatient(Replicate())
    double.next(Fault(201, {}, serve=True, stall=0.6))
    with pytest.raises(OutcomeUnknown):
        engine(hasty, double.url, KEY, callback=None).start(make_task_request(BANANA))
    assert len(double.submissions(CREATE)) == 1, "nothing is sent again"


def test_a_lost_answer_is_unknown_and_a_lost_look_is_harmless(
    replicate: VendorEngine, double: ReplicateDouble
) -> None:
    double.next(Fault(drop=True, serve=True))
    with pytest.raises(OutcomeUnknown):
        replicate.start(make_task_request(BANANA))
    assert len(double.predictions) == 1
    handle = begun(replicate, make_task_request(BANANA)).handle
    double.next(Fault(drop=True))
    with pytest.raises(VendorUnavailable):
        replicate.poll(make_task_request(BANANA), handle)
    assert isinstance(replicate.poll(make_task_request(BANANA), handle), Pending)


def test_a_retired_model(replicate: VendorEngine, double: ReplicateDouble) -> None:
    double.next(Fault(404, {"detail": "The requested resource could not be found.", "status": 404}))
    with pytest.raises(ModelRetired):
        replicate.start(make_task_request(BANANA))


def test_a_proxys_page(replicate: VendorEngine, double: ReplicateDouble) -> None:
    double.next(Fault(201, b"<html>proxy</html>", serve=True))
    with pytest.raises(OutcomeUnknown):
        replicate.start(make_task_request(BANANA))


def test_a_prediction_whose_data_was_deleted_is_broken(
    replicate: VendorEngine, double: ReplicateDouble
) -> None:
    handle = begun(replicate, make_task_request(BANANA)).handle
    double.finish(handle)
    double.forget(handle)
    with pytest.raises(RouteFailed):
        replicate.poll(make_task_request(BANANA), handle)
    with pytest.raises(RouteFailed):
        replicate.poll(make_task_request(BANANA), "unknown-prediction")


def test_canceling_stops_the_prediction(replicate: VendorEngine, double: ReplicateDouble) -> None:
    handle = begun(replicate, make_task_request(BANANA)).handle
    replicate.cancel(handle)
    assert double.predictions[handle]["status"] == "canceled"
    replicate.cancel("unknown-prediction")
    with pytest.raises(RouteFailed):
        replicate.poll(make_task_request(BANANA), handle)


def test_a_prediction_is_given_up_when_nobody_waits_any_more(
    replicate: VendorEngine, double: ReplicateDouble
) -> None:
    assert double.deadlines[begun(replicate, make_task_request(BANANA)).handle] == "1m"


def test_a_callback_is_called_and_believed_once_or_twice(double: ReplicateDouble) -> None:
    with receiver() as hook:
        begun(engine(Replicate(), double.url, KEY, callback=hook.url), make_task_request(BANANA))
        (name,) = double.predictions
        double.finish(name)
        for _ in range(2):
            assert double.call_back(name, AT) < 300
        for received in hook.received:
            headers = {header.lower(): value for header, value in received.headers.items()}
            assert ReplicateCallbacks(KEYS).verify(headers, received.body, NOW) == name
        assert len(hook.received) == 2


def test_a_callback_that_comes_before_the_answer_finds_the_work(
    replicate: VendorEngine, double: ReplicateDouble
) -> None:
    double.next(Fault(drop=True, serve=True))
    with pytest.raises(OutcomeUnknown):
        replicate.start(make_task_request(BANANA))
    headers, body = double.callback(next(iter(double.predictions)), AT)
    lower = {name.lower(): value for name, value in headers.items()}
    name = ReplicateCallbacks(KEYS).verify(lower, body, NOW)
    assert name is not None
    assert isinstance(replicate.poll(make_task_request(BANANA), name), Pending)
    assert isinstance(replicate.poll(make_task_request(BANANA), name), Finished)
    assert len(double.submissions(CREATE)) == 1


# ---------------------------------------------------------------- the vendor's own SDK


@pytest.fixture
def sdk(double: ReplicateDouble) -> Iterator[Any]:
    module = pytest.importorskip("replicate")
    client = module.Client(api_token=KEY, base_url=double.url)
    yield client
    client._client.close()


def test_the_sdk_creates_watches_and_cancels(sdk: Any, double: ReplicateDouble) -> None:
    prediction = sdk.predictions.create(
        model=QWEN,
        input={"prompt": "a red kite"},
        webhook="https://hook.example/a",
        webhook_events_filter=["completed"],
    )
    assert prediction.status == "starting"
    assert double.predictions[prediction.id]["webhook"] == "https://hook.example/a"
    prediction.reload()
    assert prediction.status == "processing"
    done = sdk.predictions.get(prediction.id)
    assert done.status == "succeeded"
    assert done.output == [f"{double.url}/files/{prediction.id}.png"]
    assert done.metrics["predict_time"] == 2.5
    other = sdk.predictions.create(model=BANANA, input={"prompt": "a red kite"})
    other.cancel()
    assert other.status == "canceled"


def test_the_sdk_waits(sdk: Any, double: ReplicateDouble) -> None:
    prediction = sdk.models.predictions.create(model=BANANA, input={"prompt": "a red kite"}, wait=5)
    assert prediction.status == "succeeded"
    assert double.received[-1].headers["prefer"] == "wait=5"


@pytest.mark.parametrize(
    ("model", "inputs", "status"),
    [(BANANA, {}, 422), (BANANA, {"prompt": 7}, 422), ("nobody/nothing", {"prompt": "a red kite"}, 404)],
)
def test_the_sdk_understands_the_refusals(sdk: Any, model: str, inputs: dict[str, Any], status: int) -> None:
    from replicate.exceptions import ReplicateError  # noqa: PLC0415

    with pytest.raises(ReplicateError) as refused:
        sdk.predictions.create(model=model, input=inputs)
    assert refused.value.status == status
    assert refused.value.detail


def test_the_sdk_believes_the_callbacks(sdk: Any, double: ReplicateDouble) -> None:
    from replicate.webhook import Webhooks  # noqa: PLC0415

    prediction = sdk.predictions.create(model=BANANA, input={"prompt": "a red kite"})
    secret = sdk.webhooks.default.secret()
    headers, body = double.callback(prediction.id, AT)
    Webhooks.validate(headers=headers, body=body.decode(), secret=secret)
    assert secret.key == WEBHOOK_SECRET
