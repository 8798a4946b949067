"""fal over real HTTP: the adapter, its callbacks and the vendor's own SDK against the double.

Of the fifteen cases, 11 (results that are strings of JSON) is not this vendor's way, and 12 (an output that is gone
when it is fetched) is the download's, whose tests have it.
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
    EngineError,
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
from darkroom_vendors.fal import Fal
from darkroom_vendors.fal.callbacks import FalCallbacks
from local.doubles import samples
from local.doubles.base import Fault
from local.doubles.fal import KEY, FalDouble
from local.receiver import receiver
from tests.doubles.impatience import Impatient
from tests.harness.signing import Keys
from tests.harness.vendor_adapters import NOW, begun, engine, finished, make_task_request

BANANA, UPSCALE = "fal-ai/nano-banana", "fal-ai/seedvr/upscale/image"
SUBMIT, AT = "^POST ", int(NOW.timestamp())


@pytest.fixture
def double() -> Iterator[FalDouble]:
    with FalDouble() as running:
        yield running


@pytest.fixture
def fal(double: FalDouble) -> VendorEngine:
    return engine(Fal(), double.url, KEY, callback=None)


@pytest.mark.parametrize(
    ("one", "mime"),
    [
        (make_task_request(BANANA), "image/png"),
        (make_task_request(BANANA, kind="edit", input_files={"source": samples.png()}), "image/png"),
        (make_task_request(UPSCALE, "", kind="upscale", input_files={"source": samples.png()}), "image/png"),
        (make_task_request("fal-ai/elevenlabs/music", kind="music"), "audio/mpeg"),
    ],
)
def test_whatever_is_made_can_be_fetched(
    fal: VendorEngine, double: FalDouble, one: TaskRequest, mime: str
) -> None:
    done = finished(fal, one)
    assert isinstance(done.output, Download)
    media = sniff(httpx.get(done.output.url).content)
    assert media is not None
    assert media.mime == mime
    assert done.facts.figures["billable_units"] == 1.5
    assert done.facts.request_id in double.requests
    assert KEY not in repr(done)


def test_a_film_is_made(fal: VendorEngine) -> None:
    film = make_task_request(
        "fal-ai/veo3.1/fast", kind="video", input_files={"source": samples.png()}, seconds=8
    )
    done = finished(fal, film)
    assert isinstance(done.output, Download)
    assert httpx.get(done.output.url).content == samples.mp4()


def test_addresses_that_are_not_where_they_usually_are(fal: VendorEngine, double: FalDouble) -> None:
    double.elsewhere = True
    assert isinstance(finished(fal, make_task_request(BANANA)), Finished)
    handle = begun(fal, make_task_request(BANANA)).handle
    fal.cancel(handle)
    assert [request.canceled for request in double.requests.values()] == [False, True]


def test_our_key_goes_nowhere_but_to_the_vendor(fal: VendorEngine, double: FalDouble) -> None:
    with pytest.raises(RouteFailed):
        fal.poll(make_task_request(BANANA), "https://elsewhere.example/fal-ai/x/requests/1")
    assert double.received == []


def test_a_masked_edit_is_made(double: FalDouble) -> None:
    prepared = engine(Fal(SkiaMasks()), double.url, KEY, callback=None)
    masked = make_task_request(
        "fal-ai/qwen-image-edit/inpaint",
        kind="edit",
        input_files={"source": samples.png(), "mask": samples.png(8, 8)},
    )
    assert isinstance(finished(prepared, masked), Finished)


@pytest.mark.parametrize("prompt", ["[[block]]", "[[block-output]]"])
def test_a_refused_prompt_or_picture_is_blocked(fal: VendorEngine, prompt: str) -> None:
    with pytest.raises(Blocked):
        finished(fal, make_task_request(BANANA, prompt))


@pytest.mark.parametrize(
    ("prompt", "meaning", "code"),
    [
        ("[[no-media]]", Rejected, "no_media_generated"),
        ("[[timeout]]", RouteFailed, "generation_timeout"),
        ("[[runner]]", RouteFailed, "runner_disconnected"),
    ],
)
def test_a_completed_request_whose_result_is_a_refusal(
    fal: VendorEngine, prompt: str, meaning: type[EngineError], code: str
) -> None:
    with pytest.raises(EngineError) as refused:
        finished(fal, make_task_request(BANANA, prompt))
    assert type(refused.value) is meaning
    assert refused.value.code == code


def test_input_the_model_does_not_take_is_rejected(fal: VendorEngine) -> None:
    with pytest.raises(Rejected):
        finished(fal, make_task_request(BANANA, options={"seed": "seven"}))


@pytest.mark.parametrize(("retry_after", "seconds"), [("7", 7), ("Fri, 20 Nov 2026 12:00:40 GMT", 40)])
def test_a_rate_limit_is_heeded_in_both_spellings(
    fal: VendorEngine, double: FalDouble, retry_after: str, seconds: int
) -> None:
    double.next(Fault(429, {"detail": "Too many requests"}, {"Retry-After": retry_after}))
    with pytest.raises(RateLimitedByVendor) as limited:
        fal.start(make_task_request(BANANA))
    assert type(limited.value) is RateLimitedByVendor
    assert limited.value.retry_after == seconds


def test_an_exhausted_balance_is_trouble_with_the_account(fal: VendorEngine, double: FalDouble) -> None:
    double.exhausted = True
    with pytest.raises(AccountTrouble):
        fal.start(make_task_request(BANANA))


def test_a_wrong_key_and_no_key_are_trouble_with_the_account(double: FalDouble) -> None:
    with pytest.raises(AccountTrouble):
        engine(Fal(), double.url, "wrong").start(make_task_request(BANANA))
    with pytest.raises(AccountTrouble):
        engine(Fal(), double.url, "").start(make_task_request(BANANA))
    assert len(double.received) == 1, "without a key nothing is sent"


def test_a_failing_server_is_tried_again_by_whoever_drives(fal: VendorEngine, double: FalDouble) -> None:
    double.next(Fault(500, {"detail": "Internal Server Error"}))
    with pytest.raises(VendorUnavailable):
        fal.start(make_task_request(BANANA))
    begun(fal, make_task_request(BANANA))
    assert len(double.submissions(SUBMIT)) == 2
    assert len(double.requests) == 1


def test_a_read_that_times_out_after_the_submission_is_unknown(double: FalDouble) -> None:
    hasty = Impatient(Fal())
    double.next(Fault(200, {}, serve=True, stall=0.6))
    with pytest.raises(OutcomeUnknown):
        engine(hasty, double.url, KEY, callback=None).start(make_task_request(BANANA))
    assert len(double.submissions(SUBMIT)) == 1, "nothing is sent again"


def test_a_lost_answer_is_unknown_and_a_lost_look_is_harmless(fal: VendorEngine, double: FalDouble) -> None:
    double.next(Fault(drop=True, serve=True))
    with pytest.raises(OutcomeUnknown) as unknown:
        fal.start(make_task_request(BANANA))
    assert unknown.value.handle is None
    assert len(double.requests) == 1
    handle = begun(fal, make_task_request(BANANA)).handle
    double.next(Fault(drop=True))
    with pytest.raises(VendorUnavailable):
        fal.poll(make_task_request(BANANA), handle)
    assert isinstance(fal.poll(make_task_request(BANANA), handle), Pending)


def test_an_unreachable_vendor_was_sent_nothing(double: FalDouble) -> None:
    gone = engine(Fal(), double.url, KEY)
    double.stop()
    with pytest.raises(VendorUnavailable):
        gone.start(make_task_request(BANANA))


def test_a_retired_application_is_known_at_once_and_a_retired_path_at_the_end(
    fal: VendorEngine, double: FalDouble, monkeypatch: pytest.MonkeyPatch
) -> None:
    double.next(Fault(404, {"detail": "Application 'nano-banana' not found"}))
    with pytest.raises(ModelRetired):
        fal.start(make_task_request(BANANA))
    monkeypatch.delitem(
        __import__("local.doubles.fal", fromlist=["SCHEMAS"]).SCHEMAS, "fal-ai/nano-banana/edit"
    )
    with pytest.raises(ModelRetired):
        finished(fal, make_task_request(BANANA, input_files={"source": samples.png()}))


def test_a_proxys_page(fal: VendorEngine, double: FalDouble) -> None:
    double.next(Fault(200, b"<html>proxy</html>", serve=True))
    with pytest.raises(OutcomeUnknown):
        fal.start(make_task_request(BANANA))
    handle = begun(fal, make_task_request(BANANA)).handle
    double.next(Fault(502, b"<html>bad gateway</html>"))
    with pytest.raises(VendorUnavailable):
        fal.poll(make_task_request(BANANA), handle)
    double.next(Fault(504, b"<html>late</html>", on="requests/[^/]+$"))
    with pytest.raises(VendorUnavailable):
        [fal.poll(make_task_request(BANANA), handle) for _ in range(2)]
    assert isinstance(fal.poll(make_task_request(BANANA), handle), Finished), (
        "the result was there all the time"
    )


def test_canceling_stops_the_request(fal: VendorEngine, double: FalDouble) -> None:
    handle = begun(fal, make_task_request(BANANA)).handle
    fal.cancel(handle)
    assert [request.canceled for request in double.requests.values()] == [True]
    fal.cancel(handle)
    fal.cancel(handle.replace("0001", "0002"))


def test_a_callback_is_called_and_believed_once_or_twice(double: FalDouble) -> None:
    with receiver() as hook:
        called = engine(Fal(), double.url, KEY, callback=hook.url)
        begun(called, make_task_request(BANANA))
        (request_id,) = double.requests
        for _ in range(2):
            assert double.call_back(request_id, AT) < 300
        believed = FalCallbacks(Keys(double.jwks()))
        for received in hook.received:
            headers = {name.lower(): value for name, value in received.headers.items()}
            assert believed.verify(headers, received.body, NOW) == request_id
        assert len(hook.received) == 2


def test_a_callback_that_comes_before_the_answer_finds_the_work(fal: VendorEngine, double: FalDouble) -> None:
    double.next(Fault(drop=True, serve=True))
    with pytest.raises(OutcomeUnknown):
        fal.start(make_task_request(UPSCALE, "", input_files={"source": samples.png()}))
    headers, body = double.callback(next(iter(double.requests)), AT)
    lower = {name.lower(): value for name, value in headers.items()}
    request_id = FalCallbacks(Keys(double.jwks())).verify(lower, body, NOW)
    assert request_id is not None
    assert isinstance(fal.poll(make_task_request(UPSCALE), request_id), Pending)
    assert isinstance(fal.poll(make_task_request(UPSCALE), request_id), Finished)
    assert len(double.submissions(SUBMIT)) == 1


# ---------------------------------------------------------------- the vendor's own SDK


@pytest.fixture
def sdk(double: FalDouble, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    fal_client = pytest.importorskip("fal_client")
    monkeypatch.setattr("fal_client.client.QUEUE_URL_FORMAT", f"{double.url}/")
    client = fal_client.SyncClient(key=KEY)
    yield client
    client._client.close()


def test_the_sdk_submits_watches_and_fetches(sdk: Any, double: FalDouble) -> None:
    import fal_client  # noqa: PLC0415

    handle = sdk.submit(
        UPSCALE, {"image_url": "https://media.example/a.png"}, webhook_url="https://hook.example/a"
    )
    assert double.requests[handle.request_id].webhook == "https://hook.example/a"
    assert isinstance(handle.status(), fal_client.Queued)
    done = handle.status(with_logs=True)
    assert isinstance(done, fal_client.Completed)
    assert done.metrics == {"inference_time": 1.25}
    assert handle.get()["image"]["url"].startswith(double.url)
    assert sdk.result(UPSCALE, handle.request_id)["image"]["content_type"] == "image/png"


def test_the_sdk_sees_work_in_progress_and_cancels_it(sdk: Any, double: FalDouble) -> None:
    import fal_client  # noqa: PLC0415

    double.polls_needed = 3
    handle = sdk.submit(BANANA, {"prompt": "a red kite"})
    sdk.status(BANANA, handle.request_id)
    assert isinstance(sdk.status(BANANA, handle.request_id), fal_client.InProgress)
    sdk.cancel(BANANA, handle.request_id)
    assert double.requests[handle.request_id].canceled


@pytest.mark.parametrize(
    ("body", "status", "kind"),
    [
        ({"prompt": "[[block]]"}, 422, None),
        ({"prompt": "[[timeout]]"}, 504, None),
        ({"prompt": "a kite", "num_images": "1"}, 422, None),
        ({}, 422, None),
    ],
)
def test_the_sdk_understands_the_refusals(
    sdk: Any, monkeypatch: pytest.MonkeyPatch, body: dict[str, Any], status: int, kind: str | None
) -> None:
    import fal_client  # noqa: PLC0415

    monkeypatch.setattr("fal_client.client.MAX_ATTEMPTS", 1)
    handle = sdk.submit(BANANA, body)
    with pytest.raises(fal_client.FalClientHTTPError) as refused:
        handle.get(interval=0)
    assert refused.value.status_code == status
    assert refused.value.error_type == kind


def test_the_sdk_is_refused_without_the_key(double: FalDouble, sdk: Any) -> None:
    import fal_client  # noqa: PLC0415

    stranger = fal_client.SyncClient(key="wrong")
    with pytest.raises(fal_client.FalClientHTTPError) as refused:
        stranger.submit(BANANA, {"prompt": "a red kite"})
    stranger._client.close()
    assert refused.value.status_code == 401
    assert double.requests == {}
