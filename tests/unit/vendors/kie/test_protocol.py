"""What is asked of kie.ai, and what its answers mean."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

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
    RouteUnusable,
    VendorUnavailable,
)
from darkroom.domain.jobs.facts import VendorFacts
from darkroom_vendors.kie.callbacks import KieCallbacks
from darkroom_vendors.kie.models import MODELS, music_request, task_request
from darkroom_vendors.kie.protocol import Kie
from local.doubles import samples
from local.doubles.base import RecordedRequest
from local.doubles.kie import CONSOLE_KEY, PICTURE_FIELDS, TEXT_MODELS, KieDouble
from tests.harness.vendor_adapters import CALLBACK, NOW, make_task_request, reply, walk

PNG = samples.png()
PICTURES = {"source": PNG, "audio": b"RIFF"}


def asked(model: str, **given: Any) -> Any:
    kind = "video" if MODELS[model].moving else "image"
    return task_request(make_task_request(model, kind=kind, **given), CALLBACK)


def answered(code: int, data: Any = None, message: str = "said") -> Any:
    return reply(200, {"code": code, "msg": message, "data": data})


def test_the_doubles_models_are_the_adapters() -> None:
    assert TEXT_MODELS | PICTURE_FIELDS.keys() == MODELS.keys()


@pytest.mark.parametrize(
    ("model", "given", "fields"),
    [
        ("google/nano-banana", {}, {"prompt": "a red kite", "image_size": "16:9", "output_format": "png"}),
        (
            "nano-banana-pro",
            {"resolution": "4K", "input_files": {"ref": PNG}},
            {
                "prompt": "a red kite",
                "aspect_ratio": "16:9",
                "output_format": "png",
                "image_input": ["https://media.example/ref"],
                "resolution": "4K",
            },
        ),
        ("z-image", {"ratio": "2:1"}, {"prompt": "a red kite", "aspect_ratio": "16:9"}),
        (
            "gpt-image-2-text-to-image",
            {"ratio": "auto", "resolution": "4K"},
            {"prompt": "a red kite", "resolution": "1K"},
        ),
        (
            "qwen/text-to-image",
            {"ratio": "3:4"},
            {"prompt": "a red kite", "image_size": "portrait_4_3", "output_format": "png"},
        ),
        (
            "topaz/image-upscale",
            {"input_files": PICTURES, "factor": 4},
            {"image_url": "https://media.example/source", "upscale_factor": "4"},
        ),
        (
            "omnihuman-1-5",
            {"input_files": PICTURES},
            {
                "image_url": "https://media.example/source",
                "audio_url": "https://media.example/audio",
                "prompt": "a red kite",
                "resolution": "720p",
            },
        ),
        (
            "grok-imagine/text-to-video",
            {"seconds": 3, "resolution": "1080p"},
            {"prompt": "a red kite", "aspect_ratio": "16:9", "duration": 6, "resolution": "720p"},
        ),
    ],
)
def test_a_task_is_asked_for(model: str, given: Any, fields: Any) -> None:
    assert asked(model, **given) == {"model": model, "input": fields, "callBackUrl": CALLBACK}


@pytest.mark.parametrize("model", MODELS)
def test_every_model_has_what_the_market_requires(model: str) -> None:
    body = json.dumps(asked(model, input_files=PICTURES)).encode()
    assert KieDouble().create(RecordedRequest("POST", "/", {}, {}, body)).body["code"] == 200


@pytest.mark.parametrize("model", PICTURE_FIELDS)
def test_a_model_that_works_on_a_picture_is_not_started_without(model: str) -> None:
    with pytest.raises(Rejected):
        asked(model)


def test_a_model_without_a_mapping_is_refused_unsent() -> None:
    with pytest.raises(Rejected):
        next(Kie().start(make_task_request("sora-2-text-to-video"), CALLBACK))


def test_a_short_wish_for_music_is_all_prompt() -> None:
    assert music_request(make_task_request("V5", "x" * 700, kind="music"), CALLBACK) == {
        "model": "V5",
        "instrumental": False,
        "callBackUrl": CALLBACK,
        "customMode": False,
        "prompt": "x" * 500,
    }


def test_a_song_with_a_style_and_a_title_is_a_custom_one() -> None:
    given: Any = {"style": "indie pop", "title": "Kite", "lyrics": "[Verse] up"}
    body = music_request(make_task_request("V4_5PLUS", kind="music", **given), CALLBACK)
    assert (body["customMode"], body["prompt"], body["style"]) == (True, "[Verse] up", "indie pop")
    silent = music_request(
        make_task_request("V4", kind="music", style="a", title="b", instrumental=True), CALLBACK
    )
    assert "prompt" not in silent


def test_music_without_an_address_to_call_is_no_route() -> None:
    with pytest.raises(RouteUnusable):
        music_request(make_task_request("V5", kind="music"), None)


def test_a_task_is_looked_up_until_it_is_done() -> None:
    calls, begun = walk(Kie().start(make_task_request("z-image"), CALLBACK), answered(200, {"taskId": "t1"}))
    assert calls[0].commits
    assert isinstance(begun, Pending)
    assert begun.handle == "market:t1"
    assert begun.poll_at == NOW + timedelta(seconds=2)
    calls, going = walk(
        Kie().poll(make_task_request("z-image"), "market:t1"), answered(200, {"state": "queuing"})
    )
    assert calls[0].path == "/api/v1/jobs/recordInfo?taskId=t1"
    assert isinstance(going, Pending)
    done = {
        "taskId": "t1",
        "state": "success",
        "resultJson": '{"resultUrls":["https://files.example/a.png","https://files.example/b.png"]}',
        "creditsConsumed": 18,
        "costTime": 4200,
    }
    _, outcome = walk(Kie().poll(make_task_request("z-image"), "market:t1"), answered(200, done))
    assert outcome == Finished(
        Download("https://files.example/a.png"),
        VendorFacts(request_id="t1", figures={"cost_credits": 18, "vendor_ms": 4200}),
    )


def test_films_and_songs_are_asked_for_less_often() -> None:
    _, film = walk(
        Kie().start(make_task_request("omnihuman-1-5", input_files=PICTURES), None),
        answered(200, {"taskId": "t"}),
    )
    _, song = walk(
        Kie().start(make_task_request("V5", kind="music"), CALLBACK), answered(200, {"taskId": "t"})
    )
    assert isinstance(film, Pending)
    assert isinstance(song, Pending)
    assert film.poll_at == song.poll_at == NOW + timedelta(seconds=10)


@pytest.mark.parametrize(
    ("code", "message", "kind"),
    [
        (400, "bad parameter", Rejected),
        (401, "no", AccountTrouble),
        (402, "insufficient credits", AccountTrouble),
        (404, "no such thing", ModelRetired),
        (422, "prompt is required", Rejected),
        (422, "Your prompt contains prohibited content", Blocked),
        (429, "too many", RateLimitedByVendor),
        (455, "maintenance", VendorUnavailable),
        (500, "server error", VendorUnavailable),
        (500, "The model is not supported", ModelRetired),
        (501, "generation failed", RouteFailed),
        (505, "feature disabled", ModelRetired),
        (999, "who knows", RouteFailed),
    ],
)
def test_the_bodys_code_decides(code: int, message: str, kind: type[EngineError]) -> None:
    with pytest.raises(kind) as refused:
        walk(Kie().start(make_task_request("z-image"), CALLBACK), answered(code, None, message))
    assert type(refused.value) is kind
    assert refused.value.code == str(code)


@pytest.mark.parametrize(
    ("record", "kind"),
    [
        ({"state": "fail", "failCode": "422", "failMsg": "prohibited content"}, Blocked),
        ({"state": "fail", "failCode": "422", "failMsg": "image too small"}, Rejected),
        ({"state": "fail", "failCode": "500", "failMsg": "internal"}, VendorUnavailable),
        ({"state": "fail", "failCode": "", "failMsg": ""}, RouteFailed),
        ({"state": "fail"}, RouteFailed),
        ({"state": "success", "resultJson": ""}, RouteFailed),
        ({"state": "success", "resultJson": "not json"}, RouteFailed),
        ({"state": "success", "resultJson": '{"resultUrls":[]}'}, RouteFailed),
        ({"state": "success", "resultJson": '{"resultUrls":[7]}'}, RouteFailed),
    ],
)
def test_tasks_that_do_not_come(record: Any, kind: type[EngineError]) -> None:
    with pytest.raises(kind):
        walk(Kie().poll(make_task_request("z-image"), "market:t1"), answered(200, record))


@pytest.mark.parametrize(
    ("status", "songs", "expected"),
    [
        ("PENDING", [], Pending),
        ("TEXT_SUCCESS", [{"audioUrl": ""}], Pending),
        ("FIRST_SUCCESS", [{"audioUrl": "https://a.example/1.mp3"}, {"audioUrl": ""}], Finished),
        ("SUCCESS", [{"audioUrl": "https://a.example/1.mp3"}], Finished),
        ("CALLBACK_EXCEPTION", [{"audioUrl": "https://a.example/1.mp3"}], Finished),
        ("CALLBACK_EXCEPTION", [], Pending),
    ],
)
def test_a_songs_record(status: str, songs: Any, expected: type) -> None:
    data = {"taskId": "t", "status": status, "response": {"sunoData": songs}}
    calls, outcome = walk(Kie().poll(make_task_request("V5"), "music:t"), answered(200, data))
    assert calls[0].path == "/api/v1/generate/record-info?taskId=t"
    assert isinstance(outcome, expected)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        ({"status": "SENSITIVE_WORD_ERROR"}, Blocked),
        ({"status": "GENERATE_AUDIO_FAILED", "errorMessage": "copyrighted lyrics"}, Blocked),
        ({"status": "CREATE_TASK_FAILED"}, RouteFailed),
        ({"status": "SUCCESS", "response": {"sunoData": []}}, RouteFailed),
    ],
)
def test_songs_that_do_not_come(data: Any, kind: type[EngineError]) -> None:
    with pytest.raises(kind):
        walk(Kie().poll(make_task_request("V5"), "music:t"), answered(200, data))


@pytest.mark.parametrize("body", [b"<html>", b"", [], {"code": "200"}, {"code": 200, "data": None}])
def test_an_unreadable_answer_to_a_start_leaves_it_unknown(body: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        walk(Kie().start(make_task_request("z-image"), CALLBACK), reply(200, body))


def test_a_wall_in_front_of_the_market_is_no_answer_of_its() -> None:
    with pytest.raises(AccountTrouble):
        walk(Kie().start(make_task_request("z-image"), CALLBACK), reply(403, b"error code: 1010"))
    with pytest.raises(VendorUnavailable):
        walk(Kie().poll(make_task_request("z-image"), "market:t"), reply(200, b"<html>"))


@pytest.mark.parametrize(
    ("model", "path", "handle"),
    [
        ("z-image", "/api/v1/jobs/recordInfo?taskId=t1", "market:t1"),
        ("V5", "/api/v1/generate/record-info?taskId=t1", "music:t1"),
    ],
)
def test_work_known_by_a_callback_only_is_found_by_its_id(model: str, path: str, handle: str) -> None:
    calls, going = walk(
        Kie().poll(make_task_request(model), "t1"), answered(200, {"state": "queuing", "status": "PENDING"})
    )
    assert calls[0].path == path
    assert isinstance(going, Pending)
    assert going.handle == handle


def test_nothing_is_sent_to_cancel() -> None:
    assert list(Kie().cancel("market:t")) == []


class Keys:
    """The operator's secrets: only the one that is wanted."""

    def __init__(self, secret: str) -> None:
        self.secrets = {"kie_webhook": secret}

    def secret(self, name: str) -> str:
        return self.secrets[name]

    def jwks(self, url: str, *, fresh: bool = False) -> Any:
        raise AssertionError("the market publishes no keys")


def verified(headers: Any, body: bytes, *, secret: str = CONSOLE_KEY, after: int = 0) -> str | None:
    return KieCallbacks(Keys(secret)).verify(headers, body, NOW + timedelta(seconds=after))


def test_a_call_is_believed_for_its_signature_within_five_minutes() -> None:
    with KieDouble() as double:
        double.tasks["t1"] = {"body": {"model": "z-image"}, "kind": "png", "looks": 0, "prompt": ""}
        headers, body = double.callback("t1", int(NOW.timestamp()))
    given = {name.lower(): value for name, value in headers.items()}
    assert verified(given, body) == "t1"
    assert verified(given, body, after=301) is None
    assert verified(given, body, secret="another") is None
    assert verified({}, body) is None
    other = body.replace(b'"t1"', b'"t2"')
    assert verified(given, other) is None, "the signature names the task"


@pytest.mark.parametrize(
    "body", [b"", b"[]", b'{"data":7}', b'{"data":{"taskId":7}}', b'{"data":{"taskId":"t&x=1"}}', b"\xff"]
)
def test_a_call_about_nothing_proves_nothing(body: bytes) -> None:
    assert verified({}, body, secret="") is None


def test_the_musics_calls_spell_the_id_otherwise() -> None:
    body = b'{"code":200,"data":{"callbackType":"complete","task_id":"t9","data":[]}}'
    assert verified({}, body, secret="") == "t9"
