"""What is asked of the Gemini API, and what its answers mean."""

from __future__ import annotations

import base64
from typing import Any

import pytest

from darkroom.domain.jobs.engine import Download, Finished, Output, Pending
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
from darkroom.domain.jobs.facts import VendorFacts
from darkroom.domain.jobs.spec import Input
from darkroom_vendors.google import MODELS, Google, film_request, image_request
from local.doubles import samples
from tests.harness.vendor_adapters import NOW, make_task_request, reply, walk

BANANA, OMNI = "gemini-nano-banana-2.1", "gemini-omni-1.1-flash"
PNG = samples.png()
INLINE = {"mimeType": "image/png", "data": base64.b64encode(PNG).decode()}


def answer(*parts: dict[str, Any], finish: str = "STOP", **more: Any) -> dict[str, Any]:
    return {"candidates": [{"content": {"parts": list(parts)}, "finishReason": finish}], **more}


def error(code: int, status: str, message: str, *details: dict[str, Any]) -> dict[str, Any]:
    return {"error": {"code": code, "status": status, "message": message, "details": list(details)}}


def images(model: str = BANANA, **given: Any) -> Any:
    return image_request(make_task_request(model, **given), MODELS[model])  # type: ignore[arg-type]


def films(**given: Any) -> Any:
    return film_request(make_task_request(OMNI, kind="video", **given), MODELS[OMNI])  # type: ignore[arg-type]


def test_a_picture_is_asked_for_with_its_shape() -> None:
    body = images(resolution="2K")
    assert body["contents"] == [{"role": "user", "parts": [{"text": "a red kite"}]}]
    assert body["generationConfig"] == {
        "responseModalities": ["IMAGE"],
        "imageConfig": {"aspectRatio": "16:9", "imageSize": "2K"},
    }


def test_pictures_go_in_line_with_their_true_type() -> None:
    body = images(kind="edit", input_files={"source": PNG, "ref": PNG})
    assert [part.get("inlineData") for part in body["contents"][0]["parts"]] == [None, INLINE, INLINE]


@pytest.mark.parametrize(
    ("requested", "asked"),
    [("auto", None), ("9:21", "9:16"), ("2:1", "16:9"), ("1:3", "1:4"), ("21:9", "21:9")],
)
def test_a_ratio_the_model_does_not_know_becomes_the_nearest(requested: str, asked: str | None) -> None:
    shape = images(ratio=requested)["generationConfig"]["imageConfig"]
    assert shape.get("aspectRatio") == asked


def test_a_size_the_model_does_not_know_becomes_its_usual_one() -> None:
    assert (
        images("gemini-3.1-flash-lite-image", resolution="4K")["generationConfig"]["imageConfig"]["imageSize"]
        == "1K"
    )


def test_a_mask_is_refused_because_there_is_no_field_for_it() -> None:
    with pytest.raises(Rejected):
        images(kind="edit", input_files={"source": PNG, "mask": PNG})


def test_a_film_is_asked_for_in_the_background() -> None:
    assert films(ratio="9:16", seconds=6, resolution="1080p") == {
        "model": OMNI,
        "background": True,
        "store": True,
        "input": [{"type": "text", "text": "a red kite"}],
        "response_format": {
            "type": "video",
            "delivery": "uri",
            "aspect_ratio": "9:16",
            "resolution": "1080p",
            "duration": "6s",
        },
        "generation_config": {"video_config": {"task": "text_to_video"}},
    }


def test_a_film_of_a_picture_has_the_picture_first() -> None:
    body = films(input_files={"source": PNG}, seconds=15)
    assert body["input"][0] == {"type": "image", "mime_type": "image/png", "data": INLINE["data"]}
    assert body["generation_config"]["video_config"]["task"] == "image_to_video"
    assert body["response_format"]["duration"] == "10s", "the longest the model makes"


def test_a_film_of_references_has_all_of_them_and_says_so() -> None:
    inputs = (Input("ref", "https://a.example/a.png"), Input("logo", "https://a.example/l.png"))
    body = films(input_files={"ref": PNG, "logo": PNG, "page": b"<html>"}, inputs=inputs)
    assert [part["type"] for part in body["input"]] == ["image", "image", "text"]
    assert body["generation_config"]["video_config"]["task"] == "reference_to_video"
    text = body["input"][-1]["text"]
    assert "picture 2 is the logo" in text


def test_a_picture_to_start_from_needs_no_references() -> None:
    body = films(input_files={"logo": PNG, "source": PNG})
    assert [part["type"] for part in body["input"]] == ["image", "text"]


def test_the_last_picture_that_is_no_draft_is_taken_untouched() -> None:
    draft = {"inlineData": {"data": base64.b64encode(samples.png(8, 8)).decode()}, "thought": True}
    parts = ({"text": "Here"}, {"inlineData": INLINE}, draft)
    said = answer(*parts, responseId="r1", usageMetadata={"promptTokenCount": 3, "candidatesTokenCount": 9})
    calls, outcome = walk(Google().start(make_task_request(BANANA), None), reply(200, said))
    assert isinstance(outcome, Finished)
    assert isinstance(outcome.output, Output)
    assert (outcome.output.data, outcome.output.mime, outcome.output.aspect_ratio) == (
        PNG,
        "image/png",
        "1:1",
    )
    assert outcome.facts == VendorFacts(request_id="r1", figures={"input_tokens": 3, "output_tokens": 9})
    assert calls[0].commits
    assert calls[0].path == f"/v1/models/{BANANA}:generateContent"


@pytest.mark.parametrize(
    ("said", "kind", "code"),
    [
        ({"promptFeedback": {"blockReason": "SAFETY"}}, Blocked, "SAFETY"),
        ({"promptFeedback": {"blockReason": "OTHER"}, "candidates": []}, Blocked, "OTHER"),
        (answer(finish="IMAGE_SAFETY"), Blocked, "IMAGE_SAFETY"),
        (answer(finish="RECITATION"), Blocked, "RECITATION"),
        (answer({"text": "no"}, finish="NO_IMAGE"), VendorUnavailable, "NO_IMAGE"),
        (answer({"text": "no"}, finish="MAX_TOKENS"), VendorUnavailable, "MAX_TOKENS"),
        (answer({"inlineData": {"data": "%%%"}}), VendorUnavailable, "STOP"),
        (
            answer({"inlineData": {"data": base64.b64encode(b"<html>").decode()}}),
            VendorUnavailable,
            "no_image",
        ),
        ({"candidates": "nonsense"}, VendorUnavailable, "no_image"),
    ],
)
def test_a_served_request_without_a_picture(said: Any, kind: type[EngineError], code: str) -> None:
    with pytest.raises(kind) as refused:
        walk(Google().start(make_task_request(BANANA), None), reply(200, said))
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, error(400, "INVALID_ARGUMENT", "Invalid value at 'contents'"), Rejected),
        (
            400,
            error(400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key."),
            AccountTrouble,
        ),
        (400, error(400, "INVALID_ARGUMENT", "refused", {"reason": "API_KEY_INVALID"}), AccountTrouble),
        (400, error(400, "FAILED_PRECONDITION", "User location is not supported"), AccountTrouble),
        (400, error(400, "INVALID_ARGUMENT", "The prompt violates our policies"), Blocked),
        (403, error(403, "PERMISSION_DENIED", "no"), AccountTrouble),
        (404, error(404, "NOT_FOUND", "no such model"), ModelRetired),
        (500, error(500, "INTERNAL", "oops"), VendorUnavailable),
        (503, b"<html>Service Unavailable</html>", VendorUnavailable),
        (502, [], VendorUnavailable),
    ],
)
@pytest.mark.parametrize("wrapped", [False, True])
def test_http_errors(status: int, body: Any, kind: type[EngineError], wrapped: bool) -> None:
    sent = [body] if wrapped and isinstance(body, dict) else body
    with pytest.raises(kind) as refused:
        walk(Google().start(make_task_request(BANANA), None), reply(status, sent))
    assert type(refused.value) is kind


def test_a_rate_limit_says_how_long_to_wait() -> None:
    info = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "23s"}
    with pytest.raises(RateLimitedByVendor) as limited:
        walk(
            Google().start(make_task_request(BANANA), None),
            reply(429, [error(429, "RESOURCE_EXHAUSTED", "slow", info)]),
        )
    assert limited.value.retry_after == 23
    with pytest.raises(RateLimitedByVendor) as limited:
        walk(
            Google().start(make_task_request(BANANA), None),
            reply(429, error(429, "X", "slow"), retry_after="7"),
        )
    assert limited.value.retry_after == 7


@pytest.mark.parametrize("body", [b"", b"not json", [], {"status": "queued"}])
def test_an_unreadable_answer_to_a_start_leaves_it_unknown(body: Any) -> None:
    with pytest.raises(OutcomeUnknown):
        walk(Google().start(make_task_request(OMNI, kind="video"), None), reply(200, body))


def test_a_film_goes_on_until_it_is_there() -> None:
    _, begun = walk(
        Google().start(make_task_request(OMNI, kind="video"), None),
        reply(200, {"id": "v1_7", "status": "queued"}),
    )
    assert begun == Pending("v1_7", begun.poll_at, VendorFacts(request_id="v1_7"))  # type: ignore[union-attr]
    assert (begun.poll_at - NOW).total_seconds() == 10

    film = {"type": "video", "uri": "https://generativelanguage.googleapis.com/v1/files/x:download"}
    steps = [{"type": "thought"}, {"type": "model_output", "content": [{"type": "text"}, film]}]
    calls, done = walk(
        Google().poll(make_task_request(OMNI), "v1_7"),
        reply(200, {"id": "v1_7", "status": "completed", "steps": steps}),
    )
    assert (calls[0].method, calls[0].path, calls[0].commits) == ("GET", "/v1/interactions/v1_7", False)
    assert isinstance(done, Finished)
    assert isinstance(done.output, Download)
    assert done.output.url.endswith("/v1/files/x:download?alt=media")
    assert done.output.authorized


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (
            {"status": "completed", "steps": [{"type": "model_output", "content": [{"type": "text"}]}]},
            Blocked,
        ),
        ({"status": "failed", "error": {"message": "blocked by safety"}}, Blocked),
        ({"status": "failed", "error": {"message": "internal"}}, RouteFailed),
        ({"status": "cancelled"}, RouteFailed),
        ({"status": "incomplete"}, RouteFailed),
        ({"status": "budget_exceeded"}, AccountTrouble),
        (
            {"status": "completed", "steps": [{"type": "model_output", "content": [{"type": "video"}]}]},
            RouteFailed,
        ),
    ],
)
def test_films_that_do_not_come(said: Any, kind: type[EngineError]) -> None:
    with pytest.raises(kind):
        walk(Google().poll(make_task_request(OMNI), "v1_7"), reply(200, {"id": "v1_7", **said}))


def test_a_stray_refusal_of_a_look_is_borne_three_times() -> None:
    handle, stray = "v1_7", reply(400, error(400, "INVALID_ARGUMENT", "Invalid interaction name"))
    for _ in range(3):
        _, outcome = walk(Google().poll(make_task_request(OMNI), handle), stray)
        assert isinstance(outcome, Pending)
        handle = outcome.handle
    calls, outcome = walk(
        Google().poll(make_task_request(OMNI), handle), reply(200, {"id": "v1_7", "status": "in_progress"})
    )
    assert calls[0].path == "/v1/interactions/v1_7"
    assert isinstance(outcome, Pending)
    assert outcome.handle == "v1_7", "a good look forgets the strays"
    with pytest.raises(RouteFailed):
        walk(Google().poll(make_task_request(OMNI), "v1_7#3"), stray)


def test_canceling_names_the_film() -> None:
    calls, _ = walk(Google().cancel("v1_7#2"), reply(200, {}))
    assert (calls[0].method, calls[0].path) == ("POST", "/v1/interactions/v1_7/cancel")


def test_a_model_without_a_mapping_is_refused_unsent() -> None:
    with pytest.raises(Rejected):
        next(Google().start(make_task_request("gemini-2.5-flash-image"), None))
