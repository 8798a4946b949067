"""What is asked of Replicate, what its answers mean, and which callbacks are believed to be its own."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks import Webhook

from darkroom.domain.jobs.engine import Download, Finished, Pending
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
from darkroom.domain.serialization import to_document
from darkroom_graphics.masks import SkiaMasks
from darkroom_vendors.registry import verifier
from darkroom_vendors.replicate import MODELS, MOVING, STILL, Replicate, ReplicateCallbacks, payload
from local.doubles import replicate as double
from local.doubles import samples
from tests.harness.signing import Keys
from tests.harness.vendor_adapters import CALLBACK, NOW, make_task_request, reply, walk, what_fits

PNG = samples.png(1200, 800)
BANANA = "google/nano-banana"
NAME = "rrr4z55ocneqzikepnug6xezpe"
FILE = "https://replicate.delivery/xezq/x/out.png"


def ended(status: str, **more: Any) -> Any:
    """Look up a prediction that ended so."""
    _, outcome = walk(
        Replicate().poll(make_task_request(BANANA), NAME), reply(200, {"id": NAME, "status": status, **more})
    )
    return outcome


WISHES: list[dict[str, Any]] = [
    {},
    {"ratio": "auto"},
    {"ratio": "9:21", "seconds": 1, "resolution": "4K", "factor": 4},
    {"ratio": "1:3", "seconds": 240, "resolution": "1080p", "instrumental": True},
]


@pytest.mark.parametrize("wish", WISHES)
@pytest.mark.parametrize("with_pictures", [True, False])
@pytest.mark.parametrize("model", MODELS)
def test_every_model_is_sent_only_what_its_schema_allows(
    model: str, with_pictures: bool, wish: dict[str, Any]
) -> None:
    fields, needed, ending, _ = double.MODELS[model]
    input_files: dict[str, bytes] = {}
    if with_pictures or "image" in needed:
        input_files = {"source": PNG, "ref": PNG}
    if "mask" in fields:
        input_files["mask"] = PNG
    if "audio" in needed:
        input_files["audio"] = b"voice"
    kind = {"mp4": "video", "mp3": "music"}.get(ending, "image")
    fitting = what_fits(kind, {"prompt": "a red kite", **wish})
    given = payload(make_task_request(model, kind=kind, **fitting, input_files=input_files), SkiaMasks())
    assert double._wrong(model, {"input": json.loads(json.dumps(given))}, {}) == []


def test_the_doubles_models_and_ours_are_the_same() -> None:
    assert {*double.MODELS} == {*MODELS}


def test_a_picture_with_others_to_go_by() -> None:
    assert payload(make_task_request(BANANA, input_files={"source": PNG, "ref": PNG})) == {
        "prompt": "a red kite",
        "aspect_ratio": "16:9",
        "image_input": ["https://media.example/source", "https://media.example/ref"],
        "output_format": "png",
    }


def test_a_film_from_a_picture() -> None:
    one = make_task_request(
        "bytedance/seedance-1-pro-fast", kind="video", input_files={"source": PNG}, seconds=7
    )
    assert payload(one) == {
        "prompt": "a red kite",
        "aspect_ratio": "16:9",
        "image": "https://media.example/source",
        "duration": 7,
        "resolution": "720p",
    }


def test_an_order_a_model_cannot_take_is_refused_before_anything_is_sent() -> None:
    for one in (
        make_task_request("nobody/nothing"),
        make_task_request("luma/reframe-image"),
        make_task_request("bytedance/omni-human-1.5", input_files={"source": PNG}),
        make_task_request(BANANA, input_files={"source": PNG, "mask": PNG}),
    ):
        with pytest.raises(Rejected):
            next(Replicate().start(one, None))


def test_a_prediction_is_begun_with_a_deadline_and_one_callback() -> None:
    calls, outcome = walk(
        Replicate().start(make_task_request(BANANA), CALLBACK), reply(201, {"id": NAME, "status": "starting"})
    )
    call = calls[0]
    assert call.path == "/v1/models/google/nano-banana/predictions"
    assert call.body["webhook"] == CALLBACK
    assert call.body["webhook_events_filter"] == ["completed"]
    assert call.headers == {"Cancel-After": "1m"}, "it is not waited for"
    assert call.commits
    assert isinstance(outcome, Pending)
    assert outcome.handle == NAME
    assert (outcome.poll_at - NOW).total_seconds() == STILL[0]


def test_without_a_callback_none_is_named() -> None:
    calls, _ = walk(
        Replicate().start(make_task_request(BANANA), None), reply(201, {"id": NAME, "status": "starting"})
    )
    assert {*calls[0].body} == {"input"}


def test_a_prediction_that_is_done_at_once_is_taken_at_once() -> None:
    _, outcome = walk(
        Replicate().start(make_task_request(BANANA), None),
        reply(201, {"id": NAME, "status": "succeeded", "output": FILE}),
    )
    assert isinstance(outcome, Finished)


@pytest.mark.parametrize("status", ["starting", "processing", "something-new"])
def test_a_prediction_that_goes_on_is_looked_at_again(status: str) -> None:
    _, outcome = walk(
        Replicate().poll(make_task_request("google/veo-3.1"), NAME),
        reply(200, {"id": NAME, "status": status}),
    )
    assert isinstance(outcome, Pending)
    assert outcome.handle == NAME
    assert (outcome.poll_at - NOW).total_seconds() == MOVING[0]


@pytest.mark.parametrize(
    "output",
    [
        FILE,
        [FILE, "https://replicate.delivery/other"],
        {"seed": 1, "images": [FILE]},
        {"video": {"url": FILE}},
    ],
)
def test_an_output_of_any_shape_is_fetched_from_the_vendors_own_hosts(output: Any) -> None:
    outcome = ended("succeeded", output=output, metrics={"predict_time": 2.5, "image_count": 1, "note": "x"})
    assert isinstance(outcome, Finished)
    assert outcome.output == Download(FILE, hosts=("replicate.delivery",), aspect_ratio="16:9")
    assert to_document(outcome.facts) == {"request_id": NAME, "predict_time": 2.5, "image_count": 1}


@pytest.mark.parametrize("output", [None, [], "", {}, "some words", [None]])
def test_a_prediction_without_a_file_is_broken(output: Any) -> None:
    with pytest.raises(RouteFailed):
        ended("succeeded", output=output, data_removed=True)


@pytest.mark.parametrize(
    ("status", "why", "meaning"),
    [
        ("failed", "NSFW content detected. Try running it again", Blocked),
        ("failed", "The input was flagged as sensitive (E005)", Blocked),
        ("failed", "Your request was rejected by the safety system", Blocked),
        ("failed", "CUDA out of memory", RouteFailed),
        ("failed", None, RouteFailed),
        ("canceled", None, RouteFailed),
        ("aborted", "deadline", RouteFailed),
    ],
)
def test_a_prediction_that_ended_badly(status: str, why: str | None, meaning: type[EngineError]) -> None:
    with pytest.raises(EngineError) as refused:
        ended(status, error=why)
    assert type(refused.value) is meaning
    assert refused.value.request_id == NAME


@pytest.mark.parametrize(
    ("status", "body", "headers", "meaning"),
    [
        (401, {"title": "Unauthenticated", "detail": "no"}, {}, AccountTrouble),
        (402, {"title": "Insufficient credit", "detail": "no"}, {}, AccountTrouble),
        (404, {"detail": "The requested resource could not be found."}, {}, ModelRetired),
        (422, {"detail": "- input: prompt is required"}, {}, Rejected),
        (422, {"detail": "The specified version does not exist"}, {}, ModelRetired),
        (422, {"detail": "- input.prompt: NSFW words"}, {}, Blocked),
        (429, {"detail": "throttled", "retry_after": 3}, {}, RateLimitedByVendor),
        (429, {"detail": "throttled", "retry_after": 30}, {"retry_after": "3"}, RateLimitedByVendor),
        (500, {"detail": "Internal server error"}, {}, VendorUnavailable),
        (503, b"<html>bad gateway</html>", {}, VendorUnavailable),
    ],
)
def test_a_refused_creation(
    status: int, body: Any, headers: dict[str, str], meaning: type[EngineError]
) -> None:
    with pytest.raises(EngineError) as refused:
        walk(Replicate().start(make_task_request(BANANA), None), reply(status, body, **headers))
    assert type(refused.value) is meaning
    if type(refused.value) is RateLimitedByVendor:
        assert refused.value.retry_after == 3


@pytest.mark.parametrize("body", [b"<html>proxy</html>", {}, [], {"id": "../../secrets"}, {"id": None}])
def test_a_garbled_answer_to_a_creation_is_unknown(body: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        walk(Replicate().start(make_task_request(BANANA), None), reply(201, body))


def test_a_prediction_that_is_gone_is_not_taken_for_a_retired_model() -> None:
    with pytest.raises(RouteFailed):
        walk(Replicate().poll(make_task_request(BANANA), NAME), reply(404, {"detail": "not found"}))


def test_a_garbled_look_is_looked_at_again() -> None:
    with pytest.raises(VendorUnavailable):
        walk(Replicate().poll(make_task_request(BANANA), NAME), reply(200, b"<html>proxy</html>"))


def test_a_limit_on_looks_is_waited_for() -> None:
    with pytest.raises(RateLimitedByVendor) as limited:
        walk(
            Replicate().poll(make_task_request(BANANA), NAME),
            reply(429, {"detail": "slower"}, retry_after="30"),
        )
    assert limited.value.retry_after == 30
    with pytest.raises(VendorUnavailable):
        walk(Replicate().cancel(NAME), reply(500, {"detail": "no"}))


@pytest.mark.parametrize("status", [200, 404])
def test_canceling_is_done_whether_or_not_there_is_anything_left(status: int) -> None:
    calls, _ = walk(Replicate().cancel(NAME), reply(status, {"detail": "not found"}))
    assert (calls[0].method, calls[0].path) == ("POST", f"/v1/predictions/{NAME}/cancel")


# ---------------------------------------------------------------- callbacks

SECRET = double.WEBHOOK_SECRET
BODY = json.dumps({"id": NAME, "status": "succeeded"}).encode()


def signed(at: datetime = NOW, body: bytes = BODY, secret: str = SECRET) -> dict[str, str]:
    """The headers the reference implementation makes."""
    signature = Webhook(secret).sign("msg_1", at, body.decode())
    return {
        "webhook-id": "msg_1",
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": signature,
    }


def verified(headers: dict[str, str], body: bytes = BODY, secret: str = SECRET) -> str | None:
    return ReplicateCallbacks(Keys(secrets={"replicate_webhook": secret})).verify(headers, body, NOW)


def test_a_signed_callback_names_its_prediction() -> None:
    assert verified(signed()) == NAME
    assert isinstance(verifier("replicate", Keys()), ReplicateCallbacks)


def test_one_right_signature_of_several_is_enough() -> None:
    headers = signed()
    headers["webhook-signature"] = f"v1a,xx v1,AAAA {headers['webhook-signature']}"
    assert verified(headers) == NAME


@pytest.mark.parametrize("seconds", [-301, 301])
def test_a_callback_of_another_time_is_not_believed(seconds: int) -> None:
    assert verified(signed(NOW + timedelta(seconds=seconds))) is None


@pytest.mark.parametrize(
    "change",
    [
        {"webhook-signature": "v1,AAAA"},
        {"webhook-signature": "v1,é"},
        {"webhook-signature": ""},
        {"webhook-signature": "v1a," + signed()["webhook-signature"].removeprefix("v1,")},
        {"webhook-id": "msg_2"},
        {"webhook-id": ""},
        {"webhook-timestamp": "now"},
        {"webhook-timestamp": ""},
        {"webhook-timestamp": "1" * 30},
        {"webhook-timestamp": str(int(datetime(2026, 11, 20, 12, 1, tzinfo=UTC).timestamp()))},
    ],
)
def test_a_forged_callback_is_not_believed(change: dict[str, str]) -> None:
    assert verified({**signed(), **change}) is None


def test_a_changed_body_another_secret_or_none_prove_nothing() -> None:
    assert verified(signed(), BODY + b" ") is None
    assert verified(signed(), secret="whsec_" + "b3RoZXI=") is None
    assert verified(signed(), secret="") is None
    assert verified(signed(), secret="whsec_not base64: é") is None
    assert verified({}, BODY) is None


@pytest.mark.parametrize("body", [b"[]", b"words", b'{"id": 3}', b'{"id": "../x"}'])
def test_a_signed_body_that_names_no_prediction_proves_nothing(body: bytes) -> None:
    assert verified(signed(body=body), body) is None
